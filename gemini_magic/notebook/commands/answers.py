"""Which entries of a session are answers."""

from __future__ import annotations

from ...errors import OptionError
from ...runs.run import Run


def answer_of_one(run: Run) -> Run:
    """Return a run that answers a question; raise OptionError for what many rows used."""
    if is_sum(run):
        raise OptionError(
            "this is what many rows used all together: each row has a run of its own, in what "
            "`gemini_magic.map` returned or the cell's variable holds, as _run[0]"
        )
    return run


def is_sum(run: Run) -> bool:
    """Return whether an entry of the session is what many rows used all together."""
    from ..rows.requests import Sum

    return isinstance(run, Sum)
