"""`%gemini runs` and `show`: what was asked in this session."""

from __future__ import annotations

from copy import copy

from ...errors import OptionError
from ...phrases import short
from .columns import columns
from .command import Invocation
from .registry import LINE, command


@command("runs")
def runs(at: Invocation) -> str:
    """List the runs of this session, those from Python too."""
    if not at.session.runs:
        return "no run yet in this session"
    rows = [
        (
            number,
            run.state,
            len(run.steps),
            f"{run.seconds:.1f}",
            f"{run.usage.total:,}" if run.usage else "–",
            short(run.request.prompt),
        )
        for number, run in enumerate(at.session.runs, start=1)
    ]
    return columns(("run", "state", "attempts", "seconds", "tokens", "prompt"), rows)


@command("show RUN")
def show(at: Invocation, number: str) -> None:
    """Show a run again, by its number."""
    held = at.session.runs
    if not (number.isdecimal() and 0 < int(number) <= len(held)):
        raise OptionError(f"there is no run {number!r}: `{LINE} runs` lists {len(held)}")
    shown = copy(held[int(number) - 1])
    # Its cells were inserted when it was run.
    shown.insert = "none"
    with at.session.host.view(shown, static=True):
        return
