"""Code in the saved HTML has the colours of its words, and is the same code."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_html import HOSTILE, run_of

from gemini_magic.answer.parts import Call, Code, Data, Text
from gemini_magic.runs.exports.page import to_html
from gemini_magic.runs.highlight import COLOURS, Highlighter
from gemini_magic.runs.html import render
from gemini_magic.sanitize import sanitize

KEYWORD, STRING, NUMBER = (
    COLOURS[name] for name in ("Keyword", "Literal.String", "Literal.Number")
)
COMMENT, DEFINED = COLOURS["Comment"], COLOURS["Name.Function"]
ROOM = 1_000


class Spans(HTMLParser):
    """The text of HTML, and its words by colour; any other markup fails."""

    def __init__(self, html):
        super().__init__()
        self.text, self.words, self.colour = "", [], ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag, attrs):
        [(name, value)] = attrs
        assert (tag, name, self.colour) == ("span", "style", "")
        self.colour = value.removeprefix("color:")

    def handle_endtag(self, tag):
        self.colour = ""

    def handle_data(self, data):
        self.text += data
        self.words += [(data.strip(), self.colour)] if self.colour else []


def drawn(code, language="python", room=ROOM):
    return Spans(Highlighter(room).draw(code, language))


def test_each_kind_of_word_has_its_colour():
    assert drawn('def add(a):\n    return f"<{len(a)}>" + 1  # two').words == [
        ("def", KEYWORD),
        ("add", DEFINED),
        ("return", KEYWORD),
        ('f"<', STRING),
        ("len", KEYWORD),
        ('>"', STRING),
        ("1", NUMBER),
        ("# two", COMMENT),
    ]


def test_json_has_its_colours():
    assert drawn('{"a": [1, "b", null]}', "json").words == [
        ('"a"', DEFINED),
        ("1", NUMBER),
        ('"b"', STRING),
        ("null", KEYWORD),
    ]


@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(["'", '"', "f'{", '"""', "\\", "\n", "#", "<b>", "&amp;", "{", "\r\n"])
    ).map("".join)
    | st.sampled_from(HOSTILE),
    st.sampled_from(["python", "json", "bash", ""]),
)
def test_no_code_is_markup_or_loses_a_character(code, language):
    assert drawn(code, language).text == sanitize(code)


def test_much_code_and_that_of_other_languages_is_plain():
    draw = Highlighter(10).draw
    assert "<span" in draw("if x: 1", "python")
    assert "<span" not in draw("if x: 1", "python")
    assert "<span" in draw("if", "Python3")
    assert Highlighter(ROOM).draw("if [ 1 ]", "bash") == "if [ 1 ]"


@pytest.mark.parametrize(
    "part",
    [
        Code("if 1 < 2: 3"),
        Code("if 1 < 2: 3", "PYTHON"),
        Text("```python\nif 1 < 2: 3\n```"),
        Call("f", {"x": True}),
        Data("[true]"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_the_saved_form_colours_all_code_of_an_answer(part):
    assert f'<span style="color:{KEYWORD}">' in render(run_of(part))


def test_a_page_has_its_own_colours_for_them():
    page = to_html(run_of(Code("if 1: pass")))
    assert f'style="color:{KEYWORD}"' in page
    for colour in COLOURS.values():
        assert f'[style*="color:{colour}"] {{ color: light-dark(' in page


@pytest.mark.parametrize("colour", sorted(set(COLOURS.values())))
def test_each_colour_is_read_on_light_and_dark_grounds(colour):
    # As the other colours of the saved form, which are one for all grounds.
    assert min(contrast(colour, ground) for ground in ("#fff", "#f5f5f5", "#1f1f1f", "#111")) > 3.5


def contrast(one, other):
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    digits = re.sub("(.)", r"\1\1", colour[1:]) if len(colour) == 4 else colour[1:]
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
