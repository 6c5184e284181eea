"""The notebooks hold what they say; `make test` runs them too, with nbval."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from gemini_magic.answer.document import MIME
from gemini_magic.runs.run import Run

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
START, *STORED = NOTEBOOKS
NAMES = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


def runs(path: Path) -> list[tuple[int, Run]]:
    """The stored runs, each with the place of its cell."""
    return [
        (place, Run.from_dict(output["data"][MIME]))
        for place, cell in enumerate(cells(path))
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]


def same(code: str) -> str:
    """Code as it means: the quotes of a text are free."""
    return ast.dump(ast.parse(code))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_what_is_stored_came_from_no_model_and_went_well(path):
    stored = runs(path)
    assert stored
    # The fifth brings a scripted server of its own.
    engine = "local" if path.stem.startswith("05") else "offline"
    assert {(run.engine, run.state, run.outcome) for _, run in stored} == {
        (engine, "done", "OUTCOME_OK")
    }
    outputs = [output for cell in cells(path) for output in cell.get("outputs", ())]
    assert {output["output_type"] for output in outputs} <= {
        "display_data",
        "execute_result",
        "stream",
    }
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_the_notebook_that_make_lab_opens_waits_to_be_run():
    assert f"jupyter lab notebooks/{START.name}" in (ROOT / "Makefile").read_text("utf-8")
    assert "Shift+Enter" in "".join(cells(START)[0]["source"])
    code = [cell for cell in cells(START) if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@NAMES
def test_no_stored_run_was_changed_by_hand(path):
    assert {run.integrity for run in Run.from_notebook(path)} <= {"intact", "no hash"}


@NAMES
def test_the_headings_are_numbered_in_order(path):
    text = "\n".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")
    number = int(path.name[:2])
    assert re.findall(r"^# (\d+)\. ", text, re.MULTILINE) == [str(number)]
    found = re.findall(r"^## (\S+) ", text, re.MULTILINE)
    assert found == [f"{number}.{place}" for place in range(1, len(found) + 1)]


def test_the_code_that_was_taken_home_is_that_of_the_run_and_gives_the_same():
    path = ROOT / "notebooks" / "02-data-exploration.ipynb"
    place, run = runs(path)[-1]
    staging, code = cells(path)[place + 2 : place + 4]
    assert same("".join(staging["source"])) == same(run.staging)
    assert same("".join(code["source"])) == same(run.code or "")
    printed, plot = code["outputs"]
    assert "".join(printed["text"]) == run.output
    assert "image/png" in plot["data"]


@NAMES
def test_the_readme_names_the_notebook(path):
    assert f"notebooks/{path.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_notebook_that_make_lab_opens_asks_to_be_run_and_shows_nothing_yet():
    assert f"jupyter lab notebooks/{START.name}" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "Shift+Enter" in "".join(cells(START)[0]["source"])
    code = [cell for cell in cells(START) if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


def test_the_notebook_that_make_lab_opens_runs_from_top_to_bottom(live):
    for cell in cells(START):
        if cell["cell_type"] == "code":
            published = live.run("".join(cell["source"]))
            assert published.reply["status"] == "ok", published.reply
    assert live.run("print(_run.engine, _run.state)").text == "offline done\n"
