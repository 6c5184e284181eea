"""Long suites: a sample of each runs with all tests, all of it with `make torture`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest

# Set it to repeat what went wrong, or to try another one.
SEED = int(os.environ.get("TORTURE_SEED", "20261127"))
# Adds to a figure of the suite, which its last line says.
Count = Callable[[str, int], None]


def sampled(cases: Iterable[object], every: int) -> list[object]:
    """Return `cases`, as the names of a table, for `pytest.mark.parametrize`.

    Each `every`th is in the sample. Several values of one case are a tuple.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=pytest.mark.torture(sample=place % every == 0),
        )
        for place, case in enumerate(cases)
    ]


def either(sample: object, whole: object) -> list[object]:
    """Return for `pytest.mark.parametrize` what the sample takes, and what the whole suite does."""
    return [
        pytest.param(sample, id="sample"),
        pytest.param(whole, id="whole", marks=pytest.mark.torture(sample=False)),
    ]


def random_of(name: str) -> Random:
    """Return what a test draws from: the same for the same seed, whatever ran before."""
    return Random(f"{SEED} {name}")


def summary(reports: Iterable[Any]) -> list[str]:
    """Return one line a module: how many of its tests passed, their figures and their seconds."""
    tests: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    figures: dict[str, Counter[str]] = {}
    for report in reports:
        suite = report.nodeid.split("::")[0].rpartition("/")[2].removesuffix(".py")
        tests[suite] += 1
        seconds[suite] += report.duration
        counted = figures.setdefault(suite, Counter())
        for name, amount in report.user_properties:
            counted[name] += amount
    return [
        ", ".join(
            [
                f"{suite}: {tests[suite]:,} tests",
                *(f"{amount:,} {name}" for name, amount in sorted(figures[suite].items())),
                f"{seconds[suite]:.0f} s",
            ]
        )
        for suite in sorted(tests)
    ]
