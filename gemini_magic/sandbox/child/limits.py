"""Limits that the operating system holds the worker to, should those of wasmtime fail."""

from __future__ import annotations

import sys
import time

MEMORY = 512 * 2**20  # bytes for the guest
OWN = 512 * 2**20  # bytes for the worker itself, without its stacks
CPU_MARGIN = 10  # seconds


def limit_process(memory: int, stacks: int) -> list[str]:
    """Allow no files to grow, few descriptors, no core dump, `memory` bytes for the guest.

    `stacks` are the bytes of the stacks that the guest's threads may have at one time: the system
    counts the whole of each, however little of it is used. Return what was put in place.
    """
    if sys.platform == "win32":
        return []
    import resource

    wanted = {"FSIZE": 0, "NOFILE": 64, "CORE": 0}
    if sys.platform == "linux":
        wanted["DATA"] = memory + stacks + OWN
    for name, value in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
    return sorted(name.lower() for name in wanted)


def limit_time(seconds: float) -> None:
    """Let the kernel end the worker when it computes for long after `seconds` from now."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(time.process_time() + seconds) + CPU_MARGIN
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
