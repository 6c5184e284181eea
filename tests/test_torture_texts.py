"""Hostile texts in every field of a run, through every channel, stay text."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from test_html import HOSTILE, PNG, assert_harmless
from test_run_markdown import assert_neutral
from test_text import CONTROLS
from torture import either, random_of

from gemini_magic.answer.parts import (
    Call,
    Code,
    Data,
    Image,
    Note,
    Query,
    Result,
    Source,
    Text,
    Thought,
)
from gemini_magic.lessons.lesson import read
from gemini_magic.request.request import Request
from gemini_magic.runs.exports.markdown import to_markdown as evidence_markdown
from gemini_magic.runs.html import render
from gemini_magic.runs.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import mimebundle
from gemini_magic.runs.text import summary_line, to_text
from gemini_magic.views.console import Console
from gemini_magic.views.widget import RunWidget

pytestmark = pytest.mark.process

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800]")
PIECES = [
    *HOSTILE,
    *CONTROLS,
    *"`\\<>!$&#-=|~[]()*_\"' \n\t:;/",
    *("```", "~~~", "\n\n", "- ", "    ", "> ", "1. ", "$$", "\\[", "\\(", "| a |\n|-|\n"),
    *("<!--", "-->", "]]>", "</pre>", "</code>", "</details>", "<a href='", "&lt;", "&#60;"),
    *(
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
        "<svg><animate onbegin=alert(1)>",
    ),
    *("<base href=//evil.invalid>", "<link rel=stylesheet href=//evil.invalid/x.css>"),
    *("<meta http-equiv=refresh content='0;//evil.invalid'>", "![](//evil.invalid/x.png)"),
    *("[x](\x01javascript:alert(1))", "<https://evil.invalid/?q=`x`>", "www.evil.invalid"),
    *("$\\href{javascript:alert(1)}{x}$", "$\\require{html}\\class{x}{y}$", "\\input{/etc/passwd}"),
    *("{{7*7}}", "{% raw %}", "${x}", "<%= x %>", "import os; os.system('touch X')"),
    *("1,234.5", "42 %", "2024-02-30", "\u00a0", "\u2028", "é", "\U0001f600", "a"),
]


def text_of(draw):
    return "".join(draw.choices(PIECES, k=draw.randint(0, 14)))


def hostile_run(draw):
    """A run with texts of strangers wherever there is one."""

    def text():
        return text_of(draw)

    run = Run(Request(text()), text(), text(), "all")
    made = (
        *((lambda kind=kind: kind(text())) for kind in (Text, Text, Thought, Note, Data, Query)),
        lambda: Code(text(), text(), text()),
        lambda: Result(text(), text(), text()),
        lambda: Image(draw.choice(("image/png", "image/svg+xml", text())), PNG + text_bytes(draw)),
        lambda: Call(text(), {text(): [text(), {text(): text()}]}, {"result": text()}),
        lambda: Call(text(), {text(): text()}, error=text()),
        lambda: Source(text(), text()),
        lambda: Source(text(), "https://evil.invalid/" + text()),
    )
    for _ in range(draw.randint(1, 8)):
        run.add(draw.choice(made)())
    run.state = draw.choice(("done", "failed", "stopped", "blocked"))
    run.error = text()
    return run


def text_bytes(draw):
    return text_of(draw).encode(errors="replace")


@pytest.mark.parametrize("times", either(60, 4_000))
def test_a_hostile_run_is_text_in_every_channel(count, times):
    draw = random_of("texts")
    for _ in range(times):
        run = hostile_run(draw)
        written = io.StringIO()
        Console(written).write(to_text(run))
        bundle = mimebundle(run)
        for text in (
            *(to_text(run), summary_line(run), repr(run), written.getvalue(), render(run)),
            *(bundle[kind] for kind in ("text/plain", "text/html", "text/markdown")),
        ):
            assert not STEERING.search(text), run.to_dict()
        assert_harmless(render(run))
        assert_neutral(to_markdown(run))
        assert_neutral(evidence_markdown(run))
        compile(run.to_script().encode(), "run.py", "exec")
        held = run.to_dict()
        assert Run.from_dict(json.loads(json.dumps(held, allow_nan=False))).to_dict() == held
        assert read(run.to_markdown()).prompts
        count("hostile runs", 1)


# What a browser would do by itself, and what a strange element is.
WATCHED = "script, iframe, object, form, svg, video, audio, link, meta[http-equiv], base, embed"
DRAW = """async ([code, traits]) => {
    const url = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
    window.module ??= await import(url);
    const model = {get: name => traits[name], on() {}, off() {}};
    const widget = window.module.default();
    widget.initialize({model});
    const el = document.createElement('div');
    document.body.replaceChildren(el);
    widget.render({model, el});
    for (const folded of el.querySelectorAll('[aria-expanded=false]')) folded.click();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
}"""
STATIC = Path(__file__).parent.parent / "gemini_magic/views/static/widget.js"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A bare page that keeps what it was made to ask for and to say."""
    page = chromium.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    page.context.close()


def assert_quiet(page, inside):
    remote = [url for url in page.asked if not url.startswith(("data:", "blob:", "about:"))]
    assert (remote, page.said) == ([], [])
    assert page.locator(f"{inside} :is({WATCHED})").count() == 0
    handlers = "all => all.flatMap(e => e.getAttributeNames()).filter(name => /^on/.test(name))"
    assert page.locator(f"{inside} *").evaluate_all(handlers) == []


@pytest.mark.parametrize("times", either(12, 400))
def test_a_hostile_run_asks_for_nothing_and_runs_nothing_in_a_page(page, count, times):
    """Its saved HTML, and the widget alone, which has nobody to sanitise for it."""
    draw, code = random_of("browser"), STATIC.read_text()
    for _ in range(times):
        run = hostile_run(draw)
        page.set_content(f"<main>{render(run)}</main>")
        assert_quiet(page, "main")
        widget = RunWidget(run)
        page.evaluate(DRAW, [code, {"run": widget.run, "tail": widget.tail, "progress": {}}])
        widget.close()
        assert_quiet(page, "body > div")
        assert page.locator(".gm-run").count() == 1
        count("views in a browser", 2)


@pytest.mark.parametrize("times", either(4, 200))
def test_a_hostile_run_asks_for_nothing_and_runs_nothing_in_an_exported_page(page, count, times):
    draw = random_of("pages")
    for _ in range(times):
        page.set_content(hostile_run(draw).to_html())
        assert_quiet(page, "main")
        count("views in a browser", 1)
