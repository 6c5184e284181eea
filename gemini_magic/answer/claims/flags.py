"""What became of a printed number later: its attempt failed, or another took its place."""

from __future__ import annotations

import re
from functools import lru_cache

from .evidence import Evidence, Seen
from .grammar import LETTER, PRINTED, WORD

_BLANKS = re.compile(rf"[^{LETTER}#]+")
_MOST_LINE = 400


def flag_of(seen: Seen, part: int, last: int, evidence: Evidence) -> str:
    """Return failed or replaced for what was printed by an attempt before the `last`, or nothing.

    Replaced: a later attempt before `part` printed just one line of the same words.
    """
    source = evidence.source_of(seen)
    if source.kind not in ("output", "call") or source.turn or source.attempt >= last:
        return ""
    if source.failed:
        return "failed"
    shape = _shape(evidence.line(seen).text)
    if not WORD.search(shape):
        return ""
    later = (
        text
        for other, text in zip(evidence.sources, evidence.texts, strict=True)
        if other.kind == "output" and source.attempt < other.attempt and other.part < part
        if not other.turn
    )
    return "replaced" if any(_count(text, shape) == 1 for text in later) else ""


def _count(text: str, shape: str) -> int:
    """Return how many lines of a text have that shape."""
    return sum(_shape(line) == shape for line in text.split("\n") if len(line) < _MOST_LINE)


@lru_cache(maxsize=4096)
def _shape(line: str) -> str:
    """Return the words of a line, with a mark for each number."""
    return _BLANKS.sub(" ", PRINTED.sub("#", line)).strip().lower()
