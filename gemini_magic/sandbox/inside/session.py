"""Runs the blocks of a run inside the scientific guest, which reads this file as text."""

from __future__ import annotations

import builtins
import functools
import importlib.util
import os
import sys
from typing import Any

# As the host names what both guests hold, of the folder `guest`.
import _blocks  # type: ignore[import-not-found]
import _functions  # type: ignore[import-not-found]
import _hashing  # type: ignore[import-not-found]
import _refusals  # type: ignore[import-not-found]
import _streams  # type: ignore[import-not-found]

PIECE = 2**16  # characters


def begin() -> None:
    """Make the streams, and let given modules be imported."""
    _streams.install()
    _hashing.install()
    _refusals.install()
    _blocks.REMARKS.append(_refusals.name_limit)
    os.write = _streams.write
    sys.argv = ["-c"]
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # theirs end the session
    vars(functools)["_lru_cache_wrapper"] = load_python_cache()
    os.chdir("/home")
    sys.path.append("/home")
    _blocks.begin()
    end("")


def load_python_cache() -> object:
    """Return the cache of `functools` as it is without C.

    Each call by way of the one in C takes from the guest's small stack, which ends at a depth
    of some 200; memoised recursion often goes deeper.
    """
    modules: dict[str, Any] = sys.modules
    fast, modules["_functools"] = modules["_functools"], None
    try:
        spec: Any = importlib.util.find_spec("functools")
        slow: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(slow)
    finally:
        modules["_functools"] = fast
    return slow._lru_cache_wrapper


def run(code: str, functions: dict[str, list[str]]) -> None:
    """Run `code`, which may call `functions`, then tell the host how it ended."""
    _streams.OUTLET.begin()
    why = _blocks.attempt(lambda: offer(functions))
    why += _blocks.attempt(lambda: choose_backend(code))
    why += _blocks.run(code, vars(sys.modules["__main__"]))
    why += _blocks.attempt(show)
    _streams.finish()
    end(_blocks.fit(why, _streams.OUTLET.total()))


def offer(functions: dict[str, list[str]]) -> None:
    """Let code call functions of the notebook, if there are any."""
    from host import tools

    if functions:
        _functions.offer(functions, vars(sys.modules["__main__"]), tools.call)


def choose_backend(code: str) -> None:
    """Take our way out for figures before `matplotlib.use` can choose another."""
    if "matplotlib" in code:
        importlib.import_module("_backend")


def show() -> None:
    """Show the figures that the code left open, as a notebook does."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show()


def end(why: str) -> None:
    """Tell the host why the block failed, in pieces that the way out takes."""
    from host import tools

    for start in range(0, len(why) or 1, PIECE):
        tools.end(why[start : start + PIECE], start + PIECE >= len(why))
