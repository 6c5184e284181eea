"""One row, asked where an executor has it asked: in a thread, a process, or on another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ...answer.parts import Call, Event
from ...engines.kept_sandboxes import KeptSandboxes
from ...engines.registry import connect_for
from ...engines.retries import Deferred, deferring
from ...errors import (
    AccessDenied,
    BudgetSpent,
    GeminiError,
    KeyInvalid,
    KeyMissing,
    LessonMissing,
    ModelNotFound,
    OptionError,
    QuotaExhausted,
)
from ...line import Show, answer, playing
from ...request.build import Built
from ...request.request import Request
from ...runs.recall import recorded_facts
from ...runs.run import Run

# What every other row would meet too.
STOPS = (
    AccessDenied,
    BudgetSpent,
    KeyInvalid,
    KeyMissing,
    ModelNotFound,
    OptionError,
    QuotaExhausted,
)


@dataclass(frozen=True)
class Task:
    """A row to be asked: what is sent, without key and address, which each worker has itself.

    `name` is no other task's; the request may be deferred `tries` times.
    """

    name: str
    built: Built
    tries: int


@dataclass(frozen=True)
class Deferral:
    """The row is to be asked again, and all others are to wait `seconds` before."""

    why: str
    seconds: float


def work(task: Task, stopped: Callable[[], bool] = lambda: False) -> Run | Deferral:
    """Ask, and return the run, which may have failed; raise what would stop every row.

    With `stopped` it ends, by KeyboardInterrupt, as soon as something comes.
    """
    built, request = task.built, task.built.request
    with deferring(task.tries) as settle:
        try:
            engine = connect_for(request)
            run = Run(request, engine.name, engine.model)
            if request.options.record or request.options.replay == "refresh":
                run.facts = recorded_facts(request, engine.name)
            functions = built.functions.answer
            with KeptSandboxes(stopped=stopped).caller(request, functions, built.held) as call:
                seen = _heard(stopped, settle)
                verifies = request.options.verify
                return answer(
                    run, playing(engine, request), seen, call, built.read, verifies=verifies
                )
        except Deferred as exc:
            return Deferral(exc.why, exc.seconds)
        except GeminiError as exc:
            # Nobody chose the lessons: there is no key.
            keyless = isinstance(exc, LessonMissing) and not request.options.engine
            if isinstance(exc, STOPS) or keyless:
                # Without the run: an exception that travels is to be light.
                raise type(exc)(*exc.args) from None
            return exc.run or failed(request, exc)


def failed(request: Request, exc: Exception) -> Run:
    """Return the run of a request that was not answered."""
    run = Run(request, request.options.engine, request.options.model)
    with suppress(type(exc)), run.tracking():
        raise exc
    return run


def _heard(stopped: Callable[[], bool], settle: Callable[[], object]) -> Show:
    @contextmanager
    def show(_run: Run) -> Iterator[Callable[[Event], object]]:
        def seen(event: Event) -> None:
            if stopped():
                raise KeyboardInterrupt
            if isinstance(event, Call):
                # Asked anew, the functions would be called once more.
                settle()

        yield seen

    return show
