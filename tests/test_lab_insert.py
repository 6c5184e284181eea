"""Which code becomes cells when a run is done: the flag, the kernel's setting, the extension's."""

from collections.abc import Iterator

import nbformat
import pytest
from browser import Lab
from labserver import Server

SETTINGS = {"gemini-magic": {"runs": {"insert": "all"}}}
CODE = "print(6 * 7)"
RUN = f"%%gemini_exec --engine offline {{}}\n```python\n{CODE}\n```"
CELLS = {
    "load": "%load_ext gemini_magic",
    "nothing said": RUN.format(""),
    "--insert none": RUN.format("--insert none"),
    "%gemini show": "%gemini show 1",
    "GeminiMagic.insert": "%config GeminiMagic.insert = 'none'",
    "said in the kernel": RUN.format(""),
}


@pytest.fixture(scope="module")
def settings(site: Server) -> Iterator[None]:
    with site.configured(SETTINGS):
        yield


@pytest.fixture(scope="module")
def lab(settings: None, site: Server, fresh_for_all: Lab) -> Iterator[Lab]:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "insert.ipynb")
    fresh_for_all.open("insert.ipynb", kernel=True)
    fresh_for_all.run(0)
    yield fresh_for_all
    assert fresh_for_all.errors == []


def added_by(lab: Lab, name: str) -> list[str]:
    """Run a cell, and return what it added below. The cells are run in their order."""
    before = lab.sources()
    index = before.index(CELLS[name]) if name != "said in the kernel" else len(before) - 1
    lab.run(index)
    lab.draw()
    after = lab.sources()
    return after[index + 1 : index + 1 + len(after) - len(before)]


def test_the_extension_decides_where_neither_flag_nor_kernel_said_anything(lab: Lab):
    assert added_by(lab, "nothing said") == [CODE]


def test_a_flag_that_says_none_is_obeyed(lab: Lab):
    assert added_by(lab, "--insert none") == []


def test_a_run_that_is_shown_again_inserts_nothing(lab: Lab):
    assert added_by(lab, "%gemini show") == []


def test_a_setting_of_the_kernel_that_says_none_is_obeyed(lab: Lab):
    added_by(lab, "GeminiMagic.insert")
    assert added_by(lab, "said in the kernel") == []
