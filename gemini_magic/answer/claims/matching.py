"""Where a number of an answer may come from, and how likely each place is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from .claim import ALONG
from .dates import Date, clock_times, durations
from .evidence import Evidence, Line, Seen
from .forms import Form, forms
from .numbers import WIDE, Reading
from .prose import Mention
from .sources import Source
from .words import alike, name_behind, words_of

# Without a word that says so, so many numbers may agree by chance with one that is said.
MOST_CHANCE = 0.15
# Letters and digits around both numbers that are the same, from which on they are one phrase.
_SAME_PHRASE = 4
_CONTEXT = 24
_MOST_SAME = 12
# What stands in the code counts less for the words around it than what was printed.
_MOST_WORDS, _MOST_WORDS_IN_CODE = 7, 3

_FELL = re.compile(
    r"\b(?:f[ea]ll|drop|declin|decreas|down|lower|less|los[st]|below|deficit|shr[aiu]nk|reduc|minus"
    r"|behind|fewer|worse|cheaper|colder|earlier|gefallen|weniger|moins)",
    re.IGNORECASE,
)
# 24.8 - 1.37 x, 74.0° W
_MINUS = re.compile(r"\s[-−]\s$")
_WEST = re.compile(r"\s?°\s?(?:[WS]\b|[Ww]est|[Ss]outh)")


@dataclass(frozen=True, slots=True)
class Match:
    """A number in the sources that agrees with one in the answer.

    `how` says in which way; the lower the `cost`, the likelier. `is_sure` if something around it
    says that it is the one. `value` is what stands there, in the unit and with the sign that the
    answer has.
    """

    seen: Seen
    value: Decimal
    how: str
    cost: float
    is_sure: bool


def matches(mention: Mention, evidence: Evidence) -> Iterator[Match]:
    """Yield what in the evidence agrees with a number, a date or a time."""
    if not mention.readings:
        yield from _spelled(mention, evidence)
    else:
        yield from _lasting(mention, evidence)
    for nth, reading in enumerate(mention.readings):
        for form in forms(mention, reading):
            for match in _of_form(mention, reading, form, evidence):
                yield replace(match, cost=match.cost + nth) if nth else match


def _of_form(mention: Mention, reading: Reading, form: Form, evidence: Evidence) -> Iterator[Match]:
    size = reading.value.copy_abs()
    for seen in evidence.between(*form.range(size)):
        if form.how == "percent" and seen.is_percent == mention.is_percent:
            continue
        scaled = WIDE.divide(seen.value.copy_abs(), form.factor)
        if not (scaled == size or form.fits(scaled, size)):
            continue
        if not _same_sign(mention, reading, seen):
            continue
        around = _Around.of(mention, seen, evidence)
        if form.printed and around.unit != form.printed:
            continue
        if match := _weighed(mention, reading, form, seen, scaled, around, evidence):
            yield match


def _same_sign(mention: Mention, reading: Reading, seen: Seen) -> bool:
    """Whether the signs agree: a printed -3 may be said as 3 where the sentence says that it fell,
    where it is taken away, and of places in the west and the south.

    What is said as -3 must have been printed as that.
    """
    if not _is_turned(reading, seen):
        return True
    return reading.value >= 0 and bool(
        _FELL.search(mention.sentence)
        or _MINUS.search(mention.before)
        or _WEST.match(mention.after)
    )


def _is_turned(reading: Reading, seen: Seen) -> bool:
    return bool(seen.value) and (seen.value < 0) != (reading.value < 0)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a number in the sources, held against what stands around it in prose.

    `shared` and `close` count the words that both lines have, `same` the letters right beside.
    """

    line: Line
    printed: str
    in_code: bool
    shared: int
    close: int
    same: int

    @classmethod
    def of(cls, mention: Mention, seen: Seen, evidence: Evidence) -> _Around:
        line, width = evidence.line(seen), seen.end - seen.start
        theirs = evidence.words(seen, line)
        return cls(
            line,
            line.text[line.at : line.at + width],
            evidence.source_of(seen).kind == "code",
            len(mention.words & theirs),
            len(mention.close & theirs),
            _same_around(mention, line, width),
        )

    @property
    def unit(self) -> str:
        return name_behind(self.line.text[self.line.at + len(self.printed) :])

    @property
    def worth(self) -> float:
        """By how much what stands around makes the place likelier."""
        most = _MOST_WORDS_IN_CODE if self.in_code else _MOST_WORDS
        words = 0.25 * min(self.shared, most) + 0.15 * min(self.close, most)
        return words + 0.15 * min(self.same, _MOST_SAME)


def _weighed(
    mention: Mention,
    reading: Reading,
    form: Form,
    seen: Seen,
    scaled: Decimal,
    around: _Around,
    evidence: Evidence,
) -> Match | None:
    """Return the match with its cost; None for one that needs words around it and has none."""
    exact = scaled == reading.value.copy_abs()
    # One says percent and the other does not, with the same digits.
    odd = form.how != "percent" and seen.is_percent != mention.is_percent
    sure = _is_sure(mention, reading, around)
    if not sure and (form.by_words or (odd and not exact) or _is_longer(reading, around)):
        return None
    turned = _is_turned(reading, seen)
    cost = form.cost + 0.4 * (not exact) + 0.5 * odd + 0.2 * turned - around.worth
    how = "sign" if turned else form.how or ("exact" if exact else "rounded")
    if not sure and not mention.is_small:
        sure = evidence.chance(reading, seen, exact=exact) <= MOST_CHANCE
    return Match(seen, scaled.copy_sign(reading.value), how, cost, sure)


def _is_sure(mention: Mention, reading: Reading, around: _Around) -> bool:
    """Whether what stands around both numbers says that one is the other.

    Only the line itself counts: what stands above a table is above all of its numbers.
    """
    if around.same >= _SAME_PHRASE:
        return True
    own = words_of(around.line.text)
    is_count = _is_whole(reading) and (reading.unit >= 1 or "." not in around.printed)
    if is_count or mention.is_small:
        return not around.in_code and bool(mention.close & own)
    return bool(mention.words & own)


def _is_whole(reading: Reading) -> bool:
    """Whether it is one of 0 to 10, with or without decimals."""
    size = reading.value.copy_abs()
    return size <= 10 and size == size.to_integral_value()


def _is_longer(reading: Reading, around: _Around) -> bool:
    """Whether 7.0 is said for a printed 7: a digit more than was printed."""
    return _is_whole(reading) and reading.unit < 1 and "." not in around.printed


def _same_around(mention: Mention, line: Line, width: int) -> int:
    """Return how many letters and digits are the same right before and behind both numbers."""
    behind = line.text[line.at + width : line.at + width + _CONTEXT]
    before = line.text[max(0, line.at - _CONTEXT) : line.at]
    return alike(mention.after[:_CONTEXT], behind) + alike(
        mention.before[-_CONTEXT:][::-1], before[::-1]
    )


def _spelled(mention: Mention, evidence: Evidence) -> Iterator[Match]:
    """Yield where a date or a time stands, in whatever form."""
    how = "time" if ":" in mention.text else "date"
    if how == "time":
        found = evidence.at(clock_times(mention.text, mention.after))
    else:
        found = evidence.on(Date.readings(mention.text))
    for seen in found:
        line = evidence.line(seen)
        same = _same_around(mention, line, seen.end - seen.start)
        shared = len(mention.words & words_of(line.text))
        yield Match(seen, seen.value, how, -0.15 * min(same, _MOST_SAME) - 0.3 * shared, True)


def _lasting(mention: Mention, evidence: Evidence) -> Iterator[Match]:
    """Yield where 4:45 stands, of which a number of hours or minutes is said."""
    for seen in evidence.at(durations(mention.text, mention.before, mention.after)):
        shared = len(mention.words & words_of(evidence.line(seen).text))
        yield Match(seen, mention.readings[0].value, "time", 0.4 - 0.3 * shared, True)


def distance(source: Source, part: int, last: int) -> float:
    """Return what it costs to stand far away from the part that says the number.

    That is an earlier turn, an older attempt, one that failed, or one that came only later. `last`
    is the number of the latest attempt before the part.
    """
    back = 0.5 + 0.1 * source.turn if source.turn or source.part == ALONG else 0.0
    if source.kind == "given":
        return back
    if source.kind == "code":
        return 1.0 + back
    if source.turn:
        return 0.1 + back
    older = 0.8 if source.part > part else 0.12 * (last - source.attempt)
    return 0.1 + older + (0.5 if source.failed and source.attempt != last else 0.0)
