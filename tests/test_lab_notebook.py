"""The same extension in Notebook 7, with settings that a user has made."""

from collections.abc import Iterator

import nbformat
import pytest
from browser import MIME, NOTEBOOK, Lab, stored, write_notebook
from labserver import Server
from playwright.sync_api import Browser, expect

SETTINGS = {
    "gemini-magic": {
        "runs": {"clipLines": 6, "showThoughts": True, "foldFailed": False},
    }
}


SLOW = "Why does the recursive fibonacci(50) take forever? Test both versions."
CELLS = ("%load_ext gemini_magic", f"%%gemini_exec --engine offline\n{SLOW}")
Place = tuple[Browser, Server]


@pytest.fixture(scope="module")
def place(site: Server, chromium: Browser) -> Iterator[Place]:
    write_notebook(site.folder / "runs.ipynb", stored("mended"), stored("long-output"))
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    live = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(live, site.folder / "live.ipynb")
    with site.configured(SETTINGS):
        yield chromium, site


@pytest.fixture(scope="module")
def notebook(place: Place) -> Iterator[Lab]:
    browser, server = place
    with Lab(browser, server, server.notebook("runs.ipynb")) as page:
        page.views().nth(1).wait_for()
        yield page
    assert (page.errors, page.remote_requests) == ([], [])


def test_a_saved_run_is_drawn_and_compared(notebook: Lab):
    run = notebook.views().first
    expect(run.get_by_role("status")).to_have_text("Done")
    run.locator(".gm-tab-changes:visible").click()
    expect(run.locator(".gm-changes:visible ins")).to_have_count(3)
    notebook.shoot("notebook")


def test_the_settings_say_what_is_folded_and_clipped(notebook: Lab):
    mended, long = notebook.views().first, notebook.views().nth(1)
    expect(mended.locator(".gm-step .gm-toggle[aria-expanded=true]")).to_have_count(2)
    expect(mended.locator(".gm-thought .gm-prose")).to_be_visible()
    shown = long.locator(".gm-out").first.locator(".gm-pre").all_text_contents()
    assert sum(len(text.splitlines()) for text in shown) == 6
    long.locator(".gm-show-all").first.click()
    expect(long.locator(".gm-out").first.locator(".gm-pre")).to_contain_text("2310 5336100")


def test_code_is_inserted_and_taken_back(notebook: Lab):
    before = notebook.sources()
    notebook.views().first.locator(".gm-step .gm-insert").last.click()
    assert len(notebook.cells()) == len(before) + 1
    notebook.undo()
    assert notebook.sources() == before


@pytest.mark.parametrize("key", ["Control+z", "z"])
def test_one_key_takes_back_what_a_click_has_inserted(notebook: Lab, key: str):
    before = notebook.sources()
    notebook.views().first.locator(".gm-step .gm-insert").last.click()
    notebook.page.locator(".jp-Cell.gm-inserted:focus").wait_for()
    notebook.page.keyboard.press(key)
    assert notebook.sources() == before


def test_combinations_reach_the_notebook_from_a_button_and_bare_keys_do_not(notebook: Lab):
    before = notebook.sources()
    notebook.views().first.locator(".gm-step .gm-copy").last.click()
    notebook.page.keyboard.press("b")
    assert notebook.sources() == before
    notebook.page.keyboard.press("Control+Shift+c")
    expect(notebook.page.locator(".lm-CommandPalette")).to_be_visible()
    notebook.page.keyboard.press("Escape")


def test_a_run_is_seen_live_and_its_code_taken_home(place: Place):
    browser, server = place
    page = Lab(browser, server, server.notebook("live.ipynb"))
    page.page.locator(".jp-Cell").nth(1).wait_for()
    page.run_js("await panel.sessionContext.ready;")
    page.run(0)
    page.start(1)
    live = page.page.locator(".gm-run[data-live=true]")
    expect(live.get_by_role("status")).to_have_text("Running code")
    expect(live.locator(".gm-step .gm-chip")).to_have_text("running")
    expect(live.locator(".gm-stop")).to_be_visible()
    page.shoot("notebook-live")
    page.wait()
    expect(live).to_have_count(0)
    saved = page.page.locator(".jp-RenderedGeminiRun .gm-run")
    expect(saved.get_by_role("status")).to_have_text("Done")
    expect(saved.locator(".gm-step .gm-chip").last).to_have_text("ok")
    run = page.cells()[1]["outputs"][0]["data"][MIME]
    codes = [part["code"].strip("\n") for part in run["parts"] if part["kind"] == "code"]
    assert len(codes) > 1
    saved.get_by_role("button", name="Choose what to insert").click()
    page.page.get_by_role("menuitemradio", name="Every attempt").click()
    failed, *others = page.sources()[2:]
    assert failed.startswith("# attempt 1 failed\n# ")
    assert others == codes[1:]
    assert (page.errors, page.remote_requests) == ([], [])
    page.page.context.close()


@pytest.mark.torture(sample=False)
def test_the_toolbar_has_a_button_for_a_new_prompt(place: Place):
    browser, server = place
    with Lab(browser, server, server.notebook("runs.ipynb")) as page:
        page.views().first.wait_for()
        page.page.get_by_role("button", name="New Gemini prompt").click()
        page.page.wait_for_function(
            f"() => {{ {NOTEBOOK} return panel.content.widgets.length === 4 }}"
        )
        assert page.sources()[1:3] == ["%load_ext gemini_magic", "%%gemini_exec\n"]
