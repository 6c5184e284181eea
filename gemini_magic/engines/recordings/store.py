"""The recordings of a user: one SQLite file, which several kernels write at once.

SQLite's write-ahead log keeps it whole whenever a process is killed
(https://sqlite.org/wal.html). Pictures are there once, by their content; what is least used goes
when the file would grow beyond its bound.
"""

from __future__ import annotations

import json
import os
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from time import time as now
from typing import Any, TypeVar

from ...errors import RecordingError
from ...keys import key_in
from .database import PATIENCE, Opened, is_locked, rolled_back, why
from .in_memory import RecordedRequest
from .recording import Recording, read
from .summary import Summary, read_summary, write_summary

# Bytes of all recordings together.
BOUND = 500_000_000
# What is shorter stays in its run: a row of its own would take more.
_SMALL = 512
# What remains of the bound when something must go: not each run is to throw one out.
_KEPT = 0.9

_Value = TypeVar("_Value")


class Store:
    """The recordings in the file at `path`, which is made by the first one, bounded by `bound`.

    While another process writes, a call waits for `patience` seconds.
    Every method raises RecordingError, in one line, for a file that cannot be read or written.
    """

    def __init__(self, path: Path, bound: int = BOUND, patience: float = PATIENCE) -> None:
        self.path = path
        self._bound = bound
        self._patience = patience
        # By process: after a fork a child opens its own, and leaves that of its parent alone.
        self._held: dict[int, Opened] = {}

    def find(self, fingerprint: str) -> Recording | None:
        """Return the newest recording with this fingerprint."""
        return self._newest("fingerprint", fingerprint)

    def find_question(self, question: str) -> Recording | None:
        """Return the newest recording of this question, whichever engine answered."""
        return self._newest("question", question)

    def _newest(self, column: str, value: str) -> Recording | None:
        wanted = f"SELECT id, body FROM runs WHERE {column} = ? ORDER BY time DESC, id DESC LIMIT 1"  # noqa: S608

        def look(held: sqlite3.Connection) -> Recording | None:
            found = held.execute(wanted, (value,)).fetchone()
            if found is None:
                return None
            recording = _read(held, found[0], found[1])
            self._touch(held, found[0])
            return recording

        return self._look(look, None)

    def get(self, number: int) -> Recording | None:
        """Return the recording of this number."""

        def look(held: sqlite3.Connection) -> Recording | None:
            found = held.execute("SELECT id, body FROM runs WHERE id = ?", (number,)).fetchone()
            return _read(held, *found) if found else None

        return self._look(look, None)

    def __iter__(self) -> Iterator[Recording]:
        """Yield all recordings, the oldest first."""
        numbers = self._numbers()
        for number in numbers:
            if found := self.get(number):
                yield found

    def _numbers(self) -> list[int]:
        wanted = "SELECT id FROM runs ORDER BY time, id"
        return self._look(lambda held: [number for (number,) in held.execute(wanted)], [])

    def __len__(self) -> int:
        wanted = "SELECT count(*) FROM runs"
        return self._look(lambda held: int(held.execute(wanted).fetchone()[0]), 0)

    @property
    def size(self) -> int:
        """The bytes of all recordings together."""
        return self._look(_size, 0)

    def rows(self, first: int = 0, count: int = 20) -> list[Summary]:
        """Return a page of the list of recordings, the newest first."""
        wanted = (
            "SELECT id, time, summary, size FROM runs ORDER BY time DESC, id DESC LIMIT ? OFFSET ?"
        )

        def look(held: sqlite3.Connection) -> list[Summary]:
            found = held.execute(wanted, (count, first)).fetchall()
            return [read_summary(*each) for each in found]

        return self._look(look, [])

    def asked(self, prompt: str, count: int) -> list[RecordedRequest]:
        """Return what recordings answer, newest first: those of this prompt, or else of all."""
        own = "SELECT facts, summary, time FROM runs WHERE prompt = ? ORDER BY time DESC LIMIT ?"
        latest = "SELECT facts, summary, time FROM runs ORDER BY time DESC LIMIT ?"

        def look(held: sqlite3.Connection) -> list[RecordedRequest]:
            found = held.execute(own, (prompt, count)).fetchall()
            found = found or held.execute(latest, (count,)).fetchall()
            return [
                RecordedRequest(json.loads(facts), read_summary(0, "", said, 0).prompt, time)
                for facts, said, time in found
            ]

        return self._look(look, [])

    def add(self, recording: Recording, *, instead: bool = False) -> None:
        """Keep a recording; `instead` of those of the same fingerprint."""
        held = recording.to_dict()
        data = _taken_out(held)
        body = json.dumps(held, separators=(",", ":"))
        if name := key_in(body):
            raise RecordingError(f"the run holds the key of {name}: keys stay here")
        size = len(body) + sum(map(len, data.values()))
        if size > self._bound * _KEPT:
            raise RecordingError(f"the run has {size:,} bytes, and all have {self._bound:,}")
        summary = write_summary(recording)
        facts = json.dumps(held["facts"], separators=(",", ":"))

        def write(to: sqlite3.Connection) -> None:
            to.execute("BEGIN IMMEDIATE")
            if instead:
                to.execute("DELETE FROM runs WHERE fingerprint = ?", (recording.fingerprint,))
                _sweep(to)
            row = (recording.fingerprint, recording.question, str(recording.facts.get("prompt")))
            number = to.execute(
                "INSERT INTO runs (fingerprint, question, prompt, time, used, size, own, summary,"
                " facts, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, recording.time, now(), size, len(body), summary, facts, body),
            ).lastrowid
            for digest, content in data.items():
                to.execute(
                    "INSERT OR IGNORE INTO data VALUES (?, ?, ?)", (digest, len(content), content)
                )
                to.execute("INSERT INTO uses VALUES (?, ?)", (number, digest))
            self._shrink(to)
            to.execute("COMMIT")

        self._try(write)
        self._opened.waited(in_vain=False)

    def remove(self, number: int) -> bool:
        """Forget the recording of this number; return whether there was one."""

        def write(to: sqlite3.Connection) -> bool:
            to.execute("BEGIN IMMEDIATE")
            gone = to.execute("DELETE FROM runs WHERE id = ?", (number,)).rowcount
            _sweep(to)
            to.execute("COMMIT")
            return bool(gone)

        return self._look(write, False)

    def clear(self) -> None:
        """Forget all. A file that is damaged is deleted, so that the next run begins a new one."""

        def write(to: sqlite3.Connection) -> None:
            to.execute("BEGIN IMMEDIATE")
            to.execute("DELETE FROM runs")
            _sweep(to)
            to.execute("COMMIT")

        try:
            self._look(write, None)
        except RecordingError:
            self._delete()

    def _delete(self) -> None:
        self.close()
        for suffix in ("", "-wal", "-shm", "-journal"):
            try:
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            except OSError as exc:
                raise RecordingError(f"{self.path} cannot be deleted: {why(exc)}") from None

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        if held := self._held.pop(os.getpid(), None):
            held.close()

    def _touch(self, held: sqlite3.Connection, number: int) -> None:
        # That it was used is worth no wait and no error: the file may be read-only.
        (patience,) = held.execute("PRAGMA busy_timeout").fetchone()
        held.execute("PRAGMA busy_timeout = 0")
        try:
            held.execute("UPDATE runs SET used = ? WHERE id = ?", (now(), number))
        except sqlite3.Error:
            return
        finally:
            held.execute(f"PRAGMA busy_timeout = {patience}")

    def _shrink(self, to: sqlite3.Connection) -> None:
        """Let the least used go, as many as it takes, if there is too much."""
        if _size(to) <= self._bound:
            return
        most = self._bound * _KEPT
        while (excess := _size(to) - most) > 0:
            gone = []
            for number, size in to.execute("SELECT id, size FROM runs ORDER BY used, id"):
                if excess <= 0:
                    break
                gone.append((number,))
                excess -= size
            to.executemany("DELETE FROM runs WHERE id = ?", gone)
            _sweep(to)

    def _look(self, do: Callable[[sqlite3.Connection], _Value], nothing: _Value) -> _Value:
        """Do it, or return `nothing` where no file is yet: looking makes none."""
        try:
            self.path.stat()
        except FileNotFoundError:
            return nothing
        except OSError as exc:
            raise self._refusal(exc) from None
        return self._try(do)

    @property
    def _opened(self) -> Opened:
        return self._held.setdefault(os.getpid(), Opened(self.path, self._patience))

    def _try(self, do: Callable[[sqlite3.Connection], _Value]) -> _Value:
        held = self._opened
        with held.lock:
            try:
                connection = held.connection()
                with rolled_back(connection):
                    return do(connection)
            except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as exc:
                held.close()
                if is_locked(exc):
                    held.waited(in_vain=True)
                raise self._refusal(exc) from None

    def _refusal(self, exc: Exception) -> RecordingError:
        return RecordingError(f"the recordings in {self.path}: {why(exc)}")


def _size(held: sqlite3.Connection) -> int:
    # Each is summed up over an index: no run is read for it.
    pictures = "SELECT sum(size) FROM data"
    runs = "SELECT sum(own) FROM runs INDEXED BY runs_by_use"
    return sum(held.execute(wanted).fetchone()[0] or 0 for wanted in (runs, pictures))


def _sweep(to: sqlite3.Connection) -> None:
    to.execute("DELETE FROM data WHERE sha256 NOT IN (SELECT sha256 FROM uses)")


def _taken_out(held: Mapping[str, Any]) -> dict[str, bytes]:
    """Take the data of pictures and files out of a recording, and return it by its digest."""
    taken = {}
    for part in held["run"]["parts"]:
        if len(part.get("data", "")) > _SMALL and part["kind"] in ("image", "file"):
            data = b64decode(part.pop("data"))
            part["sha256"] = digest = sha256(data).hexdigest()
            taken[digest] = data
    return taken


def _read(held: sqlite3.Connection, number: int, body: str) -> Recording:
    found = json.loads(body)
    for part in found["run"]["parts"]:
        if digest := part.pop("sha256", None):
            wanted = "SELECT bytes FROM data WHERE sha256 = ?"
            row = held.execute(wanted, (digest,)).fetchone()
            if row is None:
                raise ValueError(f"recording {number} has lost a picture")
            part["data"] = b64encode(row[0]).decode("ascii")
    return read(found)
