"""Values of the notebook as JSON: those of numpy, dates, sets and models among them."""

from __future__ import annotations

from typing import Any, Literal


def to_json(value: Any, nan: Literal["constants", "strings"], indent: int | None = None) -> bytes:
    """Return `value` as JSON; raise ValueError for what is none.

    What JSON has no numbers for becomes `NaN` and `Infinity`, which Python reads, with "constants",
    and texts, which all read, with "strings".
    """
    import pydantic_core as core

    try:
        return core.to_json(
            value, inf_nan_mode=nan, bytes_mode="base64", fallback=_known, indent=indent
        )
    except core.PydanticSerializationError as exc:
        raise ValueError(str(exc).rpartition("TypeError: ")[2]) from exc


def native(value: Any) -> Any:
    """Return an array of numpy, or a number of one, as Python's own.

    Times keep their meaning: in nanoseconds, numpy would make plain numbers of them.
    """
    if value.dtype.kind in "mM":
        value = value.astype(f"{value.dtype.kind}8[us]")
    return value.tolist()


def _known(value: Any) -> Any:
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        return native(value)
    raise TypeError(f"a {type(value).__name__} is none of JSON's values")
