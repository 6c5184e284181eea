"""One spelling of letters and digits, however a text writes them, with the place of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

Span = tuple[int, int]

_OTHER = re.compile(r"[^\w\n]|_")
# A syllable of Hangul whose letters stand one by one, as file systems write it.
_SYLLABLE = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_JAMO = re.compile("[\u1161-\u1175]")
# Marks of other languages in numbers.
_MARKS = {"\u066b": ".", "\u066c": ",", "\u2019": "'", "\u02bc": "'", "\u2212": "-"}


def plain(text: str) -> str:
    """Return letters and digits alone, in one spelling of each."""
    return on_lines(text).replace("\n", "")


def on_lines(texts: str) -> str:
    """Return texts that stand on lines of their own, each as `plain` does.

    Accents are left out, as one text may write a letter with its accent as one sign and another as
    two, or lose it.
    """
    if texts.isascii():
        return _OTHER.sub("", texts.lower())
    # In capitals first: `ı` and `i` are one there.
    folded = unicodedata.normalize("NFKD", texts).upper().casefold()
    return unicodedata.normalize("NFC", _OTHER.sub("", folded))


@lru_cache(4096)
def _letters_of(character: str) -> str:
    folded = unicodedata.normalize("NFKD", character).upper().casefold()
    return _OTHER.sub("", folded).replace("\n", "")


def letters(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return `text` as `plain` does, and the span of each letter."""
    found: list[str] = []
    places: list[Span] = []
    spell = str.lower if (ascii_only := text.isascii()) else _letters_of
    for character, span in zip(text, spans, strict=True):
        spelled = spell(character) if not ascii_only or character.isalnum() else ""
        if spelled:
            found.append(spelled)
            places += [span] * len(spelled)
    joined = "".join(found)
    return (joined, places) if ascii_only else _in_syllables(joined, places)


def _in_syllables(joined: str, places: list[Span]) -> tuple[str, list[Span]]:
    if not _JAMO.search(joined):
        return joined, places
    found: list[str] = []
    spans: list[Span] = []
    end = 0
    for syllable in _SYLLABLE.finditer(joined):
        start = syllable.start()
        found += [joined[end:start], unicodedata.normalize("NFC", syllable[0])]
        spans += places[end:start]
        end = syllable.end()
        spans.append((min(places[start:end])[0], max(stop for _, stop in places[start:end])))
    return "".join((*found, joined[end:])), spans + places[end:]


def digits(text: str, spans: Sequence[Span]) -> tuple[str, Sequence[Span]]:
    """Return `text` with its digits and marks as numbers in English have them, and their spans.

    What is not seen is left out: it may stand within a number.
    """
    if text.isascii():
        return text, spans
    found = [_digits_of(character) for character in text]
    places = [span for spelled, span in zip(found, spans, strict=True) for _ in range(len(spelled))]
    return "".join(found), places


@lru_cache(4096)
def _digits_of(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return _MARKS.get(character) or unicodedata.normalize("NFKC", character)
