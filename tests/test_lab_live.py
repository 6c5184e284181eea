"""Live runs in a real JupyterLab, with a real kernel and the offline engine."""

import json
import re
from collections.abc import Iterator

import nbformat
import pytest
from browser import MIME, NOTEBOOK, RUNS, Lab, stored
from labserver import Server
from playwright.sync_api import expect

SLOW = "Why does the recursive fibonacci(50) take forever? Test both versions."
ENDLESS = "```python\nprint('on')\nwhile True:\n    pass\n```"
# A run in the middle, by the classes that the magic uses, from one of the stored documents.
SHOW = """
import json
from IPython.display import display
from gemini_magic.runs.run import Run
from gemini_magic.views.widget import RunWidget
document = json.loads(open({path!r}).read())
widget = RunWidget(Run.from_dict({{**document, "state": "running"}}))
data, metadata = widget.mimebundle()
display(data, metadata=metadata, raw=True)
"""
SHOW_SAVED = """
from IPython.display import display
display({{"{mime}": json.loads({document!r}), "text/plain": "a run"}}, raw=True)
"""
PROSE = """Use vector<int>.

<div class="jp-Dialog" id="main">Your key?</div>

```cpp jp-Dialog"><div class="jp-Dialog">
vector<int> a;
```

- ```cpp
  vector<int> b;
  ```

See <https://a.example> where $a<b$.
"""
# With code after it, as maths are typeset once a text is whole.
MARKUP_PARTS = [{"kind": "text", "text": PROSE}, {"kind": "code", "code": "1"}]
MARKUP = {**stored("mended"), "parts": MARKUP_PARTS}
# Blocks of every kind, and what makes one go on when it seems to have ended.
GROWN = """# Weak months

The *limit* was `low`:

- one
- two

  more of two

| a | b |
|---|---|
| 1 | $5 |

```python
x = 1

y = 2
```

> said
lazily

A title
---

1. first

2. second

Use <b> for $6, *at last*.
"""
GROW = f"""
import time
from gemini_magic.answer.parts import Text
from gemini_magic.request.request import Request
text = {GROWN!r}
run = Run(Request("Grow"), "gemini", "gemini-3-flash-preview")
widget = RunWidget(run)
data, metadata = widget.mimebundle()
display(data, metadata=metadata, raw=True)
for at in range(0, len(text), 3):
    run.add(Text(text[at:at + 3]))
    widget.sync(run)
    time.sleep(0.02)
run.state = "done"
display({{"{MIME}": run.to_dict(), "text/plain": "a run"}}, raw=True)
"""
CELLS = {
    "load": "%load_ext gemini_magic",
    "flag": "%%gemini_exec --engine offline --insert all\n```python\nprint(6 * 7)\n```\n"
    "```python\nprint(7 * 8)\n```",
    "slow": f"%%gemini_exec --engine offline\n{SLOW}",
    "endless": f"%%gemini_exec --engine offline\n{ENDLESS}",
    "hostile": SHOW.format(path=str(RUNS / "hostile.json")),
    "upload": SHOW.format(path=str(RUNS / "calls-running.json"))
    + "widget.progress = {'text': 'uploading big.csv', 'done': 12_300_000, 'total': 45_600_000}",
    "uploaded": "widget.progress = {}",
    "markup": SHOW.format(path=str(RUNS / "mended.json")).replace(
        "document =", f"document = {MARKUP!r} or"
    )
    + SHOW_SAVED.format(mime=MIME, document=json.dumps(MARKUP)),
    "grow": SHOW.format(path=str(RUNS / "mended.json")) + GROW,
    "turn": "%%gemini_exec --engine offline --chat t\n```python\nprint(1)\n```",
    "next": "%%gemini_exec --engine offline --chat t\n```python\nprint(2)\n```",
    "output": "from ipywidgets import Output\ndisplay(out := Output())\nwith out:\n"
    "    get_ipython().run_cell_magic('gemini_exec', '--engine offline', "
    "'```python\\nprint(6 * 7)\\nwhile True:\\n    pass\\n```')",
    "insert": "import json\n"
    + SHOW_SAVED.format(mime=MIME, document=json.dumps({**stored("mended"), "insert": "all"})),
}
SEVEN = ["print(6 * 7)", "print(7 * 8)"]
INDEX = {name: index for index, name in enumerate(CELLS)}


@pytest.fixture(scope="module")
def lab(site: Server, fresh_for_all: Lab) -> Iterator[Lab]:
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "live.ipynb")
    fresh_for_all.open("live.ipynb", kernel=True)
    fresh_for_all.run(INDEX["load"])
    yield fresh_for_all
    assert fresh_for_all.errors == []


def test_a_run_is_seen_while_it_goes_on_grows_and_freezes_without_a_jump(lab: Lab):
    lab.start(INDEX["slow"])
    live = lab.page.locator(".gm-run[data-live=true]")
    expect(live.get_by_role("status")).to_have_text("Running code")
    expect(live.get_by_role("progressbar")).to_be_visible()
    expect(live.locator(".gm-prose")).to_contain_text("I run the code as it is")
    expect(live.locator(".gm-header")).to_contain_text("offline engine · code run here")
    lab.shoot("lab-running", live)
    attempt = live.locator(".gm-step .gm-toggle").first
    attempt.click()
    attempt.click()
    lab.wait()
    frozen = lab.page.locator(".jp-RenderedGeminiRun .gm-run")
    expect(frozen.get_by_role("status")).to_have_text("Done")
    expect(frozen.get_by_role("button", name="Verify")).to_be_visible()
    expect(frozen.locator(".gm-step .gm-chip").first).to_have_text(
        re.compile("timed out after [34] s")
    )
    expect(lab.views()).to_have_count(1)
    # It failed and was mended, so it would be folded, had the reader not opened it.
    opened = frozen.locator(".gm-step .gm-toggle").first
    expect(opened).to_have_attribute("aria-expanded", "true")
    (output,) = lab.cells()[INDEX["slow"]]["outputs"]
    assert set(output["data"]) == {MIME, "text/html", "text/markdown", "text/plain"}


def test_stop_interrupts_the_kernel_once_and_keeps_what_came(lab: Lab):
    """At once, as a test of the button holds; how soon a run ends then, one of the kernel."""
    lab.start(INDEX["endless"])
    live = lab.page.locator(".gm-run[data-live=true]")
    expect(live.get_by_role("status")).to_have_text("Running code")
    before = len(lab.requests)
    live.get_by_role("button", name="Stop").dblclick()
    lab.wait()
    assert len([url for url in lab.requests[before:] if "/interrupt" in url]) == 1
    output, error = lab.cells()[INDEX["endless"]]["outputs"]
    assert output["data"][MIME]["state"] == "stopped"
    *_, code, result = output["data"][MIME]["parts"]
    assert (code["kind"], result["output"]) == ("code", "on\n[stopped by you]\n")
    assert error["ename"] == "Stopped"
    # The frozen output has taken its place: still, nothing else came under the pointer.
    frozen = lab.page.locator(".jp-Cell").nth(INDEX["endless"]).locator(".jp-RenderedGeminiRun")
    stop = frozen.locator(".gm-stop")
    expect(frozen.get_by_role("status")).to_have_text("Stopped")
    lab.draw()
    expect(stop).to_be_visible()
    lab.page.mouse.move(0, 0)
    expect(stop).to_be_hidden()


@pytest.mark.parametrize("view", ["of the extension", "of the widget alone"])
def test_a_hostile_live_run_executes_nothing_and_asks_for_nothing(lab: Lab, view: str):
    alone = view == "of the widget alone"
    lab.page.evaluate(ANSWERED, not alone)
    lab.run(INDEX["hostile"])
    live = lab.page.locator(".gm-run[data-live=true]")
    lab.choose(live, "Expand all")
    expect(live.locator(".gm-thought .gm-prose")).to_contain_text("txt.exe")
    lab.shoot("lab-widget-alone" if alone else "lab-hostile-live", live)
    expect(live.locator("style:not(.gm-sheet), script, iframe, object, form, svg")).to_have_count(0)
    expect(live.locator("img:not([src^='data:image/'])")).to_have_count(0)
    assert set(live.locator("a").evaluate_all("all => all.map(a => a.protocol)")) == {"https:"}
    assert re.search("[\x1b\x07\u202e]", live.inner_text()) is None
    expect(live.locator(".gm-stop:visible")).to_have_count(0 if alone else 1)
    assert (lab.dialogs, lab.remote_requests) == ([], [])
    lab.page.evaluate(ANSWERED, True)


def test_an_upload_is_told_in_the_line_above_which_stays_as_high(lab: Lab):
    lab.run(INDEX["upload"])
    header = lab.page.locator(".jp-Cell").nth(INDEX["upload"]).locator(".gm-header")
    upload = header.get_by_role("progressbar", name="uploading big.csv")
    expect(upload).to_have_js_property("value", 12_300_000)
    expect(header).to_contain_text("uploading big.csv · 12.3 of 45.6 MB")
    expect(header).not_to_contain_text("gemini-3-flash-preview", use_inner_text=True)
    height = header.bounding_box()["height"]
    lab.shoot("lab-upload", header)
    lab.run(INDEX["uploaded"])
    expect(upload).to_be_hidden()
    expect(header).to_contain_text("gemini-3-flash-preview", use_inner_text=True)
    assert header.bounding_box()["height"] == height


@pytest.mark.parametrize("view", ["of the extension", "of the widget alone"])
def test_markup_in_prose_is_read_as_typed_live_and_saved(lab: Lab, view: str):
    lab.page.evaluate(ANSWERED, view == "of the extension")
    lab.run(INDEX["markup"])
    views = lab.page.locator(".jp-Cell").nth(INDEX["markup"]).locator(".gm-run")
    expect(views).to_have_count(2)
    # The widget alone shows maths as typed.
    formulas = (1 if view == "of the extension" else 0, 1)
    for place, formula in enumerate(formulas):
        prose = views.nth(place).locator(".gm-prose")
        expect(prose).to_contain_text("Use vector<int>.")
        expect(prose).to_contain_text('<div class="jp-Dialog" id="main">Your key?</div>')
        expect(prose).to_contain_text("vector<int> a;")
        expect(prose.locator("code").last).to_have_text(re.compile(r"^vector<int> b;\s*$"))
        expect(prose.locator("mjx-container")).to_have_count(formula)
        expect(prose.locator("a")).to_have_attribute("href", re.compile("^https://a.example/?$"))
        expect(prose.locator("[class*=jp-], [id]:not(mjx-container *)")).to_have_count(0)
    assert views.nth(0).evaluate(AS_WRITTEN) == views.nth(1).evaluate(AS_WRITTEN)
    lab.shoot("lab-markup", views.nth(1))
    lab.page.evaluate(ANSWERED, True)


def test_prose_that_grew_is_what_it_is_when_it_is_drawn_at_once(lab: Lab):
    lab.start(INDEX["grow"])
    views = lab.page.locator(".jp-Cell").nth(INDEX["grow"]).locator(".gm-run")
    first = views.nth(1).locator(".gm-prose > h1").first
    expect(first).to_have_text("Weak months")
    first.evaluate("heading => { heading.kept = true; }")
    lab.wait()
    grown, whole = views.nth(1).locator(".gm-prose"), views.nth(2).locator(".gm-prose")
    expect(grown).to_contain_text("at last.")
    expect(whole.locator("li, td, h2, blockquote")).to_have_count(8)
    # What works with a table comes once its text is whole.
    assert grown.inner_html() == whole.evaluate(AS_GROWING)
    assert first.evaluate("heading => heading.kept")


AS_GROWING = """prose => {
    const copy = prose.cloneNode(true);
    for (const table of copy.querySelectorAll('.gm-table')) {
        table.replaceWith(table.querySelector('.gm-scroll'));
    }
    copy.querySelectorAll('th button').forEach(each => each.replaceWith(...each.childNodes));
    copy.querySelectorAll('th[aria-sort]').forEach(each => each.removeAttribute('aria-sort'));
    return copy.innerHTML;
}"""
# What was drawn of the prose, but for what a typesetter made of its formulas.
AS_WRITTEN = """view => {
    const copy = view.querySelector('.gm-prose').cloneNode(true);
    copy.querySelectorAll('.gm-maths').forEach(formula => formula.replaceChildren());
    return copy.innerHTML;
}"""
# Without the labextension nothing answers the loader's request for a widget.
ANSWERED = """answered => {
    window.deafen ??= event => event.stopImmediatePropagation();
    const change = answered ? 'removeEventListener' : 'addEventListener';
    window[change]('gemini-magic:widget-1', window.deafen, true);
}"""


def test_a_run_that_asks_for_it_is_inserted_once_an_execution(lab: Lab):
    before = len(lab.cells())
    lab.run(INDEX["insert"])
    lab.page.wait_for_function(
        "count => document.querySelectorAll('.jp-Cell').length === count", arg=before + 2
    )
    lab.run(INDEX["insert"])
    assert len(lab.cells()) == before + 2
    assert [cell["execution_count"] for cell in lab.cells()[-2:]] == [None, None]


@pytest.mark.torture(sample=False)
def test_insert_all_inserts_each_attempt_once_the_run_is_done(lab: Lab):
    before = lab.sources()
    # Another test may just have inserted.
    lab.end_undo_step()
    lab.run(INDEX["flag"])
    below = INDEX["flag"] + 1
    assert lab.sources() == [*before[:below], *SEVEN, *before[below:]]
    lab.undo()
    assert lab.sources() == before


def test_an_output_widget_shows_its_run_live_and_at_its_end(lab: Lab):
    lab.start(INDEX["output"])
    cell = lab.page.locator(".jp-CodeCell").nth(INDEX["output"])
    inside = cell.locator(".jp-OutputArea .jp-OutputArea .gm-run:visible")
    expect(inside.get_by_role("status")).to_have_text("Running code")
    inside.get_by_role("button", name="Stop").click()
    lab.wait()
    expect(cell.locator(".gm-run:visible")).to_have_count(1)
    expect(inside.get_by_role("status")).to_have_text("Stopped")


def test_a_run_whose_turn_is_gone_says_so_in_its_cell_and_keeps_its_earlier_answers(lab: Lab):
    for name in ("turn", "next", "next"):
        lab.run(INDEX[name])
    shown = lab.page.locator(".jp-CodeCell").nth(INDEX["next"]).locator(".gm-run:visible")
    expect(shown).to_contain_text("2 of 2")
    lab.run(INDEX["turn"])
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("no longer in this chat: run it again")
    expect(shown).to_contain_text("2 of 2")
    lab.run(INDEX["next"])
    expect(shown).not_to_contain_text("no longer in this chat")


def test_a_run_queued_behind_the_loading_leaves_no_second_copy(lab: Lab):
    """The kernel hears of the extension between two cells only, and until then asks for a cell."""
    before = lab.sources()
    below = INDEX["flag"] + 1
    lab.run_js("await panel.sessionContext.session.kernel.restart();")
    lab.select(INDEX["load"])
    lab.run_js("panel.content.extendContiguousSelectionTo(arg)", INDEX["flag"])
    lab.command("notebook:run-cell")
    assert lab.sources() == [*before[:below], *SEVEN, *before[below:]]
    lab.run_js("panel.content.model.sharedModel.deleteCellRange(arg, arg + 2)", below)


def test_a_saved_notebook_opens_without_a_kernel_and_inserts(lab: Lab):
    lab.save()
    lab.run_js("await panel.sessionContext.shutdown(); panel.dispose();")
    lab.open("live.ipynb")
    assert lab.run_js("return panel.sessionContext.session?.kernel?.id ?? null") is None
    before = len(lab.cells())
    run = lab.views().first
    expect(run.get_by_role("status")).to_have_text("Done")
    run.locator(".gm-step .gm-insert").last.click()
    assert len(lab.cells()) == before + 1
    assert lab.remote_requests == []


def test_a_new_prompt_is_a_click_away_and_without_a_key_so_is_a_lesson(lab: Lab):
    page = lab.page
    page.evaluate("async () => { await window.jupyterapp.commands.execute('launcher:create'); }")
    page.locator(".jp-LauncherCard:visible", has_text="New Gemini prompt").click()
    page.locator(".jp-Notebook:visible .jp-CodeCell").nth(1).wait_for()
    page.wait_for_function(
        f"() => {{ {NOTEBOOK} return panel.content.widgets[0]?.model.executionCount === 1; }}"
    )
    page.keyboard.type("What is the sum of the first 60 prime numbers?")
    page.keyboard.press("Shift+Enter")
    shown = page.locator(".gm-lessons:visible")
    expect(shown).to_contain_text("No key, so no model was asked")
    expect(shown).to_contain_text("%gemini key")
    expect(page.locator("[data-mime-type='application/vnd.jupyter.stderr']:visible")).to_have_count(
        0
    )
    lab.shoot("lab-no-key", shown)
    shown.get_by_role("button", name="Sum of the first 50 primes").click()
    page.get_by_role("button", name="New Gemini prompt").click()
    assert lab.sources()[:4] == [
        "%load_ext gemini_magic",
        "%%gemini_exec\nWhat is the sum of the first 60 prime numbers?",
        "%%gemini_exec\nWhat is the sum of the first 50 prime numbers? Generate and run code.",
        "%%gemini_exec\n",
    ]
    assert [cell.get("execution_count") for cell in lab.cells()][2:4] == [None, None]
    lab.close()
