"""`%gemini runs` and `show`: what was asked in this session."""

from __future__ import annotations

from copy import copy

from ...engines.model_names import is_another
from ...errors import OptionError
from ...phrases import short
from ...runs.run import Run
from ...views.report import Table
from .answers import answer_of_one, is_sum
from .columns import columns
from .command import FORCE, Invocation
from .registry import LINE, command


@command("runs")
def runs(at: Invocation) -> str | Table:
    """List the runs of this session, those from Python too."""
    if not at.session.runs:
        return "no run yet in this session"
    rows = [
        (
            number,
            "replayed" if run.past else run.state,
            len(run.steps),
            f"{run.seconds:.1f}",
            f"{run.usage.total:,}" if run.usage else "–",
            _model(run),
            short(run.request.prompt),
        )
        for number, run in enumerate(at.session.runs, start=1)
    ]
    return columns(("run", "state", "attempts", "seconds", "tokens", "model", "prompt"), rows)


def _model(run: Run) -> str:
    """Return the model that answered, and the one that was asked if it is another."""
    if is_another(run.model, run.answered_by):
        return f"{run.answered_by} for {run.model}"
    return run.answered_by or run.engine


@command("show RUN")
def show(at: Invocation, number: str) -> None:
    """Show a run again, by its number."""
    shown = copy(_run(at, number))
    # Its cells were inserted when it was run.
    shown.insert = "none"
    with at.session.host.view(shown, static=True):
        return


@command("verify [RUN]")
def verify(at: Invocation, number: str = "") -> str:
    """Run the attempts of a run again here and compare; the last run unless a number says which."""
    from ...runs.text import verified
    from ...runs.verify.material import files_of_run

    run = _run(at, number or _last(at))
    shell = at.session.host.shell
    return verified(run.verify(files_of_run(run, shell.user_ns if shell else None)))


@command("export [RUN] FILE", FORCE)
def export(at: Invocation, *words: str, force: bool = False) -> str:
    """Write the last run, that of a number, or all, to .html, .ipynb, .py, .md or .json."""
    from ...runs.exports import export

    *numbers, file = words
    number = numbers[0] if numbers else _last(at)
    if number == export.ALL:
        runs = [run for run in at.session.runs if not is_sum(run)]
    else:
        runs = [answer_of_one(_run(at, number))]
    return f"{export.written(runs, number)} in {export.export(runs, file, force=force)}"


def _last(at: Invocation) -> str:
    """Return the number of the last run; raise OptionError before there is one."""
    if not at.session.runs:
        raise OptionError("there is no run yet")
    return str(len(at.session.runs))


def _run(at: Invocation, number: str) -> Run:
    """Return a run of this session by its number; raise OptionError for one that is not there."""
    held = at.session.runs
    if not (number.isdecimal() and 0 < int(number) <= len(held)):
        raise OptionError(f"there is no run {number!r}: `{LINE} runs` lists {len(held)}")
    return held[int(number) - 1]
