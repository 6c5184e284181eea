"""`%gemini ask` and `fix`: cells about other cells. They are written and never run."""

from __future__ import annotations

import sys

from ...errors import GeminiError, OptionError, RequestError
from .. import prompts
from .command import Invocation
from .registry import LINE, command


@command("ask CELL")
def ask(at: Invocation, number: str) -> str:
    """Write a cell that asks about another, by its number."""
    if not number.isdecimal():
        raise OptionError(f"`{LINE} ask` takes the number of a cell, not {number!r}")
    at.session.host.offer_cell(prompts.ask(at.shell, int(number)))
    return f"the next cell asks about In[{number}]: write the question, and run it"


@command("fix")
def fix(at: Invocation) -> str:
    """Write a cell that asks to mend the code that failed last."""
    exc = getattr(sys, "last_value", None)
    if exc is None:
        raise RequestError("nothing has failed yet in this session")
    if isinstance(exc, GeminiError) or not isinstance(exc, Exception):
        raise RequestError(f"the last error is not your code's, but {type(exc).__name__}: {exc}")
    at.session.host.offer_cell(prompts.fix(at.shell, exc))
    return f"the next cell asks to mend the {type(exc).__name__}: it is not run by itself"
