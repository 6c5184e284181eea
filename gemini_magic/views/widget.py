"""The live view of a run, in every host of Jupyter widgets."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from threading import Thread
from time import sleep
from typing import Any

import anywidget
import traitlets
from ipywidgets import Layout, widget_serialization
from ipywidgets.widgets.trait_types import InstanceDict

from ..answer.document import write_part
from ..answer.parts import File, Image, Part
from ..runs.run import Run
from .script import script_traits

# How often a view in a layout is drawn while its run grows.
_FOLLOWS_A_SECOND = 10
# How many empty widgets are kept for pages that have not drawn them yet.
_MOST_CLEARED = 32
_EMPTY = "export default { render() {} };"
# Below this a whole document costs no more than a message does anyway.
_SMALL = 4096


class RunWidget(anywidget.AnyWidget):
    """Draws a run while it grows, with the view that the saved output has afterwards.

    `run` is a whole document with the number of the last delta in it (`seq`) and the name of the
    display that the run is shown in (`display`); `tail` is the delta after that, `{seq, parts}`. A
    document follows whenever as much was sent in deltas as the last one held, so that a page which
    is loaded late has one to start from, and all of it together costs at most three times the run.
    Pictures are sent once, those of the prompt first. `progress` is how far an upload or the like
    has come, empty if there is none: `{text, done, total}`. `waiting` is what the user is asked,
    empty if nothing: `{question, key}`. `stats` are the run's, once it is over. `script` is the id
    of the model with the script that draws all of this.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    script = traitlets.Unicode().tag(sync=True)
    # Without a layout: it would be a model of its own for each run, of two kilobytes.
    layout = InstanceDict(Layout, allow_none=True).tag(sync=True, **widget_serialization)
    run = traitlets.Dict().tag(sync=True)
    tail = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    waiting = traitlets.Dict().tag(sync=True)
    stats = traitlets.Dict().tag(sync=True)

    def __init__(self, run: Run, display: str = "", layout: Layout | None = None) -> None:
        self._seq = 0
        self._display = display
        self._parts: Sequence[Part] = run.parts
        self._held = 0
        super().__init__(run=self._document(run), layout=layout, **script_traits())

    def sync(self, run: Run) -> None:
        """Send what has come since the last call."""
        self.progress = asdict(run.progress) if run.progress else {}
        self.waiting = asdict(run.waiting) if run.waiting else {}
        parts = run.parts
        pieces = delta(self._parts, parts)
        if not pieces:
            return
        self._seq += 1
        if run.size > 2 * self._held + _SMALL:
            self._held = run.size
            document = self._document(run)
            parts_once = _pictures_once(self._parts, document["parts"])
            sent = [{**each, "data": ""} for each in document.get("sent", ())]
            self.run = {**document, "parts": parts_once, **({"sent": sent} if sent else {})}
        else:
            self.tail = {"seq": self._seq, "parts": [write_part(piece) for piece in pieces]}
        self._parts = parts

    def finish(self, run: Run) -> None:
        """Send the run as it stays."""
        self._seq += 1
        self.stats = run.stats()
        self.run = self._document(run)

    def clear(self) -> None:
        """Show nothing any more, and close the widget later, when others have been cleared.

        A page may draw an output after its run has ended, as that of an `Output` which is shown
        below it or by `interact`: of a widget that is closed by then it says that something failed.
        """
        with self.hold_sync():
            self._esm, self.script = _EMPTY, ""
            self.run, self.tail, self.progress, self.waiting = {}, {}, {}, {}
        self._parts = ()
        _cleared.append(self)
        while len(_cleared) > _MOST_CLEARED:
            _cleared.popleft().close()

    def close(self) -> None:
        """Close the widget in the page too, and the layout if its base class opened one for it."""
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()

    def _document(self, run: Run) -> dict[str, Any]:
        return {**run.to_dict(), "seq": self._seq, "display": self._display}

    def mimebundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the output that shows the widget, and its metadata, which Colab needs."""
        bundle = self._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**(data or {}), "text/plain": "Gemini is answering…"}, metadata


_cleared: deque[RunWidget] = deque()


def view_of(run: Run) -> RunWidget:
    """Return a widget that shows `run` in a layout, and follows it to its end."""
    widget = RunWidget(run, layout=Layout())
    if run.state == "running":
        Thread(target=_follow, args=(widget, run), daemon=True).start()
    else:
        widget.finish(run)
    return widget


def _follow(widget: RunWidget, run: Run) -> None:
    while widget.comm is not None and run.state == "running":
        widget.sync(run)
        sleep(1 / _FOLLOWS_A_SECOND)
    if widget.comm is not None:
        widget.finish(run)


def delta(known: Sequence[Part], parts: Sequence[Part]) -> list[Part]:
    """Return what `parts` has over `known`: the end of a part that grew, then the new ones.

    A call that has ended since comes whole, to take the place of the one that ran.
    """
    pieces = list(parts[len(known) :])
    if known and (grown := parts[len(known) - 1].since(known[-1])):
        return [grown, *pieces]
    return pieces


def _pictures_once(known: Sequence[Part], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**part, "data": ""}
        if place < len(known) and isinstance(known[place], File | Image)
        else part
        for place, part in enumerate(parts)
    ]
