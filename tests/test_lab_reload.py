"""A page that is loaded again while a run goes on."""

import shutil
from collections.abc import Iterator
from threading import Event
from time import monotonic

import loopback
import nbformat
import pytest
from browser import MIME, Lab
from labserver import Server
from loopback import said
from playwright.sync_api import Locator, expect

LOAD = """
import os
os.environ |= {{"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": "{url}"}}
%load_ext gemini_magic
"""
CODE = "print(6 * 7)"
CALL = said({"executableCode": {"language": "PYTHON", "code": CODE}})
RESULT = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "42\n"}}
CELLS = (LOAD, "%%gemini_exec --engine gemini\nWhat is 6 * 7?", "%gemini show 1")
RUN, SHOW = 1, 2
PROMISE = "The run comes here when it ends"


@pytest.fixture
def end() -> Event:
    """What ends the run."""
    return Event()


@pytest.fixture
def lab(site: Server, fresh: Lab, server: loopback.Server, end: Event) -> Iterator[Lab]:
    """A page in which a run goes on."""
    server.streams(CALL, end.wait, said(RESULT, finishReason="STOP"))
    cells = [nbformat.v4.new_code_cell(source.format(url=server.url)) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "run.ipynb")
    fresh.open("run.ipynb", kernel=True)
    fresh.run(0)
    fresh.save()
    fresh.start(RUN)
    fresh.page.locator(".gm-run[data-live=true] .gm-step").wait_for()
    yield fresh
    end.set()
    site.end_kernels()
    assert (fresh.errors, fresh.dialogs, fresh.remote_requests) == ([], [], [])


def output(lab: Lab, index: int) -> Locator:
    return lab.page.locator(".jp-Cell").nth(index).locator(".jp-OutputArea")


def test_a_run_that_was_saved_half_way_says_so_and_comes_whole_when_it_ends(lab: Lab, end: Event):
    started = monotonic()
    lab.save()
    lab.reload()
    run = output(lab, RUN).locator(".gm-run")
    expect(run.get_by_role("status")).to_have_text("Unfinished")
    expect(run).to_contain_text("The page was loaded while this went on.")
    expect(run).to_contain_text(PROMISE)
    lab.shoot("lab-reloaded", run)
    lab.save()
    shutil.copy(lab.server.folder / "run.ipynb", lab.server.folder / "copy.ipynb")
    held = monotonic() - started
    end.set()
    expect(run.get_by_role("status")).to_have_text("Done")
    expect(run.locator(".gm-step .gm-out:visible")).to_have_text("42")
    (saved,) = lab.cells()[RUN]["outputs"]
    assert set(saved["data"]) == {MIME, "text/html", "text/markdown", "text/plain"}
    assert saved["metadata"][MIME]["seconds"] > held
    run.locator(".gm-step .gm-insert").click()
    assert lab.sources()[RUN + 1] == CODE
    lab.close()

    # What was saved half-way, with no kernel that could end it.
    lab.open("copy.ipynb")
    expect(lab.views().get_by_role("status")).to_have_text("Unfinished")
    expect(output(lab, RUN)).not_to_contain_text("widget")
    expect(output(lab, RUN)).to_contain_text("how it ended has not come here")
    expect(output(lab, RUN)).not_to_contain_text(PROMISE)
    lab.close()


@pytest.mark.torture(sample=False)
def test_a_run_that_was_not_saved_is_gone_from_the_page_and_can_be_shown_again(
    lab: Lab, end: Event
):
    """JupyterLab forgets what it has not saved, the output of any cell that still runs too."""
    lab.reload()
    assert lab.cells()[RUN]["outputs"] == []
    end.set()
    lab.run_js("await panel.sessionContext.ready;")
    lab.run(SHOW)
    run = output(lab, SHOW).locator(".gm-run")
    expect(run.get_by_role("status")).to_have_text("Done")
    expect(run.locator(".gm-step .gm-out:visible")).to_have_text("42")
    assert lab.cells()[RUN]["outputs"] == []
    run.locator(".gm-step .gm-insert").click()
    assert lab.sources()[SHOW + 1] == CODE
