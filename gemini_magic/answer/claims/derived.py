"""Numbers that follow from two others near them, by one operation that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from .arithmetic import evaluated
from .numbers import Reading, rounds_to
from .prose import Mention

# How many numbers before it are looked at, the nearest first; and how many of rows that it names.
_NEAREST = (2, 3, 4, 6, 10)
_MOST_NAMED, _MOST_IN_SENTENCE = 16, 24
_POINTS = ("percentage point", "percentage points", "Prozentpunkte", "Prozentpunkten")

_CUES = {
    "difference": re.compile(
        r"\b(?:more|less|fewer|differ|gap|increas|decreas|r[io]se|f[ea]ll|drop|grew|grow|gain"
        r"|los[st]|above|below|higher|lower|ahead|behind|remain|left|sav|reduc|lead|margin|faster"
        r"|slower|between|expens|net|profit|spread|range|improv|by\b|span|unterschied|mehr"
        r"|weniger|anstieg|rückgang|écart|augment|baisse|aument|diferenc|missing|short|lack|surplus|exceed|wide|width"
        r"|minus|subtract|spar|differenz|teurer|billiger|günstiger|höher|niedriger|verschil|différence|diferença|differenza)"
        r"|\b\w{3,40}er\b[^.]{0,12} than\b",
        re.IGNORECASE,
    ),
    "share": re.compile(
        r"\b(?:of|share|portion|account|rate|represent|make|anteil)\b|[(/]"
        r"|(?:%|prozent|por ciento)[ *]{0,4}(?:der|des|vo[mn]|van|du|de|del|d['’])\b|\bvan de\b",
        re.IGNORECASE,
    ),
    "sum": re.compile(
        r"\b(?:total|sum|together|combin|in all|overall|both|insgesamt|zusammen)", re.IGNORECASE
    ),
    "ratio": re.compile(
        r"fache\b|\b(?:times|ratio|factor|fold|rapporto?|fois|veces|faster|slower|average|each|cada|chaque|speedup"
        r"|as (?:many|much|large))\b|[0-9][ ]?\*{0,2}(?:x\b|×(?![ ]?[0-9(]))",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A number that was found, as it is said and as it stands there, which may have more digits."""

    mention: Mention
    said: float
    printed: float


@dataclass(frozen=True, slots=True)
class Reason:
    """The operation that gives a number, and the two numbers that it was done on."""

    how: str
    of: tuple[str, ...] = ()


def derived(mention: Mention, known: Sequence[Known]) -> Reason | None:
    """Return how a number follows from what is written out, or from exactly one pair near it.

    `known` are the numbers of the same part that were found.
    """
    reading = mention.readings[0]
    if _is_written_out(mention, reading):
        return Reason("as written")
    cues = _cues(mention.sentence)
    if mention.text.endswith(_POINTS):
        # They lie between two percentages: no other pair is tried.
        known = [other for other in known if other.mention.is_percent]
        cues = ("difference",)
    # One digit agrees with some pair nearly always.
    if not cues or reading.shown < 2:
        return None
    for pool in _pools(mention, known):
        tried, hits = _tried(mention, reading, pool, cues)
        few = tried <= 2 * 10 ** (reading.shown - 1)
        if hits and few:
            return next(iter(hits.values())) if len(hits) == 1 else None
    return None


@lru_cache(maxsize=64)
def _cues(sentence: str) -> tuple[str, ...]:
    """Return the operations that a sentence has a word for."""
    return tuple(name for name, cue in _CUES.items() if cue.search(sentence))


def _is_written_out(mention: Mention, reading: Reading) -> bool:
    value = evaluated(mention.before)
    return value is not None and (
        rounds_to(value, reading) or (mention.is_percent and rounds_to(value * 100, reading))
    )


def _pools(mention: Mention, known: Sequence[Known]) -> Iterator[Sequence[Known]]:
    """Yield the numbers of which two may give this one, those of the same sentence first."""
    before = [other for other in known if other.mention.nth < mention.nth]
    beside = [other for other in known if other.mention.scope == mention.scope][-_MOST_IN_SENTENCE:]
    yield [other for other in beside if other.mention.nth < mention.nth]
    yield beside
    yield from (before[-count:] for count in _NEAREST)
    yield [other for other in known if _is_row_named(other.mention, mention)][-_MOST_NAMED:]


def _is_row_named(other: Mention, mention: Mention) -> bool:
    return other.scope[0] != mention.scope[0] and bool(other.close & mention.words)


def _tried(
    mention: Mention, reading: Reading, pool: Iterable[Known], cues: Iterable[str]
) -> tuple[int, dict[frozenset[str], Reason]]:
    """Return how many results were compared, and the pairs that gave the number."""
    size, half = abs(float(reading.value)), float(reading.unit) * 0.5000001
    tried = 0
    hits: dict[frozenset[str], Reason] = {}
    distinct = {other.said: other for other in pool}.values()
    for one, two in permutations(distinct, 2):
        for how in cues:
            results = set(_results(how, one, two, mention.is_percent))
            tried += bool(results)
            if any(abs(abs(result) - size) <= half for result in results):
                of = one.mention.text, two.mention.text
                is_change = how == "difference" and mention.is_percent != one.mention.is_percent
                hits[frozenset(of)] = Reason("change" if is_change else how, of)
    return tried, hits


def _results(how: str, one: Known, two: Known, is_percent: bool) -> Iterator[float]:
    """Yield what the operation gives for two numbers, as said and as printed."""
    for a, b in ((one.said, two.said), (one.printed, two.printed)):
        both = one.mention.is_percent, two.mention.is_percent
        result = _percent(how, a, b, *both) if is_percent else _plain(how, a, b)
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


def _percent(how: str, a: float, b: float, a_percent: bool, b_percent: bool) -> float:
    """Return the result in percent; 0 where the operation does not apply."""
    if a_percent != b_percent or not b:
        return 0.0
    match how:
        case "difference":
            return a - b if a_percent else (a - b) / b * 100
        case "sum":
            return a + b if a_percent else 0.0
        case "share":
            return a / b * 100 if 0 < a < b else 0.0
    return 0.0
