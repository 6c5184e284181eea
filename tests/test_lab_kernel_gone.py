"""A run whose kernel is gone: kept as far as it came, and no longer called live."""

import os
import signal
from collections.abc import Iterator

import nbformat
import pytest
from browser import MIME, Lab
from playwright.sync_api import Locator, expect
from streaming import LIVE, STREAM, begin
from torture import sampled

PID = "import os; from pathlib import Path; Path('pid').write_text(str(os.getpid()))"
GONE = "The kernel was restarted or died before this was done."
NOT_COME = "how it ended has not come here"
# A server interrupts a kernel before it ends it. One that is busy outside Python hears nothing.
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
PROMISE = "The run comes here when it ends"


@pytest.fixture(scope="module")
def started(fresh_for_all: Lab) -> Iterator[Lab]:
    yield fresh_for_all
    # JupyterLab's own: a kernel that is gone answers no request for a subshell.
    left = [error for error in fresh_for_all.errors if "create_subshell_request" not in error]
    assert left == []


@pytest.fixture
def lab(started: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A notebook of its own, in which a run goes on that never ends."""
    deaf = "" if "interrupted" in request.node.name else DEAF
    sources = (f"{STREAM}\n{PID}", f"{deaf}\nstream('no')")
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, started.server.folder / f"{request.node.name}.ipynb")
    started.open(f"{request.node.name}.ipynb", kernel=True)
    started.run(0)
    begin(started)
    yield started
    started.run_js(
        """
        await window.jupyterapp.serviceManager.sessions.shutdownAll();
        panel.context.model.dirty = false;
        panel.dispose();
        """
    )


def assert_kept(lab: Lab, line: str) -> Locator:
    view = lab.views()
    expect(view.get_by_role("status")).to_have_text("Unfinished")
    expect(view).to_contain_text(line)
    expect(view.locator(".gm-progress:visible")).to_have_count(0)
    (output,) = lab.cells()[1]["outputs"]
    assert set(output["data"]) == {MIME, "text/plain"}
    assert output["data"][MIME]["state"] == "running"
    return view


def reopen(lab: Lab) -> None:
    """Save the notebook, and open it again without a kernel."""
    lab.save()
    path = lab.run_js("const path = panel.context.path; panel.dispose(); return path;")
    lab.open(path.removeprefix(lab.server.place))


def test_a_run_whose_kernel_is_restarted_is_kept_and_saved_as_far_as_it_came(lab: Lab):
    toggle = lab.page.locator(f"{LIVE} .gm-step .gm-toggle").last
    toggle.click()
    shut = toggle.get_attribute("aria-expanded")
    lab.run_js("await panel.sessionContext.restartKernel()")
    view = assert_kept(lab, GONE)
    expect(view).to_contain_text("It is one.")
    expect(view.locator(".gm-step .gm-toggle").last).to_have_attribute("aria-expanded", shut)
    text = lab.cells()[1]["outputs"][0]["data"]["text/plain"]
    assert "I take the *mean*." in text and "print(1)" in text
    reopen(lab)
    view = assert_kept(lab, GONE)
    expect(view).to_contain_text("It is one.")
    view.locator(".gm-step .gm-insert").last.click()
    assert lab.sources()[2] == "print(1)"


@pytest.mark.torture(sample=False)
def test_a_run_that_is_interrupted_for_a_restart_is_stopped(lab: Lab):
    lab.run_js("await panel.sessionContext.restartKernel()")
    expect(lab.views().get_by_role("status")).to_have_text("Stopped")
    assert lab.cells()[1]["outputs"][0]["data"][MIME]["state"] == "stopped"


def test_a_run_whose_kernel_dies_is_kept_as_far_as_it_came(lab: Lab):
    os.kill(int((lab.server.folder / "pid").read_text()), signal.SIGKILL)
    lab.page.locator(".jp-Dialog").get_by_role("button").last.click(timeout=30_000)
    expect(assert_kept(lab, GONE)).to_contain_text("It is one.")


@pytest.mark.torture(sample=False)
def test_a_run_whose_kernel_is_shut_down_is_kept_as_far_as_it_came(lab: Lab):
    lab.run_js("await panel.sessionContext.shutdown()")
    expect(assert_kept(lab, GONE)).to_contain_text("It is one.")


@pytest.mark.parametrize("kernel", sampled([False, True], 2))
def test_a_run_that_was_saved_half_way_is_promised_by_no_other_kernel(lab: Lab, kernel: bool):
    lab.save()
    lab.run_js("await panel.sessionContext.shutdown()")
    path = lab.run_js(
        "panel.context.model.dirty = false; panel.dispose(); return panel.context.path;"
    )
    lab.open(path.removeprefix(lab.server.place), kernel=kernel)
    expect(assert_kept(lab, NOT_COME)).not_to_contain_text(PROMISE)
