"""What the code prints, on its way out; both guests hold this file.

The standard streams have one way out, so that what they say comes in the order in which it was
said, `os.write` and the traceback included.
"""

from __future__ import annotations

import io
import math
import os
import sys
import time
from typing import Any, SupportsIndex

WRITE, SLEEP, now = os.write, time.sleep, time.monotonic


class Outlet:
    """Sends a line at once, as a deadline would lose it, until there are many; then in pieces.

    A call out of the sandbox takes as long as fifty prints. Parts of a line go out when it is idle.
    """

    PIECE = 2**16  # bytes
    PAUSE = 0.02  # seconds
    PROMPT = 500  # lines that go out at once after a pause

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._sent = -math.inf
        self._bytes = 0  # that were sent since the block began
        self._prompt = self.PROMPT

    def begin(self) -> None:
        """Count anew, for another block."""
        self._bytes = 0

    def total(self) -> int:
        """Return the bytes that the block has printed."""
        return self._bytes + len(self._waiting)

    def write(self, data: bytes) -> int:
        """Take `data`, and send it now or with what is to come."""
        if len(data) >= self.PIECE:
            self.send()
            self._push(memoryview(data).cast("B"))
            return len(data)
        self._waiting += data
        if now() - self._sent > self.PAUSE:
            self._prompt = self.PROMPT
            self.send()
        elif self._prompt and data[-1:] == b"\n":
            self._prompt -= 1
            self.send()
        elif len(self._waiting) >= self.PIECE:
            self.send()
        return len(data)

    def flush(self) -> None:
        """Send what waits, unless that is asked for all the time."""
        if self._prompt or now() - self._sent > self.PAUSE:
            self._prompt = max(0, self._prompt - 1)
            self.send()

    def send(self) -> None:
        """Send what waits."""
        data, self._waiting = self._waiting, bytearray()
        self._push(memoryview(data))
        self._sent = now()

    def _push(self, data: memoryview) -> None:
        self._bytes += len(data)
        while data:
            data = data[WRITE(1, data[: self.PIECE]) :]


class Port(io.RawIOBase):
    """A descriptor of a standard stream, in bytes."""

    def __init__(self, outlet: Outlet, descriptor: int) -> None:
        self.name = f"<{NAMES[descriptor]}>"
        self.mode = "wb"
        self._descriptor = descriptor
        self._flush = outlet.flush
        # Not a method that would call it: of a print, two such calls are a third of the cost.
        vars(self)["write"] = outlet.write

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        super().flush()
        self._flush()


NAMES = {1: "stdout", 2: "stderr"}
OUTLET = Outlet()
STREAMS: dict[int, Any] = {}  # by their descriptors


def install() -> None:
    """Make the standard streams; sleeping sends what they hold."""
    put_back()
    time.sleep = sleep


def put_back() -> None:
    """Have `sys` name the standard streams again, and make anew those that were closed.

    What a block puts in their place ends with it: who asks next must see what the next one prints.
    """
    for descriptor, name in NAMES.items():
        if not is_open(stream := STREAMS.get(descriptor)):
            stream = STREAMS[descriptor] = reopen(descriptor)
        # Another `write`, say, which would stand before that of its class.
        own = vars(stream)
        own.clear()
        own["mode"] = "w"
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def is_open(stream: Any) -> bool:
    """Return whether something can be written to `stream`."""
    try:
        return not stream.closed
    except (AttributeError, ValueError):  # there is none, or it was detached from its descriptor
        return False


def reopen(
    descriptor: int,
    mode: str = "w",
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
) -> Any:
    """Return a file that writes to a standard stream, as `open(1, "w")` does."""
    port: Any = Port(OUTLET, descriptor)
    if "b" in mode:
        return port
    errors = errors or "backslashreplace"
    text = io.TextIOWrapper(port, encoding or "utf-8", errors, newline, write_through=True)
    text.mode = mode  # type: ignore[misc]
    return text


def write(descriptor: int, data: Any, /) -> int:
    """Write bytes to a file descriptor."""
    if descriptor in NAMES:
        return OUTLET.write(bytes(data))
    return WRITE(descriptor, data)


def sleep(seconds: SupportsIndex | float, /) -> None:
    """Suspend execution for `seconds`."""
    OUTLET.send()
    SLEEP(seconds)


def finish() -> None:
    """Send all that the block printed, whatever it did to the streams."""
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        try:
            getattr(sys, name).flush()
        except BaseException:  # noqa: S112  the code may have closed or replaced it
            continue
    put_back()
    OUTLET.send()
