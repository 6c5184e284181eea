"""What something takes of the processor, and how that grows with a text's length."""

from collections.abc import Callable
from time import process_time

import psutil


def assert_grows_less(read: Callable[[int], object], size: int, times: int, most: float) -> None:
    """Assert that `times` the `size` takes less than `most` times the time.

    It is the processor's time, so how busy the machine is counts little; a slow moment gets a
    second try. Below 10 ms a time says nothing.
    """
    read(size // 10)  # what is made once, like a pattern that is compiled
    before = max(seconds(read, size), 0.01)
    taken = seconds(read, size * times)
    if taken >= most * before:
        taken = seconds(read, size * times)
    assert taken < most * before


def seconds(read: Callable[[int], object], size: int) -> float:
    """Return the processor's seconds that `read` takes with `size`."""
    started = process_time()
    read(size)
    return process_time() - started


def seconds_of_all() -> float:
    """Return the processor's seconds of this process, and of those that it started and ended."""
    times = psutil.Process().cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def worker_seconds(sandbox) -> float:
    """Return the processor's seconds that a sandbox's process has taken so far."""
    times = psutil.Process(sandbox._worker.pid).cpu_times()
    return times.user + times.system
