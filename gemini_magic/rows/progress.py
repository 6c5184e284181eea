"""How far many rows have come, where somebody waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .work import Deferral


class Progress:
    """A bar of tqdm's: in a notebook a widget, in a terminal a line; nothing if not `shown`."""

    def __init__(self, *, shown: bool = False) -> None:
        self.total: int | None = None
        self._shown = shown
        self._bar: Any = None

    def add(self, states: Mapping[str, int]) -> None:
        """Say that one more row came; `states` says how many ended how."""
        if not self._shown:
            return
        if self._bar is None:
            from tqdm.auto import tqdm

            # It goes at the end: a saved notebook must not hold a widget.
            self._bar = tqdm(total=self.total, unit="row", leave=False)
        others = {state: number for state, number in states.items() if state != "done"}
        self._bar.set_postfix(others, refresh=False)
        self._bar.update()

    def wait(self, deferral: Deferral) -> None:
        """Say that all rows wait, for how long and why."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"waiting {deferral.seconds:.2g} s: {deferral.why}")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
