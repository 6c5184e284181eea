"""The parts of an answer while they come."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from time import monotonic
from typing import Any

from ..answer.parts import Call, Part

# What a part takes on the screen besides its characters.
_FRAME = 64


class Growth:
    """Takes in parts by the rule that is on the parts themselves (`merged`).

    `times` has the moment at which each part was last added to, `calls` the seconds that each
    function ran, by the place of its part, without those in which the user was asked. `size` is
    about the number of characters to be shown, pictures left out. One thread adds and any may read.
    It can be copied and pickled.
    """

    def __init__(self, parts: Iterable[Part], now: float) -> None:
        self._parts = list(parts)
        # What came after the last part and belongs to it. It is merged only when somebody looks, so
        # that ten thousand fragments do not cost as many copies of a long text.
        self._tail: list[Part] = []
        self._lock = Lock()
        self.times = [now] * len(self._parts)
        self.calls: dict[int, float] = {}
        # Seconds that the last part waited for the user, and since when it does.
        self._waited = 0.0
        self._waiting: float | None = None
        self.size = sum(_FRAME + _chars(part) for part in self._parts)

    def begin(self, now: float) -> None:
        """Take `now` for the moment at which all that is there was said."""
        with self._lock:
            self.times[:] = [now] * len(self.times)

    def add(self, part: Part) -> None:
        """Merge `part` into the last part, or append it."""
        if part.is_empty:
            return
        with self._lock:
            now, last = monotonic(), self._last()
            if last is None or last.merged(part) is None:
                self._settle()
                self._parts.append(part)
                self.times.append(now)
                self._waited = 0.0
                self.size += _FRAME + _chars(part)
                return
            if isinstance(last, Call):
                self.calls[len(self._parts) - 1] = now - self.times[-1] - self._waited
            self._tail.append(part)
            self.times[-1] = now
            self.size += _chars(part)

    def wait(self, *, begins: bool) -> None:
        """Count the time until this is called again as waiting for the user, or end that."""
        with self._lock:
            now = monotonic()
            if self._waiting is not None:
                self._waited += now - self._waiting
            self._waiting = now if begins else None

    @property
    def parts(self) -> list[Part]:
        """The parts as far as they have come."""
        with self._lock:
            self._settle()
            return list(self._parts)

    @property
    def is_calling(self) -> bool:
        """Whether the last part is a call that has not ended."""
        with self._lock:
            last = self._last()
        return isinstance(last, Call) and last.is_running

    def _last(self) -> Part | None:
        """Return what a new part is merged with first: merging is associative."""
        if self._tail:
            return self._tail[-1]
        return self._parts[-1] if self._parts else None

    def _settle(self) -> None:
        if not self._tail:
            return
        pieces = [self._parts[-1], *self._tail]
        while len(pieces) > 1:
            # Two by two, so that no piece is copied more than a few times.
            pairs = zip(pieces[::2], pieces[1::2], strict=False)
            merged = [older.merged(newer) or newer for older, newer in pairs]
            pieces = merged + pieces[2 * len(merged) :]
        self._parts[-1] = pieces[0]
        self._tail.clear()

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            self._settle()
            state = vars(self) | {
                "_parts": list(self._parts),
                "_tail": [],
                "times": list(self.times),
                "calls": dict(self.calls),
            }
        del state["_lock"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=Lock())


def _chars(part: Part) -> int:
    return sum(len(value) for value in vars(part).values() if isinstance(value, str))
