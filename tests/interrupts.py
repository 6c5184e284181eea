"""The user's interrupt, as Ctrl+C sends it, at a moment that a test names."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass
class Interrupt:
    """Called, it interrupts the main thread, whichever thread calls it."""

    sent: float = 0.0

    def __call__(self) -> None:
        self.sent = monotonic()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    @property
    def age(self) -> float:
        """Seconds since it was sent."""
        assert self.sent, "no interrupt was sent"
        return monotonic() - self.sent


class Moment:
    """When code that called `tell` keeps its sandbox waiting: then `then` is called, in a thread.

    A sandbox asks `stopped` before each slice of a wait. Asked twice in a row, it got nothing for
    a whole one: the code is on its own, past the call.
    """

    def __init__(self, then: Callable[[], object]) -> None:
        self._asked: int | None = None
        self._came = threading.Event()
        self._then = then
        threading.Thread(target=self._wait, daemon=True).start()

    def tell(self) -> int:
        self._asked = 0
        return 0

    def stopped(self) -> bool:
        if self._asked is not None:
            self._asked += 1
            if self._asked == 2:
                self._came.set()
        return False

    def _wait(self) -> None:
        self._came.wait()
        self._then()
