"""A run of 200 steps and 1 MB, and how it grows: what `view.py` has both sides show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gemini_magic.answer.parts import FAILED, OK, Code, Result, Text
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

STEPS = 200
CODE = """import csv, statistics
with open("input_file_0.csv") as lines:
    rows = [(row["month"], float(row["sales"])) for row in csv.DictReader(lines)]
weak = [name for name, value in rows if value < {limit} and name != "total"]
mean = statistics.mean(value for _, value in rows)
for number, (name, value) in enumerate(rows):
    mark = "below" if name in weak else "above"
    print(f"{{number:>3}} {{name}} {{value:12.2f}} is {{mark}} the limit, {{value / mean:.3f}}")
assert weak, "no month is below the limit"
"""
LINE = "{number:>3} 2026-{month:02} {value:12.2f} is above the limit, {part:.3f}\n"
FAILURE = "Traceback (most recent call last):\n  ...\nAssertionError: no month is below the limit\n"
# What an attempt streams as: recorded streams of the API have four to six pieces of prose to one of
# code and one of its result.
PROSE = 5
PIECES = [*["a piece of prose"] * PROSE, "code", "its result"]
WORDS = ("The limit was **too low**: ", "no month is below it, so I take ", "*another* instead. ")
PARAGRAPH = (
    "The months were **weak**, as `sales` fell by a *tenth*; the rest was as before. " * 5 + "\n\n"
)
MORE = 20


def begun() -> Run:
    return Run(Request("Which months were weak?"), "gemini", "gemini-3-flash-preview")


def prose(run: Run, pieces: int) -> Iterator[None]:
    """Add prose as a stream brings it; yield after each piece."""
    for piece in range(pieces):
        run.add(Text(WORDS[piece % len(WORDS)]))
        yield


def answer(run: Run, steps: Iterable[int]) -> Iterator[None]:
    """Add attempts, each in its `PIECES`; yield wherever a view would be redrawn."""
    for step in steps:
        yield from prose(run, PROSE)
        run.add(Code(CODE.format(limit=step)))
        yield
        run.add(result(step))
        yield


def long_prose(run: Run) -> Iterator[None]:
    """Add 4,000 characters of prose at once, and `MORE` pieces to it; yield after each of these."""
    run.add(Text(PARAGRAPH * 10))
    yield from prose(run, MORE)


def result(step: int) -> Result:
    """Return what an attempt printed: every other one fails at its end, and the next mends it."""
    rows = "".join(
        LINE.format(number=row, month=row % 12 + 1, value=row * step + 0.5, part=row / (step + 1))
        for row in range(90)
    )
    failed = step % 2 == 0
    return Result(FAILED if failed else OK, rows + FAILURE if failed else rows)
