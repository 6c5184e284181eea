"""The runs of many rows, in their order, each asked for when it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Self, overload

from ...answer.display import Bundle
from ...errors import OptionError, Stopped
from ...runs.run import Run
from ...views.session import current
from .again import answered
from .asking import Asking, Wanted
from .flights import Flights, Underway
from .pace import Pace
from .progress import Progress
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
        asking: Asking,
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
        self.pace = Pace()
        self._asking = asking
        self._progress = progress
        self._given = executor
        self._keep = keep
        self._flights = Flights(executor, workers, asking.record)
        # By the number of the row: all of them, or those that nobody has taken yet.
        self._came: dict[int, Run] = {}
        self._texts: dict[int, str] = {}
        self._refused: set[int] = set()
        self._taken = 0
        self._exhausted = False
        self._over = False
        self._advances = False
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

    def latest(self) -> Iterator[tuple[int, Run]]:
        """Yield the runs that are there, by the number of their row; what came last first."""
        return reversed(self._came.items())

    def underway(self) -> Underway:
        """Return the rows on their way, as `Flights` has them."""
        return self._flights.underway()

    def text_of(self, number: int) -> str:
        """Return what of a row went into its prompt, on one line."""
        return self._texts[number]

    def tokens(self, *, recorded: bool = False) -> int | None:
        """Return the tokens of what was asked, and what is `recorded` too; None if not told."""
        return self._asking.tokens(recorded=recorded)

    @property
    def columns(self) -> str:
        """The columns that go into the prompt."""
        return self._asking.columns

    @property
    def is_static(self) -> bool:
        """Whether what is shown of them is to be the same each time, without seconds."""
        return self._asking.is_static

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
        from .listed import Looks
        from .shown import bundle

        watched = current().host.can_answer
        return bundle(self, Looks(watched=watched, stats=not self.is_static))

    def ask_again(self, number: int) -> Run:
        """Ask a row once more, whatever is recorded of it; return its run, which is recorded.

        The run takes the row's place, here and where it is shown next; one that fails takes no
        place of an answer. Raises OptionError for a row that has no run here or whose prompt cannot
        be sent, and what every row would meet; then the row stays as it is.
        """
        self._refuse_unkept()
        if self._advances:
            raise OptionError("these rows are still being asked: ask one again when all are there")
        if (before := self._came.get(number)) is None:
            hint = "" if self._over else f" yet: runs[{number}] asks it"
            raise OptionError(f"row {number} has not been asked{hint}")
        if number in self._refused:
            raise OptionError(f"row {number} cannot be sent: {before.error}")
        wanted = self._asking.again(number, before)
        run = answered(wanted, self._given)
        self._asking.record(run, instead=True)
        self._asking.count(wanted, run)
        if self._over:
            self._asking.close()
        if run.state == "done" or before.state != "done":
            self._came[number] = run
            self._count(before, -1)
            self._count(run, 1)
        return run

    def close(self) -> None:
        """Ask no more rows; those in flight are given up. What has come stays."""
        self._over = True
        self.pace.end()
        if self.state == "open":
            is_done = self._exhausted and self._flights.is_over
            self.state = "done" if is_done else "stopped"
        self._flights.close()
        self._progress.close()
        # What draws them holds them, which else would stay until the next collection.
        self._progress = Progress()
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
        run = self._came.pop(number)
        self._texts.pop(number)
        return run

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
                if self._exhausted and self._flights.is_over:
                    self.close()
                    break
                if (number := self._next()) is not None:
                    return number
        return None

    def _launched(self) -> int | None:
        """Send rows off, as many as may fly; return one that needs not be sent at once."""
        while self._flights.may_send:
            wanted = self._flights.again() or self._wanted()
            if wanted is None:
                return None
            if wanted.run is not None:
                return self._arrive(wanted, wanted.run)
            self._flights.send(wanted)
            self.pace.begin()
        return None

    def _wanted(self) -> Wanted | None:
        if not self._keep and len(self._came) >= self.workers * _AHEAD:
            return None
        wanted = self._asking.next()
        self._exhausted = wanted is None
        return wanted

    def _next(self) -> int | None:
        """Wait until a row comes back; return its number if it is done."""
        found = self._flights.next()
        if found is None:
            self._progress.tick()
            return None
        wanted, came = found
        if isinstance(came, Deferral):
            self._progress.wait(came)
            return None
        self.pace.arrive()
        return self._arrive(wanted, came)

    def _arrive(self, wanted: Wanted, run: Run) -> int:
        # In this order: an interrupt between them leaves no run without its text.
        self._texts[wanted.number] = wanted.text
        self._came[wanted.number] = run
        self._count(run, 1)
        self._asking.count(wanted, run)
        if wanted.refused:
            self._refused.add(wanted.number)
        self._progress.add(self.states)
        return wanted.number

    def _count(self, run: Run, by: int) -> None:
        state = "recorded" if run.past else run.state
        self.states[state] = self.states.get(state, 0) + by
        if not self.states[state]:
            del self.states[state]

    @contextmanager
    def _ending(self) -> Iterator[None]:
        """Give up what is in flight where it ends before the end."""
        self._advances = True
        try:
            yield
        except KeyboardInterrupt:
            self.close()
            raise Stopped(f"by you; {self.summary}: what is recorded is not asked again") from None
        except BaseException:
            self.state = "failed"
            self.close()
            raise
        finally:
            self._advances = False
