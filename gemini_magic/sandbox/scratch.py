"""Folders that go with the process that works in them, however that ends."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

from . import cache

PREFIX = "gemini-magic-worker-"
LOCK = "lock"


class Scratch:
    """A folder of a child process, in `parent` or the temporary folder.

    The child inherits the lock on it, so the system gives it up when the child ends, and whoever
    starts the next one removes what was left behind. Raises OSError.
    """

    def __init__(self, parent: Path | None = None) -> None:
        where = parent or Path(tempfile.gettempdir())
        sweep(where)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        # In a process that was forked, the folder is still the other one's.
        self._remove = weakref.finalize(self, remove, self.path, os.getpid())
        new = self.path / "new"
        self.lock = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
        take_lock(self.lock)
        new.rename(self.path / LOCK)  # nobody finds it before it is taken
        self._release = weakref.finalize(self, release, self.lock)

    def hand_over(self) -> None:
        """Leave the lock to the child, which has inherited it by now."""
        if sys.platform != "win32":  # where a child inherits none, and an open file is a lock
            self._release()

    def close(self) -> None:
        """Remove the folder."""
        self._release()
        self._remove()


def sweep(folder: Path) -> None:
    """Remove the folders of children that are no more."""
    for path in folder.glob(PREFIX + "*"):
        with suppress(OSError):
            if cache.is_own(path, stat.S_ISDIR) and is_abandoned(path / LOCK):
                shutil.rmtree(path, ignore_errors=True)


def remove(path: Path, owner: int) -> None:
    """Remove the folder at `path` if this is the process `owner`."""
    if os.getpid() == owner:
        shutil.rmtree(path, ignore_errors=True)


def release(lock: int) -> None:
    """Close the descriptor `lock`."""
    with suppress(OSError):
        os.close(lock)


def is_abandoned(lock: Path) -> bool:
    """Return whether nobody holds the file `lock`; without one, the folder is being made."""
    if sys.platform == "win32":
        lock.unlink()  # fails while it is open
        return True
    descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)
    try:
        take_lock(descriptor)
    finally:
        os.close(descriptor)
    return True


def take_lock(descriptor: int) -> None:
    """Lock an open file, or raise OSError where another process has."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
