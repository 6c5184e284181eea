"""Tables and arrays as columns of raw bytes, for the sandbox here: neither guest reads Arrow.

A column is encoded when it is wanted and not before, so that a large frame is never there twice.
The other side is `sandbox/tables/`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .jsonable import to_json

# What may stand between the texts of a column: the first that is in none of them.
_SEPARATORS = ("\n", "\x1f", "\x1e", "\x00")
# Texts of which fewer are distinct than this share go as numbers of a list.
_REPEATED = 0.5


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


def layout_of(value: Any) -> Layout | None:
    """Return a frame, a series or an array by its columns; None for anything else."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _of_array(value) if value.dtype.kind in "biufmM" and value.ndim else None
    if pandas is not None and isinstance(value, pandas.DataFrame):
        return _of_pandas(value, "frame")
    if pandas is not None and isinstance(value, pandas.Series):
        name = value.name if value.name is not None else ""
        return _of_pandas(value.to_frame(name), "series")
    return _of_others(value)


def _of_array(array: Any) -> Layout:
    def encode() -> Encoded:
        return _plain(array.reshape(-1))

    column = Column("", str(array.dtype), _nulls_of(array), array.nbytes, array.reshape(-1), encode)
    return Layout("array", len(array), (column,), shape=array.shape)


def _nulls_of(array: Any) -> int:
    return int((array != array).sum()) if array.dtype.kind in "fmM" else 0


def _of_pandas(frame: Any, kind: str) -> Layout:
    index = frame.index
    plain = type(index).__name__ == "RangeIndex" and index.name is None
    is_numbered = plain and (index.start, index.step) == (0, 1)
    levels = () if is_numbered else range(index.nlevels)
    several = frame.columns.nlevels > 1
    names = [list(map(_name, each)) if several else _name(each) for each in frame.columns]
    return Layout(
        kind,
        len(frame),
        tuple(_pandas_column(name, frame.iloc[:, at]) for at, name in enumerate(names)),
        tuple(
            _pandas_column(_name(index.names[level]), index.get_level_values(level).to_series())
            for level in levels
        ),
        several=several,
    )


def _name(name: Any) -> Any:
    return name if name is None or type(name) in (str, int) else str(name)


def _pandas_column(name: Any, series: Any) -> Column:
    return Column(
        name,
        str(series.dtype),
        int(series.isna().sum()),
        int(series.memory_usage(index=False, deep=False)),
        series,
        partial(_pandas_encoded, series),
    )


def _pandas_encoded(series: Any) -> Encoded:
    import numpy
    import pandas

    dtype = series.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        return _categorical(series)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        utc = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return _times(utc, str(dtype.tz))
    if isinstance(dtype, numpy.dtype) and dtype.kind in "mM":
        return _times(series.to_numpy())
    if isinstance(dtype, numpy.dtype) and dtype.kind in "biuf":
        return _plain(series.to_numpy())
    if pandas.api.types.is_numeric_dtype(dtype) and not isinstance(dtype, numpy.dtype):
        return _masked(series)
    if pandas.api.types.infer_dtype(series, skipna=True) == "string":
        return _repeated(series)
    return _as_json(series.tolist())


def _plain(array: Any) -> Encoded:
    import numpy

    array = numpy.ascontiguousarray(array)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.itemsize > 8 or array.dtype == numpy.float16:
        array = array.astype("<f8")
    if array.dtype.kind in "mM":
        return _times(array)
    spec = {"kind": "plain", "dtype": array.dtype.str, "missing": _nulls_of(array) > 0}
    return Encoded(spec, (array.view("u1").data,))


def _times(array: Any, zone: str = "") -> Encoded:
    import numpy

    array = numpy.ascontiguousarray(array)
    unit = numpy.datetime_data(array.dtype)[0]
    if unit not in ("s", "ms", "us", "ns"):
        array = array.astype(f"{array.dtype.kind}8[s]")
    spec = {"kind": "time", "dtype": array.dtype.str, "zone": zone}
    return Encoded(spec, (array.view("<i8").view("u1").data,))


def _masked(series: Any) -> Encoded:
    import numpy

    missing = series.isna().to_numpy(dtype=bool)
    kind = {"b": "bool", "i": "int64", "u": "uint64", "f": "float64"}.get(
        getattr(series.dtype, "kind", "f"), "float64"
    )
    values = numpy.ascontiguousarray(series.fillna(0).to_numpy(dtype=kind))
    return Encoded(
        {"kind": "masked", "dtype": values.dtype.str},
        (values.view("u1").data, missing.view("u1").data),
    )


def _categorical(series: Any) -> Encoded:
    import numpy

    held = _pandas_encoded(series.cat.categories.to_series())
    codes = numpy.ascontiguousarray(series.cat.codes.to_numpy(dtype="<i4"))
    spec = {"kind": "codes", "ordered": bool(series.cat.ordered), "of": held.spec, "factor": True}
    return Encoded(spec, (codes.view("u1").data, *held.buffers))


def _repeated(series: Any) -> Encoded:
    """Return texts: as numbers of the distinct ones where those are few."""
    import numpy

    codes, distinct = series.factorize()
    if len(distinct) > len(series) * _REPEATED:
        return _texts(series.tolist(), series.isna().tolist())
    held = _texts(distinct.tolist(), ())
    codes = numpy.ascontiguousarray(codes.astype("<i4"))
    spec = {"kind": "codes", "ordered": False, "of": held.spec, "factor": False}
    return Encoded(spec, (codes.view("u1").data, *held.buffers))


def _texts(texts: Sequence[Any], missing: Sequence[bool]) -> Encoded:
    if any(missing):
        texts = ["" if gone else text for text, gone in zip(texts, missing, strict=True)]
        mask = bytes(missing)
    else:
        mask = b""
    for separator in _SEPARATORS:
        joined = separator.join(texts)
        if joined.count(separator) == max(0, len(texts) - 1):
            data = joined.encode("utf-8", "surrogatepass")
            return Encoded(
                {"kind": "text", "separator": separator, "rows": len(texts)}, (data, mask)
            )
    return _as_json([None if mask and mask[n] else text for n, text in enumerate(texts)])


def _as_json(cells: Sequence[Any]) -> Encoded:
    """Return cells of mixed types: what JSON has, as that, and the rest as text."""
    try:
        data = to_json(list(cells))
    except ValueError:
        data = to_json([cell if _is_plain(cell) else str(cell) for cell in cells])
    return Encoded({"kind": "json", "whole": False}, (data,))


def _is_plain(cell: Any) -> bool:
    return cell is None or isinstance(cell, str | int | float | bool)


def _of_others(value: Any) -> Layout | None:
    """Return a table of polars, pyarrow and what else narwhals knows, by its columns."""
    import narwhals as nw

    frame = nw.from_native(value, pass_through=True, allow_series=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    kind = "series" if isinstance(frame, nw.Series) else "frame"
    if isinstance(frame, nw.Series):
        frame = frame.to_frame()
    if not isinstance(frame, nw.DataFrame):
        return None
    columns = (
        Column(
            str(series.name),
            str(series.dtype),
            series.null_count(),
            int(frame.estimated_size() / max(1, len(frame.columns))),
            series,
            partial(_other_encoded, series),
        )
        for series in frame.iter_columns()
    )
    return Layout(kind, len(frame), tuple(columns))


def _other_encoded(series: Any) -> Encoded:
    import narwhals as nw

    kind, missing = series.dtype, series.is_null()
    if kind in (nw.String, nw.Categorical, nw.Enum):
        texts = series.cast(nw.String).to_list()
        distinct = list(dict.fromkeys(text for text in texts if text is not None))
        if len(distinct) > len(texts) * _REPEATED:
            return _texts(texts, missing.to_list())
        return _numbered(texts, distinct)
    if kind in (nw.Date, nw.Datetime, nw.Duration) and _has_numpy():
        return _times(series.to_numpy(), getattr(kind, "time_zone", None) or "")
    if (kind.is_numeric() or kind == nw.Boolean) and kind != nw.Decimal and _has_numpy():
        if not series.null_count():
            return _plain(series.to_numpy())
        values = _plain(series.fill_null(False if kind == nw.Boolean else 0).to_numpy())
        mask = bytes(missing.to_list())
        return Encoded({**values.spec, "kind": "masked"}, (*values.buffers, mask))
    return _as_json(series.to_list())


def _numbered(texts: Sequence[str | None], distinct: Sequence[str]) -> Encoded:
    from array import array

    places: dict[str | None, int] = {text: at for at, text in enumerate(distinct)}
    codes = array("i", (places.get(text, -1) for text in texts))
    held = _texts(distinct, ())
    spec = {"kind": "codes", "ordered": False, "of": held.spec, "factor": False}
    return Encoded(spec, (codes.tobytes(), *held.buffers))


def _has_numpy() -> bool:
    from importlib.util import find_spec

    return find_spec("numpy") is not None
