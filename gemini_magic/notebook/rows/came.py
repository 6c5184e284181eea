"""The runs of many rows that are there, by the numbers of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from operator import index as number_of
from typing import SupportsIndex

from ...runs.run import Run
from .requests import RowRequest


class Came:
    """Holds what came of each row: its run, what of the row went into the prompt, how it ended.

    Rows come in any order, and after a Stop some never do: there are gaps.
    """

    def __init__(self) -> None:
        # By the number of the row, as they came: all of them, or those that nobody has taken yet.
        self.runs: dict[int, Run] = {}
        self.texts: dict[int, str] = {}
        # Those whose prompt cannot be sent.
        self.refused: set[int] = set()
        self.states: dict[str, int] = {}
        self._order: list[int] = []
        # The first row that nobody has taken, and those after it that somebody has.
        self.first = 0
        self._taken: set[int] = set()

    def add(self, wanted: RowRequest, run: Run, *, keep: bool) -> None:
        # In this order: an interrupt between them leaves no run without its text.
        self.texts[wanted.number] = wanted.text
        self.runs[wanted.number] = run
        if keep:
            self._order.append(wanted.number)
        self._count(run, 1)
        if wanted.refused:
            self.refused.add(wanted.number)

    def put(self, number: int, run: Run) -> None:
        """Let `run` take the place of the one that a row has."""
        self._count(self.runs[number], -1)
        self.runs[number] = run
        self._count(run, 1)

    def take(self, number: int) -> Run:
        """Return the run of a row and hold it no more."""
        self.texts.pop(number)
        run = self.runs.pop(number)
        self._taken.add(number)
        while self.first in self._taken:
            self._taken.remove(self.first)
            self.first += 1
        return run

    def drop(self) -> None:
        """Hold the runs no more that nobody has taken."""
        self.runs.clear()
        self.texts.clear()

    def sorted(self, beyond: int = -1) -> list[int]:
        """Return the numbers of the rows that are there and come after `beyond`, in order."""
        return sorted(number for number in tuple(self.runs) if number > beyond)

    def since(self, position: int) -> Iterator[int]:
        """Yield the numbers of the rows that came after as many others, as they came."""
        while position < len(self._order):
            yield self._order[position]
            position += 1

    def number(self, index: SupportsIndex) -> int:
        """Return the number of a row, from the end if `index` is negative."""
        number = number_of(index)
        return number if number >= 0 else number + self._end

    def within(self, rows: slice) -> list[Run]:
        """Return the runs of a slice of the rows, as far as they are there."""
        return [self.runs[n] for n in range(*rows.indices(self._end)) if n in self.runs]

    @property
    def _end(self) -> int:
        return max(self.runs, default=-1) + 1

    def _count(self, run: Run, by: int) -> None:
        state = "recorded" if run.past else run.state
        self.states[state] = self.states.get(state, 0) + by
        if not self.states[state]:
            del self.states[state]
