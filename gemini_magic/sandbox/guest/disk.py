"""A bounded file system in memory. WASI gives the guest no folder at all, so it keeps its own."""

from __future__ import annotations

import errno
import io
import os
import posixpath
import time
from collections.abc import Iterator
from os import O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from typing import Any

HOME = "/home/user"
PACKAGES = "/usr/lib/packages"  # of the user's environment, as far as they are granted
CAPACITY = 64 * 2**20
ENTRIES = 4000
FIRST_DESCRIPTOR = 1000  # those below are WASI's own: stdin, stdout, stderr
ACCESS = O_RDONLY | O_RDWR | O_WRONLY


def failure(number: int, path: Any, other: Any = None) -> OSError:
    """Return the error that an operating system would give for `path`, on its way to `other`."""
    named, second = (os.fspath(p) if isinstance(p, os.PathLike) else p for p in (path, other))
    return OSError(number, os.strerror(number), named, None, second)


class Node:
    """A file's bytes, which outlive its name while somebody has it open."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.data = bytearray()
        self.changed = time.time()

    def size(self) -> int:
        """Return the number of the bytes."""
        return len(self.data)

    def plain(self) -> Node:
        """Return what is written to when the file is."""
        return self


class Disk:
    """Files and folders by absolute path. No links, no rights, no owners."""

    def __init__(self) -> None:
        self.files: dict[str, Node] = {}
        now = time.time()
        # Each with the time of its making.
        places = ("/", "/tmp", "/home", HOME, "/usr", "/usr/lib", PACKAGES)  # noqa: S108
        self.folders = dict.fromkeys(places, now)
        # What is granted takes nothing from the code's own room.
        self.capacity, self.entries = CAPACITY, ENTRIES
        self.cwd = HOME
        self.opened: dict[int, Raw] = {}  # by their descriptors
        self._numbers = iter(range(1, 2**62))

    def resolve(self, path: Any) -> str:
        """Return `path` as an absolute one, without dots."""
        text = os.fsdecode(path)
        if "\0" in text:
            raise ValueError("embedded null byte")
        if not text:
            raise failure(errno.ENOENT, path)
        return "/" + posixpath.normpath(posixpath.join(self.cwd, text)).lstrip("/")

    def used(self) -> int:
        """Return the bytes in all files."""
        return sum(node.size() for node in self.files.values())

    def open(self, path: Any, flags: int) -> Raw:
        """Return the file at `path`, made or emptied as `flags` (`os.O_*`) say."""
        place = self.resolve(path)
        if place == os.devnull:
            return Null(self, Node(0), path, flags)
        writes = flags & ACCESS != O_RDONLY
        if place in self.folders:
            raise failure(errno.EISDIR, path)
        if writes:
            self.refuse_granted(place, path)
        if place not in self.files:
            if not flags & O_CREAT:
                raise failure(errno.ENOENT, path)
            self.make(path)
        elif flags & O_EXCL:
            raise failure(errno.EEXIST, path)
        if writes:
            self.files[place] = self.files[place].plain()
        node = self.files[place]
        if writes and flags & O_TRUNC:
            node.data.clear()
        return Raw(self, node, path, flags)

    def number(self, raw: Raw) -> int:
        """Return the descriptor of `raw`, which it keeps until it is closed."""
        if raw.descriptor not in self.opened:
            free = (n for n in range(FIRST_DESCRIPTOR, 2**31) if n not in self.opened)
            raw.descriptor = next(free)
            self.opened[raw.descriptor] = raw
        return raw.descriptor

    def make(self, path: Any) -> Node:
        """Return a new and empty file at `path`."""
        node = self.files[self.claim(path)] = Node(next(self._numbers))
        return node

    def claim(self, path: Any) -> str:
        """Return the place for a new entry at `path`, or raise where there can be none."""
        place = self.resolve(path)
        self.refuse_granted(place, path)
        folder = posixpath.dirname(place)
        if folder in self.files:
            raise failure(errno.ENOTDIR, path)
        if folder not in self.folders:
            raise failure(errno.ENOENT, path)
        if len(self.files) + len(self.folders) >= self.entries:
            raise failure(errno.ENOSPC, path)
        return place

    def grant(self, name: str, piece: bytes) -> None:
        """Add `piece` to the end of a file of a package, which code may read and not change."""
        place = posixpath.join(PACKAGES, name)
        now = time.time()
        folder = posixpath.dirname(place)
        # An importer looks into a folder again if that has another time.
        self.folders[PACKAGES] = now
        while folder not in self.folders:
            self.folders[folder] = now
            self.entries += 1
            folder = posixpath.dirname(folder)
        if place not in self.files:
            self.files[place] = Node(next(self._numbers))
            self.entries += 1
        self.files[place].data += piece
        self.capacity += len(piece)

    def refuse_granted(self, place: str, path: Any) -> None:
        """Raise what a system does for a file that may be read only."""
        if place == PACKAGES or place.startswith(PACKAGES + "/"):
            raise failure(errno.EROFS, path)

    def names(self, path: Any) -> list[str]:
        """Return what is in the folder `path`."""
        place = self.resolve(path)
        if place in self.files:
            raise failure(errno.ENOTDIR, path)
        if place not in self.folders:
            raise failure(errno.ENOENT, path)
        inside = place.rstrip("/") + "/"
        return sorted(self._below(inside))

    def _below(self, inside: str) -> Iterator[str]:
        for other in (*self.files, *self.folders):
            name = other[len(inside) :]
            if other.startswith(inside) and name and "/" not in name:
                yield name

    def move(self, old: str, new: str) -> None:
        """Rename a file, or a folder with all that is in it."""
        if old in self.files:
            self.files[new] = self.files.pop(old)
            return
        for path in [p for p in self.files if p.startswith(old + "/")]:
            self.files[new + path[len(old) :]] = self.files.pop(path)
        for path in [p for p in self.folders if p == old or p.startswith(old + "/")]:
            self.folders[new + path[len(old) :]] = self.folders.pop(path)


class Raw(io.RawIOBase):
    """An open file, unbuffered; `io` lays its buffers and text on top."""

    def __init__(self, disk: Disk, node: Node, name: Any, flags: int) -> None:
        self.node = node
        self.name = name
        self._disk = disk
        self.descriptor = -1
        self._flags = flags
        self._at = 0

    def fileno(self) -> int:
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return int(self._disk.number(self))

    def close(self) -> None:
        super().close()
        self._disk.opened.pop(self.descriptor, None)
        self.descriptor = -1

    def readable(self) -> bool:
        return self._flags & ACCESS != O_WRONLY

    def writable(self) -> bool:
        return self._flags & ACCESS != O_RDONLY

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._check(self.readable(), "not readable")
        chunk = self.node.data[self._at : self._at + len(buffer)]
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)

    def write(self, chunk: Any) -> int:
        self._check(self.writable(), "not writable")
        if self._flags & O_APPEND:
            self._at = len(self.node.data)
        data = bytes(chunk)
        self._grow(self._at + len(data))
        self.node.data[self._at : self._at + len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = (0, self._at, self.node.size())[whence]
        if start + offset < 0:
            raise failure(errno.EINVAL, self.name)
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def truncate(self, size: int | None = None) -> int:
        self._check(self.writable(), "not writable")
        size = self._at if size is None else size
        self._grow(size)
        del self.node.data[size:]
        return size

    def _grow(self, size: int) -> None:
        more = size - len(self.node.data)
        if more > 0:
            if self._disk.used() + more > self._disk.capacity:
                raise failure(errno.ENOSPC, self.name)
            self.node.data.extend(bytes(more))
        self.node.changed = time.time()

    def _check(self, allowed: bool, why: str) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if not allowed:
            raise io.UnsupportedOperation(why)


class Null(Raw):
    """What is always empty: `/dev/null`."""

    def write(self, chunk: Any) -> int:
        self._check(self.writable(), "not writable")
        return memoryview(chunk).nbytes
