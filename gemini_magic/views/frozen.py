"""A run as it stays in a notebook: what is saved of it, shown once."""

from __future__ import annotations

from typing import Any

from ..answer.document import MIME
from ..runs.recorded import metadata_of
from ..runs.run import Run
from ..runs.saved import mimebundle
from .view import View


def frozen(run: Run, name: str, *, watched: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stays of `run` in the display `name`, and its metadata."""
    return mimebundle(run, watched=watched), {
        MIME: {**metadata_of(run), "display": name, **_told(run, watched)}
    }


def _told(run: Run, watched: bool) -> dict[str, str]:
    """Return what tells a user who looks that nothing was sent."""
    return {"recorded": run.past.time} if run.past and watched else {}


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
