"""A thread that draws in time."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from threading import Event, Thread

# jupyter_server drops messages above 1,000 a second; an eye sees no more than this.
REDRAWS_A_SECOND = 20


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
