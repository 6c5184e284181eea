"""Numbers that follow from two others near them, by one operation that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from .arithmetic import evaluated
from .nearby import Known, Pair, groups, named_series, series
from .numbers import Reading, rounds_to
from .prose import Mention

# So many numbers are summed up at most; and so far away stands the share that leaves the rest.
_MOST_SUMMED, _NEAR = 16, 6
# What lies between them may be a factor.
_LEAST, _LARGEST = 0.2, 5.0
_POINTS = ("percentage point", "percentage points", "Prozentpunkte", "Prozentpunkten")

_CUES = {
    "difference": re.compile(
        r"\b(?:more|less|fewer|differ|gap|increas|decreas|r[io]se|f[ea]ll|drop|grew|grow|gain"
        r"|los[st]|above|below|higher|lower|ahead|behind|remain|left|sav|reduc|lead|margin|faster"
        r"|slower|between|expens|net|profit|spread|range|improv|by\b|span|unterschied|mehr"
        r"|weniger|anstieg|rückgang|écart|augment|baisse|aument|diferenc|missing|short|lack|surplus|exceed|wide|width|minus"
        r"|subtract|distance|apart|(?:one|two) (?:standard deviations?|SDs?)\b|spar"
        r"|declin|climb|jump|surg|dip\b|dipped|chang|compared|outnumber|exclud|cheaper|larger|bigger|smaller|longer|shorter"
        r"|heavier|lighter|warmer|cooler|hotter|later|stronger|weaker|better|advantage|vs\b"
        r"|differenz|teurer|billiger|günstiger|höher|niedriger|verschil|différence|diferença|differenza)"
        r"|\b\w{3,40}er\b[^.]{0,12} than\b",
        re.IGNORECASE,
    ),
    "share": re.compile(
        r"\b(?:of|share|portion|account|rate|represent|make|anteil)\b|[(/]"
        r"|(?:%|prozent|por ciento)[ *]{0,4}(?:der|des|vo[mn]|van|du|de|del|d['’])\b|\bvan de\b",
        re.IGNORECASE,
    ),
    "sum": re.compile(
        r"\b(?:total|sum|together|combin|in all|overall|both|insgesamt|zusammen|plus"
        r"|add(?:s|ed)? up"
        r"|altogether|(?:one|two) (?:standard deviations?|SDs?)\b)|±",
        re.IGNORECASE,
    ),
    "ratio": re.compile(
        r"fache\b|\b(?:times|ratio|factor|fold|rapporto?|fois|veces|faster|slower|average|each|cada|chaque|speedup"
        r"|as (?:many|much|large))\b|[0-9][ ]?\*{0,2}(?:x\b|×(?![ ]?[0-9(]))",
        re.IGNORECASE,
    ),
}
_ACROSS = re.compile(r"\b(?:across|over (?:the|all)|all of)\b", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:rest\b|remain|other|error|not\b|fail|complement|loss|lost|without|miss|left|wrong|false"
    r"|incorrect|idle|unus|unexpl|übrig|restliche)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """The operation that gives a number, and the numbers that it was done on; `pair` if two."""

    how: str
    of: tuple[str, ...] = ()
    pair: tuple[Known, Known] | tuple[()] = ()


def derived(
    mention: Mention, known: Sequence[Known], reasons: Sequence[tuple[Mention, Reason]] = ()
) -> Reason | None:
    """Return how a number follows from what is written out, or from exactly one pair near it.

    `known` are the numbers of the same part that were found, `reasons` those of others of it that
    follow.
    """
    reading = mention.readings[0]
    if _is_written_out(mention, reading):
        return Reason("as written")
    cues = _cues(f"{mention.sentence} {mention.heading}")
    if mention.text.endswith(_POINTS):
        # They lie between two percentages: no other pair is tried.
        known = [other for other in known if other.mention.is_percent]
        cues = ("difference",)
    # One digit agrees with some pair nearly always.
    if reading.shown < 2:
        return None
    return (
        _of_pair(mention, reading, known, reasons, cues)
        or _of_series(mention, reading, known, cues)
        or _of_rest(mention, reading, known)
        or _of_factor(mention, reading, known, cues)
    )


def _of_pair(
    mention: Mention,
    reading: Reading,
    known: Sequence[Known],
    reasons: Sequence[tuple[Mention, Reason]],
    cues: Sequence[str],
) -> Reason | None:
    if not cues:
        return None
    pairs = [(whose, reason.pair, reason.how) for whose, reason in reasons if reason.pair]
    for group in groups(mention, known, pairs):
        own = [how for how in cues if group.how in ("", how)]
        most = group.most * 10 ** (reading.shown - 1)
        tried, hits = _tried(mention, reading, group.pairs, own, most)
        if hits and tried <= most:
            return _only(list(hits.values()))
    return None


def _only(hits: Sequence[Reason]) -> Reason | None:
    """Return the one pair, or the one whose numbers do not follow from others themselves."""
    if len(hits) > 1:
        hits = [hit for hit in hits if not any(known.is_loose for known in hit.pair)]
    return hits[0] if len(hits) == 1 else None


def _of_series(
    mention: Mention, reading: Reading, known: Sequence[Known], cues: Sequence[str]
) -> Reason | None:
    """Return the sum of three and more that gives a number of three digits and more."""
    if reading.shown < 3:
        return None
    has_word = "sum" in cues or _ACROSS.search(mention.sentence)
    others = series(mention, known) if has_word else ()
    for summed in chain(named_series(mention, known), others):
        alike = [other for other in summed if other.mention.is_percent == mention.is_percent]
        if not 3 <= len(alike) <= _MOST_SUMMED:
            continue
        results = sum(other.said for other in alike), sum(other.printed for other in alike)
        if any(abs(result - float(reading.value)) <= _half(reading) for result in results):
            return Reason("sum", tuple(other.mention.text for other in alike))
    return None


def _of_rest(mention: Mention, reading: Reading, known: Sequence[Known]) -> Reason | None:
    """Return what a share leaves of the whole, where the sentence has a word for that."""
    if not _REST.search(mention.sentence) or not (mention.is_percent or reading.value < 1):
        return None
    whole, text = (100.0, "100%") if mention.is_percent else (1.0, "1")
    shares = [
        other
        for other in known
        if other.mention.is_percent == mention.is_percent
        and abs(other.mention.nth - mention.nth) <= (_NEAR if reading.shown > 2 else 1)
    ]
    for other in shares:
        for share in (other.said, other.printed):
            if 0 < share < whole and abs(whole - share - float(reading.value)) <= _half(reading):
                return Reason("difference", (text, other.mention.text))
    return None


def _of_factor(
    mention: Mention, reading: Reading, known: Sequence[Known], cues: Sequence[str]
) -> Reason | None:
    """Return the factor of the same sentence that is said as a change: 1.55 as 55 % more."""
    if "difference" not in cues or not mention.is_percent:
        return None
    for other in known:
        if other.mention.scope != mention.scope or other.mention.is_percent or other.is_loose:
            continue
        for factor in (other.said, other.printed):
            change = abs(factor - 1) * 100
            if _LEAST < factor < _LARGEST and abs(change - float(reading.value)) <= _half(reading):
                return Reason("change", (other.mention.text, "1"))
    return None


def _half(reading: Reading) -> float:
    return float(reading.unit) * 0.5000001


@lru_cache(maxsize=64)
def _cues(sentence: str) -> tuple[str, ...]:
    """Return the operations that a sentence has a word for."""
    return tuple(name for name, cue in _CUES.items() if cue.search(sentence))


def _is_written_out(mention: Mention, reading: Reading) -> bool:
    value = evaluated(mention.before)
    return value is not None and (
        rounds_to(value, reading) or (mention.is_percent and rounds_to(value * 100, reading))
    )


def _tried(
    mention: Mention, reading: Reading, pairs: Iterable[Pair], cues: Sequence[str], most: float
) -> tuple[int, dict[frozenset[float], Reason]]:
    """Return how many results were compared, and the pairs that gave the number.

    It ends where they are more than `most`.
    """
    size, half = abs(float(reading.value)), _half(reading)
    tried = 0
    hits: dict[frozenset[float], Reason] = {}
    for one, two in (ordered for pair in pairs for ordered in (pair, pair[::-1])):
        for how in cues:
            results = set(_results(how, one, two, mention.is_percent))
            tried += bool(results)
            if any(abs(abs(result) - size) <= half for result in results):
                of = one.mention.text, two.mention.text
                key = _rows(one.mention, two.mention) or (one.printed, two.printed)
                is_change = how == "difference" and mention.is_percent != one.mention.is_percent
                hits[frozenset(key)] = Reason("change" if is_change else how, of, (one, two))
        if tried > most:
            break
    return tried, hits


def _rows(one: Mention, two: Mention) -> tuple[int, int] | tuple[()]:
    """Return the rows of two cells of one column: what two columns say of them is one thing."""
    return (one.scope[0], two.scope[0]) if one.cell[0] and one.cell == two.cell else ()


def _results(how: str, one: Known, two: Known, is_percent: bool) -> Iterator[float]:
    """Yield what the operation gives for two numbers, as said and as printed."""
    for a, b in ((one.said, two.said), (one.printed, two.printed)):
        both = one.mention.is_percent, two.mention.is_percent
        if both[0] != both[1]:
            continue
        result = _percent(how, a, b, both[0]) if is_percent else _plain(how, a, b)
        if result:
            yield result


def _plain(how: str, a: float, b: float) -> float:
    """Return the result; 0 where the operation does not apply."""
    match how:
        case "difference":
            return a - b if a > b else 0.0
        case "sum":
            return a + b
        case "ratio":
            return a / b if b not in (0, 1, -1) else 0.0
    return 0.0


def _percent(how: str, a: float, b: float, are_percent: bool) -> float:
    """Return the result in percent; 0 where the operation does not apply."""
    if not b:
        return 0.0
    match how:
        case "difference":
            return a - b if are_percent else (a - b) / b * 100
        case "sum":
            return a + b if are_percent else 0.0
        case "share":
            return a / b * 100 if 0 < abs(a) < abs(b) else 0.0
    return 0.0
