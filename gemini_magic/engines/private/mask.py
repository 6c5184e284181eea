"""Masks values of the user's data in what code printed, before a model is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...request.kept import KeptData
from . import spelling
from .disguises import readings
from .finding import NUMBER, bounds, numbers_in, texts_in
from .spelling import Span, plain
from .values import WINDOW, Values

MASK = "[masked]"

# Of the signs of numbers alone.
_NUMERIC = re.compile(r"[-+\d.,_eE]+")
# Words that were told one by one, and how long each is: of a longer one its own letters are found.
_PIECES, _LONGEST_PIECE = 24, 64
_CHAINED = 200  # characters of them


class Mask:
    """Finds the values of what is `held`, in all that is told in one run or chat.

    What was told before counts too: a value in pieces, over two outputs, is found at its second.
    """

    def __init__(self, held: Iterable[KeptData]) -> None:
        self._held = {each.name: each for each in held}
        self._values: Values | None = None
        # The beginnings and ends of what was told, before it was masked: of outputs that are short,
        # together with what was told after, and before them.
        self._told: list[tuple[str, str]] = []
        # The last outputs that were one word each.
        self._pieces: tuple[str, ...] = ()

    def add(self, held: Iterable[KeptData]) -> None:
        """Mask the values of more data."""
        self._held |= {each.name: each for each in held}
        self._values = None

    def applied(self, text: str) -> tuple[str, int]:
        """Return `text` with each value masked, and how many were."""
        self._values = self._values or Values(self._held.values())
        spans = sorted(self._spans(text, self._values))
        spelled = plain(text)
        head, tail = self._told[-1] if self._told else ("", "")
        edge = WINDOW - 1
        self._told.append(((spelled + head)[:edge], (tail + spelled)[-edge:]))
        self._pieces = (*self._pieces, text.strip())[-_PIECES:] if _is_piece(text) else ()
        masked: list[str] = []
        end = count = 0
        for start, stop in _joined(spans):
            masked += [text[end:start], MASK]
            end, count = stop, count + 1
        return "".join((*masked, text[end:])), count

    def _spans(self, text: str, values: Values) -> Iterator[Span]:
        found = list(dict.fromkeys(readings(text)))
        yield from texts_in(found, values)
        yield from numbers_in(found, values)
        yield from self._across(text, values)
        yield from self._together(text, values)

    def _across(self, text: str, values: Values) -> Iterator[Span]:
        """Yield the ends of this text that continue, or precede, what was told before."""
        letters, spans = spelling.letters(text, tuple((at, at + 1) for at in range(len(text))))
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

    def _together(self, text: str, values: Values) -> Iterator[Span]:
        """Yield `text`, if it is a word that makes a value with the words that were told before."""
        if not (_is_piece(text) and self._pieces):
            return
        piece = text.strip()
        before, later = [*self._pieces], [*reversed(self._pieces)]
        if (
            any(_is_number((*before[at:], piece), values) for at in range(len(before)))
            or any(_is_number((piece, *later[: at + 1]), values) for at in range(len(later)))
            or _is_across("".join(before)[-_CHAINED:], piece, values)
            or _is_across(piece, "".join(later)[:_CHAINED], values)
        ):
            yield 0, len(text)


def _is_piece(text: str) -> bool:
    return 0 < len(text.strip()) <= _LONGEST_PIECE and len(text.split()) == 1


def _is_number(pieces: Sequence[str], values: Values) -> bool:
    """Return whether pieces are a value's digits, and so many that chance does not explain it."""
    chained = "".join(pieces)
    return any(_is_one(way, values) for way in (chained, chained[::-1]))


def _is_one(text: str, values: Values) -> bool:
    match = NUMBER.fullmatch(re.sub(r"^[-+]|[,_]|\.$", "", text))
    if not match or not match["whole"] or sum(map(str.isdigit, text)) < values.telling:
        return False
    return bool(values.numbers_in([bounds(match)]))


def _is_across(before: str, after: str, values: Values) -> bool:
    """Return whether a value is where two parts meet, plain or encoded."""
    found = list(dict.fromkeys(readings(before + after)))
    # Plain numbers that meet by chance make others.
    encoded = [each for each in found if each.is_decoded]
    worded = [each for each in found if each.is_decoded or not _NUMERIC.fullmatch(each.text)]
    spans = (*texts_in(worded, values), *numbers_in(encoded, values))
    return any(start < len(before) < stop for start, stop in spans)


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
