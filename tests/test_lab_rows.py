"""Many rows in a real JupyterLab with a real kernel: while they come, and when they have come."""

import os
from collections.abc import Iterator
from signal import SIGKILL
from threading import Event

import loopback
import nbformat
import pytest
from browser import Lab
from labserver import Server
from loopback import Answer, Asked, event, refusal, said
from playwright.sync_api import Locator, expect

LOAD = """
import os
open("pid", "w").write(str(os.getpid()))
os.environ |= {"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": "%s"}
%%load_ext gemini_magic
%%config GeminiMagic.record = False
reviews = [{"text": f"review {at}"} for at in range(40)]
"""
ASK = "%%gemini_exec --rows reviews --out runs --no-code --workers 4\nPraise or blame? {text}"
VALUE = "import gemini_magic\nlist(gemini_magic.frame(runs)['answer'])[30]"
CELLS = (ASK, "runs", VALUE)
ROWS, SHOWN, FRAME = 1, 2, 3
# From this row on, a row waits for the test; the one before it is refused until it is better.
HELD, REFUSED = 31, 30


class Gemini:
    """Answers a row with its number, when it may."""

    def __init__(self, server: loopback.Server) -> None:
        self.go = Event()
        self.better = False
        # Whether the row that is refused has been asked, and may be refused.
        self.asked, self.refuses = Event(), Event()
        self.refuses.set()
        self.url = server.url
        server.answer = self.answer

    def answer(self, asked: Asked) -> Answer:
        number = int(asked.body["contents"][-1]["parts"][0]["text"].split()[-1])
        if number == REFUSED and not self.better:
            self.asked.set()
            self.refuses.wait()
            return refusal(400, "INVALID_ARGUMENT", "no answer to this one")
        waits = (self.go.wait,) if number >= HELD else ()
        text = said({"text": f"blame {number}"}, finishReason="STOP")
        return Answer((*waits, event(text)))


@pytest.fixture(scope="module")
def gemini() -> Iterator[Gemini]:
    with loopback.serving() as server:
        yield Gemini(server)


@pytest.fixture(scope="module")
def page(site: Server, fresh_for_all: Lab, gemini: Gemini) -> Iterator[Lab]:
    cells = [nbformat.v4.new_code_cell(source) for source in (LOAD % gemini.url, *CELLS)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "rows.ipynb")
    fresh_for_all.open("rows.ipynb", kernel=True)
    yield fresh_for_all
    seen = (fresh_for_all.errors, fresh_for_all.dialogs, fresh_for_all.remote_requests)
    assert seen == ([], [], [])


@pytest.fixture
def lab(page: Lab, gemini: Gemini) -> Iterator[Lab]:
    """A page in which rows are asked, and wait."""
    gemini.go.clear()
    gemini.better = False
    page.run(0)
    page.start(ROWS)
    expect(state(page)).to_have_text("31 of 40 rows")
    yield page
    gemini.go.set()


def view(lab: Lab, index: int = ROWS) -> Locator:
    shown = lab.page.locator(".jp-NotebookPanel:visible .jp-Cell")
    return shown.nth(index).locator(".gm-rows")


def state(lab: Lab, index: int = ROWS) -> Locator:
    return view(lab, index).locator("> .gm-header .gm-state")


def press_filter(lab: Lab, name: str) -> Locator:
    pressed = view(lab).get_by_role("group", name="Show").get_by_role("button", name=name)
    pressed.click()
    expect(pressed).to_have_attribute("aria-pressed", "true")
    return pressed


def row(lab: Lab, number: int, index: int = ROWS) -> Locator:
    return view(lab, index).get_by_role("button", name=f"Row {number},")


def test_rows_are_followed_and_chosen_while_they_come_and_stay_so_at_the_end(
    lab: Lab, gemini: Gemini
):
    rows = view(lab)
    bar = rows.get_by_role("progressbar", name="Rows")
    expect(bar).to_have_js_property("value", 31)
    expect(rows.locator(".gm-about")).to_contain_text("4 at a time")
    expect(row(lab, 34)).to_have_accessible_name("Row 34, running")
    expect(rows.locator(".gm-not-shown-text")).to_have_text("5 more rows wait")
    press_filter(lab, "Running 4")
    expect(rows.locator(".gm-row-number")).to_have_count(4)
    failed = press_filter(lab, "Failed 1")
    row(lab, REFUSED).focus()
    lab.page.keyboard.press("Enter")
    expect(rows.locator(".gm-row-error")).to_contain_text("no answer to this one")
    assert lab.violations() == []
    lab.shoot("lab-rows-live", rows)
    gemini.go.set()
    lab.wait()
    expect(state(lab)).to_have_text("Done · 40 rows")
    expect(failed).to_have_attribute("aria-pressed", "true")
    expect(row(lab, REFUSED)).to_have_attribute("aria-expanded", "true")
    expect(row(lab, REFUSED)).to_be_focused()
    expect(bar).to_be_hidden()


def test_stop_ends_the_rows_and_what_had_come_stays(lab: Lab):
    view(lab).get_by_role("button", name="Stop").click()
    lab.wait()
    expect(state(lab)).to_have_text("Stopped · 31 of 40 rows")
    expect(view(lab)).to_contain_text("run the cell again: what is recorded is not asked")
    lab.run(SHOWN)
    expect(state(lab, SHOWN)).to_have_text("Stopped · 31 of 40 rows")


def test_a_row_opens_to_its_run_and_is_asked_again_wherever_it_is_shown(lab: Lab, gemini: Gemini):
    gemini.go.set()
    lab.wait()
    lab.run(SHOWN)
    press_filter(lab, "Failed 1")
    row(lab, REFUSED).click()
    opened = view(lab).locator(".gm-opened:visible")
    opened.get_by_role("button", name="Open the run").click()
    expect(opened.locator(".gm-run .gm-state")).to_have_text("Failed")
    gemini.refuses.clear()
    gemini.asked.clear()
    opened.get_by_role("button", name="Ask this row again").click()
    gemini.asked.wait()
    opened.get_by_role("button", name="Stop").click()
    expect(opened.locator(".gm-row-status")).to_have_text("stopped by you")
    gemini.refuses.set()
    gemini.better = True
    opened.get_by_role("button", name="Ask this row again").click()
    for index in (ROWS, SHOWN):
        expect(view(lab, index).get_by_role("button", name="Done 40")).to_be_visible()
    expect(opened.locator(".gm-row-body .gm-prose")).to_have_text("blame 30")
    expect(opened.locator(".gm-run .gm-state")).to_have_text("Done")
    assert lab.violations() == []
    lab.theme("JupyterLab Dark")
    assert lab.violations() == []
    lab.shoot("lab-rows-dark", view(lab))
    lab.theme("JupyterLab Light")
    lab.run(FRAME)
    assert lab.cells()[FRAME]["outputs"][0]["data"]["text/plain"] == "'blame 30'"

    lab.save()
    # With other words it is a notebook from elsewhere, which nobody trusts.
    text = (lab.server.folder / "rows.ipynb").read_text()
    (lab.server.folder / "copy.ipynb").write_text(text.replace("Praise or", "Praise, or"))
    lab.open("copy.ipynb")
    assert lab.run_js(f"return panel.content.widgets[{ROWS}].model.trusted") is False
    expect(state(lab)).to_have_text("Done · 40 rows")
    row(lab, 2).click()
    opened = view(lab).locator(".gm-opened:visible")
    opened.get_by_role("button", name="Open the run").click()
    expect(opened.locator(".gm-run .gm-state")).to_have_text("Done")
    opened.get_by_role("button", name="Ask this row again").click()
    expect(opened.locator(".gm-row-status")).to_have_text(
        "No kernel is running: run the cell again, what is recorded is not asked."
    )
    lab.close()


def test_a_page_that_is_loaded_again_follows_the_rows_that_still_come(lab: Lab, gemini: Gemini):
    lab.save()
    lab.reload()
    lab.run_js("await panel.sessionContext.ready;")
    expect(state(lab)).to_have_text("31 of 40 rows")
    expect(view(lab).get_by_role("button", name="Stop")).to_be_visible()
    gemini.go.set()
    expect(state(lab)).to_have_text("Done · 40 rows")
    (saved,) = lab.cells()[ROWS]["outputs"]
    assert saved["data"]["text/plain"].startswith("39 done, 1 failed of 40 rows\n")


def test_rows_whose_kernel_dies_are_unfinished(lab: Lab):
    os.kill(int((lab.server.folder / "pid").read_text()), SIGKILL)
    expect(state(lab)).to_have_text("Unfinished · 31 of 40 rows")
    expect(view(lab).get_by_role("progressbar")).to_be_hidden()
