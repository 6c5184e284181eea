"""`%%gemini_exec --rows NAME`: the prompt asked of each row, shown as a table that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...errors import OptionError
from ...request.question import Question
from ...request.variables import variables
from ...views.interrupts import Interrupts
from ...views.session import Session
from .ask import runs_of, waits
from .asking import Asking
from .progress import Progress
from .runs import Runs
from .shown import bundle

if TYPE_CHECKING:
    from .work import Deferral

# Seconds between two drawings of the table.
_PERIOD = 0.5


class _Table(Progress):
    """Redraws what is shown of the rows, now and then."""

    def __init__(self, draw: Callable[[str], object]) -> None:
        super().__init__()
        self._draw = draw
        self._due = 0.0

    def add(self, states: Mapping[str, int]) -> None:
        if monotonic() >= self._due:
            self._draw("")
            self._due = monotonic() + _PERIOD

    def wait(self, deferral: Deferral) -> None:
        self._draw(f"waiting {deferral.seconds:.2g} s: {deferral.why}")


def first_row(question: Question, session: Session) -> Question:
    """Return what is asked of the first row."""
    return Asking(question, _rows(question), session).preview()


def ask_rows(question: Question, session: Session, keep: Callable[[Runs], object]) -> None:
    """Ask the prompt of each row and show the runs; `keep` gets them before the first is asked."""
    options, host = question.options, session.host
    if options.step:
        raise OptionError("rows are asked side by side, none is presented: leave --step out")
    # An Output takes no updates: there the table comes at its end.
    grows = host.shows_progress and not options.static and not host.is_captured

    def draw(said: str = "", *, growing: bool = True) -> None:
        data = bundle(
            runs, growing=growing, said=said, watched=host.can_answer, stats=not options.static
        )
        output.update(data, raw=True)

    progress = _Table(draw) if grows else Progress(shown=not host.in_kernel and waits(session))
    runs = runs_of(question, _rows(question), session, options.workers, progress=progress)
    output = _Output(at_once=grows)
    keep(runs)
    with _drawn(lambda: draw(growing=False)):
        if grows:
            draw()
        for _ in runs.as_completed():
            pass


@contextmanager
def _drawn(last: Callable[[], object]) -> Iterator[None]:
    """Draw the table as it stays, however the block ends: no interrupt cuts that short."""
    interrupts = Interrupts()
    interrupts.begin()
    try:
        yield
    finally:
        with interrupts.held():
            last()
        interrupts.end()


class _Output:
    """Where the table is: one output of the cell, drawn once or again and again."""

    def __init__(self, *, at_once: bool) -> None:
        self._at_once = at_once
        self._shown: Any = None

    def update(self, data: Mapping[str, Any], *, raw: bool) -> None:
        from IPython.display import display

        if self._shown is not None:
            self._shown.update(data, raw=raw)
        else:
            self._shown = display(data, raw=raw, display_id=self._at_once or None)


def _rows(question: Question) -> Any:
    name = question.options.rows
    return variables([name], question.names, "ask")[name]
