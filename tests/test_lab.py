"""Saved runs in a real JupyterLab: drawn, folded, compared, inserted, all without a kernel."""

import re
from pathlib import Path

import nbformat
import pytest
from browser import RUNS, Lab, stored, write_notebook
from labserver import Server
from nbconvert import HTMLExporter
from playwright.sync_api import Response, expect
from torture import sampled

from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import displayed, mimebundle

FACTS = {
    "seconds": 6.412,
    "times": [3.1, 3.3, 3.6, 3.7, 4.4, 5.0, 5.2, 5.25, 6.4],
    "usage": {"prompt": 120, "candidates": 684, "thoughts": 400, "total": 1204},
}


@pytest.fixture(scope="module")
def lab(site: Server, jupyterlab: Lab) -> Lab:
    for path in RUNS.glob("*.json"):
        write_notebook(site.folder / f"{path.stem}.ipynb", stored(path.stem), facts=FACTS)
    return jupyterlab


def test_a_run_says_state_model_seconds_and_tokens(mended: Lab):
    expect(mended.views().get_by_role("status")).to_have_text("Done")
    expect(mended.views().locator(".gm-header")).to_contain_text(
        "gemini-3-flash-preview · 6.4 s 1,204 tokens"
    )


def test_prose_is_markdown_with_maths_and_money_stays_money(mended: Lab):
    prose = mended.views().locator(".gm-prose:visible")
    expect(prose.nth(1).locator("em")).to_have_text("projected")
    expect(prose.nth(1).locator("mjx-container")).to_have_count(1)
    expect(prose.nth(2)).to_have_text(re.compile(r"\$54,500; the line .* at \$66,800\."))
    expect(prose.nth(2).locator("mjx-container")).to_have_count(0)


def test_a_failed_attempt_is_folded_when_a_later_one_succeeded(mended: Lab):
    first, second = mended.views().locator(".gm-step .gm-toggle").all()
    expect(first).to_contain_text("failed · KeyError: 'July'")
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(second).to_have_attribute("aria-expanded", "true")
    first.click()
    expect(first).to_have_attribute("aria-expanded", "true")


def test_buttons_of_a_row_come_with_the_pointer_or_the_focus_and_move_nothing(mended: Lab):
    row = mended.views().locator(".gm-step > .gm-row").last
    copy, meta = row.locator(".gm-copy"), row.locator(".gm-meta")
    mended.views().locator(".gm-header").hover()
    expect(copy).to_have_css("opacity", "0")
    place = meta.bounding_box()
    row.hover()
    expect(copy).to_have_css("opacity", "1")
    mended.views().locator(".gm-header").hover()
    copy.focus()
    expect(copy).to_have_css("opacity", "1")
    assert meta.bounding_box() == place


def test_what_changed_is_a_line_diff_with_the_words_marked(mended: Lab):
    mended.page.locator(".gm-tab-changes:visible").click()
    changes = mended.views().locator(".gm-changes:visible")
    expect(changes.locator("ins")).to_have_count(3)
    assert "".join(changes.locator("del mark").all_text_contents()) == "sales['July']"
    expect(changes.locator(".gm-keyword, .gm-string")).not_to_have_count(0)
    mended.shoot("lab-what-changed", mended.views())


def test_one_click_inserts_the_last_code_below_and_one_undo_takes_it_back(mended: Lab):
    mended.page.get_by_role("button", name="Insert as cells").click()
    prompt, cell = mended.cells()
    code = stored("mended")["parts"][5]["code"]
    assert "".join(cell["source"]) == code.strip("\n")
    assert cell["metadata"]["tags"] == ["gemini-generated"]
    assert cell["metadata"]["trusted"] is False
    assert cell["metadata"]["gemini_magic"]["source_cell"] == prompt["id"]
    assert cell["outputs"] == []
    mended.undo()
    assert len(mended.cells()) == 1


def test_all_with_prose_becomes_code_and_markdown_and_one_undo_takes_all_back(mended: Lab):
    mended.page.get_by_role("button", name="Choose what to insert").click()
    mended.page.get_by_role("menuitemradio", name="All, with the prose").click()
    kinds = [cell["cell_type"] for cell in mended.cells()]
    assert kinds == ["code", "markdown", "code", "markdown", "code", "markdown"]
    mended.undo()
    assert len(mended.cells()) == 1


def test_inserting_again_replaces_what_is_untouched_and_keeps_what_is_edited(mended: Lab):
    insert = mended.views().locator(".gm-step .gm-insert").nth(1)
    insert.click()
    insert.click()
    assert len(mended.cells()) == 2
    mended.run_js("panel.content.model.sharedModel.getCell(1).setSource('mine = 1')")
    insert.click()
    code = stored("mended")["parts"][5]["code"].strip("\n")
    assert sorted(mended.sources()[1:]) == sorted([code, "mine = 1"])


def test_the_keyboard_alone_opens_compares_and_inserts(mended: Lab):
    keys = mended.page.keyboard
    mended.views().locator(".gm-insert-as").focus()
    keys.press("Enter")
    for _ in ("needed", "last"):
        keys.press("ArrowDown")
    keys.press("Enter")
    assert len(mended.cells()) == 3
    mended.views().locator(".gm-step .gm-toggle").first.focus()
    keys.press("Enter")
    keys.press("b")
    keys.press("d")
    keys.press("d")
    assert len(mended.cells()) == 3


def test_a_picture_opens_full_size_and_escape_closes_it(mended: Lab):
    picture = mended.views().locator(".gm-picture")
    # Of its own size, but for very high ones.
    expect(picture.locator("img")).to_have_css("max-height", "480px")
    shown = (
        "image => [image.clientWidth, Math.min(image.naturalWidth, image.parentNode.clientWidth)]"
    )
    width, natural = picture.locator("img").evaluate(shown)
    assert width <= natural
    picture.click()
    expect(mended.page.get_by_role("dialog")).to_be_visible()
    mended.page.keyboard.press("Escape")
    expect(mended.page.get_by_role("dialog")).to_have_count(0)


def test_a_picture_is_fitted_or_shown_pixel_by_pixel_saved_and_turned_over(lab: Lab):
    lab.open("images.ipynb")
    lab.views().locator(".gm-picture").first.click()
    dialog = lab.page.get_by_role("dialog")
    name = dialog.get_attribute("aria-label")
    stage = dialog.locator(".gm-stage")
    expect(stage).to_have_class(re.compile("gm-fitted"))
    stage.click()
    expect(stage).not_to_have_class(re.compile("gm-fitted"))
    stage.click()
    expect(stage).to_have_class(re.compile("gm-fitted"))
    lab.page.keyboard.press("ArrowRight")
    assert dialog.get_attribute("aria-label") != name
    dialog.get_by_role("button", name="Previous picture").click()
    expect(dialog).to_have_attribute("aria-label", name)
    with lab.page.expect_download() as saved:
        dialog.get_by_text("Save").click()
    assert saved.value.suggested_filename == "figure-1-of-attempt-1.png"
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = dialog.locator(".gm-copy-picture")
    copy.click()
    expect(dialog.get_by_text("Copied")).to_be_visible()
    copied = "async () => (await navigator.clipboard.read()).flatMap(item => item.types)"
    assert lab.page.evaluate(copied) == ["image/png"]
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_a_page_that_was_downloaded_gives_the_run_back(mended: Lab, tmp_path: Path):
    mended.views().first.get_by_role("button", name="More").click()
    with mended.page.expect_download() as saved:
        mended.page.get_by_role("menuitem", name="Download .html").click()
    saved.value.save_as(tmp_path / "run.html")
    (run,) = Run.from_html(tmp_path / "run.html")
    assert run.to_dict() == stored("mended")
    assert round(run.seconds, 3) == 6.412


def test_the_commands_insert_ask_and_expand_and_run_nothing(mended: Lab):
    mended.select(0)
    mended.command("gemini-magic:insert")
    assert len(mended.cells()) == 2
    mended.command("gemini-magic:expand-all")
    expect(mended.views().locator(".gm-step .gm-toggle[aria-expanded=false]")).to_have_count(0)
    mended.select(1)
    mended.command("gemini-magic:ask")
    asked = mended.sources()[2]
    assert asked.startswith("%%gemini_exec\n")
    assert "linear_regression" in asked
    assert [cell.get("execution_count") for cell in mended.cells()] == [None] * 3


def test_a_failed_cell_can_be_asked_to_be_fixed(mended: Lab):
    mended.run_js(
        """panel.content.model.sharedModel.insertCell(1, {cell_type: 'code', source: '1 / 0',
        outputs: [{output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero',
        traceback: ['\\u001b[31mZeroDivisionError\\u001b[0m: division by zero']}]})"""
    )
    mended.select(1)
    mended.command("gemini-magic:fix")
    asked = mended.sources()[2]
    assert "1 / 0" in asked
    assert "ZeroDivisionError: division by zero" in asked
    assert "\x1b" not in asked


def is_saved_setting(response: Response) -> bool:
    return "/api/settings" in response.url and response.request.method == "PUT"


def test_a_setting_that_is_changed_holds_for_what_was_drawn_before_it(lab: Lab):
    part = {"kind": "code", "code": "x", "language": "PYTHON", "id": ""}
    ended = {"kind": "result", "outcome": "OUTCOME_FAILED", "output": "1\n" * 20, "id": ""}
    parts = [part, ended, part, {**ended, "outcome": "OUTCOME_OK"}]
    path = lab.server.folder / "set.ipynb"
    write_notebook(path, run := {**stored("mended"), "parts": parts})
    notebook = nbformat.read(path, 4)
    cell = nbformat.v4.new_code_cell("run.steps[-1]")
    shown, _ = displayed(Run.from_dict(run).steps[-1])
    cell.outputs = [nbformat.v4.new_output("execute_result", shown, execution_count=1)]
    notebook.cells.append(cell)
    nbformat.write(notebook, path)
    lab.open("set.ipynb")
    folded = lab.views().first.locator(".gm-step").first
    expect(lab.views().last.locator(".gm-out")).to_be_visible()
    lab.page.evaluate(
        "() => window.jupyterapp.commands.execute('settingeditor:open', {query: 'Gemini'})"
    )
    lines = lab.page.locator("input[id$=clipLines]:visible")
    with lab.page.expect_response(is_saved_setting):
        lines.fill("6")
    lab.run_js("window.jupyterapp.shell.activateById(panel.id)")
    folded.locator(".gm-toggle").click()
    expect(folded.locator(".gm-show-all")).to_have_text("show all 20 lines")
    for drawn_before in lab.views().all():
        expect(drawn_before.locator(".gm-show-all").last).to_have_text("show all 20 lines")
    lab.close()
    with lab.page.expect_response(is_saved_setting):
        lines.fill("30")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.dispose()")


def test_a_prompt_is_highlighted_as_markdown_and_its_first_line_as_a_magic(lab: Lab):
    lab.open("mended.ipynb")
    lab.run_js(
        "panel.content.model.sharedModel.getCell(0).setSource('%%gemini_exec\\nis it **bold**?')"
    )
    lines = lab.page.locator(".jp-CodeCell .cm-line:visible")
    expect(lines.nth(0)).to_have_class(re.compile("gm-magic-line"))
    expect(lines.nth(1).locator("span", has_text="bold").first).to_be_visible()
    lab.run_js("panel.content.model.sharedModel.getCell(0).setSource('print(1)')")
    expect(lines.nth(0)).not_to_have_class(re.compile("gm-magic-line"))
    lab.close()


@pytest.mark.parametrize("trusted", [False, True])
def test_a_hostile_run_executes_nothing_and_asks_for_nothing(lab: Lab, trusted: bool):
    lab.open("hostile.ipynb")
    assert lab.run_js("return panel.content.model.cells.get(0).trusted") is False
    if trusted:
        lab.run_js("panel.content.model.cells.get(0).trusted = true")
    view = lab.views()
    lab.choose(view, "Expand all")
    expect(view.locator(".gm-thought .gm-prose")).to_contain_text("txt.exe")
    lab.shoot("lab-hostile", view)
    strange = "script, iframe, object, form, svg, video, audio, link, meta, base, embed"
    expect(view.locator(strange)).to_have_count(0)
    expect(view.locator("img:not([src^='data:image/'])")).to_have_count(0)
    protocols = view.locator("a").evaluate_all("links => links.map(a => a.protocol + a.rel)")
    assert set(protocols) == {"https:noopener noreferrer"}
    assert re.search("[\x1b\x07\u202e]", view.inner_text()) is None
    assert (lab.dialogs, lab.remote_requests, lab.errors) == ([], [], [])
    lab.close()


def test_a_hostile_run_is_as_harmless_in_an_exported_page(lab: Lab, tmp_path: Path):
    document = stored("hostile")
    run = Run.from_dict(document)
    cell = nbformat.v4.new_code_cell("%%gemini_exec")
    cell.outputs = [nbformat.v4.new_output("display_data", mimebundle(run))]
    # The template's own scripts would ask the network; what it writes for the run is the question.
    exporter = HTMLExporter(template_name="basic")
    body, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    page = tmp_path / "exported.html"
    page.write_text(body)
    exported = lab.page.context.browser.new_page()
    asked, dialogs = [], []
    exported.on("request", lambda request: asked.append(request.url))
    exported.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    exported.goto(page.as_uri())
    folded = exported.locator("details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    remote = [url for url in asked if not url.startswith(("file:", "data:"))]
    assert (remote, dialogs) == ([], [])
    output = exported.locator(".gemini-magic")
    expect(output.locator("script, iframe, object, svg, form, style")).to_have_count(0)
    exported.close()


THEMED = [
    (name, theme)
    for name in ("mended", "calls", "structured", "grounded", "long-output")
    for theme in ("Light", "Dark", "Dark High Contrast")
]


# Each run and each theme is in the sample.
@pytest.mark.parametrize(("name", "theme"), sampled(THEMED, 4))
def test_axe_finds_no_fault_in_any_theme(lab: Lab, theme: str, name: str):
    lab.theme(f"JupyterLab {theme}")
    lab.open(f"{name}.ipynb")
    if name == "mended":
        lab.page.locator(".gm-tab-changes:visible").click()
    if name == "long-output":
        lab.page.locator(".gm-show-all:visible").first.click()
    lab.shoot(f"lab-{name}-{theme.lower().replace(' ', '-')}")
    assert lab.violations() == []
    lab.close()
    lab.theme("JupyterLab Light")


def test_an_attempt_that_a_cell_shows_by_itself_looks_as_in_its_run(lab: Lab):
    shown, _ = displayed(Run.from_dict(stored("mended")).steps[1:])
    cell = nbformat.v4.new_code_cell("run.steps[1:]")
    cell.outputs = [nbformat.v4.new_output("execute_result", shown, execution_count=1)]
    path = lab.server.folder / "excerpt.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    lab.open(path.name)
    view = lab.views()
    expect(view.locator(".gm-step .gm-toggle")).to_contain_text("Attempt 2")
    expect(view.locator(".gm-step .gm-code .gm-comment")).to_have_count(1)
    expect(view.locator(".gm-pictures img")).to_have_count(1)
    expect(view.locator(".gm-header")).to_be_hidden()
    assert lab.violations() == []
    lab.shoot("excerpt")
    lab.close()


def test_an_output_that_is_folded_away_says_what_is_in_it(mended: Lab):
    mended.run_js("panel.content.widgets[0].outputHidden = true")
    folded = mended.page.locator(".jp-OutputPlaceholder .jp-PlaceholderText")
    expect(folded).to_have_text(re.compile("^Gemini: done, 2 attempts, 6.4 s: What will July"))
    mended.run_js("panel.content.widgets[0].outputHidden = false")
    expect(folded).to_have_count(0)
    expect(mended.views().first).to_be_visible()
