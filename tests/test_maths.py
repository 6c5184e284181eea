"""In the saved HTML maths is maths, and money is money."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from growing import assert_grows_less
from test_html import HOSTILE, assert_harmless, render, run_of
from torture import sampled

from gemini_magic.answer.parts import Code, Note, Result, Text, Thought

# The browser's view is held to the same table: labextension/tests/markdown.test.ts.
TABLE = json.loads((Path(__file__).parent / "data" / "maths.json").read_text())


def prose(text):
    """The HTML of a text of the model, without what is around it."""
    html = render(run_of(Text(text)))
    return html.partition("</p>")[2].removesuffix("</div>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"\(e^{i\pi} = -1\)", r"<p><span>\(e^{i\pi} = -1\)</span></p>"),
        (r"\[x_1 * y_1 * z\]", r"<div>\[x_1 * y_1 * z\]</div>"),
        (r"so \[a_1\] holds", r"<p>so <span>\[a_1\]</span> holds</p>"),
        ("$x_1$ and $y_1$", r"<p><span>\(x_1\)</span> and <span>\(y_1\)</span></p>"),
        ("$$x < y$$", r"<div>\[x &lt; y\]</div>"),
        ("$$\na\n- b\n# c\n$$\nd", "<div>\\[\na\n- b\n# c\n\\]</div>\n<p>d</p>"),
        ("- \\(a_1\\)\n- b", "<ul>\n<li><span>\\(a_1\\)</span></li>\n<li>b</li>\n</ul>"),
        (
            "\\begin{align}\na &= b \\\\\n- c\n\\end{align}",
            "<div>\\begin{align}\na &amp;= b \\\\\n- c\n\\end{align}</div>",
        ),
    ],
)
def test_a_formula_stays_as_it_was_written_for_the_typesetter(text, html):
    assert prose(text).strip() == html


def seen_by_a_typesetter(html):
    """The pieces of text in which MathJax and KaTeX look for both ends of a formula."""
    return [piece for piece in re.split("<[^>]*>", html) if re.search(r"\$|\\[(\[]|\\begin", piece)]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "US$5 to A$6, and 10$ or 20$",
        r"\$5 and \$6",
        "($5) and ($6)",
        r"a literal \\( and \\)",
        "$$ alone\n\n$$ and later",
        r"\( without an end",
        "\\[\n\nan empty line\n\n\\]",
    ],
)
def test_money_and_stray_marks_are_no_formula(text):
    for piece in seen_by_a_typesetter(prose(text)):
        assert piece in ("$", "\\", "$$")


def test_money_stays_money_beside_maths():
    html = prose("From $5 to $6: $x^2$ grows, and \\(y\\) costs $7.")
    assert re.findall(r"\\\((.*?)\\\)", html) == ["x^2", "y"]
    assert [piece for piece in seen_by_a_typesetter(html) if piece[0] != "\\"] == ["$"] * 3


def test_money_in_notes_and_outputs_is_never_maths():
    run = run_of(Note("$5 and $6"), Code("a = '$5 and $6'"), Result(output="$5 and $6\n"))
    run.error = "OptionError: $5 and $6"
    html = re.sub("<(pre|code).*?</(pre|code)>", "", render(run), flags=re.DOTALL)
    html = re.sub("<!--.*?-->", "", html)
    assert set(seen_by_a_typesetter(html)) == {"$"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_is_escaped(text):
    texts = [f"{a}{text}{b}" for a, b in [("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\[", r"\]")]]
    assert_harmless(render(run_of(*(part(text) for text in texts for part in (Text, Thought)))))


@pytest.mark.parametrize(
    "text", sampled(["\\(", "\\[", "\\[\n", "$a ", "$$\n", "\\begin{a}\n", "\\(\\)"], 3)
)
@pytest.mark.growth
def test_marks_without_an_end_take_time_by_their_number_only(text):
    assert_grows_less(lambda count: prose(text * count), 9_000 // len(text), times=10, most=40)


@pytest.mark.parametrize(("text", "formulas"), TABLE)
def test_maths_and_money_are_told_apart_as_in_the_browser(text, formulas):
    found = re.findall(
        r"<(?:span|div)>(\\[(\[].*?|\\begin.*?)</(?:span|div)>", prose(text), re.DOTALL
    )
    found = [unescape(formula) for formula in found if len(formula) > 2]
    stripped = [re.sub(r"^\$+|\$+$", "", formula) for formula in formulas]
    assert len(found) == len(formulas)
    for shown, written in zip(found, stripped, strict=True):
        assert written in shown
