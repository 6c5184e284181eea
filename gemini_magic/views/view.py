"""What shows a run, wherever that is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from ..runs.run import Run
from .interrupts import Interrupts


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
