"""The same extension in Notebook 7, with settings that a user has made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Lab, chromium, stored, write_notebook
from labserver import serve
from playwright.sync_api import expect

SETTINGS = {
    "gemini-magic": {
        "runs": {"clipLines": 6, "showThoughts": True, "foldFailed": False},
    }
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder: Path = tmp_path_factory.mktemp("notebooks")
    write_notebook(folder / "runs.ipynb", stored("mended"), stored("long-output"))
    with serve(folder, "notebook", SETTINGS) as server, chromium() as browser:
        page = Lab(browser, server, server.notebook("runs.ipynb"))
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
