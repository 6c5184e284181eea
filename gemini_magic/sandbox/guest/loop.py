"""An asyncio loop that can only sleep: the sandbox has no sockets to wait for."""

from __future__ import annotations

import asyncio
import time
from asyncio import base_events, events


class _Sleeper:
    """Stands where a selector would."""

    def select(self, timeout: float | None = None) -> list[object]:
        if timeout is None:
            raise RuntimeError("deadlock: the event loop has nothing left to wait for")
        if timeout > 0:
            time.sleep(timeout)
        return []


class SleepingLoop(base_events.BaseEventLoop):
    """Runs tasks, timers and queues; a transport or a thread raises."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Sleeper()

    def _process_events(self, event_list: list[object]) -> None:
        """Pass over the empty list that `_Sleeper` gives."""

    def _write_to_self(self) -> None:
        """Wake nobody: there is one thread."""


class _Policy(events._BaseDefaultEventLoopPolicy):  # type: ignore[misc,name-defined]
    _loop_factory = SleepingLoop


def install() -> None:
    """Make `asyncio.run` use the sleeping loop."""
    # `set_event_loop_policy` warns from 3.14 on, and `run` has no other default to change.
    events._event_loop_policy = _Policy()  # type: ignore[attr-defined]
    for name in ("SelectorEventLoop", "EventLoop"):
        setattr(asyncio, name, SleepingLoop)
