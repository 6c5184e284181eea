"""A run longer than the screen, in a real JupyterLab: what the reader looks at stays at its end."""

from collections.abc import Iterator
from itertools import count

import nbformat
import pytest
import streaming
from browser import Lab, stored, write_notebook
from labserver import Server
from playwright.sync_api import expect
from torture import sampled

ATTEMPTS = 40
# Shown by the magic's own view, which ends once the test opens the pipe of that name to write.
STREAM = f"""
import os
import time
from pathlib import Path
from gemini_magic.answer.parts import FAILED, OK, Code, Result, Text
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.live import Live

def stream(prompt, end):
    run = Run(Request(prompt), "gemini", "gemini-3-flash-preview")
    os.mkfifo(end)
    with Live(run) as view, run.tracking():
        for number in range({ATTEMPTS}):
            run.add(Text("The limit was **too low**: " + "I take *another* one. " * (number % 9)))
            code = "".join(f"print({{line}} + {{number}})\\n" for line in range(3 + number % 5))
            run.add(Code(f"limit = {{number}}\\n{{code}}assert limit"))
            view.redraw()
            time.sleep(0.02)
            failed = number % 3 == 1
            printed = f"{{number}}\\n" * (1 + 7 * (number % 7))
            run.add(Result(FAILED if failed else OK, printed + "KeyError: 1\\n" * failed))
            view.redraw()
            time.sleep(0.02)
        open(end).close()
"""
TOP = """([cell, attempt]) => {
    const names = document.querySelectorAll(`[data-windowed-list-index="${cell}"] .gm-name`);
    const name = [...names].find(name => name.textContent === attempt);
    return name?.getBoundingClientRect().top ?? null;
}"""
# The place of an attempt in each frame, until it is asked for.
WATCH = f"""attempt => {{
    const top = {TOP};
    window.tops = [];
    const look = () => {{
        window.tops?.push(top(attempt));
        window.tops && requestAnimationFrame(look);
    }};
    look();
}}"""
WATCHED = "() => { const { tops } = window; window.tops = null; return tops; }"
# Frames after the end in which what the reader looks at could still jump.
AFTER = 40
runs = count(1)


@pytest.fixture(scope="module")
def lab(site: Server, jupyterlab: Lab) -> Iterator[Lab]:
    sources = [STREAM, *(f"stream('Prompt {n}', 'end-{n}')" for n in range(1, 6))]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "long.ipynb")
    jupyterlab.open("long.ipynb", kernel=True)
    jupyterlab.run(0)
    yield jupyterlab
    assert jupyterlab.errors == []


def begin(lab: Lab) -> int:
    """Stream the next run, and return its number once it waits for its end."""
    number = next(runs)
    lab.start(number)
    live = lab.page.locator(".gm-run[data-live=true]")
    # As one who watches it does.
    live.locator(".gm-end").evaluate("end => end.scrollIntoView({block: 'end'})")
    expect(live.locator(".gm-name").last).to_have_text(f"Attempt {ATTEMPTS}", timeout=20_000)
    expect(live.get_by_role("status")).not_to_have_text("Running code")
    return number


def end(lab: Lab, number: int) -> None:
    streaming.end(lab.server.folder / f"end-{number}")
    lab.wait()
    expect(lab.page.locator(".gm-run[data-live=true]")).to_have_count(0)
    saved = lab.page.locator(f'[data-windowed-list-index="{number}"] .gm-run')
    # Prose far from the screen comes last.
    expect(saved.locator(".gm-prose strong")).to_have_count(ATTEMPTS)
    lab.draw(AFTER)


@pytest.mark.parametrize("attempt", sampled([1, 14, 27, ATTEMPTS], 3))
def test_what_the_reader_looks_at_stays_where_it_is_when_the_run_ends(lab: Lab, attempt: int):
    number = begin(lab)
    lab.page.locator(".gm-run[data-live=true] .gm-stack button").click()
    name = f"Attempt {attempt}"
    row = lab.page.locator(".gm-run[data-live=true] .gm-name", has_text=name).first
    # What was far from the screen has its height only once it is near.
    for _ in range(4):
        row.evaluate("row => row.scrollIntoView({block: 'center'})")
        lab.draw(10)
    before = lab.page.evaluate(TOP, [number, name])
    assert 0 < before < 1000
    lab.page.evaluate(WATCH, [number, name])
    end(lab, number)
    tops = lab.page.evaluate(WATCHED)
    assert [top for top in tops if top is None or abs(top - before) > 2] == []


def test_the_view_follows_the_stream_until_the_reader_scrolls_away(lab: Lab):
    lab.page.set_viewport_size({"width": 1200, "height": 520})
    number = begin(lab)
    live = lab.page.locator(".gm-run[data-live=true]")
    expect(live.locator(".gm-end")).to_be_in_viewport()
    expect(live.locator(".gm-stack")).to_contain_text(f"{ATTEMPTS - 3} attempts · show all")
    answer = live.get_by_role("button", name="To the answer")
    expect(answer).to_be_hidden()
    live.locator(".gm-stack button").click()
    live.locator(".gm-name").nth(10).evaluate("row => row.scrollIntoView()")
    expect(live.locator(".gm-end")).not_to_be_in_viewport()
    answer.click()
    expect(live.locator(".gm-end")).to_be_in_viewport()
    expect(answer).to_be_hidden()
    end(lab, number)
    lab.page.set_viewport_size({"width": 1200, "height": 1000})


def test_prose_far_from_the_screen_is_rendered_though_nobody_scrolls(lab: Lab):
    paragraphs = [{"kind": "text", "text": f"Line **{number}**"} for number in range(100)]
    # A part between two of prose, which else are one.
    parts = [part for text in paragraphs for part in (text, {"kind": "note", "text": "next"})]
    write_notebook(lab.server.folder / "prose.ipynb", {**stored("offline"), "parts": parts})
    lab.open("prose.ipynb")
    prose = lab.views().locator(".gm-prose")
    expect(prose).to_have_count(100)
    expect(prose.locator("strong")).to_have_count(100)
    assert "**" not in "".join(prose.all_text_contents())


def test_the_answer_is_set_off_wherever_its_attempts_are(lab: Lab):
    code = [{"kind": "code", "code": "1"}, {"kind": "result", "outcome": "OUTCOME_OK"}]
    text = {"kind": "text", "text": "So."}
    # With more pieces than a section of the page takes.
    longer = [part for _ in range(4) for part in (text, *code)]
    # What is said of the run later is no part of its answer.
    note = {"kind": "note", "text": "no longer in this chat: run it again"}
    runs = ([*code, text], [*longer, text], [*code, text, note])
    documents = [{**stored("offline"), "parts": parts} for parts in runs]
    write_notebook(lab.server.folder / "answers.ipynb", *documents)
    lab.open("answers.ipynb")
    expect(lab.views()).to_have_count(3)
    for run in lab.views().all():
        answer = run.locator(".gm-prose").last
        answer.scroll_into_view_if_needed()
        expect(answer).to_have_css("margin-top", "24px")
        expect(answer).to_have_css("font-size", "15px")
