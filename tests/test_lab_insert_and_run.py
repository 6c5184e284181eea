"""What is inserted runs: the chart of a notebook, whose attempts share names, in its own kernel."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import MIME, NOTEBOOK, Lab, write_notebook
from labserver import Server
from playwright.sync_api import expect

from gemini_magic.answer.parts import Code, Result
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

ENDED = f"""before => {{
    {NOTEBOOK}
    const cells = panel.content.widgets.slice(before).map(cell => cell.model);
    const failed = cell => cell.outputs.toJSON().some(({{output_type}}) => output_type === 'error');
    return cells.some(failed) || (cells.length && cells.every(cell => cell.executionCount));
}}"""
CHART = Path(__file__).parent.parent / "notebooks" / "03-functions-and-images.ipynb"


def drawn_and_read() -> tuple[str, dict]:
    """Return the code of the notebook's chart, and the run that reads its numbers off it."""
    cells = nbformat.read(CHART, as_version=4).cells
    at = next(at for at, cell in enumerate(cells) if "--file chart.png --out" in cell.source)
    draws = next(cell.source for cell in reversed(cells[:at]) if cell.cell_type == "code")
    document = next(o.data[MIME] for o in cells[at].get("outputs", []) if MIME in o.get("data", {}))
    return draws, Run.from_dict(document).to_dict()


@pytest.fixture
def chart(site: Server, fresh: Lab) -> Iterator[Lab]:
    draws, document = drawn_and_read()
    path = site.folder / "chart.ipynb"
    write_notebook(path, document)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(draws))
    nbformat.write(notebook, path)
    fresh.open("chart.ipynb", kernel=True)
    fresh.run(0)
    yield fresh
    assert fresh.errors == []


@pytest.fixture
def shared(site: Server, fresh: Lab) -> Iterator[Lab]:
    write_notebook(site.folder / "shared.ipynb", run_of("xs = [1, 2, 3]", "print(sum(xs))"))
    fresh.open("shared.ipynb", kernel=True)
    yield fresh
    assert fresh.errors == []


def run_of(*codes: str) -> dict:
    run = Run(Request("x"))
    for code in codes:
        run.add(Code(code))
        run.add(Result())
    with run.tracking():
        pass
    return run.to_dict()


def errors_of(lab: Lab) -> list[str]:
    outputs = [output for cell in lab.cells() for output in cell["outputs"]]
    return [output["evalue"] for output in outputs if output["output_type"] == "error"]


def test_attempts_that_share_names_are_inserted_run_and_taken_back(shared: Lab):
    shared.page.get_by_role("button", name="Choose what to insert").click()
    expect(shared.page.get_by_role("menuitemradio", name="What the answer needs")).to_contain_text(
        "attempts 1 and 2"
    )
    shared.page.get_by_role("menuitem", name="Insert and run").click()
    shared.page.wait_for_function(ENDED, arg=1)
    assert errors_of(shared) == []
    assert "".join(shared.cells()[2]["outputs"][0]["text"]) == "6\n"
    shared.undo()
    assert len(shared.cells()) == 1


def test_the_chart_of_a_notebook_is_inserted_and_run_without_an_error(chart: Lab):
    lab = chart
    lab.page.get_by_role("button", name="Choose what to insert").click()
    needed = lab.page.get_by_role("menuitemradio", name="What the answer needs")
    expect(needed).to_have_attribute("aria-checked", "true")
    expect(needed).to_contain_text("attempts 1 to 4")
    lab.page.get_by_role("menuitem", name="Insert and run").click()
    lab.page.wait_for_function(ENDED, arg=2, timeout=90_000)
    inserted = lab.cells()[2:]
    assert errors_of(lab) == []
    assert [cell["execution_count"] is not None for cell in inserted] == [True] * len(inserted)
    lab.undo()
    assert len(lab.cells()) == 2
