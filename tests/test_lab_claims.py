"""Where the numbers of an answer stand, in a real JupyterLab: marked, listed and shown."""

from collections.abc import Iterator

import pytest
from browser import Lab, stored, write_notebook
from labserver import Server
from playwright.sync_api import Locator, expect

HEADER_GAP = """run => {
    const scroller = run.closest('.jp-WindowedPanel-outer');
    const top = node => node.getBoundingClientRect().top;
    return top(run.querySelector('.gm-header')) - top(scroller);
}"""


@pytest.fixture(scope="module")
def lab(site: Server, jupyterlab: Lab) -> Iterator[Lab]:
    write_notebook(site.folder / "traced.ipynb", stored("traced"))
    write_notebook(site.folder / "long.ipynb", stored("long-output"))
    yield jupyterlab
    assert (jupyterlab.errors, jupyterlab.remote_requests) == ([], [])


@pytest.fixture
def run(lab: Lab) -> Iterator[Locator]:
    lab.open("traced.ipynb")
    yield lab.views().first
    lab.close()


def test_a_number_shows_its_line_and_escape_goes_back(lab: Lab, run: Locator):
    first = run.locator(".gm-step .gm-toggle").first
    first.click()
    number = run.locator(".gm-claimed").first
    number.hover()
    expect(lab.page.get_by_role("tooltip")).to_contain_text("MAE 14.82 RMSE 21.07")
    number.click()
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(run.locator(".gm-lit")).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(run.locator(".gm-lit")).to_have_count(0)
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(lab.page.get_by_role("tooltip")).to_have_count(0)


def test_the_keyboard_reaches_each_line_through_the_list(lab: Lab, run: Locator):
    run.locator(".gm-claims-line").focus()
    keys = lab.page.keyboard
    keys.press("Enter")
    rows = run.locator(".gm-claim-text")
    expect(rows.first).to_have_text("25.3")
    keys.press("Tab")
    keys.press("Enter")
    expect(run.locator(".gm-lit")).to_be_visible()
    keys.press("Escape")
    expect(run.locator(".gm-lit")).to_have_count(0)
    assert len(lab.cells()) == 1


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_numbers_their_list_and_verdicts_have_no_fault_that_axe_finds(
    lab: Lab, run: Locator, theme: str
):
    lab.theme(theme)
    run.locator(".gm-claims-line").click()
    run.locator(".gm-claimed").first.click()
    assert lab.violations() == []
    lab.shoot(f"lab-claims-{theme.split()[1].lower()}", run)


def test_the_header_stays_while_a_long_run_scrolls(lab: Lab):
    lab.open("long.ipynb")
    run = lab.views().first
    run.evaluate("run => run.closest('.jp-WindowedPanel-outer').scrollTo(0, 500)")
    lab.page.wait_for_function(
        f"run => Math.abs(({HEADER_GAP})(run)) <= 1", arg=run.element_handle()
    )
    lab.close()
