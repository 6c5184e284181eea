"""The interrupts of one run: the first one ends it, and what comes after lets it end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import Any

# Seconds after an interrupt in which another one means the same. A run that has not ended by then
# can be interrupted again.
PATIENCE = 2


class Interrupts:
    """Lets an interrupt through to whatever handled it before, and no second one on its heels.

    A Stop that is pressed twice, or a key held down, would raise KeyboardInterrupt again in what
    the first one set going: the end of the view, or the line that the user is to see.

    The handler stays when a run was interrupted, as the cell has yet to say so; a kernel puts its
    own back after each cell, and elsewhere this one soon does as the one before it. Python takes
    handlers in the main thread only: in any other, interrupts are left as they are.
    """

    def __init__(self) -> None:
        self._before: Any = None
        self._holds = False
        # Whether an interrupt was held off by the last block of `held`.
        self.came = False
        self._deaf_until = 0.0
        self._over = False

    def begin(self) -> None:
        """Take interrupts from now on."""
        before: Any = signal.getsignal(signal.SIGINT)
        if current_thread() is not main_thread() or not callable(before):
            return
        owner = getattr(before, "__self__", None)
        self._before = owner._before if isinstance(owner, Interrupts) and owner._over else before
        signal.signal(signal.SIGINT, self._handle)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no interrupt into the block; `came` says afterwards whether there was one."""
        self._holds, self.came = True, False
        try:
            yield
        finally:
            self._holds = False

    def end(self) -> None:
        """Leave interrupts to what had them before: at once, or soon after one that came."""
        self._over = True
        if self._deaf_until:
            self._deaf_until = monotonic() + PATIENCE
        elif self._before and signal.getsignal(signal.SIGINT) == self._handle:
            signal.signal(signal.SIGINT, self._before)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._holds:
            self.came = True
        elif monotonic() >= self._deaf_until:
            self._deaf_until = monotonic() + PATIENCE
            self._before(number, frame)
