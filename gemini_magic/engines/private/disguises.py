"""The simple ways to write a text as another one, undone: what its pieces may stand for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from .codes import CODES, ESCAPE, MOST, sign_of

# Decoded texts are decoded again, as often.
DEPTH = 2
_ESCAPES = re.compile(f"(?:{re.sub('<.*?>', ':', ESCAPE.pattern).replace('?P:', '?:')})+")
# Whatever numbers or signs stand between, as where pandas shows a series of them.
_LETTER = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
_LAST = re.compile(r"^[^\S\n]*\S.*[^\S\n](\S+)$", re.M)
_CONTROL = re.compile(r"\\+[abfnrtv]")


@dataclass(frozen=True)
class Reading:
    """A text that may be meant: each of its characters stands for a span of what was printed."""

    text: str
    spans: tuple[tuple[int, int], ...]
    is_decoded: bool = False  # from a code, so that chance may have made it


def readings(text: str) -> Iterator[Reading]:
    """Yield the text itself, and all that it may be by these disguises, each backwards too."""
    for reading in _forward(text):
        yield reading
        yield replace(reading, text=reading.text[::-1], spans=reading.spans[::-1])


def _forward(text: str) -> Iterator[Reading]:
    places = tuple((at, at + 1) for at in range(len(text)))
    yield Reading(text, places)
    if "\\" in text:
        # Of a tab that is shown as `\\t` the letter is none of the value's.
        yield Reading(_CONTROL.sub(lambda found: " " * len(found[0]), text), places)
        yield from _unescaped(text)
    if text.isascii() and any(letter.isalpha() for letter in text):
        yield Reading(codecs.encode(text, "rot13"), places)
    yield from _decoded(text, None, DEPTH)
    yield from _lettered(text)
    yield from _columns(text)


def _lettered(text: str) -> Iterator[Reading]:
    """Yield the letters that stand one by one, each with a number, too."""
    places = [found.span() for found in _LETTER.finditer(text)]
    if len(places) > 1:
        yield Reading("".join(text[at:end] for at, end in places), tuple(places))


def _columns(text: str) -> Iterator[Reading]:
    """Yield what stands in the last column of lines that have several, and what it decodes to."""
    places: list[tuple[int, int]] = []
    for found in _LAST.finditer(text):
        places += [*((at, at + 1) for at in range(*found.span(1))), (found.end(1), found.end(1))]
    column = "".join(text[at:end] or "\n" for at, end in places)
    for reading in _decoded(column, None, DEPTH):
        spans = (places[at:end] for at, end in reading.spans[:1])
        whole = [(span[0][0], span[-1][1]) for span in spans if span]
        yield replace(reading, spans=tuple(whole) * len(reading.text))


def _unescaped(text: str) -> Iterator[Reading]:
    """Yield a text without its escapes: those of bytes as signs of their own, and as UTF-8."""
    for decode in (_character, _utf8):
        found: list[str] = []
        spans: list[tuple[int, int]] = []
        end = 0
        for run in _ESCAPES.finditer(text):
            spelled = decode(run[0])
            found += [text[end : run.start()], spelled]
            spans += [(at, at + 1) for at in range(end, run.start())]
            spans += [run.span()] * len(spelled)
            end = run.end()
        if not end:
            return
        spans += [(at, at + 1) for at in range(end, len(text))]
        yield Reading("".join((*found, text[end:])), tuple(spans))


def _character(escapes: str) -> str:
    """Return what escapes stand for, pairs of surrogates as the one sign that they are."""
    found = ESCAPE.sub(sign_of, escapes)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _utf8(escapes: str) -> str:
    with suppress(ValueError):
        return _character(escapes).encode("latin-1").decode()
    return _character(escapes)


def _decoded(text: str, whole: tuple[int, int] | None, depth: int) -> Iterator[Reading]:
    """Yield what pieces of `text` decode to; all of it stands for the span `whole`, if given."""
    for pattern, decode in CODES:
        for piece in pattern.finditer(text):
            span = whole or piece.span()
            for found in decode(piece[0][:MOST]):
                if len(found) > 1 and found != piece[0]:
                    yield Reading(found, (span,) * len(found), is_decoded=True)
                    if depth > 1:
                        yield from _decoded(found, span, depth - 1)
                        yield from _decoded(found[::-1], span, depth - 1)
            if depth > 1 and whole is None:
                yield from _backwards(piece[0], span, decode)


def _backwards(
    piece: str, span: tuple[int, int], decode: Callable[[str], Iterator[str]]
) -> Iterator[Reading]:
    for found in decode(piece[:MOST][::-1]):
        yield Reading(found, (span,) * len(found), is_decoded=True)
