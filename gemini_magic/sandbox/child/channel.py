"""What the worker tells its parent: one JSON object a line, which only the worker can write."""

from __future__ import annotations

import codecs
import json
import os
import threading
from collections.abc import Callable

CAPACITY = 8 * 2**20  # bytes that one block may print
CHUNK = 2**16


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
        self._size = 0
        self._total = 0

    def begin(self) -> None:
        """Count anew, for another block."""
        self._total = 0

    def is_full(self) -> bool:
        """Return whether the block has printed more than it may."""
        return self._total > CAPACITY

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
