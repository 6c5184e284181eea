"""A call of a function of the notebook, as Python writes it."""

from __future__ import annotations

import ast
from typing import Any

from .parts import Call


def written(call: Call) -> str:
    """Return a call as Python writes it: `weather(city='Paris', days=2)`."""
    arguments = (f"{name}={literal(value)}" for name, value in call.args.items())
    return f"{call.name}({', '.join(arguments)})"


def literal(value: Any) -> str:
    """Return JSON as Python writes it; `…` for what is nested too deep, or too large a number."""
    try:
        return repr(value)
    except (RecursionError, ValueError):
        return "…"


def is_refused(call: Call) -> bool:
    """Return whether the user did not let it be called; `refused by the reader` is of before."""
    return (call.error or "").startswith("refused by ")


def returned(call: Call) -> Any:
    """Return what the function returned, without what the wire wraps it in."""
    match call.response:
        case {"result": result, **rest} if not rest:
            return result
    return call.response


def read_call(text: str) -> tuple[str, dict[str, Any]] | None:
    """Return the name and the arguments of a call that `written` wrote; None for anything else."""
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args:
            return call.func.id, {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    return None
