"""A table as columns of raw bytes, for the sandbox here: neither guest reads Arrow.

A column is encoded when it is wanted and not before, so that a large frame is never there twice.
The other side is `sandbox/tables/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Encoded:
    """One column as bytes: what they mean is in `spec`, as JSON values."""

    spec: dict[str, Any]
    buffers: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True)
class Column:
    """A column: its name, a word for its type, its missing values, and how it is encoded.

    `name` is a text, a number, or a list of those for a column of several lines of names. `series`
    is the live column, and `size` about the bytes that it takes where it is.
    """

    name: Any
    dtype: str
    nulls: int
    size: int
    series: Any = field(repr=False)
    encode: Callable[[], Encoded] = field(repr=False)


@dataclass(frozen=True)
class Layout:
    """A table by its columns. `index` has those of pandas' index, if that is no row number.

    `kind` is "frame", "series" or "array"; `shape` is that of an array.
    """

    kind: str
    rows: int
    columns: tuple[Column, ...]
    index: tuple[Column, ...] = ()
    shape: tuple[int, ...] = ()
    several: bool = False

    @property
    def size(self) -> int:
        return sum(column.size for column in (*self.index, *self.columns))

    def spec(self) -> dict[str, Any]:
        """Return what the other side must know besides the columns, as JSON values."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "names": [column.name for column in self.columns],
            "index": [column.name for column in self.index],
            "shape": list(self.shape),
            "several": self.several,
        }

    def encoded(self) -> Iterator[Encoded]:
        """Yield the columns of the index and then the others, each made when it is asked for."""
        for column in (*self.index, *self.columns):
            yield column.encode()
