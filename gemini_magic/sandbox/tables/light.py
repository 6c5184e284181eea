"""Inside the light guest: columns of raw bytes become a sequence of rows, each a dict.

Read as text and run there. A row is made when it is looked at: a million of them at once would take
all of the guest's memory.
"""

import array
import csv
import datetime
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

PIECE = Path("_piece")
EPOCH: Any = datetime.datetime(1970, 1, 1)
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
CODES = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q"}
CODES |= {"f4": "f", "f8": "d"}
buffers: list[bytearray] = []
columns: list[Any] = []
# What the blocks are called that bring a table; those of the code are counted without them.
NAMES = sys.modules["_gemini_magic.blocks"].NAMES
first = len(NAMES) - 1


class Rows(Sequence[Any]):
    """The rows of a table, each a dict by the names of the columns; nothing can change them."""

    def __init__(self, names: Sequence[Any], columns: Sequence[Any], rows: int) -> None:
        self.columns = tuple(names)
        self._columns = columns
        self._rows = rows

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(self._rows))]
        at = range(self._rows)[at]
        return {name: column[at] for name, column in zip(self.columns, self._columns, strict=True)}

    def __iter__(self) -> Iterator[Any]:
        names = self.columns
        for cells in zip(*self._columns, strict=True):
            yield dict(zip(names, cells, strict=True))

    def column(self, name: str) -> list[Any]:
        """Return one column as a list."""
        return [*self._columns[self.columns.index(name)]]

    def __repr__(self) -> str:
        return f"<{self._rows:,} rows of {', '.join(map(str, self.columns))}>"


class Read(Sequence[Any]):
    """Cells that are made when they are looked at: `read` makes one of a place in `held`."""

    def __init__(self, held: Any, read: Callable[[int], Any]) -> None:
        self._held = held
        self._read = read

    def __len__(self) -> int:
        return len(self._held)

    def __getitem__(self, at: Any) -> Any:
        return self._read(at)

    def __iter__(self) -> Iterator[Any]:
        return map(self._read, range(len(self._held)))


def take(layout: Any, specs: Any) -> None:
    """Take the piece that was put in place: `layout` says what of which buffer is in it.

    With the last piece of a column comes what the column is.
    """
    with PIECE.open("rb", buffering=0) as file:
        for length, before, total in layout:
            if not before:
                buffers.append(bytearray(total))
            view = memoryview(buffers[-1])[before : before + length]
            while view:
                view = view[file.readinto(view) :]
    columns.extend(map(column, specs))
    PIECE.unlink()


def finish(namespace: dict[str, Any], name: str, spec: Any) -> None:
    """Make the variable of the columns that came, and its CSV where that is small."""
    made = columns[:]
    columns.clear()
    del NAMES[first:]
    if spec["kind"] == "value":
        namespace[name] = made[0][0]
        return
    if spec["kind"] == "array":
        namespace[name] = nested([*made[0]], spec["shape"])
        return
    names = [
        " ".join(map(str, each)) if isinstance(each, list) else "" if each is None else str(each)
        for each in [*spec["index"], *spec["names"]]
    ]
    rows = Rows([each or "index" for each in names], made, spec["rows"])
    if spec["kind"] == "series":
        namespace[name] = rows.column(rows.columns[-1])
        return
    namespace[name] = rows
    if spec["csv"]:
        with Path(f"{name}.csv").open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows.columns)
            writer.writerows(row.values() for row in rows)


def nested(cells: list[Any], shape: Sequence[int]) -> list[Any]:
    """Return the cells of an array as lists of lists."""
    for length in reversed(shape[1:]):
        cells = [cells[at : at + length] for at in range(0, len(cells), length)]
    return cells


def numbers(data: bytearray, dtype: str) -> Any:
    """Return raw numbers as an array, and truths as a list."""
    if dtype.endswith("b1"):
        return [*map(bool, data)]
    found: Any = array.array(CODES[dtype[1:]])
    found.frombytes(data)
    return found


def column(spec: Any) -> Any:
    """Return the cells of a column."""
    kind = spec["kind"]
    data = buffers.pop(0)
    if kind == "plain":
        cells = numbers(data, spec["dtype"])
        if not spec["missing"]:
            return cells
        return Read(cells, lambda at: None if (cell := cells[at]) != cell else cell)
    if kind == "masked":
        return masked(numbers(data, spec["dtype"]), buffers.pop(0))
    if kind == "time":
        return times(numbers(data, "<i8"), spec["dtype"])
    if kind == "codes":
        codes, of = numbers(data, "<i4"), [*column(spec["of"]), None]
        return Read(codes, lambda at: of[codes[at]])
    if kind == "text":
        texts = data.decode("utf-8", "surrogatepass").split(spec["separator"])
        return masked(texts, buffers.pop(0))
    return [json.loads(data)] if spec["whole"] else json.loads(data)


def masked(cells: Any, mask: bytearray) -> Any:
    """Return the cells, None for those that are missing."""
    return Read(cells, lambda at: None if mask[at] else cells[at]) if any(mask) else cells


def times(ticks: Any, dtype: str) -> Any:
    """Return moments, or lengths of time."""
    unit = UNITS[dtype[4:-1]]
    start: Any = EPOCH if dtype[1] == "M" else datetime.timedelta()

    def cell(at: int) -> Any:
        passed = ticks[at]
        if passed == -(2**63):
            return None
        return start + datetime.timedelta(microseconds=passed * 10**6 // unit)

    return Read(ticks, cell)
