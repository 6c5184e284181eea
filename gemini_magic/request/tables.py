"""Tables: frames, series and arrays as CSV, and what a table holds in a few words."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from .jsonable import native, to_json

_SAMPLE_ROWS = 3
_SHOWN_COLUMNS = 60
_SHOWN_CHARACTERS = 40
_SEPARATORS = (",", ";", "\t")
# How the cells of a file are read, in order.
_NUMBERS = {"integer": int, "number": float}


@dataclass(frozen=True)
class Column:
    """`dtype` is a word for people and models; `nulls` counts the missing values."""

    name: str
    dtype: str
    nulls: int


@dataclass(frozen=True)
class Table:
    """A table as CSV, whose first line has the names of the columns.

    `separator` is what stands between its cells. `sample` has the cells of its first rows, as text.
    """

    csv: str
    columns: tuple[Column, ...]
    rows: int
    sample: tuple[tuple[str, ...], ...]
    separator: str = ","

    def schema(self) -> str:
        """Return the columns with types and nulls, the number of rows, and three rows of them.

        A wide table is cut after 60 columns, a long cell after 40 characters: the model can read
        the rest in the file.
        """
        shown = [_described(column) for column in self.columns[:_SHOWN_COLUMNS]]
        if more := len(self.columns) - len(shown):
            shown.append(f"and {more:,} more")
        rows = [tuple(column.name for column in self.columns), *self.sample]
        sample = _csv([[_short(cell) for cell in row[:_SHOWN_COLUMNS]] for row in rows])
        apart = "" if self.separator == "," else f", separated by {self.separator!r}"
        return (
            f"{_count(self.rows, 'row')}, {_count(len(self.columns), 'column')}{apart}\n"
            f"columns: {', '.join(shown)}\nfirst rows:\n{sample}"
        )

    def first(self, rows: int) -> str:
        """Return the names and that many first rows as CSV, with long cells cut."""
        read = csv.reader(io.StringIO(self.csv), delimiter=self.separator)
        shown = islice(filter(None, read), rows + 1)
        return _csv([[_short(cell) for cell in row[:_SHOWN_COLUMNS]] for row in shown])

    def ranges(self) -> str:
        """Return the least and the greatest number of each column, or how many texts it has."""
        _, *body = _rows(self.csv, self.separator)
        cells = zip(*body, strict=True) if body else [()] * len(self.columns)
        described = [
            f"{_short(column.name)} {_range(column, held)}"
            for column, held in zip(self.columns[:_SHOWN_COLUMNS], cells, strict=False)
        ]
        return ", ".join(described)


def _range(column: Column, cells: Sequence[str]) -> str:
    held = [cell for cell in cells if cell]
    if not held or column.dtype not in _NUMBERS:
        return f"{len(set(held)):,} different"
    return f"{min(held, key=float)} to {max(held, key=float)}"


def of_value(value: Any, name: str) -> Table | None:
    """Return a frame, a series or an array of numpy as a table; None for anything else.

    `name` is for a column that has none. Raises what the value's own library raises, and ValueError
    for an array that is no table.
    """
    numpy = sys.modules.get("numpy")  # an array cannot be there before it
    if numpy is not None and isinstance(value, numpy.ndarray) and value.ndim:
        return _of_array(value, name)
    return _of_frame(value, name)


def of_rows(rows: Sequence[Sequence[Any]]) -> Table | None:
    """Return the rows of a sheet, the first of them with the names, as a table."""
    return of_csv(_csv(rows).encode())


def of_csv(data: bytes) -> Table | None:
    """Return a CSV file as a table, its types as far as they can be read; None if it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    separator, rows = _separated(text)
    if not rows:
        return None
    names, *body = rows
    columns = zip(*body, strict=True) if body else [()] * len(names)
    described = (
        Column(name, _dtype(cells), sum(not cell for cell in cells))
        for name, cells in zip(names, columns, strict=True)
    )
    return Table(text, tuple(described), len(body), _sample(body), separator)


def has_header(table: Table) -> bool:
    """Return whether the first line reads as names: none is a number, a day, an address or a cell.

    A line of words alone can be either.
    """
    cells = {cell for row in table.sample for cell in row}
    names = [column.name for column in table.columns if column.name]
    return all(any(map(str.isalpha, name)) and "@" not in name for name in names) and not (
        cells.intersection(names)
    )


def _separated(text: str) -> tuple[str, list[list[str]]]:
    """Return what separates the cells of a table, and its rows.

    What is one column by its commas may be a table by something else.
    """
    for separator in _SEPARATORS:
        rows = _rows(text, separator)
        if rows and len(rows[0]) > 1:
            return separator, rows
    return ",", _rows(text, ",")


def _rows(text: str, separator: str) -> list[list[str]]:
    """Return the rows of a table, none if they are not equally long."""
    try:
        read = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
        rows = [row for row in read if row]
    except csv.Error:
        return []
    return rows if all(len(row) == len(rows[0]) for row in rows) else []


def _of_frame(value: Any, name: str) -> Table | None:
    import narwhals as nw

    frame = nw.from_native(_with_index(value, name), pass_through=True, allow_series=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, nw.Series):
        frame = (frame if frame.name else frame.alias(name)).to_frame()
    if not isinstance(frame, nw.DataFrame):
        return None
    if not frame.columns:
        raise ValueError("it has no columns")
    columns = tuple(
        # A type in one word: the unit of a Datetime is of no use in a CSV.
        Column(str(series.name), str(series.dtype).partition("(")[0], series.null_count())
        for series in frame.iter_columns()
    )
    first = frame.head(_SAMPLE_ROWS).rows()
    foreign = not frame.implementation.is_pandas_like()
    # polars and pyarrow write a missing value as an empty line, which readers pass over, and refuse
    # what is nested.
    if foreign and ((len(columns) == 1 and columns[0].nulls) or not _is_flat(frame)):
        text = _csv([frame.columns, *(map(_cell, row) for row in frame.rows())])
    else:
        text = frame.write_csv()
    return Table(text, columns, len(frame), _sample(first))


def _is_flat(frame: Any) -> bool:
    """Return whether each column is of a type that its own library writes as CSV."""
    import narwhals as nw

    flat = (nw.String, nw.Boolean, nw.Categorical, nw.Enum, nw.Date, nw.Datetime, nw.Time)
    return all(dtype.is_numeric() or isinstance(dtype, flat) for dtype in frame.schema.values())


def _cell(value: Any) -> Any:
    """Return a cell as the csv module writes it: what is nested as JSON."""
    if isinstance(value, dict | list | bytes):
        return to_json(value).decode().strip('"')
    return value


def _with_index(value: Any, name: str) -> Any:
    """Return a frame of pandas as others are: with one line of names, each of them once, no index.

    An index that holds more than row numbers becomes columns: narwhals would leave it out.
    """
    import narwhals as nw

    if nw.dependencies.is_pyarrow_table(value):
        return value.rename_columns(_unique(value.column_names))
    if nw.dependencies.is_pandas_series(value):
        value = value.to_frame(name if value.name is None else value.name)
    if not nw.dependencies.is_pandas_dataframe(value):
        return value
    several = value.columns.nlevels > 1
    columns = _unique(" ".join(map(str, each)) if several else str(each) for each in value.columns)
    value = value.set_axis(columns, axis=1)
    index = value.index
    if type(index).__name__ == "RangeIndex" and index.name is None:
        return value
    unnamed = ["index"] if index.nlevels == 1 else [f"level_{n}" for n in range(index.nlevels)]
    names = [
        str(default if name is None else name)
        for name, default in zip(index.names, unnamed, strict=True)
    ]
    own = [f"{name}_index" if name in columns else name for name in names]
    return value.reset_index(names=_unique(own, columns))


def _unique(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return the names, a number after each that is there before it, or among those `taken`."""
    wanted, used = list(names), set(taken)
    unique: list[str] = []
    for place, name in enumerate(wanted):
        others = used | {other for other in wanted[place + 1 :] if other != name}
        candidates = (f"{name}_{number}" for number in count(1))
        free = name if name not in used else next(each for each in candidates if each not in others)
        unique.append(free)
        used.add(free)
    return unique


def _of_array(array: Any, name: str) -> Table:
    if 0 in array.shape[1:]:
        raise ValueError("it has no columns")
    if array.dtype.names and array.ndim == 1:
        names: Sequence[str] = array.dtype.names
        dtypes = [str(array.dtype[field]) for field in names]
    elif array.dtype.names or array.ndim not in (1, 2):
        raise ValueError(f"an array of {array.ndim} dimensions is no table: send a part of it")
    else:
        width = 1 if array.ndim == 1 else array.shape[1]
        names = [name] if array.ndim == 1 else [f"{name}_{place}" for place in range(width)]
        dtypes = [str(array.dtype)] * width
        array = array.reshape(len(array), width)
    rows = native(array)
    nulls = [sum(cell is None or cell != cell for cell in cells) for cells in zip(*rows)]  # noqa: B905 (rows of one array are equally long)
    columns = map(Column, names, dtypes, nulls or [0] * len(names))
    return Table(_csv([names, *rows]), tuple(columns), len(rows), _sample(rows))


def _sample(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple("" if cell is None else str(cell) for cell in row) for row in rows[:_SAMPLE_ROWS]
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _csv(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _described(column: Column) -> str:
    nulls = f", {_count(column.nulls, 'null')}" if column.nulls else ""
    return f"{_short(column.name)} ({column.dtype}{nulls})"


def _dtype(cells: Sequence[str]) -> str:
    """Return what the cells that are not empty can all be read as."""
    held = [cell for cell in cells if cell]
    for word, read in _NUMBERS.items():
        try:
            for cell in held:
                read(cell)
        except ValueError:
            continue
        return word if held else "empty"
    return "text"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}…"
