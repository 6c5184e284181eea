"""What the worker and its parent tell each other: one JSON object a line, files behind theirs.

Only the worker can write to its parent; the guest cannot.
"""

from __future__ import annotations

import codecs
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

CAPACITY = 8 * 2**20  # bytes that one block may print
CHUNK = 2**16
LONGEST_REQUEST = 64 * 2**20
EXHAUSTED = "RecursionError: the code recursed deeper than the interpreter can; its state is lost\n"


# What came back for calls that code makes of functions of the notebook.
REPLIES: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()


def requests(stop: Callable[[], None]) -> Iterator[dict[str, Any]]:
    """Yield what the parent asks; `stop` is called, in a thread, when the user ends the block.

    Once the parent is gone, so is this process, whatever it does.
    """
    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(waiting.put, stop), daemon=True).start()
    while True:
        yield waiting.get()


def end_with_parent() -> None:
    """End this process, which is asked nothing, when the parent is gone."""

    def wait() -> None:
        # Not by `sys.stdin`, which Python could not close when the work is done.
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def listen(take: Callable[[dict[str, Any]], None], stop: Callable[[], None]) -> None:
    """Read requests until the parent's end of the pipe is closed, then end the process.

    The system closes it when the parent dies, of whatever cause.
    """
    try:
        while line := sys.stdin.buffer.readline(LONGEST_REQUEST):
            request = json.loads(line)
            if "size" in request:  # as many bytes follow
                request["data"] = sys.stdin.buffer.read(request["size"])
            if "stop" in request:
                stop()
            else:
                (REPLIES.put if "reply" in request else take)(request)
    finally:
        os._exit(0)


class Channel:
    """The pipe to the parent. Its lines are whole whichever thread writes them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, kind: str, **fields: object) -> None:
        """Send one frame. A parent that is gone ends the worker."""
        data = memoryview(json.dumps({"kind": kind, **fields}).encode("ascii") + b"\n")
        with self._lock:
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                os._exit(1)


class Output:
    """What the code prints: gathered, decoded, counted and sent on in pieces."""

    def __init__(self, channel: Channel, overflow: Callable[[], None]) -> None:
        self._channel = channel
        self._overflow = overflow
        self._lock = threading.Lock()
        self._waiting: list[str] = []
        self._aside: list[str] = []
        self._size = 0
        self._total = 0

    def begin(self) -> None:
        """Count anew, for another block."""
        self._total = 0
        self._aside.clear()

    def is_full(self) -> bool:
        """Return whether the block has printed more than it may."""
        return self._total > CAPACITY

    def aside(self) -> Callable[[bytes], None]:
        """Return what takes the words of the guest's own C and Rust, until the block's end.

        Python's streams have one way out. What is left is what a breaking interpreter says.
        """

        def take(data: bytes) -> None:
            if not self.is_full():
                self._total += len(data)
                self._aside.append(data.decode("utf-8", "replace"))

        return take

    def add_aside(self) -> None:
        """Show what was put aside, as the interpreter is whole."""
        with self._lock:
            self._waiting += self._aside
            self._aside.clear()

    def sink(self) -> Callable[[bytes], None]:
        """Return what a stream of the guest writes to."""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode

        def take(data: bytes) -> None:
            room = max(0, CAPACITY - self._total)
            self._total += len(data)
            with self._lock:
                self._waiting.append(decode(data[:room]))
                self._size += len(data[:room])
            if self.is_full():
                self._overflow()
            elif self._size > CHUNK:
                self.flush()

        return take

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            text, self._size = "".join(self._waiting), 0
            self._waiting.clear()
            if text:
                self._channel.send("output", text=text)
