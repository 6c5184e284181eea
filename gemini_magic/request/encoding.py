"""The cells of one column as raw bytes, of whatever library the column is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .columns import Encoded
from .jsonable import to_json

# What may stand between the texts of a column: the first that is in none of them.
_SEPARATORS = ("\n", "\x1f", "\x1e", "\x00")
# Texts of which fewer are distinct than this share go as numbers of a list.
_REPEATED = 0.5


def nulls_of(array: Any) -> int:
    """Return how many values of an array of numpy are missing: not a number, or not a time."""
    return int((array != array).sum()) if array.dtype.kind in "fmM" else 0


def encode_pandas(series: Any) -> Encoded:
    """Return a series of pandas by the narrowest of the forms that the other side reads."""
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
        return encode_array(series.to_numpy())
    if pandas.api.types.is_numeric_dtype(dtype) and not isinstance(dtype, numpy.dtype):
        return _masked(series)
    if pandas.api.types.infer_dtype(series, skipna=True) == "string":
        return _repeated(series)
    return _as_json(series.tolist())


def encode_array(array: Any) -> Encoded:
    """Return an array of numpy, of numbers or times and of one dimension, as it lies in memory."""
    import numpy

    array = numpy.ascontiguousarray(array)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.itemsize > 8 or array.dtype == numpy.float16:
        array = array.astype("<f8")
    if array.dtype.kind in "mM":
        return _times(array)
    spec = {"kind": "plain", "dtype": array.dtype.str, "missing": nulls_of(array) > 0}
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

    held = encode_pandas(series.cat.categories.to_series())
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


def encode_other(series: Any) -> Encoded:
    """Return a series of narwhals, which is one of polars, pyarrow and others."""
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
            return encode_array(series.to_numpy())
        values = encode_array(series.fill_null(False if kind == nw.Boolean else 0).to_numpy())
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
