"""The user's interrupt, as Ctrl+C sends it, at a moment that a test names."""

import signal
import threading
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
