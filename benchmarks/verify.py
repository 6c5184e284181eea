"""What it costs to run attempts again, and to grant a package: `python benchmarks/verify.py`."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable

from gemini_magic import Run
from gemini_magic.sandbox import Sandbox, prepare
from gemini_magic.sandbox.packages import PACKAGES, files_of
from gemini_magic.sandbox.science import is_installed
from gemini_magic.sandbox.spare import SPARE

RUNS = 7
CODES = (
    ("import math, csv", ""),
    ("primes = [p for p in range(2, 500) if all(p % d for d in range(2, p))]\nprint(len(primes))",
     "95\n"),
    ("print(math.sqrt(2), {1, 2, 3})", "1.4142135623730951 {3, 2, 1}\n"),
    ("print(sum(primes) / len(primes))", "227.32631578947368\n"),
    ("print(max(primes))", "499\n"),
)  # fmt: skip


def run_of(codes: tuple[tuple[str, str], ...]) -> Run:
    """Return a run with these attempts and what they reported."""
    parts = [
        part
        for code, output in codes
        for part in (
            {"kind": "code", "code": code, "language": "PYTHON", "id": ""},
            {"kind": "result", "outcome": "OUTCOME_OK", "output": output, "id": ""},
        )
    ]
    head = {"version": 1, "engine": "", "model": "", "prompt": "x", "state": "done"}
    return Run.from_dict({**head, "insert": "", "parts": parts, "error": None})


def seconds(what: Callable[[], object]) -> float:
    """Return how long `what` takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def report(name: str, times: list[float]) -> None:
    """Print the median and the range."""
    low, middle, high = (f(times) for f in (min, statistics.median, max))
    print(f"{name:44} {middle:8.3f} s   ({low:.3f} to {high:.3f}, {len(times)} runs)")


def verify(codes: tuple[tuple[str, str], ...], *, warm: bool) -> float:
    """Return the time to verify attempts, with a spare worker that is ready if `warm`."""
    if warm:
        time.sleep(0.7)
    else:
        SPARE.drop()
    run = run_of(codes)
    return seconds(run.verify)


def notebook() -> float:
    """Return the time to verify fifty runs of five attempts, one after the other."""
    return seconds(lambda: [run_of(CODES).verify() for _ in range(50)])


def granted(module: str) -> float:
    """Return the time from nothing to the end of a block that imports `module`."""
    SPARE.drop()
    with Sandbox() as sandbox:
        return seconds(lambda: list(sandbox.run(f"import {module}")))


def main() -> None:
    """Print the table."""
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}")
    prepare()
    report("five attempts, first", [verify(CODES, warm=False) for _ in range(RUNS)])
    report("five attempts, warm", [verify(CODES, warm=True) for _ in range(RUNS)])
    differing = (*CODES[:4], ("import random\nprint([random.random()])", "[0.5]\n"))
    report("the same, one by chance", [verify(differing, warm=True) for _ in range(RUNS)])
    report("fifty runs of five attempts", [notebook()])
    report("a block without packages, no spare worker", [granted("math") for _ in range(RUNS)])
    for package in PACKAGES:
        if size := sum(map(len, files_of(package).values())):
            name = f"a block with {package.modules[0]}, {size / 1e6:.1f} MB"
            report(name, [granted(package.modules[0]) for _ in range(3)])
    if is_installed():
        print("what the scientific sandbox has itself was imported there")


if __name__ == "__main__":
    main()
