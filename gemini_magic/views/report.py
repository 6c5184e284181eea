"""What a command says: text in a terminal, and in a notebook a table or the like."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..sanitize import sanitize

if TYPE_CHECKING:
    import htpy as h

_NUMBER = re.compile(r"[–\d][\d,.]*")


class Report(ABC):
    """Something to be read, as text and as HTML that holds no markup of others."""

    @abstractmethod
    def __str__(self) -> str: ...

    @abstractmethod
    def html(self) -> h.Renderable: ...

    def bundle(self) -> dict[str, Any]:
        """Return it as a notebook stores it, by MIME type."""
        return {"text/plain": sanitize(str(self)), "text/html": str(self.html())}


@dataclass(frozen=True)
class Table(Report):
    """`rows` under a `head`, and a line `after` them."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    after: str = ""

    def __str__(self) -> str:
        """Return it as text, each column as wide as its widest word, the last one free."""
        lines = (self.head, *self.rows)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)][:-1]
        text = [
            "  ".join([*(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=False))])
            + f"  {line[-1]}".rstrip()
            for line in lines
        ]
        return "\n".join([*text, self.after] if self.after else text)

    def html(self) -> h.Renderable:
        import htpy as h

        from ..runs.maths import literal

        sides = [_side(column) for column in zip(*self.rows, strict=True)]

        def row(cell: h.Element, line: Sequence[str]) -> h.Renderable:
            return h.tr[
                (cell(style=side)[literal(text)] for text, side in zip(line, sides, strict=False))
            ]

        return h.div[
            h.table[
                h.thead[row(h.th, self.head)], h.tbody[(row(h.td, line) for line in self.rows)]
            ],
            self.after and h.p[literal(self.after)],
        ]


def _side(column: Sequence[str]) -> str:
    """Return the style of a column: numbers stand under each other, words begin at the left."""
    said = [cell for cell in column if cell]
    side = "right" if said and all(map(_NUMBER.fullmatch, said)) else "left"
    return f"text-align:{side};vertical-align:top"
