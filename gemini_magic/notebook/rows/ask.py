"""A prompt and a table to runs, a row each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import Any

from ...errors import OptionError
from ...options.parse import from_keywords, going_on
from ...options.table import Options
from ...phrases import short
from ...request.declarations import by_name
from ...request.question import Question
from ...views.session import Session, current
from .progress import Progress
from .requests import RowRequests
from .runs import Runs


def map(
    prompt: str,
    rows: Any,
    *,
    executor: Executor | None = None,
    workers: int = 8,
    keep: bool = True,
    progress: bool | None = None,
    names: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    tools: Iterable[Callable[..., Any]] = (),
    json: Any = None,
    **options: Any,
) -> Runs:
    """Ask `prompt` of each row, `workers` at a time, and return the runs, in order.

    `rows` is a frame of pandas or polars, or any iterable of mappings, which is read as it is
    needed; `{column}` in the prompt is filled from each. Nothing is asked before the runs are
    wanted: iterated, counted, indexed or made a `frame`. A row that fails is a failed run.

    What is recorded is not asked again, so that after an interrupt or a crash the same call goes
    on where it was: `replay="never"` asks all anew. `executor` is any of `concurrent.futures`: a
    ProcessPoolExecutor, or a cluster by `dask.distributed.Client(…).get_executor()`; without one
    there are threads. Keys do not travel: each worker reads its own environment.

    `keep=False` holds no run that was given, for more rows than the memory takes. `progress` says
    whether a bar is shown; unless said, where somebody waits. Other keywords are those of `run`.

        runs = gemini_magic.map("Is this praise or blame? {text}", reviews, code=False)
        gemini_magic.frame(runs)
    """
    for name, value, fits, takes in (
        ("prompt", prompt, isinstance(prompt, str), "a text"),
        ("executor", executor, executor is None or hasattr(executor, "submit"), "an Executor"),
        ("workers", workers, isinstance(workers, int) and workers > 0, "a number from 1"),
    ):
        if not fits:
            raise OptionError(f"{name} takes {takes}, not {short(repr(value))}")
    session = current()
    chosen = from_keywords(session.settings, going_on(session.settings, options))
    question = Question(prompt, chosen, names or {}, data or {}, by_name(tools), json)
    shown = waits(session) if progress is None else progress
    bar = Progress(shown=shown, in_kernel=session.host.in_kernel)
    return runs_of(question, rows, session, workers, progress=bar, executor=executor, keep=keep)


def runs_of(
    question: Question,
    rows: object,
    session: Session,
    workers: int,
    *,
    progress: Progress,
    executor: Executor | None = None,
    keep: bool = True,
) -> Runs:
    """Return the runs of a question and its rows; raise OptionError for what cannot be so."""
    _refuse(question.options, question, session)
    requests = RowRequests(question, rows, session)
    progress.total = requests.total
    runs = Runs(requests, progress, executor, workers, keep)
    if keep:
        runs.key = session.remember_rows(runs, question.prompt)
    return runs


def waits(session: Session) -> bool:
    """Return whether somebody sees how far many rows have come."""
    if session.host.in_kernel:
        return session.host.shows_progress
    return sys.stderr is not None and sys.stderr.isatty()


def _refuse(options: Options, question: Question, session: Session) -> None:
    if options.chat:
        raise OptionError(
            "rows are asked side by side, and turns of a chat are not: leave chat out"
        )
    if options.approve:
        raise OptionError("with many rows nobody can approve each result: leave approve out")
    asks = options.confirm_tools is None and session.host.can_answer
    if (question.tools or options.tools) and (asks or options.confirm_tools):
        raise OptionError(
            "with many rows nobody can allow each call of a function: to let them all pass, "
            "%config GeminiMagic.confirm_tools = False"
        )
