"""Spreadsheets, Parquet and Arrow files as tables, read by what the user has installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

# Returns a frame, or the rows of a sheet, and the names of all sheets; raises ImportError if what
# it needs is not there.
_Reader = Callable[[bytes], tuple[Any, Sequence[str]]]


@dataclass(frozen=True)
class Sheet:
    """A frame of whichever library read it, and what of the file was left out, in words."""

    frame: Any
    remark: str = ""


def is_sheet(name: str) -> bool:
    """Return whether a file of this name holds a table that has to be read by a library."""
    return _suffix(name) in _READERS


def packages_for(name: str) -> str:
    """Return what has to be installed to read a file of this name, in words."""
    return _PACKAGES[_suffix(name)]


def read_sheet(name: str, data: bytes) -> Sheet:
    """Return the table in a file, the first one of a spreadsheet.

    Raises ImportError if nothing that is installed can read it, and whatever its reader raises for
    a file that is damaged.
    """
    for reader in _READERS[_suffix(name)]:
        try:
            frame, sheets = reader(data)
        except ImportError:
            continue
        more = len(sheets) - 1
        others = f", the first of {len(sheets)}: the others are not sent" if more > 0 else ""
        return Sheet(frame, f"sheet {sheets[0]!r} of {name}{others}" if sheets else f"from {name}")
    raise ImportError(name)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _sheets_by_pandas(data: bytes) -> tuple[Any, Sequence[str]]:
    import pandas as pd

    with pd.ExcelFile(BytesIO(data)) as book:
        names = [str(name) for name in book.sheet_names]
        return pd.read_excel(book, sheet_name=book.sheet_names[0]), names


def _sheets_by_polars(data: bytes) -> tuple[Any, Sequence[str]]:
    import fastexcel
    import polars as pl

    names = fastexcel.read_excel(data).sheet_names
    return pl.read_excel(BytesIO(data), sheet_name=names[0]), names


def _sheets_by_openpyxl(data: bytes) -> tuple[Any, Sequence[str]]:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    try:
        return [
            list(row) for row in book.worksheets[0].iter_rows(values_only=True)
        ], book.sheetnames
    finally:
        book.close()


def _parquet_by_pandas(data: bytes) -> tuple[Any, Sequence[str]]:
    import pandas as pd

    return pd.read_parquet(BytesIO(data)), ()


def _parquet_by_polars(data: bytes) -> tuple[Any, Sequence[str]]:
    import polars as pl

    return pl.read_parquet(BytesIO(data)), ()


def _parquet_by_pyarrow(data: bytes) -> tuple[Any, Sequence[str]]:
    import pyarrow.parquet as pq

    return pq.read_table(BytesIO(data)), ()


def _arrow_by_pandas(data: bytes) -> tuple[Any, Sequence[str]]:
    import pandas as pd

    return pd.read_feather(BytesIO(data)), ()


def _arrow_by_polars(data: bytes) -> tuple[Any, Sequence[str]]:
    import polars as pl

    return pl.read_ipc(BytesIO(data)), ()


def _arrow_by_pyarrow(data: bytes) -> tuple[Any, Sequence[str]]:
    import pyarrow as pa

    with pa.ipc.open_file(BytesIO(data)) as reader:
        return reader.read_all(), ()


_ARROW = (_arrow_by_pandas, _arrow_by_polars, _arrow_by_pyarrow)
_READERS: Mapping[str, tuple[_Reader, ...]] = {
    ".xlsx": (_sheets_by_pandas, _sheets_by_polars, _sheets_by_openpyxl),
    ".ods": (_sheets_by_pandas, _sheets_by_polars),
    ".parquet": (_parquet_by_pandas, _parquet_by_polars, _parquet_by_pyarrow),
    ".arrow": _ARROW,
    ".feather": _ARROW,
}
_PACKAGES = {
    ".xlsx": "openpyxl, or polars and fastexcel",
    ".ods": "pandas and odfpy, or polars and fastexcel",
    ".parquet": "polars, or pyarrow",
    ".arrow": "polars, or pyarrow",
    ".feather": "polars, or pyarrow",
}
