"""The worker's own two clocks; the parent holds the third."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GRACE = 0.4  # seconds from the first clock to the second


class Deadline:
    """After `seconds` calls `interrupt`, which stops code that computes; then `give_up`.

    The second is for code that waits inside a call of the host, as `time.sleep` does: nothing
    interrupts that but the end of the process.
    """

    def __init__(
        self, seconds: float, interrupt: Callable[[], None], give_up: Callable[[], None]
    ) -> None:
        self._interrupt = interrupt
        self._give_up = give_up
        self._lock = threading.Lock()
        self._met = False
        self._passed = False
        self._start(seconds)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the first clock while the code waits for somebody else."""
        self._timer.cancel()
        left = max(0.0, self._end - time.monotonic())
        yield
        self._start(left)

    def _start(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def meet(self) -> bool:
        """Stop the clocks and return whether that was in time."""
        self._timer.cancel()
        with self._lock:
            self._met = not self._passed
        return self._met

    def _expire(self) -> None:
        with self._lock:
            if self._met:
                return
            self._passed = True
        self._interrupt()
        time.sleep(GRACE)
        self._give_up()
