"""How long many rows have taken, and how long the others will."""

from __future__ import annotations

from time import monotonic

# Rows that must have come before anybody is told how long the others take.
_ENOUGH = 3


class Pace:
    """Measures from the first row that is sent; what is recorded comes at once and says nothing."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._ended: float | None = None
        self._came = 0

    def begin(self) -> None:
        """Say that a row was sent, the first or another one."""
        self._began = self._began or monotonic()

    def arrive(self) -> None:
        """Say that a row came that was sent."""
        self._came += 1

    def end(self) -> None:
        self._ended = self._ended or monotonic()

    @property
    def seconds(self) -> float:
        """The seconds from the first row that was sent to the end, or until now."""
        return (self._ended or monotonic()) - self._began if self._began is not None else 0.0

    def left(self, rows: int) -> float | None:
        """Return about how many seconds as many `rows` take, None if it is too early to say."""
        return self.seconds / self._came * rows if self._came >= _ENOUGH else None
