"""The parent's side of a worker: start it, ask it, and end it in time."""

from __future__ import annotations

import io
import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Container, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..errors import SandboxError
from .block import BlockEnd, BlockOutput
from .calls import Calls, CodeCall
from .scratch import Scratch

CHILD = Path(__file__).with_name("child")
START = 20.0  # seconds for a worker to be ready, on a machine that does much else
LAST_CLOCK = 1.0  # seconds after the deadline; the worker's own two come before
LAST_WORDS = 0.25  # seconds for a worker to tell what was printed when the user stops it
OUTPUT = 96 * 2**20  # bytes of frames a block may send, whatever the worker thinks
PIECE = 16 * 2**20  # bytes of a file in one request


def start_child(task: Mapping[str, object], **pipes: Any) -> subprocess.Popen[bytes]:
    """Start the child with an empty environment, no folder and no terminal of ours.

    It ends when its standard input does: with this process, if not before.
    """
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    command = [sys.executable, "-I", "-S", "-B", "-W", "ignore", str(CHILD), json.dumps(task)]
    return subprocess.Popen(  # noqa: S603
        command,
        env=kept,
        cwd=Path(sys.executable).anchor,
        start_new_session=True,
        bufsize=0,  # a buffer has a lock, which a process that is forked may inherit locked
        stdin=subprocess.PIPE,
        **{"stderr": subprocess.DEVNULL, **pipes},
    )


def inherited(scratch: Scratch) -> tuple[int, ...]:
    """Return the descriptors that a child of `scratch` inherits."""
    return () if sys.platform == "win32" else (scratch.lock,)


class Worker:
    """One process with one instance of the guest, of no use to anybody after its run."""

    def __init__(self, task: Mapping[str, object]) -> None:
        self.walls: tuple[str, ...] = ()  # what the system holds it to, besides wasmtime
        self.why = ""  # it did not get ready
        self.stopped: Callable[[], bool] | None = None  # asked in a wait: an interrupt of a thread
        self._granted: set[str] = set()  # packages of the environment
        self._frames: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.scratch: Scratch | None = None
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE}
        try:
            if task.get("private"):
                self.scratch = Scratch()
                task = {**task, "folder": str(self.scratch.path)}
                pipes["pass_fds"] = inherited(self.scratch)
            self._process = start_child(task, **pipes)
        except OSError as exc:
            raise SandboxError(f"the sandbox cannot start {sys.executable}: {exc}") from exc
        if self.scratch:
            self.scratch.hand_over()
        LIVE.add(self)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, name="sandbox", daemon=True)
        self._reader.start()

    def wait(self) -> bool:
        """Return, once that is known, whether the worker is ready; end it where it is not."""
        with self._ended_by_interrupt():
            frame = self._next(time.monotonic() + START)
        if frame is None or frame["kind"] != "ready":
            self.why = str((frame or {}).get("why", ""))
            self.close()
            return False
        self.walls = tuple(frame["walls"])
        return True

    def put(self, path: str, data: bytes) -> None:
        """Give the code a file."""
        for start in range(0, len(data) or 1, PIECE):
            if not self._send_file(path, data[start : start + PIECE]):
                self.close()
                raise SandboxError(
                    f"the sandbox cannot hold {path!r} of {len(data)} bytes; its files may have"
                    " 64 MiB together and need plain relative names"
                )

    def lend(self, name: str, data: bytes) -> bool:
        """Put a piece of at most `PIECE` bytes in place of the last one; return if that worked."""
        return self._send_file(name, data, replaces=True)

    def has(self, name: str) -> bool:
        """Return whether the package `name` was granted."""
        return name in self._granted

    def grant(self, name: str, files: Mapping[str, bytes]) -> None:
        """Give the code the files of the package `name`: it can import and not change them."""
        self._granted.add(name)
        with self._ended_by_interrupt():
            # All of them, then the answers: to wait for each of hundreds takes longer than they do.
            for path, data in files.items():
                self._ask(data, path=path, size=len(data), granted=True, replaces=False)
            for path in files:
                if self._next(time.monotonic() + START) is None:
                    raise SandboxError(f"the sandbox cannot hold {path!r} of the package {name!r}")

    def _send_file(self, path: str, data: bytes, *, replaces: bool = False) -> bool:
        with self._ended_by_interrupt():
            self._ask(data, path=path, size=len(data), granted=False, replaces=replaces)
            return self._next(time.monotonic() + START) is not None

    def run(self, code: str, seconds: float) -> BlockEnd:
        """Run a block that calls no functions, as `block` does."""
        block = self.block(code, seconds, {})
        try:
            while True:
                next(block)
        except StopIteration as end:
            ended: BlockEnd = end.value
            return ended

    def block(
        self, code: str, seconds: float, functions: Mapping[str, Sequence[str]]
    ) -> Generator[CodeCall, str, BlockEnd]:
        """Run a block, which ends within a second after its `seconds`.

        Yields each call that it makes of `functions`, given with the names of their parameters, and
        takes what it gave, as JSON. What is called takes nothing of the `seconds`. An interrupt, be
        it in what is called, ends the block with its worker, and is told by how that ended.
        """
        # A lone surrogate is no text on the way; in a literal its escape means the same.
        text = code.encode("utf-8", "backslashreplace").decode()
        with self._ended_by_interrupt():
            named = {name: [*names] for name, names in functions.items()}
            self._ask(code=text, seconds=seconds, functions=named)
            end = time.monotonic() + seconds + LAST_CLOCK
            return (yield from self._collect(end, functions))

    def close(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        if self.scratch is not None:
            self.scratch.close()

    def disown(self) -> None:
        """Let go of a worker of the process that this one was forked from.

        It ends with that one, so its pipe must not stay open here; and it is not ours to end.
        """
        self._process.returncode = -1
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def is_alive(self) -> bool:
        """Return whether the process is still there."""
        return self._process.poll() is None

    @contextmanager
    def _ended_by_interrupt(self) -> Iterator[None]:
        """End the worker with whatever ends the wait for it."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _collect(self, end: float, functions: Container[str]) -> Generator[CodeCall, str, BlockEnd]:
        calls = Calls(functions)
        given = BlockOutput()
        try:
            while frame := self._next(end):
                if frame["kind"] == "call":
                    asked = calls.read(frame["text"])
                    began = time.monotonic()
                    reply = asked if isinstance(asked, str) else (yield asked) or "{}"
                    self._ask(reply=calls.fitting(reply))
                    if isinstance(asked, CodeCall):
                        end += time.monotonic() - began
                    continue
                given.take(frame)
                if given.end is not None:
                    return given.ended("", "", dead=given.end.get("dead", False))
        except KeyboardInterrupt as exc:
            self._hear_out(given)
            return given.ended("stopped", "", dead=True, interrupt=exc)
        late = time.monotonic() >= end
        self.close()
        why = f"[the sandbox broke down: exit status {self._process.returncode}]\n"
        return given.ended("late" if late else "failed", "" if late else why, dead=True)

    def _hear_out(self, given: BlockOutput) -> None:
        """End the block, take what it had printed that is not here yet, and end the worker."""
        self.stopped = None
        self._ask(stop=True)
        end = time.monotonic() + LAST_WORDS
        while given.end is None and (frame := self._next(end)):
            given.take(frame)
        self.close()

    def _ask(self, after: bytes = b"", **request: object) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            for each in (json.dumps(request).encode("ascii") + b"\n", after):
                data = memoryview(each)
                while data:
                    data = data[pipe.write(data) :]
        except OSError:
            self._process.kill()  # the reader then tells that nothing more will come

    def _next(self, end: float) -> dict[str, Any] | None:
        while (left := end - time.monotonic()) > 0:
            if self.stopped is not None and self.stopped():
                raise KeyboardInterrupt
            # In slices: not every system lets an interrupt wake the wait for a queue.
            with suppress(queue.Empty):
                return self._frames.get(timeout=min(left, 0.1))
        return None

    def _read(self) -> None:
        raw: Any = self._process.stdout
        with io.BufferedReader(raw) as pipe:
            self._take_frames(pipe)
        self._frames.put(None)

    def _take_frames(self, pipe: io.BufferedReader) -> None:
        room = OUTPUT
        while line := pipe.readline(OUTPUT):
            try:
                frame = json.loads(line)
                room = OUTPUT if frame["kind"] == "end" else room - len(line)
            except (ValueError, TypeError, KeyError):
                room = -1  # no worker of ours says such a thing
            if room < 0:
                self._process.kill()
                break
            self._frames.put(frame)


LIVE: weakref.WeakSet[Worker] = weakref.WeakSet()


def disown_all() -> None:
    """Let go of all workers, in a process that was forked."""
    for worker in list(LIVE):
        worker.disown()
    LIVE.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=disown_all)
