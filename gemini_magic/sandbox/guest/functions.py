"""Functions of the notebook under their own names; both guests hold this file."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Characters of a name with its arguments.
LONGEST = 1_000_000
# The guest's way to the host: a name and its arguments as JSON, and so what came of it.
Way = Callable[[str], str]


def offer(functions: Mapping[str, Sequence[str]], namespace: dict[str, Any], way: Way) -> None:
    """Let code call `functions`, each with the names of its parameters; a name that is taken stays.

    They are there by `from notebook import …` too.
    """
    made = {name: function_of(name, names, way) for name, names in functions.items()}
    module = sys.modules["notebook"] = types.ModuleType("notebook")
    vars(module).update(made)
    for name, function in made.items():
        namespace.setdefault(name, function)


def function_of(name: str, names: Sequence[str], way: Way) -> Callable[..., Any]:
    """Return a function that is called in the notebook."""

    def called(*args: Any, **kwargs: Any) -> Any:
        if len(args) > len(names):
            raise TypeError(f"{name}() takes {len(names)} arguments but {len(args)} were given")
        arguments = {**dict(zip(names, args, strict=False)), **kwargs}
        request = json.dumps([name, arguments], default=plain)
        if len(request) > LONGEST:
            size = f"{len(request):,} characters and may have {LONGEST:,}"
            raise RuntimeError(f"the arguments have {size}")
        told = json.loads(way(request))
        if "error" in told:
            raise RuntimeError(told["error"])
        return told["result"]

    called.__name__ = called.__qualname__ = name
    return called


def plain(value: Any) -> Any:
    """Return a value of numpy or pandas as JSON has it."""
    for way in ("tolist", "isoformat", "to_dict"):
        if hasattr(value, way):
            return getattr(value, way)()
    raise TypeError(f"a {type(value).__name__} cannot be given to a function of the notebook")
