"""Saved runs in a narrow window, in a real JupyterLab: nothing is cut off or out of reach."""

from collections.abc import Iterator

import pytest
from browser import Lab, stored, write_notebook
from labserver import Server
from playwright.sync_api import Locator, expect
from torture import sampled

FACTS = {"seconds": 123.4, "usage": {"prompt": 120, "candidates": 684, "total": 1_248_087}}
COLUMNS = [f"A rather long column {number}" for number in range(14)]
TABLE = "\n".join(
    f"| {' | '.join(row)} |" for row in (COLUMNS, ["---"] * 14, ["12345678"] * 14, ["1"] * 14)
)
WIDE = [
    {"kind": "text", "text": f"Here it is:\n\n{TABLE}\n\n```python\nprint('{'x' * 300}')\n```"},
    {"kind": "code", "code": f"print('{'wide ' * 30}')", "language": "PYTHON", "id": ""},
    {"kind": "result", "outcome": "OUTCOME_OK", "output": "wide " * 30, "id": ""},
]
# In the same line as the first one, or how far from it.
APART = """node => {
    const place = document.createRange();
    place.selectNode(node.nextSibling);
    return place.getBoundingClientRect().top - node.getBoundingClientRect().bottom;
}"""
# Into how many the actions of the header are broken.
LINES = """run => {
    const nodes = [...run.querySelectorAll('.gm-actions > *')].filter(n => n.checkVisibility());
    return new Set(nodes.map(node => Math.round(node.getBoundingClientRect().top))).size;
}"""
CUT = """run => [...run.querySelectorAll('.gm-header *, .gm-row *')]
    .filter(node => node.checkVisibility() && !node.closest('.gm-unseen, .gm-menu'))
    .filter(node => node.getBoundingClientRect().right > run.getBoundingClientRect().right)
    .map(node => node.className)"""


@pytest.fixture(scope="module")
def lab(site: Server, jupyterlab: Lab) -> Iterator[Lab]:
    for name in ("mended", "calls", "structured", "grounded", "long-output", "traced"):
        model = "gemini-3.1-pro-preview-customtools-2026-09"
        write_notebook(site.folder / f"{name}.ipynb", {**stored(name), "model": model}, facts=FACTS)
    write_notebook(site.folder / "wide.ipynb", {**stored("mended"), "parts": WIDE}, facts=FACTS)
    write_notebook(site.folder / "many.ipynb", *[stored("mended")] * 4)
    jupyterlab.page.keyboard.press("Control+b")
    yield jupyterlab
    jupyterlab.page.keyboard.press("Control+b")
    assert jupyterlab.errors == []


@pytest.fixture
def wide(lab: Lab) -> Iterator[Lab]:
    lab.page.set_viewport_size({"width": 560, "height": 900})
    lab.open("wide.ipynb")
    yield lab
    lab.close()


@pytest.mark.parametrize("width", sampled([420, 480, 560, 640, 720, 800, 880], 3))
def test_nothing_above_a_run_or_its_steps_is_cut_off(lab: Lab, width: int):
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.open("mended.ipynb")
    run = lab.views()
    assert run.evaluate(CUT) == []
    assert run.evaluate(LINES) == 1
    for name in ("Insert as cells", "Try again", "More"):
        expect(run.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    lab.close()


@pytest.mark.parametrize(
    "name", sampled(["mended", "calls", "structured", "grounded", "long-output", "wide"], 3)
)
def test_axe_finds_no_fault_in_a_narrow_page(lab: Lab, name: str):
    lab.page.set_viewport_size({"width": 560, "height": 900})
    lab.open(f"{name}.ipynb")
    lab.choose(lab.views(), "Expand all")
    if name == "mended":
        lab.page.locator(".gm-tab-changes:visible").click()
    lab.shoot(f"lab-narrow-{name}")
    assert lab.violations() == []
    lab.close()


def lines(cell: Locator) -> list[str]:
    """Return the text of a table's cell as it is broken on the screen."""
    return cell.evaluate(
        """cell => {
            const place = document.createRange();
            const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
            const found = {};
            for (let at = 0; at < text.length; at++) {
                place.setStart(text, at);
                place.setEnd(text, at + 1);
                const { top } = place.getBoundingClientRect();
                found[top] = (found[top] ?? '') + text.data[at];
            }
            return Object.values(found).map(line => line.trim()).filter(Boolean);
        }"""
    )


def test_a_wide_table_keeps_its_words_and_scrolls_by_keyboard(wide: Lab):
    cells = wide.views().locator(".gm-prose :is(th, td)")
    words = {word for cell in cells.all() for line in lines(cell) for word in line.split()}
    assert words == {*" ".join(COLUMNS).split(), "12345678", "1"}
    box = wide.views().locator(".gm-scroll")
    box.focus()
    wide.page.keyboard.press("ArrowRight")
    wide.page.wait_for_function("() => document.activeElement.scrollLeft > 0")


def test_the_keyboard_stops_where_there_is_something_to_scroll_and_nowhere_else(wide: Lab):
    boxes = wide.views().locator(".gm-step .gm-pre")
    expect(boxes.first).to_have_attribute("tabindex", "0")
    expect(boxes.last).to_have_attribute("tabindex", "0")
    wide.page.set_viewport_size({"width": 1900, "height": 900})
    expect(boxes.first).not_to_have_attribute("tabindex", "0")
    expect(boxes.last).not_to_have_attribute("tabindex", "0")


def test_a_full_stop_stays_beside_its_formula(lab: Lab):
    lab.open("mended.ipynb")
    for width in range(930, 970, 2):
        lab.page.set_viewport_size({"width": width, "height": 900})
        assert lab.views().locator(".gm-maths:has(mjx-container)").evaluate(APART) < 0
    lab.close()


def test_the_triangle_of_a_step_stands_in_the_line_of_its_name_beside_a_verdict(lab: Lab):
    lab.page.set_viewport_size({"width": 420, "height": 900})
    lab.open("traced.ipynb")
    for row in lab.views().locator(".gm-step > .gm-row").all():
        name = row.locator(".gm-name").bounding_box()["y"]
        for beside in (".gm-triangle", ".gm-verdict"):
            assert abs(row.locator(beside).bounding_box()["y"] - name) < 14
    lab.close()


def test_the_triangle_of_a_call_stands_in_the_line_of_its_name(lab: Lab):
    lab.page.set_viewport_size({"width": 480, "height": 900})
    lab.open("calls.ipynb")
    for row in lab.views().locator(".gm-call .gm-toggle").all():
        triangle, name = row.locator(".gm-triangle"), row.locator(".gm-name")
        assert abs(triangle.bounding_box()["y"] - name.bounding_box()["y"]) < 10
    lab.close()


@pytest.mark.parametrize("height", [400, 900])
def test_a_menu_opens_within_the_window_and_closes_when_the_page_scrolls(lab: Lab, height: int):
    lab.page.set_viewport_size({"width": 480, "height": height})
    lab.open("many.ipynb")
    for opener in lab.views().locator(".gm-insert-as, .gm-more").all():
        for block in ("start", "end"):
            opener.evaluate("(node, block) => node.scrollIntoView({block})", block)
            lab.draw()  # where a menu closes as the page scrolls
            opener.evaluate("node => node.click()")
            menu = lab.page.locator(".gm-menu:popover-open")
            expect(menu).to_be_in_viewport(ratio=1)
            lab.page.keyboard.press("Escape")
    opener.evaluate("node => node.click()")
    expect(menu).to_be_visible()
    lab.page.mouse.move(120, 300)
    lab.page.mouse.wheel(0, -200)
    expect(menu).to_have_count(0)
    lab.close()


def test_buttons_that_come_with_the_pointer_take_no_line_of_their_own(lab: Lab):
    lab.page.set_viewport_size({"width": 420, "height": 900})
    lab.open("mended.ipynb")
    rows = lab.views().locator(".gm-step > .gm-row")
    unused = (
        "rows => rows.map(row => row.clientHeight - row.querySelector('.gm-toggle').offsetHeight)"
    )
    assert [space < 8 for space in rows.evaluate_all(unused)] == [True, True]
    lab.close()
