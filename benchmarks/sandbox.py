"""How long the sandbox takes: to compile, to start, and to print from a spare worker.

With the extra `science` also: to start with numpy, and to draw.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable

from gemini_magic.sandbox import Sandbox, prepare, science
from gemini_magic.sandbox.spare import SPARE

RUNS = 15
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()"


def seconds(what: Callable[[], object]) -> float:
    """Return how long `what` takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def compile_anew() -> float:
    """Return the time to compile into an empty cache."""
    kept = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        try:
            return seconds(prepare)
        finally:
            del os.environ["XDG_CACHE_HOME"]
            if kept is not None:
                os.environ["XDG_CACHE_HOME"] = kept


def to_print() -> float:
    """Return the time from nothing but what there is to the output of `print(1)`."""
    sandbox = Sandbox()
    taken = seconds(lambda: list(sandbox.run("print(1)")))
    sandbox.close()
    return taken


def cold() -> float:
    """Return the time to print with no spare worker."""
    SPARE.drop()
    return to_print()


def spare() -> float:
    """Return the time to print with a worker that has had the time to get ready."""
    time.sleep(0.7)
    return to_print()


def again() -> float:
    """Return the time to print in a worker that has run a block before."""
    with Sandbox() as sandbox:
        list(sandbox.run("print(1)"))
        return seconds(lambda: list(sandbox.run("print(1)")))


def many_lines() -> float:
    """Return the time to print 100,000 lines."""
    with Sandbox() as sandbox:
        list(sandbox.run("print(1)"))
        return seconds(lambda: list(sandbox.run("for i in range(100_000): print(i)")))


def with_numpy() -> float:
    """Return the time to a sum by numpy, with no spare worker."""
    SPARE.drop()
    with Sandbox() as sandbox:
        return seconds(lambda: list(sandbox.run("import numpy\nprint(numpy.arange(9).sum())")))


def first_plot() -> float:
    """Return the time to a figure in a worker that has run a block before."""
    with Sandbox(science=True) as sandbox:
        list(sandbox.run("print(1)"))
        return seconds(lambda: list(sandbox.run(PLOT)))


def next_plot() -> float:
    """Return the time to a second figure."""
    with Sandbox(science=True) as sandbox:
        list(sandbox.run(PLOT))
        return seconds(lambda: list(sandbox.run(PLOT)))


def report(name: str, times: list[float]) -> None:
    """Print the median and the range, in milliseconds."""
    low, middle, high = (1000 * f(times) for f in (min, statistics.median, max))
    print(f"{name:24} {middle:9.1f} ms   ({low:.1f} to {high:.1f}, {len(times)} runs)")


def main() -> None:
    """Print the table."""
    print(f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"Python {platform.python_version()}")
    report("compile, once", [compile_anew() for _ in range(2)])
    prepare()
    for name, measure in {"cold start": cold, "from the spare": spare, "next block": again}.items():
        report(name, [measure() for _ in range(RUNS)])
    report("100,000 lines", [many_lines() for _ in range(5)])
    if science.is_installed():
        prepare(print, science=True)
        scientific = {"numpy, cold": with_numpy, "first plot": first_plot, "next plot": next_plot}
        for name, measure in scientific.items():
            report(name, [measure() for _ in range(5)])


if __name__ == "__main__":
    main()
