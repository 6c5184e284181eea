"""Masks values of the user's data in what code printed, before a model is told of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set

from ...request.kept import Held
from .disguises import Reading, readings
from .values import DIGITS, LEAST, WINDOW, Values, plain

MASK = "[masked]"

Span = tuple[int, int]

_REST = r"(?:\.(?P<part>\d+))?(?:[eE](?P<power>[+-]?\d{1,3}))?"
_NUMBER = re.compile(rf"(?P<whole>\d+)?{_REST}")
_GROUPED = re.compile(rf"(?<!\d)(?P<whole>\d{{1,3}}(?:[,_ ']\d{{3}})+)(?!\d){_REST}")
# Digits one by one, as code that hides a number prints them.
_SPACED = re.compile(r"\d(?:[^\w]{1,4}\d(?!\w)){4,}")
_EXACT = 1e-12
# Digits of a whole number; with more, it may be several without a gap.
_ALONE = 6
_LONGEST = 24  # characters of a number that a float can have


class Mask:
    """Finds the values of what is `held`, in all that is told in one run or chat.

    What was told before counts too: a value in pieces, over two outputs, is found at its second.
    """

    def __init__(self, held: Iterable[Held]) -> None:
        self._held = {each.name: each for each in held}
        self._values: Values | None = None
        # The beginnings and ends of what was told, before it was masked.
        self._told: list[tuple[str, str]] = []

    def add(self, held: Iterable[Held]) -> None:
        """Mask the values of more data."""
        self._held |= {each.name: each for each in held}
        self._values = None

    def applied(self, text: str) -> tuple[str, int]:
        """Return `text` with each value masked, and how many were."""
        self._values = self._values or Values(self._held.values())
        spans = sorted(self._spans(text, self._values))
        spelled = plain(text)
        self._told.append((spelled[: WINDOW - 1], spelled[-WINDOW + 1 :]))
        masked: list[str] = []
        end = count = 0
        for start, stop in _joined(spans):
            masked += [text[end:start], MASK]
            end, count = stop, count + 1
        return "".join((*masked, text[end:])), count

    def _spans(self, text: str, values: Values) -> Iterator[Span]:
        found = list(dict.fromkeys(readings(text)))
        yield from _texts_in(found, values)
        yield from _numbers_in(found, values)
        yield from self._across(text, values)

    def _across(self, text: str, values: Values) -> Iterator[Span]:
        """Yield the ends of this text that continue, or precede, what was told before."""
        letters, spans = _letters(text, tuple((at, at + 1) for at in range(len(text))))
        edge = WINDOW - 1
        for head, tail in self._told:
            for before, part, after, places in (
                (tail, letters[:edge], "", spans[:edge]),
                ("", letters[-edge:], head, spans[-edge:]),
            ):
                whole = before + part + after
                for way in (whole, whole[::-1]):
                    if values.windows_in(way) and places:
                        yield places[0][0], places[-1][1]


def _letters(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return letters and digits alone, in one spelling, each with its span."""
    letters: list[str] = []
    places: list[Span] = []
    ascii_only = text.isascii()
    for character, span in zip(text, spans, strict=True):
        if ascii_only:
            spelled = character.lower() if character.isalnum() else ""
        else:
            spelled = plain(character)
        if spelled:
            letters.append(spelled)
            places += [span] * len(spelled)
    return "".join(letters), places


def _texts_in(found: Sequence[Reading], values: Values) -> Iterator[Span]:
    # In one text, as looking one up takes as long as looking up thousands.
    letters: list[str] = []
    places: list[Span] = []
    for reading in found:
        spelled, spans = _letters(reading.text, reading.spans)
        letters += [spelled, "\n"]
        places += [*spans, (0, 0)]
    for at in values.windows_in("".join(letters)):
        starts, ends = zip(*places[at : at + WINDOW], strict=True)
        yield min(starts), max(ends)
    for reading in found if values.short else ():
        yield from _short_in(reading, values.short)


def _short_in(reading: Reading, short: Set[str]) -> Iterator[Span]:
    """Yield short texts that stand for themselves: in no longer word, whatever is within."""
    text = reading.text
    # A sign may be spelled with letters, as a letter in a circle is.
    spelled = [
        character.isalnum() if character.isascii() else bool(plain(character)) for character in text
    ]
    places = [at for at, counts in enumerate(spelled) if counts]
    for nth, start in enumerate(places):
        if start and spelled[start - 1]:
            continue
        for last in places[nth : nth + WINDOW - 1]:
            is_end = last + 1 == len(text) or not spelled[last + 1]
            if is_end and plain(text[start : last + 1]) in short:
                spans = reading.spans[start : last + 1]
                yield min(spans)[0], max(end for _, end in spans)


def _numbers_in(found: Sequence[Reading], values: Values) -> Iterator[Span]:
    spans: list[Span] = []
    bounds: list[tuple[float, float]] = []
    digits: list[tuple[Span, tuple[float, float]]] = []
    for reading in found:
        text = unicodedata.normalize("NFKC", reading.text)
        if len(text) != len(reading.text):
            text = reading.text
        for pattern in (_NUMBER, _GROUPED):
            for match in pattern.finditer(text):
                if match["whole"] or match["part"]:
                    found_in = [_bounds(match), *_beginnings(match[0])]
                    spans += [_span(reading, match)] * len(found_in)
                    bounds += found_in
                    span = _span(reading, match)
                    digits += [(span, _significand(row)) for row in _rows(match)]
        for match in _SPACED.finditer(text):
            span = _span(reading, match)
            digits += [(span, _significand(row)) for row in _windows(re.sub(r"\D", "", match[0]))]
    yield from (spans[at] for at in values.numbers_in(bounds))
    yield from (digits[at][0] for at in values.digits_in([bound for _, bound in digits]))


def _span(reading: Reading, match: re.Match[str]) -> Span:
    starts, ends = zip(*reading.spans[match.start() : match.end()], strict=True)
    return min(starts), max(ends)


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    """Return the least and the greatest value that a number, as it is printed, may stand for."""
    whole = re.sub(r"\D", "", match["whole"] or "")
    part, power = match["part"] or "", int(match["power"] or 0)
    digits = (whole + part).lstrip("0")
    try:
        value = float(f"{whole or 0}.{part or 0}e{power}")
        unit = 10.0 ** (power - len(part))
    except OverflowError:
        return 1.0, 0.0
    if len(digits) < DIGITS or (not part and value < LEAST):
        return value * (1 - _EXACT), value * (1 + _EXACT)
    # Rounded to it, or cut off.
    return value - unit / 2 - value * _EXACT, value + unit


def _rows(match: re.Match[str]) -> Iterator[str]:
    """Yield rows of digits in a number that may be those of a value with its point elsewhere."""
    whole = re.sub(r"\D", "", match["whole"] or "")
    row = (whole + (match["part"] or "")).lstrip("0")
    if len(row) >= WINDOW and row.isdigit():
        yield row
    if len(whole) > _ALONE:
        yield from _windows(whole)


def _windows(row: str) -> Iterator[str]:
    return (row[at : at + WINDOW] for at in range(len(row) - WINDOW + 1))


def _beginnings(text: str) -> Iterator[tuple[float, float]]:
    """Yield what a long number begins with, as numbers: others may follow without a gap."""
    digits = 0
    for place, character in enumerate(text[:_LONGEST]):
        digits += character.isdigit()
        if character.isdigit() and digits >= WINDOW and place + 1 < len(text):
            try:
                value = float(text[: place + 1].replace(",", "").replace("_", ""))
            except ValueError:
                return
            yield value * (1 - _EXACT), value * (1 + _EXACT)


def _significand(digits: str) -> tuple[float, float]:
    """Return between which two the value is, as 1 to 10, whose digits these are."""
    digits = digits[:_LONGEST]
    if digits[0] == "0":
        return 1.0, 0.0
    value, unit = float(f"{digits[0]}.{digits[1:]}"), 10.0 ** (1 - len(digits))
    return value - unit / 2, value + unit


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order, those that touch or overlap as one."""
    last: Span | None = None
    for start, stop in spans:
        if last and start <= last[1]:
            last = last[0], max(last[1], stop)
            continue
        if last:
            yield last
        last = start, stop
    if last:
        yield last
