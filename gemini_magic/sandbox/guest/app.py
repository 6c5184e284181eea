"""What the guest exports: run a block of Python, with the state that earlier blocks left."""

from __future__ import annotations

import builtins
import random
import sys
import time
import types
from base64 import b64decode
from json import loads
from pathlib import Path

import blocks  # type: ignore[import-not-found]
import databases  # type: ignore[import-not-found]
import functions as notebook  # type: ignore[import-not-found]
import hashing  # type: ignore[import-not-found]
import loop  # type: ignore[import-not-found]
import refusals  # type: ignore[import-not-found]
import stdlib  # type: ignore[import-not-found]
import streams  # type: ignore[import-not-found]
import system  # type: ignore[import-not-found]
import warm  # type: ignore[import-not-found]  # noqa: F401
import wit_world  # type: ignore[import-not-found]

stdlib.embed("/python")
DISK = system.install(zones=str(Path(__file__).parent / "zoneinfo"))
databases.install(DISK)
loop.install()
refusals.install()
hashing.install()
blocks.REMARKS += [stdlib.name_limit, databases.name_limit, refusals.name_limit]
MAIN = types.ModuleType("__main__")


class WitWorld(wit_world.WitWorld):  # type: ignore[misc]
    """The exports of guest.wit."""

    def put(self, path: str, data: str) -> None:
        """Add base64 `data` to the file at `path`, made if need be, as are its folders."""
        system.add(DISK, path, b64decode(data))

    def grant(self, path: str, data: str) -> None:
        """Add base64 `data` to a file of a package of the user's environment."""
        DISK.grant(path, b64decode(data))

    def run(self, code: str, functions: str) -> tuple[bool, str]:
        """Run `code`, which may call `functions`; return whether it ended well, and why not."""
        if not blocks.PRISTINE:
            begin()
            blocks.begin()
        streams.OUTLET.begin()
        why = blocks.attempt(lambda: offer(functions))
        why += blocks.run(code, vars(MAIN))
        streams.finish()
        return not why, blocks.fit(why, streams.OUTLET.total())


def offer(functions: str) -> None:
    """Let code call functions of the notebook, if there are any."""
    if named := loads(functions):
        notebook.offer(named, vars(MAIN), wit_world.call)


def begin() -> None:
    """Make ready for the first block what the snapshot must not fix for all runs."""
    give_names_back()
    random.seed()
    DISK.folders = dict.fromkeys(DISK.folders, time.time())
    sys.argv = ["-c"]  # as for a program in a string; `argparse` needs one
    sys.modules["__main__"] = MAIN
    vars(MAIN)["__builtins__"] = builtins
    streams.install()
    start_clock()


def start_clock() -> None:
    """Count processor time from now on: the snapshot has that of the machine that made it."""
    seconds, nanoseconds = time.process_time, time.process_time_ns
    start = nanoseconds()
    time.process_time = lambda: seconds() - start / 1e9
    time.process_time_ns = lambda: nanoseconds() - start


def give_names_back() -> None:
    """Let code import its own modules by the names of ours, such as a given `functions.py`."""
    ours = Path(__file__).parent
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").parent == ours:
            sys.modules[f"_gemini_magic.{name}"] = sys.modules.pop(name)
