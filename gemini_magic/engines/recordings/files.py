"""Recordings in a file of lines, one run each, which can be reviewed, merged and committed."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from ...errors import RecordingError
from ...keys import key_in
from ...sanitize import writable
from .alone import alone
from .in_memory import RecordedRequest, Recordings
from .notebook import recordings_in
from .recording import Recording, read

# Bytes: more than any lesson or suite of tests has.
_LARGEST = 512 * 2**20
NOTEBOOK = ".ipynb"
# Bytes by which a file is known that has grown.
_TAIL = 4096


@dataclass(frozen=True)
class _Read:
    """What a file held when it was `seen`: its inode, bytes and time.

    If all its lines are whole, they have `size` bytes, the last of which are `tail`.
    """

    held: Recordings = field(default_factory=lambda: Recordings(()))
    seen: tuple[int, int, int] = (0, 0, 0)
    size: int = 0
    tail: bytes = b""


class RecordingsFile:
    """The recordings in a file: lines of JSON, or the runs that a notebook holds.

    It is read when it is first asked, and again when it has changed, from where it has grown. Only
    lines can be added.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # In one piece, as threads look at it.
        self._read = _Read()

    def __iter__(self) -> Iterator[Recording]:
        return iter(self._now())

    def find(self, fingerprint: str) -> Recording | None:
        """Return the newest recording with this fingerprint."""
        return self._now().find(fingerprint)

    def find_question(self, question: str) -> Recording | None:
        """Return the newest recording of this question, whichever engine answered."""
        return self._now().find_question(question)

    def asked(self, prompt: str, count: int) -> list[RecordedRequest]:
        """Return what recordings answer, newest first: those of this prompt, or else of all."""
        return self._now().asked(prompt, count)

    def add(self, recording: Recording, *, instead: bool = False) -> None:
        """Add a line; `instead` of those of the same fingerprint."""
        line = _line(recording)
        try:
            with alone(self.path):
                if instead and self._now().find(recording.fingerprint):
                    rest = [each for each in self if each.fingerprint != recording.fingerprint]
                    save([*rest, recording], self.path)
                else:
                    self._append(line)
        except OSError as exc:
            raise _refusal(self.path, "written", exc) from None

    def _append(self, line: str) -> None:
        # In one piece and at its end: a line is whole, or is the last.
        with self.path.open("ab+", buffering=0) as file:
            file.write(_mended(file) + line.encode() + b"\n")

    def _now(self) -> Recordings:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return Recordings(())
        except OSError as exc:
            raise _refusal(self.path, "read", exc) from None
        now = (found.st_ino, found.st_size, found.st_mtime_ns)
        if now != self._read.seen:
            self._read = self._grown(now) or self._anew(now)
        return self._read.held

    def _anew(self, now: tuple[int, int, int]) -> _Read:
        text = _text(self.path)
        held = Recordings(_recordings(text, self.path))
        if self.path.suffix.lower() == NOTEBOOK or not text.endswith("\n"):
            return _Read(held, now)
        data = text.encode()
        return _Read(held, now, len(data), data[-_TAIL:])

    def _grown(self, now: tuple[int, int, int]) -> _Read | None:
        """Return what it holds if whole lines were added to those that are known, else None."""
        before = self._read
        if not before.size or now[0] != before.seen[0] or now[1] <= before.size:
            return None
        try:
            with self.path.open("rb") as file:
                file.seek(before.size - len(before.tail))
                data = file.read(now[1] - before.size + len(before.tail))
            added = data.removeprefix(before.tail)
            if not data.startswith(before.tail) or not added.endswith(b"\n"):
                return None
            held = before.held.joined(_recordings(added.decode(), self.path))
        except (OSError, ValueError, RecordingError):
            return None
        return _Read(held, now, before.size + len(added), data[-_TAIL:])


def save(recordings: Iterable[Recording], path: Path) -> int:
    """Write recordings as sorted lines, whole or not at all, and return how many there are.

    Of those with one fingerprint the newest stays. Raises RecordingError if that cannot be.
    """
    newest = {each.fingerprint: each for each in sorted(recordings, key=lambda each: each.time)}
    ordered = sorted(newest.values(), key=lambda each: (each.prompt, each.fingerprint))
    try:
        path = path.expanduser()
        if path.exists() and not path.is_file():
            raise OSError(None, "it is not an ordinary file")
        # Beside its place, as only there it can be put into place in one go; for all whom the user
        # lets read new files, as a class may.
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with draft.open("x", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{_line(each)}\n" for each in ordered)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except (OSError, RuntimeError) as exc:
        raise _refusal(path, "written", exc) from None
    return len(ordered)


def load(path: Path) -> list[Recording]:
    """Read the recordings of a file: lines as `save` writes them, or a notebook.

    A last line that is torn is passed over. Raises RecordingError for anything else.
    """
    return _recordings(_text(path.expanduser()), path)


def _recordings(text: str, path: Path) -> list[Recording]:
    if path.suffix.lower() == NOTEBOOK:
        return recordings_in(text, path)
    lines = text.split("\n")
    found = []
    for place, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(read(_parsed(line)))
        except RecordingError as exc:
            # Who writes the last line may have been killed.
            if place < len(lines):
                raise RecordingError(f"{str(path)!r}, line {place}: {exc}") from None
    return found


def _mended(file: FileIO) -> bytes:
    """Return what ends the last line of a file; one that a kill has torn is cut off."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 1))
    if file.read(1) in (b"", b"\n"):
        return b""
    file.seek(0)
    last = file.read().rpartition(b"\n")[2]
    try:
        json.loads(last)
    except ValueError:
        file.truncate(end - len(last))
        return b""
    return b"\n"


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        raise RecordingError("this is not a recording: it is not JSON") from None
    if not isinstance(held, dict):
        raise RecordingError("this is not a recording: it is not an object")
    return held


def _line(recording: Recording) -> str:
    line = writable(recording.to_line())
    if name := key_in(line):
        raise RecordingError(f"the run holds the key of {name}: keys stay here")
    return line


def _text(path: Path) -> str:
    try:
        found = path.stat()
        # A device or a pipe must not even be opened: it may never end.
        if not stat.S_ISREG(found.st_mode):
            raise OSError(None, "it is not an ordinary file")
        if found.st_size > _LARGEST:
            raise OSError(None, f"it has more than {_LARGEST >> 20} MiB")
        return _decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise RecordingError(f"{str(path)!r} cannot be read: it is not text") from None
    except (OSError, ValueError) as exc:
        raise _refusal(path, "read", exc) from None


def _decoded(data: bytes) -> str:
    """Return the text in `data`, whose last line may be torn within a character."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        if exc.end < len(data) or exc.reason != "unexpected end of data":
            raise
        return data[: exc.start].decode("utf-8")


def _refusal(path: Path, done: str, exc: Exception) -> RecordingError:
    why = getattr(exc, "strerror", None) or exc
    return RecordingError(f"{str(path)!r} cannot be {done}: {why}")
