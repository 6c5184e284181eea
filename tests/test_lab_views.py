"""Several views of a live run in a real JupyterLab: made late, moved, cleared, and of two alike."""

import re
from collections.abc import Iterator
from itertools import count

import nbformat
import pytest
import streaming
from browser import MIME, Lab, stored, write_notebook
from playwright.sync_api import Locator, expect
from streaming import LIVE, STREAM, WIDGET, begin

ENDS = count(1)


@pytest.fixture(scope="module")
def kernel(jupyterlab: Lab) -> Iterator[str]:
    """The kernel of all these notebooks, as to start one takes as long as a test."""
    notebook = nbformat.v4.new_notebook()
    nbformat.write(notebook, jupyterlab.server.folder / "kernel.ipynb")
    jupyterlab.open("kernel.ipynb", kernel=True)
    yield jupyterlab.kernel_id()
    assert jupyterlab.errors == []


@pytest.fixture
def lab(jupyterlab: Lab, kernel: str) -> Iterator[Lab]:
    """A notebook of its own, with a kernel that knows `stream`."""
    first = f"{STREAM}\nasked = 0"
    sources = [first, *(f"stream('end-{next(ENDS)}')" for _ in range(2)), "x = 1"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    name = f"{next(ENDS)}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), jupyterlab.server.folder / name)
    jupyterlab.open(name, kernel=kernel)
    jupyterlab.run(0)
    yield jupyterlab
    jupyterlab.close_all(kernels=False)


def end(lab: Lab, index: int = 1) -> None:
    """Let the run of a cell end, of which `index` is the place it was begun at."""
    streaming.end(lab.server.folder / lab.sources()[index].split("'")[1])
    lab.wait()


def run_in(lab: Lab, index: int) -> dict:
    (output,) = lab.cells()[index]["outputs"]
    return output["data"]


def open_output_view(lab: Lab, index: int = 1) -> Locator:
    lab.select(index)
    lab.command("notebook:create-output-view")
    tab = lab.page.locator(".jp-LinkedOutputView")
    tab.locator(".gm-run").wait_for()
    return tab


def test_a_view_that_is_made_late_has_all_that_has_come_and_the_time(lab: Lab):
    begin(lab)
    shown = lab.page.locator(f"{LIVE} .gm-about > .gm-meta", has_text=" s").first
    expect(shown).to_have_text(re.compile("^[2-9] s"))
    lab.command("notebook:create-output-view")
    late = lab.page.locator(f".jp-LinkedOutputView {LIVE}")
    expect(late).to_contain_text("It is one.")
    expect(late.locator(".gm-step")).to_have_count(2)
    time = late.locator(".gm-about > .gm-meta", has_text=" s").inner_text()
    assert int(time.split(" s")[0]) >= 2
    end(lab)
    expect(lab.page.locator(LIVE)).to_have_count(0)
    expect(lab.page.locator(".jp-LinkedOutputView .gm-run")).to_contain_text("Done")


def test_stop_in_a_tab_of_the_output_stops_the_run(lab: Lab):
    begin(lab)
    tab = open_output_view(lab)
    tab.get_by_role("button", name="Stop").click()
    expect(tab.get_by_role("status")).to_have_text("Stopped")
    lab.wait()
    assert lab.cells()[1]["outputs"][0]["data"][MIME]["state"] == "stopped"


@pytest.mark.torture(sample=False)
def test_insert_in_a_tab_of_the_output_puts_cells_into_the_notebook(lab: Lab):
    begin(lab)
    end(lab)
    tab = open_output_view(lab)
    tab.locator(".gm-step .gm-insert").last.click()
    assert lab.sources()[2] == "print(1)"


@pytest.mark.torture(sample=False)
def test_each_of_two_views_of_a_notebook_keeps_what_was_opened_in_it(lab: Lab):
    begin(lab)
    lab.command("docmanager:clone")
    expect(lab.page.locator(LIVE)).to_have_count(2)
    views = lab.page.locator(LIVE)
    # Opened by the reader, else the failed attempt would be folded; shut in the other view.
    opened = []
    for number in range(2):
        toggle = views.nth(number).locator(".gm-step .gm-toggle").first
        if (toggle.get_attribute("aria-expanded") == "true") != (number == 0):
            toggle.evaluate("node => node.click()")
        toggle.evaluate("(node, number) => { node.dataset.mark = number; }", number)
        opened.append(number == 0)
    end(lab)
    expect(lab.page.locator(LIVE)).to_have_count(0)
    for number in range(2):
        toggle = lab.page.locator(f".gm-toggle[data-mark='{number}']")
        expect(toggle).to_have_count(1)
        expect(toggle).to_have_attribute("aria-expanded", str(opened[number]).lower())


def test_a_run_of_the_same_prompt_is_never_taken_for_another(lab: Lab):
    live = begin(lab)
    live.evaluate("node => { node.dataset.mark = 'first'; }")
    for name in (lab.sources()[1].split("'")[1], "same"):
        streaming.end(lab.server.folder / name)
    lab.run_js("panel.content.model.sharedModel.deleteCell(1)")
    lab.run_js("panel.content.model.sharedModel.getCell(2).setSource(\"stream('same', Static)\")")
    lab.run(2)
    expect(lab.views().get_by_role("status")).to_have_text("Done")
    expect(lab.page.locator("[data-mark=first]")).to_have_count(0)


def test_focus_and_selection_stay_when_a_run_ends(lab: Lab):
    live = begin(lab)
    box = "box => [box.scrollTop, box.scrollHeight > box.clientHeight]"
    live.locator(".gm-show-all").last.click()
    live.locator(".gm-out .gm-pre").last.evaluate("box => box.scrollTo(0, 40)")
    expect(live.locator(".gm-out .gm-pre").last).to_have_js_property("scrollTop", 40)
    live.locator(".gm-step .gm-toggle").last.focus()
    live.locator(".gm-prose").first.evaluate("node => getSelection().selectAllChildren(node)")
    end(lab)
    expect(lab.page.locator(LIVE)).to_have_count(0)
    expect(lab.page.locator(".gm-step .gm-toggle").last).to_be_focused()
    assert lab.page.locator(".gm-out .gm-pre").last.evaluate(box) == [40, True]
    assert lab.page.evaluate("() => getSelection().toString()").strip() == "I take the mean."


@pytest.mark.torture(sample=False)
def test_the_focus_of_a_stop_that_is_gone_goes_to_what_can_be_done_now(lab: Lab):
    live = begin(lab)
    live.get_by_role("button", name="Stop").focus()
    end(lab)
    expect(lab.page.get_by_role("button", name="Insert as cells")).to_be_focused()


def test_the_run_of_a_cell_that_was_moved_comes_to_where_the_cell_is(lab: Lab):
    begin(lab)
    source = lab.sources()[1]
    lab.run_js("panel.content.moveCell(1, 3)")
    assert lab.sources()[3] == source
    expect(lab.page.locator(LIVE)).to_contain_text("It is one.")
    end(lab, 3)
    expect(lab.views().get_by_role("status")).to_have_text("Done")
    assert set(run_in(lab, 3)) == {MIME, "text/html", "text/markdown", "text/plain"}


@pytest.mark.torture(sample=False)
def test_the_run_of_a_cell_that_was_cut_is_there_when_it_is_pasted(lab: Lab):
    begin(lab)
    source = lab.sources()[1]
    lab.command("notebook:cut-cell")
    assert source not in lab.sources()
    streaming.end(lab.server.folder / source.split("'")[1])
    lab.wait()
    lab.select(2)
    lab.command("notebook:paste-cell-below")
    assert lab.sources()[-1] == source
    expect(lab.views().get_by_role("status")).to_have_text("Done")
    assert WIDGET not in run_in(lab, 3)


def test_an_output_that_was_cleared_meanwhile_has_the_run_when_it_is_done(lab: Lab):
    begin(lab)
    lab.command("notebook:clear-cell-output")
    assert lab.cells()[1]["outputs"] == []
    end(lab)
    expect(lab.views().get_by_role("status")).to_have_text("Done")
    assert run_in(lab, 1)[MIME]["state"] == "done"


NUMBERED = """
asked += 1
if asked == 3:
    raise ValueError("no answer this time")
run = Run(Request("July?"), "gemini", "gemini-3-flash-preview")
with Live(run), run.tracking():
    run.add(Text(f"Answer {asked}."))
"""


def test_answers_of_a_cell_that_is_asked_again_stay_and_are_saved(lab: Lab):
    lab.run_js("panel.content.model.sharedModel.getCell(3).setSource(arg)", NUMBERED)
    lab.run(3)
    run = lab.views()
    expect(run).to_contain_text("Answer 1.")
    run.get_by_role("button", name="Try again").click()
    expect(run).to_contain_text("2 of 2")
    expect(run).to_contain_text("Answer 2.")
    # One that breaks before it begins loses nothing.
    lab.run(3)
    expect(lab.page.locator(".jp-OutputArea-output")).to_contain_text("no answer this time")
    lab.run(3)
    expect(run).to_contain_text("3 of 3")
    run.get_by_role("button", name="Older answer").click()
    run.get_by_role("button", name="Older answer").click()
    expect(run.locator(".gm-prose")).to_have_text("Answer 1.")
    lab.save()
    lab.reload()
    expect(run).to_contain_text("Answer 4.")
    run.get_by_role("button", name="Older answer").click()
    expect(run.locator(".gm-prose")).to_have_text("Answer 2.")
    # What a user cleared does not come back.
    lab.select(3)
    lab.command("notebook:clear-cell-output")
    lab.run(3)
    expect(run).to_contain_text("Answer 5.")
    expect(run.locator(".gm-versions")).to_be_hidden()


def test_notebooks_of_one_kernel_each_show_what_they_asked_and_once(lab: Lab, kernel: str):
    name = f"{next(ENDS)}.ipynb"
    cell = nbformat.v4.new_code_cell(NUMBERED.replace("== 3", "< 0"))
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), lab.server.folder / name)
    lab.open(name, kernel=kernel)
    lab.run(0)
    for number in range(2, 9):
        lab.views().get_by_role("button", name="Try again").click()
        expect(lab.views()).to_contain_text(f"Answer {number}.")
    assert [len(cell["outputs"]) for cell in lab.cells()] == [1]


RECORDED = "%%gemini_exec --engine offline --replay auto\n```python\nprint(6 * 8)\n```"


def test_a_replayed_run_says_so_and_try_again_asks_anew(lab: Lab):
    set_source = "panel.content.model.sharedModel.getCell(3).setSource(arg)"
    lab.run_js(set_source, "%load_ext gemini_magic")
    lab.run(3)
    lab.run_js(set_source, RECORDED)
    state = lab.views().get_by_role("status")
    lab.run(3)
    expect(state).to_have_text("Done")
    lab.run(3)
    expect(state).to_have_text("Replayed")
    expect(lab.views().locator(".gm-header")).to_contain_text("recorded just now · nothing sent")
    lab.views().get_by_role("button", name="Try again").click()
    expect(state).to_have_text("Done")
    # A page that is loaded again has not been greeted; a kernel that is restarted has no magic.
    lab.run(3)
    expect(state).to_have_text("Replayed")
    lab.save()
    lab.reload()
    lab.views().get_by_role("button", name="Try again").click()
    expect(state).to_have_text("Done")
    lab.run(3)
    expect(state).to_have_text("Replayed")
    lab.run_js("await panel.sessionContext.session.kernel.restart()")
    lab.views().get_by_role("button", name="Try again").click()
    expect(state).to_have_text("Done")


def test_try_again_without_a_kernel_asks_for_one_and_loses_nothing(lab: Lab):
    write_notebook(lab.server.folder / "read.ipynb", stored("offline"))
    lab.open("read.ipynb")
    lab.views().get_by_role("button", name="Try again").click()
    lab.page.locator(".jp-Dialog .jp-mod-reject").first.click()
    expect(lab.page.locator(".jp-Dialog")).to_have_count(0)
    assert len(lab.cells()[0]["outputs"]) == 1
    expect(lab.views()).to_be_visible()
    lab.close()


def test_a_prompt_is_edited_from_its_answer(lab: Lab):
    lab.run_js("panel.content.model.sharedModel.getCell(3).setSource(arg)", NUMBERED)
    lab.run(3)
    lab.select(0)
    lab.choose(lab.views(), "Edit and ask again")
    lab.page.keyboard.type("# and August?")
    assert lab.sources()[3] == f"{NUMBERED}# and August?"


@pytest.mark.torture(sample=False)
def test_a_console_offers_to_stop_a_run_and_not_to_insert_what_it_has_no_cells_for(lab: Lab):
    lab.run_js(
        """
        const opened = await window.jupyterapp.commands.execute(
            'console:create', {kernelPreference: {name: 'python3'}});
        await opened.sessionContext.ready;
        await opened.console.inject(arg);
        window.asked = opened.console.inject("stream('no')");
        """,
        STREAM,
    )
    live = lab.page.locator(f".jp-CodeConsole {LIVE}")
    expect(live).to_contain_text("It is one.")
    live.get_by_role("button", name="Stop").click()
    run = lab.page.locator(".jp-CodeConsole .gm-run")
    expect(run.get_by_role("status")).to_have_text("Stopped")
    expect(run.locator(".gm-more")).to_be_visible()
    expect(run.locator(".gm-again:visible")).to_have_count(0)
    expect(run.locator(".gm-insert-as:visible, .gm-insert:visible")).to_have_count(0)
