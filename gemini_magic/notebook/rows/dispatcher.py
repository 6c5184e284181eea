"""The rows that are on their way to an executor and back."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import Any

from ...errors import EngineError, GeminiError, LessonMissing, OptionError
from ...phrases import short
from ...runs.run import Run
from .requests import RowRequest
from .work import STOPS, Deferral, Task, failed, work

# Seconds: a signal that comes as a wait begins wakes it nowhere, and is seen after it.
_SLICE = 0.2
# Number and text of each row, and the seconds since it was sent, None if it waits for that.
Pending = list[tuple[int, str, float | None]]


class Dispatcher:
    """Sends rows off, `most` at once, and takes them in; `record` gets each run as it comes.

    With `or_here` a row whose executor was shut down is asked in a thread.
    """

    def __init__(
        self,
        executor: Executor | None,
        most: int,
        record: Callable[[Run], object] = lambda run: None,
        *,
        or_here: bool = False,
    ) -> None:
        self._given = executor
        self._or_here = or_here
        self._own: ThreadPoolExecutor | None = None
        self._most = most
        self._record = record
        self._stopped = Event()
        # With the moment in which each was sent.
        self._pending: dict[int, tuple[RowRequest, Future[Any], float]] = {}
        self._again: deque[RowRequest] = deque()
        self._finished: SimpleQueue[tuple[int, Future[Any]]] = SimpleQueue()
        self._opens = 0.0
        self._process = os.getpid()

    @property
    def is_forked(self) -> bool:
        """Whether rows were sent off by the process that this one was forked from.

        A fork has no threads and no lines of what sends them.
        """
        return self._process != os.getpid() and (self._given or self._own) is not None

    @property
    def is_over(self) -> bool:
        """Whether none is on its way, and none waits to be sent once more."""
        return not self._pending and not self._again

    @property
    def may_send(self) -> bool:
        return len(self._pending) < self._most and monotonic() >= self._opens

    def again(self) -> RowRequest | None:
        """Return a row that is to be sent once more, None if there is none."""
        return self._again.popleft() if self._again else None

    def pending(self) -> Pending:
        """Return the rows on their way, and those that wait to be sent once more."""
        now = monotonic()
        pending = [
            (each.number, each.text, now - since) for each, _, since in self._pending.values()
        ]
        return sorted([*pending, *((each.number, each.text, None) for each in self._again)])

    def send(self, wanted: RowRequest) -> None:
        try:
            future = self._submitted(wanted.task)
        except RuntimeError:
            # Another thread closed it in this moment.
            if self._stopped.is_set():
                return
            raise
        self._pending[wanted.number] = wanted, future, monotonic()
        future.add_done_callback(self._when_done(wanted.number))

    def _submitted(self, task: Task) -> Future[Any]:
        if self._given is not None:
            try:
                return self._given.submit(work, task)
            except Exception as exc:
                # Each kind has its own for one that was shut down or has lost a process.
                if not self._or_here:
                    raise _unsent(exc) from None
                self._given = None
        self._own = self._own or ThreadPoolExecutor(self._most, "gemini_magic.map")
        return self._own.submit(work, task, self._stopped.is_set)

    def _when_done(self, number: int) -> Callable[[Future[Any]], None]:
        """Return what takes in the answer at once, wherever it comes: what was paid for is kept."""
        record, finished = self._record, self._finished

        def finish(future: Future[Any]) -> None:
            try:
                came = None if future.cancelled() or future.exception() else future.result()
                if isinstance(came, Run):
                    record(came)
            finally:
                finished.put((number, future))

        return finish

    def next(self) -> tuple[RowRequest, Run | Deferral] | None:
        """Wait for a moment until a row comes back; None if none did.

        One that is to be sent once more holds all others as long as it says. Raises what every row
        would meet.
        """
        waits = self._opens - monotonic()
        if waits <= 0 and not self._pending:
            return None
        try:
            number, future = self._finished.get(timeout=min(waits, _SLICE) if waits > 0 else _SLICE)
        except Empty:
            return None
        if (sent := self._pending.pop(number, None)) is None:
            return None
        wanted, *_ = sent
        came = _result_of(wanted, future)
        if isinstance(came, Deferral):
            self._opens = max(self._opens, monotonic() + came.seconds)
            self._again.append(wanted.again())
        return wanted, came

    def close(self) -> None:
        """Give up what is on its way."""
        self._stopped.set()
        for _, future, _ in tuple(self._pending.values()):
            future.cancel()
        self._pending.clear()
        self._again.clear()
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)


def _unsent(exc: Exception) -> GeminiError:
    """Return why an executor took no row."""
    if _is_unpicklable(exc):
        return _unpicklable(exc)
    return EngineError(
        f"the executor takes no rows ({short(str(exc), 200)}): give one that is open"
    )


def _result_of(wanted: RowRequest, future: Future[Any]) -> Run | Deferral:
    """Return what came of a row, a failed run too; raise what every row would meet."""
    try:
        result: Run | Deferral = future.result()
    except (*STOPS, LessonMissing):
        raise
    except BrokenExecutor:
        raise EngineError(
            "a worker process ended by itself: run it again, what is recorded is not asked"
        ) from None
    except (KeyboardInterrupt, CancelledError):
        return failed(wanted.task.built.request, EngineError("the executor gave the row up"))
    except Exception as exc:
        if _is_unpicklable(exc):
            raise _unpicklable(exc) from None
        return failed(wanted.task.built.request, exc)
    return result


def _is_unpicklable(exc: Exception) -> bool:
    from pickle import PicklingError

    return isinstance(exc, PicklingError) or "pickle" in str(exc).lower()


def _unpicklable(exc: Exception) -> OptionError:
    return OptionError(
        f"a row cannot travel to the executor: {short(str(exc), 200)}; functions and models that "
        "go along must be defined in a module"
    )
