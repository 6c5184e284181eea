"""Real keys in a real JupyterLab: what they do once a button of a run was pressed."""

import nbformat
import pytest
from browser import NOTEBOOK, OPEN, PLAIN_HOST, Lab, stored, write_notebook
from labserver import Server
from playwright.sync_api import Browser, expect

LONG = [
    part
    for number in range(40)
    for part in (
        {"kind": "code", "code": f"print({number})\n" * 12, "language": "PYTHON", "id": ""},
        {"kind": "result", "outcome": "OUTCOME_OK", "output": f"{number}\n" * 20, "id": ""},
    )
]
FAILED = {
    "output_type": "error",
    "ename": "ZeroDivisionError",
    "evalue": "division by zero",
    "traceback": ["ZeroDivisionError: division by zero"],
}
FOCUSED = "return panel.content.activeCell.node === document.activeElement"


@pytest.fixture(scope="module")
def lab(site: Server, jupyterlab: Lab) -> Lab:
    write_notebook(site.folder / "mended.ipynb", stored("mended"))
    write_notebook(site.folder / "two.ipynb", stored("mended"), stored("two-results"))
    write_notebook(site.folder / "output.ipynb", stored("long-output"))
    write_notebook(site.folder / "long.ipynb", {**stored("mended"), "parts": LONG})
    failed = nbformat.v4.new_code_cell("1 / 0", outputs=[nbformat.from_dict(FAILED)])
    nbformat.write(nbformat.v4.new_notebook(cells=[failed]), site.folder / "failed.ipynb")
    return jupyterlab


def insert_all(lab: Lab) -> None:
    lab.page.get_by_role("button", name="Choose what to insert").click()
    lab.page.get_by_role("menuitemradio", name="Every attempt").click()
    lab.page.wait_for_function(f"() => {{ {NOTEBOOK} {FOCUSED} }}")


@pytest.mark.parametrize("key", ["Control+z", "z"])
def test_one_key_takes_back_all_cells_that_a_click_has_inserted(mended: Lab, key: str):
    insert_all(mended)
    assert len(mended.cells()) == 3
    mended.page.keyboard.press(key)
    assert len(mended.cells()) == 1


def test_by_keyboard_the_focus_stays_on_the_button_and_undo_is_at_hand(mended: Lab):
    keys = mended.page.keyboard
    button = mended.views().locator(".gm-insert-as")
    button.focus()
    for _ in range(3):
        keys.press("ArrowDown")
    keys.press("Enter")
    assert len(mended.cells()) == 3
    expect(button).to_be_focused()
    keys.press("z")
    assert len(mended.cells()) == 3
    keys.press("Control+z")
    assert len(mended.cells()) == 1


def test_what_was_typed_into_an_inserted_cell_is_undone_before_the_insertion(mended: Lab):
    insert_all(mended)
    keys = mended.page.keyboard
    keys.press("Enter")
    keys.type("typed")
    keys.press("Escape")
    keys.press("Control+z")
    assert len(mended.cells()) == 3
    assert "typed" not in mended.sources()[1]


def test_other_changes_are_no_part_of_an_insertion(mended: Lab):
    mended.run_js("panel.content.model.sharedModel.insertCell(1, {cell_type: 'code'})")
    mended.views().locator(".gm-step .gm-insert").nth(1).click()
    assert len(mended.cells()) == 3
    mended.undo()
    assert len(mended.cells()) == 2


def test_combinations_reach_the_notebook_from_a_button_and_bare_keys_do_not(mended: Lab):
    keys = mended.page.keyboard
    mended.run_js("panel.context.model.dirty = true")
    mended.views().locator(".gm-tab-changes:visible").click()
    keys.press("Control+s")
    mended.page.wait_for_function(f"() => {{ {NOTEBOOK} return !panel.context.model.dirty }}")
    for key in ("b", "x", "d", "d", "ArrowDown"):
        keys.press(key)
    assert len(mended.cells()) == 1
    keys.press("Control+Shift+c")
    expect(mended.page.locator(".lm-CommandPalette")).to_be_visible()
    keys.press("Escape")


@pytest.mark.parametrize("pressed", ["Escape", "Control+z"])
def test_no_key_reaches_the_notebook_under_a_picture_at_full_size(mended: Lab, pressed: str):
    insert_all(mended)
    mended.views().locator(".gm-picture").click()
    mended.page.keyboard.press(pressed)
    assert len(mended.cells()) == 3


@pytest.mark.parametrize(
    ("notebook", "command", "cell", "line"),
    [
        ("mended.ipynb", "Gemini: ask about this cell", 1, "Why?"),
        ("failed.ipynb", "Gemini: fix this error", 1, " Why?"),
    ],
)
def test_the_caret_is_where_the_question_goes(
    lab: Lab, notebook: str, command: str, cell: int, line: str
):
    lab.page.evaluate(OPEN, [lab.server.place + notebook, False])
    lab.run_js("panel.content.activate()")
    lab.select(0)
    keys = lab.page.keyboard
    keys.press("Control+Shift+c")
    lab.page.locator(".lm-CommandPalette-input:visible").wait_for()
    keys.type(command)
    keys.press("Enter")
    lab.page.locator(".jp-Notebook:visible .jp-Cell .cm-editor.cm-focused").wait_for()
    keys.type(line)
    asked = lab.sources()[cell].splitlines()
    assert asked[0] == "%%gemini_exec"
    assert asked[1].endswith(line)
    lab.close()


def test_the_context_menu_acts_on_the_cell_that_was_clicked(lab: Lab):
    lab.open("two.ipynb")
    lab.select(0)
    lab.views().nth(1).locator(".gm-step .gm-name").first.click(button="right")
    lab.page.get_by_role("menuitem", name="Gemini: insert code as cells").click()
    kept = lab.cells()
    assert len(kept) == 3
    assert kept[2]["metadata"]["gemini_magic"]["source_cell"] == kept[1]["id"]
    lab.close()


def test_the_first_inserted_cell_is_shown_however_long_the_run_is(lab: Lab):
    lab.open("long.ipynb")
    insert_all(lab)
    assert lab.run_js("return panel.content.activeCellIndex") == 1
    expect(lab.page.locator(".jp-Cell.gm-inserted").first).to_be_in_viewport()
    assert all(cell.get("execution_count") is None for cell in lab.cells())
    lab.close()


def test_what_a_button_did_is_said_to_a_screen_reader(mended: Lab):
    heard = mended.views().locator("[aria-live=polite]")
    mended.views().locator(".gm-step .gm-insert").nth(1).click()
    expect(heard).to_have_text("1 cell inserted")
    expect(heard).to_have_text("")


def test_the_focus_goes_to_what_a_button_has_revealed(lab: Lab):
    lab.open("output.ipynb")
    lab.views().locator(".gm-show-all").first.focus()
    lab.page.keyboard.press("Enter")
    output = lab.views().locator(".gm-out .gm-pre").first
    expect(output).to_be_focused()
    lab.page.keyboard.press("PageDown")
    lab.page.wait_for_function("() => document.activeElement.scrollTop > 0")
    lab.close()
    lab.open("mended.ipynb")
    lab.views().locator(".gm-tab-changes:visible").click()
    lab.views().locator(".gm-same-folded").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.views().locator(".gm-diff > .gm-line").first).to_be_focused()
    lab.close()


def test_a_menu_opens_by_arrow_and_tab_leaves_it(mended: Lab):
    button = mended.views().locator(".gm-insert-as")
    button.focus()
    mended.page.keyboard.press("ArrowDown")
    expect(mended.page.get_by_role("menuitemradio", name="What the answer needs")).to_be_focused()
    mended.page.keyboard.press("Tab")
    expect(mended.views().get_by_role("menuitemradio")).to_have_count(0)
    expect(mended.views().locator(".gm-more")).to_be_focused()


def test_code_is_copied_where_the_page_has_no_clipboard(lab: Lab, chromium: Browser):
    server = lab.server
    plain = Lab(chromium, server, server.workspace("plain").replace("127.0.0.1", PLAIN_HOST))
    plain.open("mended.ipynb")
    assert plain.page.evaluate("() => navigator.clipboard === undefined")
    plain.views().locator(".gm-more").click()
    plain.page.get_by_role("menuitem", name="Copy the last code").click()
    expect(plain.views().locator("[aria-live=polite]")).to_have_text("Copied")
    plain.page.locator(".jp-Cell .cm-content:visible").first.click()
    plain.page.keyboard.press("Control+a")
    plain.page.keyboard.press("Control+v")
    assert plain.sources() == [stored("mended")["parts"][5]["code"]]
    plain.close()
    plain.page.context.close()
    assert plain.errors == []
