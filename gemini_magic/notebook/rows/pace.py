"""How long many rows have taken, and how long the others will."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

# Rows that were sent and must have come before anybody is told how long the others take.
_ENOUGH = 3
# Rows that were sent by which the others are judged: at least as many, and each worker's last ones.
_LAST, _ROUNDS = 30, 4


class Pace:
    """Measures from the first row that is sent, and judges the others by those that came last.

    What is recorded comes at once: as many may be among the others as were among those.
    """

    def __init__(self, workers: int, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self._ended: float | None = None
        self._came = 0
        # When each row that was sent came, and how many had come by then.
        self._marks: deque[tuple[float, int]] = deque(maxlen=max(_LAST, _ROUNDS * workers) + 1)

    def begin(self) -> None:
        """Say that a row was sent, the first or another one."""
        if self._began is None:
            self._began = self._clock()
            self._marks.append((self._began, 0))

    def arrive(self, *, sent: bool) -> None:
        """Say that a row came; those before the first that was `sent` say nothing."""
        if self._began is None:
            return
        self._came += 1
        if sent:
            self._marks.append((self._clock(), self._came))

    def end(self) -> None:
        self._ended = self._now

    @property
    def seconds(self) -> float:
        """The seconds from the first row that was sent to the end, or until now."""
        return self._now - self._began if self._began is not None else 0.0

    def left(self, rows: int) -> float | None:
        """Return about how many seconds as many `rows` take, None if it is too early to say."""
        if len(self._marks) <= _ENOUGH:
            return None
        since, before = self._marks[0]
        return (self._now - since) / (self._came - before) * rows

    @property
    def _now(self) -> float:
        return self._clock() if self._ended is None else self._ended
