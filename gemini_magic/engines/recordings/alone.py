"""A file that one at a time adds to, whichever threads and processes want to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock

try:
    import fcntl
except ImportError:  # on Windows the threads of one process take turns, and no others
    fcntl = None  # type: ignore[assignment]

# By process: a child of a fork must not wait for a thread that it does not have.
_turns: dict[int, Lock] = {}


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let nobody else add to the file while the block does, or puts another into its place.

    Other processes are kept out where the folder has locks. The file is made. Raises OSError.
    """
    with _turns.setdefault(os.getpid(), Lock()), _locked(path) if fcntl else nullcontext():
        yield


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    while True:
        with path.open("ab") as file:
            _lock(file.fileno(), fcntl.LOCK_EX)
            try:
                # Who had it before may have put another into its place.
                if _is_there(file.fileno(), path):
                    yield
                    return
            finally:
                # A child of a fork may have it open too, and closes it late.
                _lock(file.fileno(), fcntl.LOCK_UN)


def _lock(file: int, how: int) -> None:
    with suppress(OSError):  # the folder has no locks
        fcntl.flock(file, how)


def _is_there(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
