"""A notebook that was run and saved is trusted by Jupyter's own rules, in whatever browser."""

from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from browser import MIME, Lab
from labserver import Server
from playwright.sync_api import Browser, expect

from gemini_magic import Run

CELLS = (
    "%load_ext gemini_magic",
    "%%gemini_exec --engine offline\n```python\nprint(sales)\n```\n```python\nprint(6 * 7)\n```",
)
Place = tuple[Browser, Server]


@pytest.fixture(scope="module")
def place(site: Server, chromium: Browser) -> Iterator[Place]:
    """A browser, and a server with a notebook that was run, saved and closed in another page."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "run.ipynb")
    with Lab(chromium, site) as author:
        author.open("run.ipynb", kernel=True)
        for index in range(len(CELLS)):
            author.run(index)
        author.save()
        author.run_js("await panel.sessionContext.shutdown(); panel.dispose();")
    yield chromium, site


def integrity(output: dict[str, Any]) -> str:
    return Run.from_dict(output["data"][MIME], output["metadata"][MIME]).integrity


def trusted(lab: Lab) -> bool:
    return lab.run_js("return [...panel.content.model.cells].every(cell => cell.trusted)")


def kernel_of(lab: Lab) -> str | None:
    return lab.run_js("return panel.sessionContext.session?.kernel?.id ?? null")


def test_a_run_that_was_saved_is_trusted_and_at_hand_in_another_browser(place: Place):
    lab = Lab(*place)
    lab.open("run.ipynb")
    assert (trusted(lab), kernel_of(lab)) == (True, None)
    run = lab.views()
    expect(run.get_by_role("status")).to_have_text("Done")
    failed = run.locator(".gm-step .gm-toggle").first
    expect(failed).to_have_attribute("aria-expanded", "false")
    failed.click()
    expect(run.locator(".gm-step .gm-out").first).to_contain_text("NameError")
    run.locator(".gm-step .gm-insert").last.click()
    expect(lab.page.locator(".jp-Cell")).to_have_count(3)
    assert lab.sources()[2] == "print(6 * 7)"
    assert (lab.errors, lab.remote_requests) == ([], [])
    lab.page.context.close()


def test_the_same_run_in_a_notebook_from_elsewhere_is_untrusted_and_as_readable(place: Place):
    browser, server = place
    notebook = nbformat.read(server.folder / "run.ipynb", as_version=4)
    notebook.cells[1].source += "\n"  # no longer what was signed
    nbformat.write(notebook, server.folder / "mailed.ipynb")
    lab = Lab(browser, server)
    lab.open("mailed.ipynb")
    assert trusted(lab) is False
    expect(lab.views().get_by_role("status")).to_have_text("Done")
    lab.views().locator(".gm-step .gm-toggle").first.click()
    expect(lab.views().locator(".gm-step .gm-out").first).to_contain_text("NameError")
    assert (lab.errors, lab.remote_requests) == ([], [])
    lab.page.context.close()


def test_a_reopened_run_is_verified_by_a_button_that_takes_a_kernel_and_no_cell(place: Place):
    lab = Lab(*place)
    lab.open("run.ipynb")
    button = lab.views().get_by_role("button", name="Verify")
    expect(button).to_be_hidden()
    lab.run_js("await panel.sessionContext.changeKernel({name: 'python3'})")
    button.click()
    verdicts = lab.views().locator(".gm-verdict")
    expect(verdicts).to_have_text(["same", "same"])
    expect(button).to_have_text("Verify")
    (output,) = lab.cells()[1]["outputs"]
    kinds = [verdict["kind"] for verdict in output["data"][MIME]["verification"]["verdicts"]]
    assert kinds == ["same", "same"]
    assert "".join(output["data"]["text/html"]).count("run again here: same") == 2
    assert integrity(output) == "intact"
    lab.run(0)
    assert lab.cells()[0]["execution_count"] == 1
    lab.run_js("await panel.sessionContext.shutdown()")
    expect(button).to_be_hidden()
    assert (lab.errors, lab.remote_requests) == ([], [])
    lab.run_js("panel.context.model.dirty = false")
    lab.page.context.close()


@pytest.mark.torture(sample=False)
def test_a_run_is_presented_in_the_view_and_saved_as_any_other(place: Place):
    browser, server = place
    fences = "```python\nprint('one')\n```\n```python\nprint('two')\n```"
    cells = [CELLS[0], f"%%gemini_exec --engine offline --step ask\n{fences}"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, server.folder / "class.ipynb")
    lab = Lab(browser, server)
    lab.open("class.ipynb", kernel=True)
    lab.run(0)
    lab.run(1)
    next_button = lab.views().locator(".gm-next")
    expect(next_button).to_have_text("Show its output")
    expect(lab.views().locator(".gm-question")).to_have_text("What will it print?")
    expect(lab.views().locator(".gm-step .gm-out .gm-pre:visible")).to_have_count(0)
    next_button.click()
    expect(lab.views().locator(".gm-step .gm-out .gm-pre:visible")).to_have_text(["one"])
    (output,) = lab.cells()[1]["outputs"]
    assert output["data"][MIME]["state"] == "done"
    assert "step" not in output["metadata"][MIME]
    assert integrity(output) == "intact"
    for _ in range(2):
        next_button.press("PageDown")
    expect(lab.views().locator(".gm-step")).to_have_count(2)
    expect(next_button).to_have_count(0)
    expect(lab.views().get_by_role("status").first).to_have_text("Done")
    assert (lab.errors, lab.remote_requests) == ([], [])
    lab.run_js("await panel.sessionContext.shutdown(); panel.context.model.dirty = false")
    lab.page.context.close()
