"""Values of the notebook as JSON: those of numpy, dates, sets and models among them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any


def to_json(value: Any, indent: int | None = None) -> bytes:
    """Return `value` as JSON; raise ValueError for what is none.

    What JSON has no numbers for, NaN and the infinite, becomes null, as in pandas: only Python
    reads `NaN`, and a notebook that holds one cannot be opened.
    """
    import pydantic_core as core

    def written(wanted: Any) -> bytes:
        return core.to_json(
            wanted, inf_nan_mode="null", bytes_mode="base64", fallback=_known, indent=indent
        )

    try:
        return written(value)
    except (core.PydanticSerializationError, TypeError, ValueError, RecursionError) as exc:
        failed: Exception = exc
    try:
        # pandas' missing time is a datetime, of which pydantic takes the year.
        if "pandas" in sys.modules:
            return written(_without_nat(value))
    except (core.PydanticSerializationError, TypeError, ValueError) as exc:
        failed = exc
    except RecursionError:
        pass  # as the first attempt said
    raise ValueError(str(failed).rpartition("TypeError: ")[2]) from failed


def _without_nat(value: Any) -> Any:
    """Return `value` with null for each missing time in it."""
    if value is sys.modules["pandas"].NaT:
        return None
    if isinstance(value, Mapping):
        return {key: _without_nat(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_nat(item) for item in value]
    return value


def native(value: Any) -> Any:
    """Return an array of numpy, or a number of one, as Python's own.

    Times keep their meaning: in nanoseconds, numpy would make plain numbers of them.
    """
    if value.dtype.kind in "mM":
        value = value.astype(f"{value.dtype.kind}8[us]")
    return value.tolist()


def _known(value: Any) -> Any:
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        if value is pandas.NA:
            return None
        if isinstance(value, pandas.Period | pandas.Interval):
            return str(value)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        made = native(value)
        if isinstance(made, type(value)):  # of more digits than Python's own have
            return float(made)
        return _without_nat(made) if pandas is not None else made
    raise TypeError(f"a {type(value).__name__} is none of JSON's values")
