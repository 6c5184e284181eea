"""A run with data in a real JupyterLab: its cells find the data again, in the kernel."""

from collections.abc import Iterator

import nbformat
import pytest
from browser import MIME, Lab
from labserver import Server
from playwright.sync_api import expect

CODE = """import csv
rows = list(csv.DictReader(open("input_file_0.csv")))
print(sum(float(row["rain"]) for row in rows))"""
CELLS = (
    "%load_ext gemini_magic",
    "import polars\nweather = polars.DataFrame({'day': ['Mon', 'Tue'], 'rain': [1.5, 6.0]})",
    f"%%gemini_exec --engine offline --data weather\nHow much rain?\n```python\n{CODE}\n```",
)


@pytest.fixture
def lab(site: Server, jupyterlab: Lab) -> Iterator[Lab]:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "data.ipynb")
    jupyterlab.open("data.ipynb", kernel=True)
    yield jupyterlab
    assert (jupyterlab.errors, jupyterlab.remote_requests) == ([], [])


def printed(lab: Lab, index: int) -> list[str]:
    outputs = lab.cells()[index]["outputs"]
    assert all(output["output_type"] == "stream" for output in outputs), outputs
    return ["".join(output["text"]) for output in outputs]


def test_the_cells_of_a_run_with_data_make_its_file_and_compute_the_same(lab: Lab):
    for index in range(len(CELLS)):
        lab.run(index)
    run = lab.cells()[2]["outputs"][0]["data"][MIME]
    assert [part["output"] for part in run["parts"] if part["kind"] == "result"] == ["7.5\n"]
    lab.page.get_by_role("button", name="Choose what to insert").click()
    lab.page.get_by_role("menuitemradio", name="What the answer needs").click()
    expect(lab.page.locator(".jp-Cell")).to_have_count(5)
    staging, code = lab.sources()[3:]
    assert "gemini_magic.stage(data={'weather': weather})" in staging
    assert code == CODE
    assert not (lab.server.folder / "input_file_0.csv").exists()
    lab.run(3)
    assert (lab.server.folder / "input_file_0.csv").read_text() == "day,rain\nMon,1.5\nTue,6.0\n"
    lab.run(4)
    assert printed(lab, 4) == ["7.5\n"]
