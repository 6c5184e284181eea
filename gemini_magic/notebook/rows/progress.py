"""How far many rows have come, where somebody waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...phrases import count
from ...runs.html import comment

if TYPE_CHECKING:
    from .work import Deferral


class Progress:
    """A bar of tqdm's: a widget `in_kernel`, a line in a terminal; nothing if not `shown`."""

    def __init__(self, *, shown: bool = False, in_kernel: bool = False) -> None:
        self.total: int | None = None
        self._shown = shown
        self._in_kernel = in_kernel
        self._bar: Any = None
        self._output: Any = None

    def add(self, states: Mapping[str, int]) -> None:
        """Say that one more row came; `states` says how many ended how."""
        if not self._shown:
            return
        if self._bar is None:
            self._begin(sum(states.values()) - 1)
        others = {state: number for state, number in states.items() if state != "done"}
        self._bar.set_postfix(others, refresh=False)
        self._bar.update()

    def tick(self) -> None:
        """Say that nothing came for a moment."""

    def wait(self, deferral: Deferral) -> None:
        """Say that all rows wait, for how long and why."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"waiting {deferral.seconds:.2g} s: {deferral.why}")

    def close(self) -> None:
        """Take the bar away: a saved notebook must not hold a widget."""
        if self._bar is None:
            return
        line = count(self._bar.n, "row")
        self._bar.close()
        self._bar = None
        if self._output is not None:
            self._at_end("unregister")
            shown = {"text/html": comment(line), "text/plain": line}
            self._output.update(shown, raw=True)

    def _begin(self, came: int) -> None:
        options = {"total": self.total, "initial": came, "unit": "row", "leave": False}
        if not self._in_kernel:
            from tqdm import tqdm

            self._bar = tqdm(**options)
            return
        from IPython.display import display
        from tqdm.notebook import tqdm as tqdm_notebook

        # Shown by us, so that the output can be replaced at the end.
        self._bar = tqdm_notebook(**options, display=False)
        self._output = display(self._bar.container, display_id=True)
        self._at_end("register")

    def _at_end(self, do: str) -> None:
        """Have the bar go at the end of the cell, or not: it may want a few of the rows only."""
        from IPython.core.getipython import get_ipython

        if shell := get_ipython():
            getattr(shell.events, do)("post_run_cell", self._cell_ended)

    def _cell_ended(self, _result: object) -> None:
        self.close()
