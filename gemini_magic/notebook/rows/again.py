"""One row, asked once more by itself."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing
from threading import Event
from time import monotonic
from typing import Any

from ...errors import Stopped
from ...runs.run import Run
from .asking import Wanted
from .dispatcher import SLICE, result_of
from .work import Deferral, Task, work


def answered(wanted: Wanted, executor: Executor | None) -> Run:
    """Return what answers a row, asked where the other rows were if that is still open, else here.

    Waits as long as the server asks for. Raises what every row would meet, and an interrupt as
    Stopped.
    """
    with closing(_Asked(executor)) as asked:
        try:
            while isinstance(came := asked.ask(wanted), Deferral):
                asked.wait(came.seconds)
                wanted = wanted.again()
        except KeyboardInterrupt:
            raise Stopped("by you; the row keeps the run that it had") from None
    return came


class _Asked:
    """Has rows asked, and can give up the one that is on its way."""

    def __init__(self, executor: Executor | None) -> None:
        self._given = executor
        self._own: ThreadPoolExecutor | None = None
        self._pending: Future[Any] | None = None
        self._stopped = Event()

    def ask(self, wanted: Wanted) -> Run | Deferral:
        self._pending = future = self._submitted(wanted.task)
        while not wait([future], SLICE).done:
            pass
        return result_of(wanted, future)

    def wait(self, seconds: float) -> None:
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            self._stopped.wait(min(left, SLICE))

    def close(self) -> None:
        self._stopped.set()
        if self._pending is not None:
            self._pending.cancel()
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, task: Task) -> Future[Any]:
        if self._given is not None:
            try:
                return self._given.submit(work, task)
            except RuntimeError:  # it was shut down
                self._given = None
        self._own = self._own or ThreadPoolExecutor(1, "gemini_magic.map")
        return self._own.submit(work, task, self._stopped.is_set)
