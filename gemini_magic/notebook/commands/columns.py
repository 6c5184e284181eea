"""Tables of commands, and the values in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ...views.report import Table


def columns(head: Sequence[str], rows: Iterable[Sequence[object]], after: str = "") -> Table:
    """Return `rows` under `head`, and the line `after` them."""
    return Table(tuple(head), tuple(tuple(map(str, row)) for row in rows), after)


def number(value: int | None) -> str:
    """Return `value` with its thousands apart, or a dash if it is not known."""
    return "–" if value is None else f"{value:,}"


def time(moment: datetime | None) -> str:
    """Return `moment` as the clock here shows it, or a dash if it is not known."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "–"
