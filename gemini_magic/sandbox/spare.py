"""One worker kept ready, so that the next run begins at once."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping

from .process import Worker

IDLE = 600.0  # seconds that it waits for somebody


class Spare:
    """Holds at most one worker, for `idle` seconds, and not beyond the interpreter's end."""

    def __init__(self, idle: float = IDLE) -> None:
        self._idle = idle
        self._lock = threading.Lock()
        self._kept: tuple[Mapping[str, object], Worker, threading.Timer] | None = None

    def keep(self, task: Mapping[str, object]) -> None:
        """Start a worker for `task` unless one is there; do not wait for it."""
        with self._lock:
            if self._kept is not None:
                return
            timer = threading.Timer(self._idle, self.drop)
            timer.daemon = True
            self._kept = dict(task), Worker(task), timer
            timer.start()
        atexit.unregister(self.drop)
        atexit.register(self.drop)

    def take(self, task: Mapping[str, object]) -> Worker | None:
        """Return the worker if there is one for just this `task`; it is the caller's then."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is None:
            return None
        kept[2].cancel()
        if kept[0] == dict(task) and kept[1].is_alive():
            return kept[1]
        kept[1].close()
        return None

    def drop(self) -> None:
        """End the worker, if there is one."""
        worker = self.take({})
        if worker is not None:
            worker.close()

    def forget(self) -> None:
        """Let go of the worker of the process that this one was forked from."""
        self._lock = threading.Lock()
        self._kept = None


SPARE = Spare()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SPARE.forget)
