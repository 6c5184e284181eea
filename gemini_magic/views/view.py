"""What shows a run: in a notebook while it grows, once at its end, or in a terminal."""

from __future__ import annotations

import contextvars
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from ..answer.document import MIME
from ..answer.parts import Progress
from ..runs.html import comment, title
from ..runs.recorded import metadata_of
from ..runs.run import Run
from ..runs.saved import mimebundle
from ..runs.text import claims_line, recorded_line, summary_line, to_text
from ..sanitize import sanitize_line
from .console import Console
from .interrupts import Interrupts

# jupyter_server drops messages above 1,000 a second; an eye sees no more than this.
REDRAWS_A_SECOND = 20


class View(ABC):
    """Shows one run: draws on entry, at `redraw`, and last on exit, however the run ended.

    Neither the first drawing nor the last is cut short by an interrupt: a view that grows no more
    would stay for ever.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._interrupts = Interrupts()

    def __enter__(self) -> Self:
        self._interrupts.begin()
        with self._interrupts.held():
            self.begin()
        if self._interrupts.came:
            self._run.stop()
            self._close()
            raise KeyboardInterrupt
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        frames: TracebackType | None,
    ) -> None:
        self._close()

    def turn_to(self, run: Run) -> None:
        """Show `run` from now on, which is the one that was shown with more of its parts."""
        self._run = run
        self.redraw()

    def _close(self) -> None:
        try:
            with self._interrupts.held():
                self.end()
        finally:
            self._interrupts.end()

    @abstractmethod
    def begin(self) -> None:
        """Draw the run as it is before anything has come."""

    @abstractmethod
    def redraw(self) -> None:
        """Say that the run has changed. Cheap: what is drawn, and when, is the view's affair."""

    @abstractmethod
    def end(self) -> None:
        """Draw the run as it stays."""


class Pulse:
    """Calls `draw` soon after it was asked to, never more often than `REDRAWS_A_SECOND`.

    A thread of its own does it, so that the last fragment before a silence of the server is
    drawn in time, though nothing comes that could ask again.
    """

    def __init__(self, draw: Callable[[], None]) -> None:
        self._draw = draw
        self._asked = Event()
        self._over = Event()
        # A copy of the context: in a kernel it says which cell the output belongs to.
        context = contextvars.copy_context()
        self._thread = Thread(target=context.run, args=(self._beat,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask(self) -> None:
        self._asked.set()

    def stop(self) -> None:
        """Return when the last drawing is over; nothing is drawn afterwards."""
        self._over.set()
        self._asked.set()
        self._thread.join()

    def _beat(self) -> None:
        while self._asked.wait() and not self._over.is_set():
            self._asked.clear()
            self._draw()
            self._over.wait(1 / REDRAWS_A_SECOND)


def frozen(run: Run, name: str, *, watched: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stays of `run` in the display `name`, and its metadata."""
    return mimebundle(run, watched=watched), {
        MIME: {**metadata_of(run), "display": name, **_told(run, watched)}
    }


def _told(run: Run, watched: bool) -> dict[str, str]:
    """Return what tells a user who looks that nothing was sent."""
    return {"recorded": run.past.time} if run.past and watched else {}


class Live(View):
    """A run in a notebook: a widget while it grows, replaced by its frozen output at the end.

    A saved notebook must not hold a widget: without its kernel it shows as a failure for ever. One
    that is saved while the run goes on does. For the page that is loaded from it, the run as it
    began lies beside the widget, with the name under which the frozen output will come. By that
    name a page finds the output, wherever its cell is by then, and the view that goes on in it.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._pulse = Pulse(self._draw)
        self._name = run.display

    @property
    def name(self) -> str:
        """The name of the display that keeps the run, empty if none does."""
        return self._name

    def begin(self) -> None:
        from IPython.display import display

        from .widget import RunWidget

        self._widget = RunWidget(self._run, self._name)
        data, metadata = self._widget.mimebundle()
        # The widget has the pictures that were sent, and what is saved at the end.
        begun = {name: value for name, value in self._run.to_dict().items() if name != "sent"}
        data = {**data, MIME: begun}
        metadata = {**metadata, MIME: {"display": self._name}}
        self._output: Any = display(data, metadata=metadata, raw=True, display_id=self._name)
        self._pulse.start()

    def redraw(self) -> None:
        self._pulse.ask()

    def end(self) -> None:
        shown: dict[str, Any] = {"text/plain": "this run cannot be shown"}
        metadata: dict[str, Any] = {}
        try:
            self._pulse.stop()
            shown, metadata = frozen(self._run, self._name)
        finally:
            # Whatever happens, no live view stays behind.
            self._freeze(shown, metadata)

    def _freeze(self, shown: dict[str, Any], metadata: dict[str, Any]) -> None:
        self._output.update(shown, raw=True, metadata=metadata)
        self._widget.close()

    def _draw(self) -> None:
        self._widget.sync(self._run)


class Captured(Live):
    """A run inside of an `ipywidgets.Output`, which takes what is shown and no updates of it.

    So the widget is emptied, and what is saved comes: not for a run that only passes and is done.
    """

    def __init__(self, run: Run, *, passing: bool = False) -> None:
        super().__init__(run)
        self._passing = passing

    @property
    def name(self) -> str:
        return ""

    def _freeze(self, shown: dict[str, Any], metadata: dict[str, Any]) -> None:
        from IPython.display import display

        self._widget.clear()
        if not (self._passing and self._run.state == "done"):
            display(shown, raw=True, metadata=metadata)


class Passing(Live):
    """A run while it works; one that is done leaves only a line that no page shows.

    What was asked for by a call is the caller's to show. A run that breaks stays, as in a cell.
    """

    @property
    def name(self) -> str:
        return "" if self._run.state == "done" else super().name

    def _freeze(self, shown: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self._run.state == "done":
            line = title(self._run)
            shown, metadata = {"text/html": comment(line), "text/plain": line}, {}
        super()._freeze(shown, metadata)


class Static(View):
    """A run shown once, at its end: one output, the same for the same answer.

    `stats` adds seconds and tokens, which differ each time. Where a user sits there (`watched`), it
    says of a recording that nothing was sent. A notebook that runs by itself is the same, byte for
    byte, as when it was asked.
    """

    def __init__(self, run: Run, *, stats: bool = False, watched: bool = False) -> None:
        super().__init__(run)
        self._stats = stats
        self._watched = watched

    def begin(self) -> None:
        return

    def redraw(self) -> None:
        return

    def end(self) -> None:
        from IPython.display import display

        shown = mimebundle(self._run, stats=self._stats, watched=self._watched)
        metadata = {**metadata_of(self._run), **_told(self._run, self._watched)}
        display(shown, raw=True, metadata={MIME: metadata})


class Frozen(Static):
    """A run in a notebook as a live one is at its end, without what it was before."""

    @property
    def name(self) -> str:
        """The name of the display that keeps the run."""
        return self._run.display

    def end(self) -> None:
        from IPython.display import display

        shown, metadata = frozen(self._run, self.name, watched=self._watched)
        display(shown, raw=True, metadata=metadata, display_id=self.name)


class Terminal(View):
    """A run as text on a stream, printed as it comes."""

    def __init__(self, run: Run, console: Console) -> None:
        super().__init__(run)
        self._console = console
        self._printed = 0
        self._announced = ""
        self._drawing = Lock()
        self._pulse = Pulse(self._draw)

    def begin(self) -> None:
        self._pulse.start()

    def redraw(self) -> None:
        if self._run.is_calling:
            # The user may be asked about the call on the same terminal, now.
            self._draw()
        else:
            self._pulse.ask()

    def turn_to(self, run: Run) -> None:
        super().turn_to(run)
        # At once: what is asked next stands below.
        self._draw()

    def end(self) -> None:
        self._pulse.stop()
        self._draw()
        head = " · ".join(filter(None, (summary_line(self._run), recorded_line(self._run))))
        lines = filter(None, (head, claims_line(self._run)))
        self._console.write("\n\n{}\n".format("\n".join(lines)))

    def _draw(self) -> None:
        with self._drawing:
            self._announce(self._run.progress)
            text = to_text(self._run)
            self._console.write(text[self._printed :])
            self._printed = len(text)

    def _announce(self, progress: Progress | None) -> None:
        """Say on stderr what takes long and has no note in the run, such as an upload has."""
        if progress and not progress.total and progress.text != self._announced:
            self._announced = progress.text
            print(sanitize_line(progress.text), file=sys.stderr, flush=True)
