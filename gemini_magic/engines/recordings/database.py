"""The file of the store: opened by each process for itself, its owner's alone, and of a version."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from time import sleep
from weakref import finalize

from .remote import is_remote

VERSION = 1
# Seconds that one process waits while another writes, unless said otherwise.
PATIENCE = 5.0
_HARDLY = 0.05
# What SQLite says where files cannot be locked, as in some folders on a network, and what can be.
_NO_LOCKS = ("disk I/O error", "locking protocol", "access permission denied")
_LINES = 'GeminiMagic.recordings = "recordings.jsonl" needs none'

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    question TEXT NOT NULL,
    prompt TEXT NOT NULL,
    time TEXT NOT NULL,
    used REAL NOT NULL,
    size INTEGER NOT NULL,
    own INTEGER NOT NULL,
    summary TEXT NOT NULL,
    facts TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_by_fingerprint ON runs (fingerprint, time);
CREATE INDEX IF NOT EXISTS runs_by_question ON runs (question, time);
CREATE INDEX IF NOT EXISTS runs_by_prompt ON runs (prompt, time);
CREATE INDEX IF NOT EXISTS runs_by_time ON runs (time, summary);
CREATE INDEX IF NOT EXISTS runs_by_use ON runs (used, id, size, own);
CREATE TABLE IF NOT EXISTS data (
    sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uses (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (run, sha256)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_by_data ON uses (sha256);
"""


class Opened:
    """The file as one process has it open. Another may have put a new one in its place.

    While another writes, it waits for `patience` seconds, and hardly at all once it has waited in
    vain, as each of many rows would wait.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.lock = RLock()
        self._path = path
        self._patience = patience
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._was_in_vain = False

    @property
    def patience(self) -> float:
        """Seconds that a call waits while another process writes."""
        return min(self._patience, _HARDLY) if self._was_in_vain else self._patience

    def waited(self, *, in_vain: bool) -> None:
        """Say whether another process wrote and did not end: by that the next call waits."""
        if in_vain != self._was_in_vain:
            self._was_in_vain = in_vain
            # The next call opens it with that patience.
            self.close()

    def connection(self) -> sqlite3.Connection:
        """Return the connection. Raises sqlite3.Error, OSError or ValueError."""
        if self._connection is None or self._file != _identity(self._path):
            self.close()
            self._connection = _opened(self._path, self.patience)
            self._file = _identity(self._path)
            finalize(self, _closed, self._connection, os.getpid())
        return self._connection

    def close(self) -> None:
        """Let go of the file; `connection` opens it again."""
        with self.lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _closed(held: sqlite3.Connection, process: int) -> None:
    if os.getpid() == process:
        held.close()


def _opened(path: Path, patience: float) -> sqlite3.Connection:
    _own(path)
    # On a network, processes share no memory, which a write-ahead log needs (https://sqlite.org/wal.html).
    logs = not is_remote(path)
    held = _connected(path, patience)
    try:
        try:
            _prepare(held, logs=logs)
        except sqlite3.OperationalError as exc:
            if is_locked(exc) or not logs:
                raise
            # Perhaps there is none here either, and nobody knew.
            held.close()
            held = _connected(path, patience)
            _leave_log(held)
            _prepare(held, logs=False)
    except BaseException:
        held.close()
        raise
    return held


def _connected(path: Path, patience: float) -> sqlite3.Connection:
    # A file that nobody may write is not written by anybody: SQLite need not look for a log.
    mode = "" if os.access(path, os.W_OK) else "?immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}{mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


def _leave_log(held: sqlite3.Connection) -> None:
    """Let the file have a rollback journal, which keeps it whole too, and shares no memory."""
    held.execute("PRAGMA locking_mode = EXCLUSIVE")
    held.execute("PRAGMA journal_mode = DELETE")
    held.execute("PRAGMA locking_mode = NORMAL")
    # The lock goes when it is read next.
    held.execute("PRAGMA user_version").fetchone()


def _prepare(held: sqlite3.Connection, *, logs: bool) -> None:
    held.execute("PRAGMA foreign_keys = ON")
    held.execute("PRAGMA synchronous = NORMAL")
    # A file from elsewhere must not run what it brings: https://sqlite.org/security.html
    held.execute("PRAGMA trusted_schema = OFF")
    (version,) = held.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise ValueError(f"version {version}, and {VERSION} is known: update gemini-magic")
    if version == VERSION:
        return
    # Of two processes that begin one file, the second is refused at once, and not let wait.
    for again in range(50):
        try:
            held.execute("PRAGMA auto_vacuum = FULL")
            if logs:
                held.execute("PRAGMA journal_mode = WAL")
            held.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;"
            )
            return
        except sqlite3.OperationalError as exc:
            if held.in_transaction:
                held.execute("ROLLBACK")
            if not is_locked(exc) or again == 49:
                raise
            sleep(0.02)


def _own(path: Path) -> None:
    """Make the file and its folder the user's alone; raise OSError where they are not."""
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.stat()
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    if stat.S_IMODE(found.st_mode) & 0o077 and os.access(folder, os.W_OK):
        folder.chmod(0o700)
    if not path.exists():
        # With its rights from the beginning: SQLite would make one that others may read.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    elif not stat.S_ISREG(path.lstat().st_mode):
        raise PermissionError(f"{path} is not an ordinary file")


@contextmanager
def rolled_back(held: sqlite3.Connection) -> Iterator[None]:
    """Take back what the block has not committed."""
    try:
        yield
    finally:
        if held.in_transaction:
            held.execute("ROLLBACK")


def is_locked(exc: Exception) -> bool:
    """Return whether another process has the file, or its folder has no locks at all."""
    return isinstance(exc, sqlite3.DatabaseError) and "locked" in str(exc)


def why(exc: Exception) -> str:
    """Return what went wrong with the file, and what to do about it."""
    said = str(exc)
    if is_locked(exc):
        return (
            f"another process writes to it, and does not end, or its folder has no locks: {_LINES}"
        )
    if isinstance(exc, sqlite3.DatabaseError) and any(each in said for each in _NO_LOCKS):
        return f"{said}, as in a folder that has no locks: {_LINES}"
    if isinstance(exc, sqlite3.DatabaseError) and not isinstance(exc, sqlite3.OperationalError):
        return f"{said}: `%gemini recordings clear` begins a new file"
    return str(getattr(exc, "strerror", None) or exc)
