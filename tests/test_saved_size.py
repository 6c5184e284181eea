"""What a saved run weighs, beside the text and pictures in it."""

import random
from base64 import b64encode

import nbformat
import pytest

from gemini_magic.answer.parts import FAILED, OK, Code, Image, Part, Result, Text
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import mimebundle

MOST = 2.3
CODE = """import statistics
rows = [line.split(",") for line in open("input_file_0.csv")]
sales = {name: float(value) for name, value in rows if value != ""}
for name, value in sorted(sales.items(), key=lambda item: item[1]):
    if value < 100 and name != "total":
        print(f"{name}: {value:.2f} & \\"below\\" <{statistics.mean(sales.values()):.2f}>")
"""


def run_of(*parts: Part) -> Run:
    run = Run(Request("Which months were weak?"), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


def attempts(steps: int, output: int) -> list[Part]:
    """Return `steps` attempts, every other one failed, each with `output` lines printed."""
    parts: list[Part] = []
    for step in range(steps):
        parts += [
            Text(f"Attempt {step} reads the *file* once more, and prints what is below 100.\n"),
            Code(f"# attempt {step}\n{CODE}"),
            Result(
                FAILED if step % 2 == 0 else OK,
                "".join(
                    f"row {row:>4}  '2026-{row % 12 + 1:02}'  {row * step}\n"
                    for row in range(output)
                ),
            ),
        ]
    return parts


def picture(size: int) -> Image:
    return Image("image/png", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(size))


def raw_size(run: Run) -> int:
    """Return the bytes of a run's text, and of its pictures as base64, which notebooks need."""
    size = len(run.request.prompt)
    for part in run.parts:
        values = [value for value in vars(part).values() if isinstance(value, str)]
        size += sum(len(value.encode()) for value in values)
        size += len(b64encode(part.data)) if isinstance(part, Image) else 0
    return size


PARTS = {
    "200 steps and 1 MB": lambda: attempts(200, 180),
    "a picture of 2 MB": lambda: [*attempts(2, 10), picture(2_000_000)],
    "one step and 1 MB": lambda: attempts(1, 44_000),
}


@pytest.mark.growth
@pytest.mark.parametrize("name", PARTS)
def test_a_saved_run_is_at_most_2_3_times_its_text_and_pictures(name: str):
    run = run_of(*PARTS[name]())
    cell = nbformat.v4.new_code_cell("%%gemini_exec\nWhich months were weak?")
    cell.outputs = [nbformat.v4.new_output("display_data", mimebundle(run))]
    saved = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
    assert raw_size(run) > 1_000_000
    assert len(saved.encode()) / raw_size(run) <= MOST
