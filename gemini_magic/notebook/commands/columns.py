"""Text in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime


def columns(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return `rows` under `head`, each column as wide as its widest word, the last one free."""
    lines = [tuple(head), *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)][:-1]
    return "\n".join(
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=False))])
        + f"  {line[-1]}".rstrip()
        for line in lines
    )


def number(value: int | None) -> str:
    """Return `value` with its thousands apart, or a dash if it is not known."""
    return "–" if value is None else f"{value:,}"


def time(moment: datetime | None) -> str:
    """Return `moment` as the clock here shows it, or a dash if it is not known."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "–"
