"""A variable of the notebook as what goes along with a prompt."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from keyword import iskeyword
from numbers import Number
from typing import Any

from ..errors import RequestError
from . import tables
from .attachment import SEND_LESS, Attachment, checked
from .jsonable import to_json
from .mime_types import suffix_of, type_in

_SENDABLE = "frames, series, arrays, dicts, lists, str, bytes, figures and pictures can"
_LONGEST = 200
# What a function or a type is wanted for; no other purpose takes IPython's `open` and `exit`.
_CALLABLES = frozenset({"offer", "fit"})


def variables(
    wanted: Iterable[str], names: Mapping[str, Any], purpose: str = "send"
) -> dict[str, Any]:
    """Return the `wanted` ones of `names`; raise RequestError for one that is not there.

    `purpose` is the verb of its line.
    """
    values = {}
    calls = purpose in _CALLABLES
    for name in wanted:
        if name not in names:
            fitting = [each for each in names if calls or not callable(names[each])]
            near = get_close_matches(name, fitting, 1)
            hint = f"did you mean {near[0]!r}?" if near else "run the cell that makes it first"
            raise RequestError(f"there is no variable {name!r} to {purpose}: {hint}")
        values[name] = names[name]
    return values


def of_value(name: str, value: Any, limit: int) -> Attachment:
    """Return a value of the notebook as an attachment; raise RequestError if it cannot be."""
    _refuse_name(name)
    _refuse_vast(name, value, limit)
    try:
        made = _made(name, value)
    except Exception as exc:  # the value's own library may raise anything
        why = f"{type(exc).__name__}: {exc}"[:_LONGEST]
        raise RequestError(f"the variable {name!r} cannot be sent: {why}") from exc
    if made is None:
        kind = type(value).__name__
        # One of numpy's has a type of its own; a time is no number.
        one = isinstance(value, Number | date) or hasattr(value, "dtype")
        also = f"; {{{name}}} in the prompt says what it is" if one else ""
        raise RequestError(
            f"the variable {name!r} cannot be sent, being a {kind}: {_SENDABLE}{also}"
        )
    return checked(made, limit)


def _refuse_name(name: str) -> None:
    if not name.isidentifier() or iskeyword(name):
        raise RequestError(f"data is named like a variable, and {name!r} is no such name")


def variable_of(attachment: Attachment) -> str:
    """Return the variable that an attachment was; raise RequestError for what cannot be one."""
    name = attachment.name.rpartition(".")[0]
    _refuse_name(name)
    return name


def _refuse_vast(name: str, value: Any, limit: int) -> None:
    """Reject a table early if its separators alone exceed `limit` bytes."""
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and all(isinstance(length, int) for length in shape):
        cells = math.prod(shape)
        if cells > limit:
            raise RequestError(
                f"the variable {name!r} has {cells:,} cells and may have {limit:,} bytes: "
                f"{SEND_LESS}"
            )


def _made(name: str, value: Any) -> Attachment | None:
    if isinstance(value, str):
        return Attachment(f"{name}.txt", "text/plain", value.encode())
    if isinstance(value, bytes | bytearray):
        return _of_bytes(name, bytes(value))
    if isinstance(value, dict | list | tuple):
        return Attachment(f"{name}.json", "text/plain", to_json(value, indent=1))
    if (picture := _png(value)) is not None:
        return Attachment(f"{name}.png", "image/png", picture)
    table = tables.of_value(value, name)
    if table is None:
        return None
    return Attachment(f"{name}.csv", "text/csv", table.csv.encode(), schema=table.schema())


def _of_bytes(name: str, data: bytes) -> Attachment:
    mime_type = type_in(data)
    if not mime_type:
        raise ValueError("its bytes are neither text, PNG, JPEG nor PDF; write them to a file")
    return Attachment(name + suffix_of(name, mime_type), mime_type, data)


def _png(value: Any) -> bytes | None:
    """Return a figure of matplotlib or a picture of PIL as PNG; None for anything else."""
    # Neither can be there before its module is.
    figures, pictures = sys.modules.get("matplotlib.figure"), sys.modules.get("PIL.Image")
    png = io.BytesIO()
    if figures is not None and isinstance(value, figures.Figure):
        value.savefig(png, format="png")
    elif pictures is not None and isinstance(value, pictures.Image):
        value.save(png, "PNG")
    else:
        return None
    return png.getvalue()
