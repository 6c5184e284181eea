"""A run as Markdown for exports is whole, and holds nothing that acts when it is converted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_html import HOSTILE, PNG, run_of

from gemini_magic.answer.files import file_of
from gemini_magic.answer.parts import (
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
from gemini_magic.runs.markdown import neutral, to_markdown


def tokens(markdown):
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    for token in reader.parse(markdown):
        yield token
        yield from token.children or ()


def assert_neutral(markdown):
    for token in tokens(markdown):
        assert token.type not in ("html_block", "html_inline")
        if token.type == "image":
            assert token.attrs["src"].startswith("data:image/")
        if token.type == "link_open":
            assert token.attrs["href"].lower().startswith(("https://", "http://", "mailto:"))
        if token.type == "text":
            outside = re.sub(r"\$\$.*?\$\$|\$.*?\$", "", token.content)
            assert not re.search(r"\\(?!\$)[a-z]{20}", outside)


ODD = st.lists(
    st.sampled_from([*"`\\<>!$&#-=|~[]()*\n \t", "```", "~~~", "\n\n", "- ", "    ", "> ", "1. "])
    | st.sampled_from(
        [
            "<img src=x>",
            "[x](ftp://y)",
            "[x]: ftp://y",
            "![x](https://evil.example)",
            "\\input{x}",
            "$$",
            "\\[",
            "a",
        ]
    )
    | st.sampled_from(HOSTILE),
    max_size=25,
).map("".join)


@given(ODD)
def test_no_text_of_the_model_is_markup_or_a_picture(text):
    assert_neutral(neutral(text))


@given(ODD)
def test_nothing_in_a_run_is_markup_or_a_picture_from_elsewhere(text):
    run = run_of(
        *(kind(text) for kind in (Text, Thought, Note, Code, Data, Query)),
        Result(text, text),
        Source(text, text, text),
        File(text, text, 1, b"x"),
        file_of(text, "text/csv", text.encode("utf-8", "replace"), 0),
        Call(text, {text: text}, error=text),
        Image(text, b"x"),
        Image("image/png", PNG),
    )
    run.error = run.model = text
    assert_neutral(to_markdown(run))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**b** _i_ [l](https://x) `c`", "**b** _i_ [l](https://x) `c`"),
        ("$5 and $x^2$", r"\$5 and $x^2$"),
        ("$![f](ftp://y)$ $[x](y)$", "$! [f] (ftp://y)$ $[x] (y)$"),
        (r"\(a < b\) and \[c\]", r"$a \lt  b$ and $$c$$"),
        (r"\input{/etc/passwd}", "&#92;input{/etc/passwd}"),
        (r"$\input{/etc/passwd}$", "$input{/etc/passwd}$"),
        (r"$\frac{1}{2} \left(x\right)$", r"$\frac{1}{2} \left(x\right)$"),
        (r"\begin{align}a\\b\end{align}", r"$$\begin{align}a\\b\end{align}$$"),
        ("a <b> & c &lt;", "a &lt;b> & c &amp;lt;"),
        ("```html\n<b>\n```", "```html\n<b>\n```"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "| a | b |\n| - | - |\n| 1 | 2 |"),
    ],
)
def test_prose_stays_what_it_is(text, shown):
    assert neutral(text) == shown


def test_a_run_reads_from_top_to_bottom_with_its_picture():
    run = run_of(
        Text("I add."),
        Code("a = 1\n\nprint(a)"),
        Result(output="1\n\n2\n"),
        Image("image/png", PNG),
        Text("It is $1."),
    )
    text = to_markdown(run, stats=False)
    assert re.sub("base64,[^)]*", "…", text) == (
        "I add.\n\n**Attempt 1: ok**\n\n```python\na = 1\n\nprint(a)\n```\n\n"
        "```text\n1\n\n2\n```\n\n![Figure drawn by the code](data:image/png;…)\n\nIt is \\$1."
    )


def test_large_pictures_are_named():
    text = to_markdown(run_of(Image("image/svg+xml", b"<svg>" + bytes(200_000))))
    assert "image/svg+xml, 200,005 bytes" in text
    assert len(text) < 1_000
