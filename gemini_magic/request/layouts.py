"""Frames, series and arrays by their columns, of whatever library they are."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from .columns import Column, Encoded, Layout
from .encoding import encode_array, encode_other, encode_pandas, nulls_of


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
        return encode_array(array.reshape(-1))

    column = Column("", str(array.dtype), nulls_of(array), array.nbytes, array.reshape(-1), encode)
    return Layout("array", len(array), (column,), shape=array.shape)


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
        partial(encode_pandas, series),
    )


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
            partial(encode_other, series),
        )
        for series in frame.iter_columns()
    )
    return Layout(kind, len(frame), tuple(columns))
