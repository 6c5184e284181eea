"""A run in a notebook while it grows."""

from __future__ import annotations

from typing import Any

from ..answer.document import MIME
from ..runs.html import comment, title
from ..runs.run import Run
from .frozen import frozen
from .pulse import Pulse
from .view import View


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
