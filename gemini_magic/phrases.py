"""The turns of phrase that every message shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

_SHOWN = 60


def did_you_mean(
    word: str,
    known: Iterable[str],
    otherwise: str,
    shown: Callable[[str], str] = str,
    cutoff: float = 0.6,
) -> str:
    """Return a question that names the word of `known` nearest to `word`, else `otherwise`.

    `shown` writes the nearest, as `repr` does; `cutoff` is how alike the two must be, from 0 to 1.
    """
    near = get_close_matches(word, list(known), 1, cutoff)
    return f"did you mean {shown(near[0])}?" if near else otherwise


def count(number: int, noun: str) -> str:
    """Return `1 turn`, `2 turns`, `1,000 turns`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def short(text: str, limit: int = _SHOWN) -> str:
    """Return `text` as one line of at most `limit` characters and an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
