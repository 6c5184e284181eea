"""What the guest exports: run a block of Python, with the state that earlier blocks left."""

from __future__ import annotations

import builtins
import io
import linecache
import math
import random
import sys
import time
import traceback
import types
from base64 import b64decode
from pathlib import Path

import loop  # type: ignore[import-not-found]
import refusals  # type: ignore[import-not-found]
import stdlib  # type: ignore[import-not-found]
import system  # type: ignore[import-not-found]
import warm  # type: ignore[import-not-found]  # noqa: F401
import wit_world  # type: ignore[import-not-found]

stdlib.embed("/python")
DISK = system.install(zones=str(Path(__file__).parent / "zoneinfo"))
loop.install()
refusals.install()
MAIN = types.ModuleType("__main__")
BLOCKS: list[str] = []


class WitWorld(wit_world.WitWorld):  # type: ignore[misc]
    """The exports of guest.wit."""

    def put(self, path: str, data: str) -> None:
        """Add base64 `data` to the file at `path`, made if need be, as are its folders."""
        system.add(DISK, path, b64decode(data))

    def run(self, code: str) -> tuple[bool, str]:
        """Run `code` and return whether it ended well, and why not."""
        if not BLOCKS:
            begin()
        name = f"<string {len(BLOCKS) + 1}>" if BLOCKS else "<string>"
        BLOCKS.append(name)
        linecache.cache[name] = len(code), None, code.splitlines(True), name
        try:
            exec(compile(code, name, "exec", dont_inherit=True), vars(MAIN))  # noqa: S102
        except SystemExit as exc:
            return leave(exc)
        except BaseException as exc:
            return False, explain(exc)
        finally:
            flush()
        return True, ""


def begin() -> None:
    """Make ready for the first block what the snapshot must not fix for all runs."""
    random.seed()
    sys.argv = ["-c"]  # as for a program in a string; `argparse` needs one
    sys.modules["__main__"] = MAIN
    vars(MAIN)["__builtins__"] = builtins
    for descriptor, name in enumerate(("stdout", "stderr"), 1):
        stream = Stream(descriptor)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


class Stream(io.TextIOWrapper):
    """Sends a line at once, as a deadline would lose it; and parts of a line when it is idle.

    Every part would be too dear: a call out of the sandbox takes as long as fifty prints.
    """

    PAUSE = 0.05  # seconds

    def __init__(self, descriptor: int) -> None:
        raw = io.FileIO(descriptor, "w", closefd=False)
        super().__init__(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=True)
        self._sent = -math.inf

    def write(self, text: str) -> int:
        written = super().write(text)
        if "\n" not in text and time.monotonic() - self._sent > self.PAUSE:
            self.flush()
            self._sent = time.monotonic()
        return written


def flush() -> None:
    """Send what the code printed without a line's end."""
    for target in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            target.flush()  # type: ignore[union-attr]
        except Exception:  # noqa: S112  the code may have closed or replaced it
            continue


def leave(exc: SystemExit) -> tuple[bool, str]:
    """Return how a program that called `sys.exit` ended, as the interpreter judges it."""
    if exc.code is None or exc.code == 0:
        return True, ""
    return False, f"{exc.code}\n" if isinstance(exc.code, str) else f"SystemExit: {exc.code!r}\n"


def explain(exc: BaseException) -> str:
    """Return the traceback as CPython prints it, cut to the frames of the code itself."""
    name_limits(exc)
    report = traceback.TracebackException.from_exception(exc, compact=True)
    cut(report)
    return "".join(report.format())


def name_limits(exc: BaseException | None) -> None:
    """Say in an import error that the limit is the sandbox's."""
    while exc is not None:
        if isinstance(exc, ModuleNotFoundError) and exc.name:
            exc.msg = f"{exc.msg}: {stdlib.missing(exc.name)}"
        exc = exc.__cause__ or exc.__context__


def cut(report: traceback.TracebackException | None) -> None:
    """Drop the frames of the guest and of the library from `report` and what caused it."""
    if report is None:
        return
    own = [frame for frame in report.stack if frame.filename in BLOCKS]
    # A syntax error has no frame, and CPython prints no heading above it.
    report.stack = traceback.StackSummary.from_list(own) if own else None  # type: ignore[assignment]
    for other in (report.__cause__, report.__context__, *(report.exceptions or ())):
        cut(other)
