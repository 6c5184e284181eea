"""The second wall, around the worker itself, for the day that wasmtime has a hole.

Linux only: Landlock without a single rule (no files, no TCP), or with one to read the library of
the scientific guest, and a seccomp filter that allows what a loaded worker needs. Best effort: what
could not be raised is missing from the answer.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Sequence

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF, SECCOMP = 444, 445, 446, 317

# https://docs.kernel.org/userspace-api/landlock.html: rights to files by version of the interface.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
TCP_RIGHTS, SCOPES = 0b11, 0b11
PATH_BENEATH, READ_FILE, READ_FOLDER = 1, 1 << 2, 1 << 3

# x86-64 alone: the numbers differ elsewhere, and a list that was not tried may stop the worker.
ALLOWED = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "ioctl": 16, "writev": 20, "sched_yield": 24, "mremap": 25, "madvise": 28,
    "nanosleep": 35, "getpid": 39, "exit": 60, "fcntl": 72, "gettimeofday": 96, "getrusage": 98,
    "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204,
    "epoll_create": 213, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "epoll_wait": 232, "epoll_ctl": 233,
    "tgkill": 234, "ppoll": 271, "set_robust_list": 273, "epoll_pwait": 281, "eventfd2": 290,
    "epoll_create1": 291, "prlimit64": 302, "getrandom": 318, "membarrier": 324, "rseq": 334,
}  # fmt: skip
# For the scientific guest: it reads its library, below a folder that Landlock leaves open to it.
READING = {
    "pread64": 17, "dup": 32, "uname": 63, "getdents64": 217, "fadvise64": 221, "openat": 257,
    "newfstatat": 262, "readlinkat": 267, "statx": 332, "openat2": 437,
}  # fmt: skip
CLONE, CLONE3, CLONE_THREAD = 56, 435, 0x10000
AUDIT_ARCH_X86_64, X32_BIT = 0xC000003E, 0x40000000
EPERM, ENOSYS = 1, 38

# https://docs.kernel.org/userspace-api/seccomp_filter.html: classic BPF.
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x50000


def raise_walls(readable: Sequence[str] = ()) -> list[str]:
    """Raise what this system has, for every thread that is yet to start, and return the names.

    What is below the `readable` folders may still be read.
    """
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return []
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    walls = {"landlock": raise_landlock, "seccomp": raise_seccomp}
    return [name for name, build in walls.items() if build(libc, readable)]


def raise_landlock(libc: ctypes.CDLL, readable: Sequence[str]) -> bool:
    """Forbid this thread, and those it starts, every TCP port and every file not `readable`."""
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if version < 1:
        return False
    files = (1 << FILE_RIGHTS[min(version, max(FILE_RIGHTS))]) - 1
    fields = 1 if version < 4 else 2 if version < 6 else 3
    rights = struct.pack(f"<{fields}Q", *(files, TCP_RIGHTS, SCOPES)[:fields])
    ruleset = libc.syscall(
        LANDLOCK_CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), ctypes.c_uint(0)
    )
    if ruleset < 0:
        return False
    for path in readable:
        allow_reading(libc, ruleset, path)
    done = libc.syscall(LANDLOCK_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0))
    os.close(ruleset)
    return bool(done == 0)


def allow_reading(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    """Let what is below the folder `path` be read; where that fails, it cannot be."""
    folder = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    rule = struct.pack("<Qi", READ_FILE | READ_FOLDER, folder)
    libc.syscall(
        LANDLOCK_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(PATH_BENEATH), rule, ctypes.c_uint(0)
    )
    os.close(folder)


class Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def raise_seccomp(libc: ctypes.CDLL, readable: Sequence[str]) -> bool:
    """Refuse every system call but those in `ALLOWED` or for reading, in all threads."""
    if platform.machine() != "x86_64" or sys.maxsize < 2**32:
        return False
    code = filter_code([*ALLOWED.values(), *(READING.values() if readable else ())])
    program = Program(len(code), b"".join(struct.pack("<HBBI", *line) for line in code))
    set_filter, all_threads = ctypes.c_uint(1), ctypes.c_uint(1)
    return bool(libc.syscall(SECCOMP, set_filter, all_threads, ctypes.byref(program)) == 0)


def filter_code(allowed: Iterable[int]) -> list[tuple[int, int, int, int]]:
    """Return the filter: (operation, lines to skip if true, if false, operand)."""
    code = [
        (LOAD, 0, 0, 4),  # the architecture
        (JUMP_EQUAL, 1, 0, AUDIT_ARCH_X86_64),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),  # the call's number
        (JUMP_AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
        # Its flags are behind a pointer that a filter cannot follow; glibc then uses `clone`.
        (JUMP_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, REFUSE | ENOSYS),
        (JUMP_EQUAL, 0, 5, CLONE),
        (LOAD, 0, 0, 16),  # its first argument
        (AND, 0, 0, CLONE_THREAD),
        (JUMP_EQUAL, 0, 1, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE | EPERM),
    ]
    for number in allowed:
        code += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    return [*code, (RETURN, 0, 0, REFUSE | EPERM)]
