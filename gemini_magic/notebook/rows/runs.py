"""The runs of many rows, in their order, each asked for when it is wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import Any, Self, overload

from ...answer.display import Bundle
from ...errors import EngineError, LessonMissing, OptionError, Stopped
from ...phrases import short
from ...runs.run import Run
from ...views.session import current
from .asking import Asking, Wanted
from .progress import Progress
from .work import STOPS, Deferral, failed, work

# Runs that may wait for an earlier one where they are not kept, for each that is in flight.
_AHEAD = 16
# Seconds: a signal that comes as a wait begins wakes it nowhere, and is seen after it.
_SLICE = 0.2


class Runs(Sequence[Run]):
    """The runs of many rows: nothing is asked before it is wanted, as by Python's own `map`.

    Iterated, it gives the runs in the order of the rows, each as soon as it and those before it
    are there; `as_completed` gives them as they come, with the numbers of their rows. `len` and an
    index ask all rows that they need. Where runs are not kept (`keep=False`), each is given once,
    and memory stays flat. A row that fails is a failed run.

    What every row would meet (no key, no quota, no such model) is raised, and an interrupt as
    `Stopped`. What had come until then stays.
    """

    def __init__(
        self,
        asking: Asking,
        progress: Progress,
        executor: Executor | None,
        workers: int,
        keep: bool,
    ) -> None:
        self._asking = asking
        self._progress = progress
        self._given = executor
        self._own: ThreadPoolExecutor | None = None
        self._workers = workers
        self._keep = keep
        self._stopped = Event()
        self._flying: dict[int, tuple[Wanted, Future[Any]]] = {}
        self._again: deque[Wanted] = deque()
        self._landed: SimpleQueue[tuple[int, Future[Any]]] = SimpleQueue()
        # By the number of the row: all of them, or those that nobody has taken yet.
        self._came: dict[int, Run] = {}
        self._taken = 0
        self._opens = 0.0
        self._exhausted = False
        self._over = False
        self.states: dict[str, int] = {}

    def __iter__(self) -> Iterator[Run]:
        number = 0 if self._keep else self._taken
        while self._until(number):
            yield self._take(number)
            number += 1

    def as_completed(self) -> Iterator[tuple[int, Run]]:
        """Yield each run as it comes, with the number of its row, which begins at 0."""
        for number in tuple(self._came):
            yield number, self._take(number)
        while (came := self._advance()) is not None:
            yield came, self._take(came)

    def __len__(self) -> int:
        self._refuse_unkept()
        while self._advance() is not None:
            pass
        return len(self._came)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...
    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        self._refuse_unkept()
        if isinstance(index, slice):
            return [self._came[number] for number in range(*index.indices(len(self)))]
        number = index if index >= 0 else index + len(self)
        if number < 0 or not self._until(number):
            raise IndexError(f"there is no row {index}")
        return self._came[number]

    def __repr__(self) -> str:
        return f"<Runs: {self.summary}>"

    @property
    def came(self) -> dict[int, Run]:
        """The runs that are there, by the number of their row; nothing is asked for it."""
        return {number: self._came[number] for number in sorted(self._came)}

    @property
    def total(self) -> int | None:
        """How many rows there are, if that is known."""
        return self._asking.total

    @property
    def summary(self) -> str:
        """How many rows ended how, in words."""
        from .shown import summary

        return summary(self.states, self.total)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        from .shown import bundle

        return bundle(self, watched=current().host.can_answer), {}

    def close(self) -> None:
        """Ask no more rows; those in flight are given up. What has come stays."""
        self._over = True
        self._stopped.set()
        for _, future in self._flying.values():
            future.cancel()
        self._flying.clear()
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)
        self._progress.close()
        self._asking.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_unkept(self) -> None:
        if not self._keep:
            raise TypeError("with keep=False the runs are given once: iterate over them")

    def _take(self, number: int) -> Run:
        if self._keep:
            return self._came[number]
        self._taken = max(self._taken, number + 1)
        return self._came.pop(number)

    def _until(self, number: int) -> bool:
        """Ask until the run of this row is there; return whether there is such a row."""
        while number not in self._came:
            if self._advance() is None:
                return False
        return True

    def _advance(self) -> int | None:
        """Wait for the next run; return the number of its row, None when all have come."""
        with self._ending():
            while not self._over:
                if (number := self._launched()) is not None:
                    return number
                if self._exhausted and not self._flying and not self._again:
                    self.close()
                    break
                if (number := self._next()) is not None:
                    return number
        return None

    def _launched(self) -> int | None:
        """Send rows off, as many as may fly; return one that needs not be sent at once."""
        while len(self._flying) < self._workers and monotonic() >= self._opens:
            wanted = self._again.popleft() if self._again else self._wanted()
            if wanted is None:
                return None
            if wanted.run is not None:
                return self._arrive(wanted, wanted.run)
            self._send(wanted)
        return None

    def _wanted(self) -> Wanted | None:
        if not self._keep and len(self._came) >= self._workers * _AHEAD:
            return None
        wanted = self._asking.next()
        self._exhausted = wanted is None
        return wanted

    def _send(self, wanted: Wanted) -> None:
        if self._given is not None:
            future = self._given.submit(work, wanted.task)
        else:
            if self._own is None:
                self._own = ThreadPoolExecutor(self._workers, "gemini_magic.map")
            future = self._own.submit(work, wanted.task, self._stopped.is_set)
        self._flying[wanted.number] = wanted, future
        future.add_done_callback(self._lands(wanted.number))

    def _lands(self, number: int) -> Callable[[Future[Any]], None]:
        """Return what takes in the answer at once, wherever it comes: what was paid for is kept."""
        asking, landed = self._asking, self._landed

        def land(future: Future[Any]) -> None:
            try:
                came = None if future.cancelled() or future.exception() else future.result()
                if isinstance(came, Run):
                    asking.record(came)
            finally:
                landed.put((number, future))

        return land

    def _next(self) -> int | None:
        """Wait until a row comes back or may be sent again; return its number if it is done."""
        waits = self._opens - monotonic()
        if waits <= 0 and not self._flying:
            return None
        try:
            number, future = self._landed.get(timeout=min(waits, _SLICE) if waits > 0 else _SLICE)
        except Empty:
            return None
        if number not in self._flying:
            return None
        wanted, _ = self._flying.pop(number)
        came = self._result(wanted, future)
        if isinstance(came, Deferral):
            self._opens = max(self._opens, monotonic() + came.seconds)
            self._again.append(wanted.again())
            self._progress.wait(came)
            return None
        return self._arrive(wanted, came)

    def _result(self, wanted: Wanted, future: Future[Any]) -> Run | Deferral:
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
                raise OptionError(
                    f"a row cannot travel to the executor: {short(str(exc), 200)}; functions and "
                    "models that go along must be defined in a module"
                ) from None
            return failed(wanted.task.built.request, exc)
        return result

    def _arrive(self, wanted: Wanted, run: Run) -> int:
        state = "recorded" if run.past else run.state
        self.states[state] = self.states.get(state, 0) + 1
        self._asking.count(wanted, run)
        self._came[wanted.number] = run
        self._progress.add(self.states)
        return wanted.number

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Give up what is in flight where it ends before the end."""
        try:
            yield
        except KeyboardInterrupt:
            self.close()
            raise Stopped(f"by you; {self.summary}: what is recorded is not asked again") from None
        except BaseException:
            self.close()
            raise


def _is_unpicklable(exc: Exception) -> bool:
    from pickle import PicklingError

    return isinstance(exc, PicklingError) or "pickle" in str(exc).lower()
