"""Puts the disk in memory under `open`, `os` and what stands on them: `pathlib`, `shutil`."""

from __future__ import annotations

import _io
import errno
import io
import os
import posix
import sys
import time
from collections.abc import Callable
from os import O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from pathlib import Path
from typing import Any

import streams  # type: ignore[import-not-found]
from disk import HOME, PACKAGES, Disk, Raw, failure  # type: ignore[import-not-found]
from listing import Entry, Listing  # type: ignore[import-not-found]

MODES = {"r": O_RDONLY, "w": O_CREAT | O_TRUNC, "a": O_CREAT | O_APPEND, "x": O_CREAT | O_EXCL}


class System:
    """The functions of `os` that touch files, by the names they have there."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def stat(self, path: Any, *, dir_fd: None = None, follow_symlinks: bool = True) -> Any:
        if isinstance(path, int):
            return self.fstat(path)
        place = self._disk.resolve(path)
        if place in self._disk.folders:
            return describe(0o40755, hash(place) & 0xFFFF, 0, self._disk.folders[place])
        if place not in self._disk.files:
            raise failure(errno.ENOENT, path)
        return self._describe(self._disk.files[place])

    def lstat(self, path: Any, *, dir_fd: None = None) -> Any:
        return self.stat(path)

    def fstat(self, fd: int) -> Any:
        return self._describe(self._find(fd).node)

    def _describe(self, node: Any) -> os.stat_result:
        return describe(0o100644, node.number, node.size(), node.changed)

    def access(self, path: Any, mode: int, **_: object) -> bool:
        place = self._disk.resolve(path)
        return place in self._disk.files or place in self._disk.folders

    def listdir(self, path: Any = ".") -> list[str]:
        names: list[str] = self._disk.names(path)
        return names

    def scandir(self, path: Any = ".") -> Listing:
        return Listing(Entry(self, os.fsdecode(path), name) for name in self._disk.names(path))

    def remove(self, path: Any, *, dir_fd: None = None) -> None:
        place = self._disk.resolve(path)
        if place in self._disk.folders:
            raise failure(errno.EISDIR, path)
        self._disk.refuse_granted(place, path)
        if self._disk.files.pop(place, None) is None:
            raise failure(errno.ENOENT, path)

    unlink = remove

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: None = None) -> None:
        place = self._disk.resolve(path)
        if place in self._disk.folders or place in self._disk.files:
            raise failure(errno.EEXIST, path)
        self._disk.folders[self._disk.claim(path)] = time.time()

    def rmdir(self, path: Any, *, dir_fd: None = None) -> None:
        if self._disk.names(path):
            raise failure(errno.ENOTEMPTY, path)
        self._disk.refuse_granted(self._disk.resolve(path), path)
        del self._disk.folders[self._disk.resolve(path)]

    def rename(self, src: Any, dst: Any, **_: object) -> None:
        old, new = self._disk.resolve(src), self._disk.resolve(dst)
        if old not in self._disk.files and old not in self._disk.folders:
            raise failure(errno.ENOENT, src, dst)
        self._disk.refuse_granted(old, src)
        if new in self._disk.folders:
            raise failure(errno.EISDIR, src, dst)
        if new.startswith(old + "/"):
            raise failure(errno.EINVAL, src, dst)
        self._disk.claim(dst)
        self._disk.move(old, new)

    replace = rename

    def chdir(self, path: Any) -> None:
        self._disk.names(path)
        self._disk.cwd = self._disk.resolve(path)

    def getcwd(self) -> str:
        cwd: str = self._disk.cwd
        return cwd

    def utime(self, path: Any, times: Any = None, *, ns: Any = None, **_: object) -> None:
        self.stat(path)
        when = time.time() if times is None else times[1]
        when = when if ns is None else ns[1] / 1e9
        place = None if isinstance(path, int) else self._disk.resolve(path)
        if place in self._disk.folders:
            self._disk.folders[place] = when
        else:
            node = self._find(path).node if place is None else self._disk.files[place]
            node.changed = when

    def chmod(self, path: Any, mode: int, **_: object) -> None:
        self.stat(path)

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: None = None) -> int:
        return int(self._disk.number(self._disk.open(path, flags)))

    def close(self, fd: int) -> None:
        self._find(fd).close()

    def fsync(self, fd: Any) -> None:
        self._find(descriptor_of(fd))

    fdatasync = fsync

    def ftruncate(self, fd: int, length: int) -> None:
        self._find(fd).truncate(length)

    def truncate(self, path: Any, length: int) -> None:
        if isinstance(path, int):
            self.ftruncate(path, length)
        else:
            with self._disk.open(path, O_WRONLY) as raw:
                raw.truncate(length)

    def read(self, fd: int, size: int) -> bytes:
        data: bytes = self._find(fd).read(size)
        return data

    def write(self, fd: int, data: Any) -> int:
        if fd in streams.NAMES:
            return int(streams.write(fd, data))
        written: int = self._find(fd).write(data)
        return written

    def lseek(self, fd: int, position: int, whence: int) -> int:
        at: int = self._find(fd).seek(position, whence)
        return at

    def _find(self, fd: int) -> Raw:
        if fd not in self._disk.opened:
            raise failure(errno.EBADF, None)
        return self._disk.opened[fd]

    def open_file(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Callable[[Any, int], int] | None = None,
    ) -> Any:
        """Open `file` as the built-in `open` does."""
        flags = parse_mode(mode)
        if file == STDIN:
            return REAL_OPEN(file, mode, buffering, encoding, errors, newline, closefd)
        if file in streams.NAMES:
            return streams.reopen(file, mode, encoding, errors, newline)
        if opener is not None:
            file = opener(file, flags)
        raw = self._find(file) if isinstance(file, int) else self._disk.open(file, flags)
        if "a" in mode:
            raw.seek(0, os.SEEK_END)
        return layer(raw, mode, buffering, encoding, errors, newline)

    def file_class(self) -> type[Raw]:
        """Return what stands for `io.FileIO`."""
        open_file = self.open_file

        class FileIO(Raw):  # type: ignore[misc]
            """A file without buffers."""

            def __new__(
                cls, file: Any, mode: str = "r", closefd: bool = True, opener: Any = None
            ) -> Any:
                bare = mode.replace("b", "")
                return open_file(file, f"{bare}b", 0, closefd=closefd, opener=opener)

        return FileIO


STDIN = 0
REAL_OPEN = io.open


def descriptor_of(file: Any) -> int:
    """Return a descriptor, given itself or what has one."""
    return int(file if isinstance(file, int) else file.fileno())


def describe(mode: int, number: int, size: int, when: float) -> os.stat_result:
    """Return what `os.stat` tells; ZIP wants a time after 1980."""
    seconds = (int(when),) * 3
    names = ("st_atime", "st_mtime", "st_ctime")
    exact = {**dict.fromkeys(names, when), **{f"{n}_ns": int(when * 1e9) for n in names}}
    return os.stat_result((mode, number, 1, 1, 0, 0, size, *seconds), exact)


def parse_mode(mode: str) -> int:
    """Return the `os.O_*` flags of a mode such as "r+b"."""
    kinds = [letter for letter in mode if letter in MODES]
    if len(kinds) != 1 or not set(mode) <= set("rwxabt+") or len(set(mode)) != len(mode):
        raise ValueError(f"invalid mode: {mode!r}")
    if "b" in mode and "t" in mode:
        raise ValueError("can't have text and binary mode at once")
    only = O_RDONLY if kinds == ["r"] else O_WRONLY
    return MODES[kinds[0]] & ~(O_RDONLY | O_RDWR | O_WRONLY) | (O_RDWR if "+" in mode else only)


def layer(
    raw: Raw,
    mode: str,
    buffering: int,
    encoding: str | None,
    errors: str | None,
    newline: str | None,
) -> Any:
    """Lay buffers, and text if `mode` wants it, on `raw`."""
    if "b" in mode and (encoding or errors or newline):
        raise ValueError("binary mode doesn't take an encoding, errors or newline argument")
    if buffering == 0:
        if "b" not in mode:
            raise ValueError("can't have unbuffered text I/O")
        return raw
    size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
    if "+" in mode:
        buffered: Any = io.BufferedRandom(raw, size)
    else:
        buffered = (io.BufferedReader if "r" in mode else io.BufferedWriter)(raw, size)
    if "b" in mode:
        return buffered
    text = io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline, buffering == 1)
    text.mode = mode  # type: ignore[misc]
    return text


def install(zones: str) -> Disk:
    """Put a disk in place of WASI's empty one, with the time zones found below `zones`."""
    disk = Disk()
    system = System(disk)
    for path in [p for p in sorted(Path(zones).rglob("*")) if p.is_file()]:
        place = "/usr/share/zoneinfo/" + path.relative_to(zones).as_posix()
        add(disk, place, path.read_bytes())
    names = [n for n in vars(System) if not n.startswith("_") and hasattr(os, n)]
    for name in names:
        for module in (os, posix):
            setattr(module, name, getattr(system, name))
    take_over(system.open_file)
    io.FileIO = _io.FileIO = system.file_class()  # type: ignore[misc]
    _io.open_code = lambda path: system.open_file(path, "rb")
    sys.path[:] = [HOME, PACKAGES]
    sys.dont_write_bytecode = True
    return disk


def take_over(open_file: Callable[..., Any]) -> None:
    """Put `open_file` in the place of `open`, in modules too that keep it by a name of their own.

    Such is `tokenize`, through which `linecache` reads.
    """
    own = vars(sys.modules[__name__])
    for module in list(sys.modules.values()):
        kept = vars(module)
        for name in [n for n, value in kept.items() if value is REAL_OPEN and kept is not own]:
            kept[name] = open_file


def add(disk: Disk, path: str, data: bytes) -> None:
    """Add `data` to the end of the file at `path`, made if need be, as are its folders."""
    place = disk.resolve(path)
    for folder in Path(place).parents:
        disk.folders.setdefault(str(folder), time.time())
    with disk.open(place, O_CREAT | O_APPEND | O_WRONLY) as file:
        file.write(data)
