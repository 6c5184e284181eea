"""Runs the blocks of a run inside the scientific guest, which reads this file as text.

The light sandbox has the same in `guest/app.py`, built into its own guest.
"""

from __future__ import annotations

import builtins
import importlib
import io
import linecache
import math
import os
import sys
import time
import traceback
from collections.abc import Callable

BLOCKS: list[str] = []


class Stream(io.TextIOWrapper):
    """Sends a line at once, as a deadline would lose it; and parts of a line when it is idle."""

    PAUSE = 0.05  # seconds

    def __init__(self) -> None:
        raw = io.FileIO(1, "w", closefd=False)
        super().__init__(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)
        self._sent = -math.inf

    def write(self, text: str) -> int:
        written = super().write(text)
        if "\n" not in text and time.monotonic() - self._sent > self.PAUSE:
            self.flush()
            self._sent = time.monotonic()
        return written


OUTPUT = Stream()


def begin() -> None:
    """Send both streams to one place, in order, and let given modules be imported."""
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = OUTPUT  # type: ignore[misc]
    sys.argv = ["-c"]
    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # theirs end the session
    os.chdir("/home")
    sys.path.append("/home")
    end("")


def run(code: str) -> None:
    """Run `code`, then tell the host how it ended."""
    name = f"<string {len(BLOCKS) + 1}>" if BLOCKS else "<string>"
    BLOCKS.append(name)
    linecache.cache[name] = len(code), None, code.splitlines(True), name
    why = attempt(lambda: execute(code, name))
    end(why + attempt(show))


def execute(code: str, name: str) -> None:
    """Compile and run `code`, called `name` in a traceback."""
    if "matplotlib" in code:
        importlib.import_module("_backend")  # before `matplotlib.use` can choose another
    exec(compile(code, name, "exec", dont_inherit=True), vars(sys.modules["__main__"]))  # noqa: S102


def attempt(action: Callable[[], None]) -> str:
    """Return why `action` failed, or nothing."""
    try:
        action()
    except SystemExit as exc:
        return leave(exc)
    except BaseException as exc:
        return explain(exc)
    return ""


def show() -> None:
    """Show the figures that the code left open, as a notebook does."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show()


def leave(exc: SystemExit) -> str:
    """Return what a program that called `sys.exit` says, as the interpreter prints it."""
    if exc.code is None or exc.code == 0:
        return ""
    return f"{exc.code}\n" if isinstance(exc.code, str) else f"SystemExit: {exc.code!r}\n"


def explain(exc: BaseException) -> str:
    """Return the traceback as CPython prints it, cut to the frames of the code itself."""
    report = traceback.TracebackException.from_exception(exc, compact=True)
    cut(report)
    return "".join(report.format())


def cut(report: traceback.TracebackException | None) -> None:
    """Drop the frames of libraries from `report` and what caused it."""
    if report is None:
        return
    own = [frame for frame in report.stack if frame.filename in BLOCKS]
    # A syntax error has no frame, and CPython prints no heading above it.
    report.stack = traceback.StackSummary.from_list(own) if own else None  # type: ignore[assignment]
    for other in (report.__cause__, report.__context__, *(report.exceptions or ())):
        cut(other)


def end(why: str) -> None:
    """Send what the code printed without a line's end, and tell the host why the block failed."""
    for stream in (sys.stdout, sys.stderr, OUTPUT):
        try:
            stream.flush()
        except Exception:  # noqa: S112  the code may have closed or replaced it
            continue
    from host import tools

    tools.end(why.encode("utf-8", "backslashreplace").decode())
