"""Numbers in rendered prose are marked, each where it stands."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gemini_magic import Claim
from gemini_magic.answer.claims.marks import mark
from gemini_magic.answer.claims.prose import mentions_in


def rendered(prose, marked=None, title="mean: 41.5"):
    """Render prose with a span around its numbers, or around those of the texts `marked`."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    claims = [Claim(0, m.nth, m.text, "computed") for m in mentions_in(prose, 0)]
    attributes = {c: {"title": title} for c in claims if marked is None or c.text in marked}
    tokens = parser.parse(prose)
    mark(tokens, prose, claims, attributes)
    return parser.renderer.render(tokens, parser.options, {}).strip()


@pytest.mark.parametrize(
    ("prose", "html"),
    [
        ("It is 41.5.", "<p>It is <span>41.5</span>.</p>"),
        ("It is **41.5**", "<p>It is <strong><span>41.5</span></strong></p>"),
        ("`5117` of `f(3)`", "<p><span><code>5117</code></span> of <code>f(3)</code></p>"),
        ("1 and\n2", "<p><span>1</span> and\n<span>2</span></p>"),
        ("# At 12 %", "<h1>At <span>12 %</span></h1>"),
        (
            "[12](https://a.b) &lt; 13",
            '<p><a href="https://a.b"><span>12</span></a> &lt; <span>13</span></p>',
        ),
        ("1. x 12\n2. y 13", "<ol>\n<li>x <span>12</span></li>\n<li>y <span>13</span></li>\n</ol>"),
    ],
)
def test_a_number_is_marked_where_it_stands(prose, html):
    assert rendered(prose).replace(' title="mean: 41.5"', "") == html


def test_the_cells_of_a_table_are_marked():
    html = rendered("| a | b |\n|---|---|\n| 12 | 13 |\n| x | 14 |")
    assert html.count("<td><span") == 3


def test_only_those_with_attributes_are_marked():
    assert rendered("12 and 13", {"13"}) == '<p>12 and <span title="mean: 41.5">13</span></p>'


def test_a_title_cannot_leave_its_attribute():
    html = rendered("It is 41.5.", title='"><script>alert(1)</script>')
    assert "<script>" not in html
    assert '"&gt;' not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@pytest.mark.parametrize(
    "claims",
    [
        [Claim(0, 0, "12", "computed"), Claim(0, 1, "99", "computed")],
        [Claim(0, 7, "12", "computed")],
    ],
)
def test_where_the_claims_are_not_those_of_the_text_nothing_is_marked(claims):
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse("12 and 13")
    mark(tokens, "12 and 13", claims, {claim: {"title": "x"} for claim in claims})
    assert "span" not in parser.renderer.render(tokens, parser.options, {})


@given(st.text("0123456789.,% *_`|[]()\n#-ab$", max_size=120))
def test_marks_change_nothing_else(prose):
    plain = rendered(prose, set())
    marked = rendered(prose)
    assert marked.replace('<span title="mean: 41.5">', "").replace("</span>", "") == plain


TABLE = json.loads((Path(__file__).parent / "data" / "numbers.json").read_text())


@pytest.mark.parametrize(("prose", "numbers"), TABLE, ids=[prose[:40] for prose, _ in TABLE])
def test_the_numbers_are_those_that_the_extension_finds(prose, numbers):
    assert [mention.text for mention in mentions_in(prose, 0)] == numbers
