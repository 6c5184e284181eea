"""Two pages on one notebook, with jupyter-collaboration: both see a run, which is stored once."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import streaming
from browser import MIME, Lab
from labserver import Server, serve
from playwright.sync_api import Browser, Locator, expect
from streaming import LIVE, STREAM, begin

pytest.importorskip("jupyter_server_ydoc")
INSERTED = re.compile(r"^print\(1\)$")
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("shared"), shares=True) as server:
        yield server


def opened(browser: Browser, server: Server, name: str, end: Path) -> Lab:
    # The page that asked for the run inserts its code.
    stream = STREAM.replace('"gemini-3-flash-preview")', '"gemini-3-flash-preview", "all")')
    path = server.folder / name
    if not path.exists():
        cells = [nbformat.v4.new_code_cell(text) for text in (stream, f"stream({str(end)!r})")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    lab = Lab(browser, server)
    # Time goes on by itself, and can be run ahead of.
    lab.page.clock.install()
    lab.open(name, kernel=True)
    return lab


def state_of(lab: Lab) -> Locator:
    return lab.views().get_by_role("status")


def runs_in(lab: Lab) -> list[str]:
    outputs = lab.cells()[1]["outputs"]
    return [output["data"][MIME]["state"] for output in outputs]


def test_both_pages_see_a_run_and_one_output_is_stored_and_inserted_once(shared, chromium):
    end = shared.folder / "end"

    def page() -> Lab:
        return opened(chromium, shared, "two.ipynb", end)

    with page() as one, page() as two:
        one.run(0)
        begin(one)
        expect(state_of(two)).to_have_text("Running in another window")
        expect(two.views()).to_contain_text("It is one.")
        two.shoot("lab-shared", two.views())
        with page() as late:
            expect(state_of(late)).to_have_text("Running in another window")
            # Long enough for what a page does later for one that is gone.
            late.page.clock.run_for(4_000)
        expect(one.page.locator(LIVE)).to_have_count(1)
        streaming.end(end)
        one.wait()
        for each in (one, two):
            expect(state_of(each)).to_have_text("Done")
            expect(each.page.locator(".cm-content", has_text=INSERTED)).to_have_count(1)
        for each in (one, two):
            each.page.clock.run_for(7_000)
        for each in (one, two):
            assert runs_in(each) == ["done"]
            assert each.sources().count("print(1)") == 1
        one.save()
        [cell] = nbformat.read(shared.folder / "two.ipynb", 4).cells[1:2]
        assert len(cell.outputs) == 1
        assert one.errors == two.errors == []


@pytest.mark.torture(sample=False)
def test_a_run_whose_page_is_closed_comes_to_its_end_in_the_other_one(shared, chromium):
    end = shared.folder / "other-end"
    with opened(chromium, shared, "closed.ipynb", end) as two:
        with opened(chromium, shared, "closed.ipynb", end) as one:
            one.run(0)
            begin(one)
            expect(two.views()).to_contain_text("It is one.")
        expect(state_of(two)).to_have_text("Running in another window")
        streaming.end(end)
        expect(state_of(two)).to_have_text("Done")
        assert runs_in(two) == ["done"]
        assert two.errors == []
