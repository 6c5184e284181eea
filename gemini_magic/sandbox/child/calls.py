"""Calls of the notebook's functions by code that runs, which the parent answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from channel import REPLIES, Channel  # type: ignore[import-not-found]
from deadline import Deadline  # type: ignore[import-not-found]

# Characters of a name and its arguments, for code that goes around the guest's own, lower bound.
LONGEST = 2**20


class Calls:
    """The guest's way to the notebook. It is open while a block runs, whose clocks then stand."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._deadline: Deadline | None = None

    @contextmanager
    def during(self, deadline: Deadline) -> Iterator[None]:
        """Let the block that has this `deadline` call."""
        self._deadline = deadline
        try:
            yield
        finally:
            self._deadline = None

    def make(self, request: str) -> str:
        """Return what a call gave, or why not: JSON, as is the name with its arguments."""
        if self._deadline is None:
            return refused("no block runs that could call a function")
        if len(request) > LONGEST:
            return refused(f"the call has {len(request)} characters; at most {LONGEST}")
        with self._deadline.paused():
            self._channel.send("call", text=request)
            return str(REPLIES.get()["reply"])


def refused(why: str) -> str:
    """Return as JSON that a call was not made."""
    return json.dumps({"error": why})
