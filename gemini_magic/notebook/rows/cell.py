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
from .listed import DisplayOptions
from .progress import Progress
from .requests import RowRequests
from .runs import Runs
from .shown import bundle

if TYPE_CHECKING:
    from .dispatcher import Pending
    from .work import Deferral

# Seconds between two drawings of the table.
_PERIOD = 0.5


class _GrowingTable(Progress):
    """Redraws what is shown of the rows, now and then, if it has changed.

    `draw` is told what is said of a wait; `pending` returns the rows on their way, as `Dispatcher`
    has them.
    """

    def __init__(self, draw: Callable[[str], object], pending: Callable[[], Pending]) -> None:
        super().__init__()
        self._draw = draw
        self._pending = pending
        self._came = 0
        self._drawn: object = None
        self._due = 0.0
        self._said = ""

    def add(self, states: Mapping[str, int]) -> None:
        self._came += 1
        self.tick()

    def tick(self) -> None:
        if monotonic() < self._due:
            return
        pending = self._pending()
        if all(seconds is not None for *_, seconds in pending):
            self._said = ""
        now = self._came, self._said, [(number, seconds is None) for number, _, seconds in pending]
        if now != self._drawn:
            self._draw(self._said)
            self._drawn = now
            self._due = monotonic() + _PERIOD

    def wait(self, deferral: Deferral) -> None:
        self._said = f"waiting {deferral.seconds:.2g} s: {deferral.why}"
        self.tick()


def first_row(question: Question, session: Session) -> Question:
    """Return what is asked of the first row."""
    return RowRequests(question, _rows(question), session).preview()


def ask_rows(question: Question, session: Session, keep: Callable[[Runs], object]) -> None:
    """Ask the prompt of each row and show the runs; `keep` gets them before the first is asked."""
    options, host = question.options, session.host
    if options.step:
        raise OptionError("rows are asked side by side, none is presented: leave --step out")
    # An Output takes no updates: there the table comes at its end.
    grows = host.shows_progress and not options.static and not host.is_captured

    drawn = 0

    def draw(said: str = "", *, growing: bool = True) -> None:
        nonlocal drawn
        came = sum(runs.states.values())
        display = DisplayOptions(growing, said, host.can_answer, not options.static, came - drawn)
        drawn = came
        output.update(*bundle(runs, display))

    progress = _GrowingTable(draw, lambda: runs.pending()) if grows else _bar(session)
    runs = runs_of(question, _rows(question), session, options.workers, progress=progress)
    runs.name = options.out
    output = _Output(at_once=grows)
    keep(runs)
    with _drawn(lambda: draw(growing=False)):
        if grows:
            draw()
        with runs:
            for _ in runs.as_completed():
                pass


def _bar(session: Session) -> Progress:
    return Progress(shown=not session.host.in_kernel and waits(session))


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

    def update(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        from IPython.display import display

        if self._shown is not None:
            self._shown.update(data, raw=True, metadata=metadata)
        else:
            named = self._at_once or None
            self._shown = display(data, raw=True, metadata=metadata, display_id=named)


def _rows(question: Question) -> Any:
    name = question.options.rows
    return variables([name], question.names, "ask")[name]
