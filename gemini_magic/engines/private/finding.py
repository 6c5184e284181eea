"""Where values of the user's data are in what was printed, by all that it may be read as."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from . import spelling
from .disguises import Reading
from .spelling import Span, plain
from .values import DIGITS, LEAST, UNSPACED, WINDOW, Values

_REST = r"(?:\.(?P<part>\d+))?(?:[eE](?P<power>[+-]?\d{1,3}))?"
NUMBER = re.compile(rf"(?P<whole>\d+)?{_REST}")
_GROUPED = re.compile(rf"(?<!\d)(?P<whole>\d{{1,3}}(?:[,_ ']\d{{3}})+)(?!\d){_REST}")
# Digits one by one, as code that hides a number prints them.
_SPACED = re.compile(r"\d(?:[^\w]{1,4}\d(?!\w)){4,}")
_EXACT = 1e-12
# How much of a text is letters, digits and blanks.
_WORDED = 0.75
# Digits of a whole number; with more, it may be several without a gap.
_ALONE = 6
_LONGEST = 24  # characters of a number that a float can have


def texts_in(found: Sequence[Reading], values: Values) -> Iterator[Span]:
    """Yield where texts of the data are."""
    # In one text, as looking one up takes as long as looking up thousands.
    letters: list[str] = []
    places: list[Span] = []
    for reading in found:
        spelled, spans = spelling.letters(reading.text, reading.spans)
        letters += [spelled, "\n"]
        places += [*spans, (0, 0)]
    joined = "".join(letters)
    found_at = [(at, at + WINDOW) for at in values.windows_in(joined)]
    for at, end in (*found_at, *_unspaced_in(joined, values.unspaced)):
        starts, ends = zip(*places[at:end], strict=True)
        yield min(starts), max(ends)
    for reading in found if values.short else ():
        if _is_meant(reading):
            yield from _short_in(reading, values.short)


def _is_meant(reading: Reading) -> bool:
    """Return whether a text is the printed one, or one that bytes hardly decode to by chance."""
    if not reading.is_decoded:
        return True
    text = re.sub(r"\s", " ", reading.text)
    known = sum(character.isalnum() or character == " " for character in text)
    return text.isprintable() and (text.isascii() or known / len(text) >= _WORDED)


def _unspaced_in(text: str, short: Set[str]) -> Iterator[Span]:
    for run in UNSPACED.finditer(text) if short else ():
        for start in range(run.start(), run.end() - 1):
            for end in range(start + 2, min(start + WINDOW, run.end() + 1)):
                if text[start:end] in short:
                    yield start, end


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


def numbers_in(found: Sequence[Reading], values: Values) -> Iterator[Span]:
    """Yield where numbers of the data are, to as many digits as are printed."""
    spans: list[Span] = []
    ranges: list[tuple[float, float]] = []
    digits: list[tuple[Span, tuple[float, float]]] = []
    for reading in found:
        text, places = spelling.digits(reading.text, reading.spans)
        for pattern in (NUMBER, _GROUPED):
            for match in pattern.finditer(text):
                if match["whole"] or match["part"]:
                    found_in = [bounds(match), *_beginnings(match[0])]
                    spans += [_span(places, match)] * len(found_in)
                    ranges += found_in
                    span = _span(places, match)
                    digits += [(span, _significand(row)) for row in _rows(match)]
        for match in _SPACED.finditer(text):
            span = _span(places, match)
            digits += [(span, _significand(row)) for row in _windows(re.sub(r"\D", "", match[0]))]
    yield from (spans[at] for at in values.numbers_in(ranges))
    yield from (digits[at][0] for at in values.digits_in([found_at for _, found_at in digits]))


def _span(places: Sequence[Span], match: re.Match[str]) -> Span:
    starts, ends = zip(*places[match.start() : match.end()], strict=True)
    return min(starts), max(ends)


def bounds(match: re.Match[str]) -> tuple[float, float]:
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
