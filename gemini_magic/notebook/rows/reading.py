"""Rows of any kind, one at a time: frames, and whatever gives mappings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Any

from ...errors import OptionError
from ...phrases import short

# A row by its columns.
RowValues = Mapping[str, Any]

_TAKES = 'a frame of pandas or polars, or mappings as [{"text": "…"}]'


def read(rows: object) -> tuple[Iterator[RowValues], int | None]:
    """Return the rows, each read when it is wanted, and how many there are if anybody knows.

    Raises OptionError for what has none; what comes raises it for a row that is no mapping of
    names.
    """
    import narwhals as nw

    if isinstance(rows, nw.DataFrame) or nw.dependencies.is_into_dataframe(rows):
        try:
            frame: Any = nw.from_native(rows, eager_only=True)
        except Exception as exc:  # its library says what is wrong with its columns
            raise OptionError(f"the frame cannot be read: {short(str(exc))}") from None
        return map(_named, frame.iter_rows(named=True)), len(frame)
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise OptionError(f"rows takes {_TAKES}, not {_described(rows)}")
    return map(_named, rows), len(rows) if isinstance(rows, Sized) else None


def _named(row: object) -> RowValues:
    if not isinstance(row, Mapping):
        raise OptionError(f"rows takes {_TAKES}; one row is {_described(row)}")
    for name in row:
        if not isinstance(name, str):
            raise OptionError(f"a column's name is a text, and here is {_described(name)}")
    return row


def _described(value: object) -> str:
    try:
        return short(repr(value))
    except Exception:  # what is not ours may raise anything
        return f"a {type(value).__name__}"


class Names(Mapping[str, Any]):
    """What `{name}` stands for in one row: its columns, `row` itself, and then other `names`.

    It remembers what was looked for: `used` and `missing`.
    """

    def __init__(self, row: RowValues, names: Mapping[str, Any]) -> None:
        self._row = row
        self._names = names
        self.used: set[str] = set()
        self.missing: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        if name in self._row:
            self.used.add(name)
            return self._row[name]
        if name == "row":
            # For columns whose names are none of Python's: {row["unit price"]}.
            self.used.add(name)
            return self._row
        if name not in self._names:
            self.missing.add(name)
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._names, **self._row})

    def __len__(self) -> int:
        return len({**self._names, **self._row})
