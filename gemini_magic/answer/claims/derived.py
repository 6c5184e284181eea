"""Numbers that follow from two others near them, by one operation that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from .arithmetic import evaluated
from .numbers import Reading, rounds_to
from .prose import Mention

# How many numbers before it are looked at, the nearest first; and how many of rows that it names.
_NEAREST = (2, 3, 4, 6, 10)
_MOST_NAMED, _MOST_IN_SENTENCE = 16, 24

_CUES = {
    "difference": re.compile(
        r"\b(?:more|less|fewer|differ|gap|increas|decreas|r[io]se|f[ea]ll|drop|grew|grow|gain"
        r"|los[st]|above|below|higher|lower|ahead|behind|remain|left|sav|reduc|lead|margin|faster"
        r"|slower|between|expens|net|profit|spread|range|improv|by\b|spanne|unterschied|mehr"
        r"|weniger|écart)|\b\w{3,40}er\b[^.]{0,12} than\b",
        re.IGNORECASE,
    ),
    "share": re.compile(
        r"\b(?:of|share|portion|account|rate|represent|make)\b|[(/]", re.IGNORECASE
    ),
    "sum": re.compile(
        r"\b(?:total|sum|together|combin|in all|overall|both|insgesamt|zusammen)", re.IGNORECASE
    ),
    "ratio": re.compile(
        r"\b(?:times|ratio|factor|fold|faster|slower|average|each|speedup|as (?:many|much|large))\b"
        r"|[×x]\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """The operation that gives a number, and the two numbers that it was done on."""

    how: str
    of: tuple[str, ...] = ()


def derived(mention: Mention, known: Sequence[Mention]) -> Reason | None:
    """Return how a number follows from what is written out, or from exactly one pair near it.

    `known` are the numbers of the same part that were found.
    """
    reading = mention.readings[0]
    if _is_written_out(mention, reading):
        return Reason("as written")
    cues = [name for name, cue in _CUES.items() if cue.search(mention.sentence)]
    # One digit agrees with some pair nearly always.
    if not cues or reading.shown < 2:
        return None
    for pool in _pools(mention, known):
        tried, hits = _tried(mention, reading, pool, cues)
        if hits:
            few = tried <= 2 * 10 ** (reading.shown - 1)
            return next(iter(hits.values())) if len(hits) == 1 and few else None
    return None


def _is_written_out(mention: Mention, reading: Reading) -> bool:
    value = evaluated(mention.before)
    return value is not None and (
        rounds_to(value, reading) or (mention.is_percent and rounds_to(value * 100, reading))
    )


def _pools(mention: Mention, known: Sequence[Mention]) -> Iterator[Sequence[Mention]]:
    """Yield the numbers of which two may give this one, those of the same sentence first."""
    before = [other for other in known if other.nth < mention.nth]
    yield [other for other in known if other.scope == mention.scope][-_MOST_IN_SENTENCE:]
    yield from (before[-count:] for count in _NEAREST)
    yield [
        other
        for other in known
        if other.scope[0] != mention.scope[0] and other.close & mention.words
    ][-_MOST_NAMED:]


def _tried(
    mention: Mention, reading: Reading, pool: Iterable[Mention], cues: Iterable[str]
) -> tuple[int, dict[frozenset[str], Reason]]:
    """Return how many results were compared, and the pairs that gave the number."""
    size, half = abs(float(reading.value)), float(reading.unit) * 0.5000001
    tried, hits = 0, {}
    distinct = {other.readings[0].value: other for other in pool}.values()
    for one, two in permutations(distinct, 2):
        for how in cues:
            result = _result(how, one, two, mention.is_percent)
            if not result:
                continue
            tried += 1
            if abs(abs(result) - size) <= half:
                hits[frozenset((one.text, two.text))] = Reason(how, (one.text, two.text))
    return tried, hits


def _result(how: str, one: Mention, two: Mention, is_percent: bool) -> float:
    """Return what the operation gives for two numbers; 0 where it does not apply to them."""
    a, b = float(one.readings[0].value), float(two.readings[0].value)
    if not is_percent:
        return _PLAIN[how](a, b)
    if one.is_percent != two.is_percent or not b:
        return 0.0
    if how == "difference":
        return a - b if one.is_percent else (a - b) / b * 100
    return a / b * 100 if how == "share" and 0 < a < b else 0.0


_PLAIN: dict[str, Callable[[float, float], float]] = {
    "difference": lambda a, b: a - b if a > b else 0.0,
    "sum": lambda a, b: a + b,
    "ratio": lambda a, b: a / b if b not in (0, 1, -1) else 0.0,
    "share": lambda a, b: 0.0,
}
