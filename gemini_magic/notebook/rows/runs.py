"""The runs of many rows, in their order, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from operator import index as number_of
from threading import RLock
from typing import Any, Self, overload

from ...answer.display import Bundle
from ...errors import OptionError, Stopped
from ...phrases import short
from ...runs.run import Run
from ...views.session import current
from .again import answered
from .came import Came
from .dispatcher import Dispatcher, Pending
from .pace import Pace
from .progress import Progress
from .requests import RowRequest, RowRequests
from .work import Deferral

# Runs that may wait for an earlier one where they are not kept, for each that is in flight.
_AHEAD = 16


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
        requests: RowRequests,
        progress: Progress,
        executor: Executor | None,
        workers: int,
        keep: bool,
    ) -> None:
        # Where a page finds them, if they are kept; the variable that has them, if it is known.
        self.key = self.name = ""
        # open, as long as rows are asked when they are wanted; done, stopped, failed.
        self.state = "open"
        self.workers = workers
        self.pace = Pace(workers)
        self._requests = requests
        self._progress = progress
        self._given = executor
        self._keep = keep
        self._dispatcher = Dispatcher(executor, workers, requests.record)
        self._came = Came()
        self._exhausted = False
        self._over = False
        self._advances = False
        # Several threads may want them: one at a time waits for the next.
        self._lock = RLock()

    def __iter__(self) -> Iterator[Run]:
        # The bar goes where no more of them are wanted.
        with closing(self._progress):
            if not self._keep:
                yield from (run for _, run in self._given_once(lambda: self._came.first))
                return
            number = 0
            while self._until(number):
                yield self._came.runs[number]
                number += 1
            # Where it ended before its end, later rows may have come.
            for later in self._came.sorted(beyond=number):
                yield self._came.runs[later]

    def as_completed(self) -> Iterator[tuple[int, Run]]:
        """Yield each run as it comes, with the number of its row, which begins at 0.

        Those that come while others are asked for elsewhere, as by `len`, are given too.
        """
        with closing(self._progress):
            if not self._keep:
                yield from self._given_once(lambda: next(iter(self._came.runs), -1))
                return
            given, over = 0, False
            while not over:
                over = self._over
                for number in self._came.since(given):
                    given += 1
                    yield number, self._came.runs[number]
                self._advance()

    def __len__(self) -> int:
        self._refuse_unkept()
        while self._advance() is not None:
            pass
        return len(self._came.runs)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...
    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        self._refuse_unkept()
        if isinstance(index, slice) or number_of(index) < 0:
            len(self)
        if isinstance(index, slice):
            return self._came.within(index)
        number = self._came.number(index)
        if number < 0 or not self._until(number):
            raise IndexError(f"there is no run of row {index}")
        return self._came.runs[number]

    def __reversed__(self) -> Iterator[Run]:
        len(self)
        for number in reversed(self._came.sorted()):
            yield self._came.runs[number]

    def __repr__(self) -> str:
        return f"<Runs: {self.summary}>"

    def __reduce__(self) -> tuple[type[list[Run]], tuple[list[Run]]]:
        # Elsewhere no rows can be asked: what travels are the runs that are there.
        return list, (list(self.came.values()),)

    @property
    def came(self) -> dict[int, Run]:
        """The runs that are there, by the number of their row; nothing is asked for it."""
        return {number: self._came.runs[number] for number in self._came.sorted()}

    def latest(self) -> Iterator[tuple[int, Run]]:
        """Yield the runs that are there, by the number of their row; what came last first."""
        return reversed(self._came.runs.items())

    def pending(self) -> Pending:
        """Return the rows on their way, as `Dispatcher` has them."""
        return self._dispatcher.pending()

    def text_of(self, number: int) -> str:
        """Return what of a row went into its prompt, on one line."""
        return self._came.texts[number]

    @property
    def states(self) -> dict[str, int]:
        """How many rows ended how."""
        return self._came.states

    def tokens(self, *, recorded: bool = False) -> int | None:
        """Return the tokens of what was asked, and what is `recorded` too; None if not told."""
        return self._requests.tokens(recorded=recorded)

    @property
    def columns(self) -> str:
        """The columns that go into the prompt."""
        return self._requests.columns

    @property
    def is_static(self) -> bool:
        """Whether what is shown of them is to be the same each time, without seconds."""
        return self._requests.is_static

    @property
    def total(self) -> int | None:
        """How many rows there are, if that is known."""
        return self._requests.total

    @property
    def summary(self) -> str:
        """How many rows ended how, in words."""
        from .shown import summary

        return summary(self.states, self.total)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        from .listed import DisplayOptions
        from .shown import bundle

        watched = current().host.can_answer
        return bundle(self, DisplayOptions(watched=watched, stats=not self.is_static))

    def ask_again(self, number: int) -> Run:
        """Ask a row once more, whatever is recorded of it; return its run, which is recorded.

        The run takes the row's place, here and where it is shown next; one that fails takes no
        place of an answer. Raises OptionError for a row that has no run here or whose prompt cannot
        be sent, and what every row would meet; then the row stays as it is.
        """
        self._refuse_unkept()
        if self._advances:
            raise OptionError("these rows are still being asked: ask one again when all are there")
        try:
            number = self._came.number(number)
        except TypeError:
            raise OptionError(f"a row is its number, not {short(repr(number))}") from None
        if (before := self._came.runs.get(number)) is None:
            hint = "" if self._over else f" yet: runs[{number}] asks it"
            raise OptionError(f"row {number} has not been asked{hint}")
        if number in self._came.refused:
            raise OptionError(f"row {number} cannot be sent: {before.error}")
        wanted = self._requests.again(number, before)
        run = answered(wanted, None if self._dispatcher.is_forked else self._given)
        self._requests.record(run, instead=True)
        self._requests.count(wanted, run)
        if self._over:
            self._requests.close()
        if run.state == "done" or before.state != "done":
            self._came.put(number, run)
        return run

    def close(self) -> None:
        """Ask no more rows; those in flight are given up. What has come stays, if runs are kept."""
        self._end()
        if not self._keep:
            self._came.drop()

    def _end(self) -> None:
        self._over = True
        self.pace.end()
        if self.state == "open":
            is_done = self._exhausted and self._dispatcher.is_over
            self.state = "done" if is_done else "stopped"
        self._dispatcher.close()
        self._progress.close()
        # What draws them holds them, which else would stay until the next collection.
        self._progress = Progress()
        self._requests.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_unkept(self) -> None:
        if not self._keep:
            raise TypeError("with keep=False the runs are given once: iterate over them")

    def _given_once(self, wanted: Callable[[], int]) -> Iterator[tuple[int, Run]]:
        """Yield the runs that nobody has taken, each the one that is `wanted` then, if it is there.

        Whoever iterates beside takes others.
        """
        while (taken := self._take(wanted)) is not None:
            yield taken

    def _take(self, wanted: Callable[[], int]) -> tuple[int, Run] | None:
        self._refuse_forked()
        with self._lock:
            while (number := wanted()) not in self._came.runs:
                if self._advance() is None:
                    # Where it ended before its end, later rows may have come.
                    number = min(self._came.runs, default=-1)
                    break
            return None if number < 0 else (number, self._came.take(number))

    def _until(self, number: int) -> bool:
        """Ask until the run of this row is there; return whether there is such a row."""
        while number not in self._came.runs:
            if self._advance() is None:
                # Meanwhile another thread may have waited for it.
                return number in self._came.runs
        return True

    def _refuse_forked(self) -> None:
        """Raise OptionError where nothing can come: a thread of the parent may hold the lock."""
        if self._dispatcher.is_forked and not self._over:
            raise OptionError(
                "these rows are asked by the process that this one was forked from: ask them there "
                "before, or make the runs here"
            )

    def _advance(self) -> int | None:
        """Wait for the next run; return the number of its row, None when all have come."""
        self._refuse_forked()
        with self._ending():
            while not self._over:
                if (number := self._sent()) is not None:
                    return number
                if self._exhausted and self._dispatcher.is_over:
                    self._end()
                    break
                if (number := self._next()) is not None:
                    return number
        return None

    def _sent(self) -> int | None:
        """Send rows off, as many as may be in flight; return one that needs not be sent at once."""
        while self._dispatcher.may_send:
            wanted = self._dispatcher.again() or self._wanted()
            if wanted is None:
                return None
            if wanted.run is not None:
                self.pace.arrive(sent=False)
                return self._arrive(wanted, wanted.run)
            self._dispatcher.send(wanted)
            self.pace.begin()
        return None

    def _wanted(self) -> RowRequest | None:
        if not self._keep and len(self._came.runs) >= self.workers * _AHEAD:
            return None
        wanted = self._requests.next()
        self._exhausted = wanted is None
        return wanted

    def _next(self) -> int | None:
        """Wait until a row comes back; return its number if it is done."""
        found = self._dispatcher.next()
        if found is None:
            self._progress.tick()
            return None
        wanted, came = found
        if isinstance(came, Deferral):
            self._progress.wait(came)
            return None
        self.pace.arrive(sent=True)
        return self._arrive(wanted, came)

    def _arrive(self, wanted: RowRequest, run: Run) -> int:
        self._came.add(wanted, run, keep=self._keep)
        self._requests.count(wanted, run)
        self._progress.add(self.states)
        return wanted.number

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Give up what is in flight where it ends before the end."""
        try:
            with self._lock:
                self._advances = True
                try:
                    yield
                finally:
                    self._advances = False
        except KeyboardInterrupt:
            self._end()
            raise Stopped(f"by you; {self.summary}: what is recorded is not asked again") from None
        except BaseException:
            self.state = "failed"
            self._end()
            raise
