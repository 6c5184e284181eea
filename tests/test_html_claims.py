"""A saved run marks its numbers and lists them, without a script."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemini_magic import Run
from gemini_magic.answer.parts import FAILED, OK, Code, Result, Text
from gemini_magic.request.request import Request
from gemini_magic.runs.html import render
from gemini_magic.runs.saved import mimebundle


def ended(*parts, prompt="Take 4821."):
    run = Run(Request(prompt))
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


def shown(prose, output="a: 318\nb: 682\n"):
    return render(ended(Code("x"), Result(OK, output), Text(prose)), stats=False)


def titles(html):
    return re.findall(r'<span title="([^"]*)"[^>]*>([^<]*)</span>', html)


def rows(html):
    return [re.sub("<[^>]*>", "", row) for row in re.findall("<li>(.*?)</li>", html)]


def test_a_number_has_its_line_as_its_title():
    assert titles(shown("A has 318, B **682**.")) == [
        ("printed, attempt 1, line 1: a: 318", "318"),
        ("printed, attempt 1, line 2: b: 682", "682"),
    ]


def test_found_numbers_are_dotted_and_those_not_found_wavy():
    html = shown("A has 318, not 5,127.")
    assert re.search(r"dotted #808080\">318<", html)
    assert re.search(r"wavy #b26a00\">5,127<", html)


def test_what_was_asked_and_what_stands_anywhere_has_no_mark():
    assert titles(shown("Of 4,821 there are 3.")) == []


def test_the_list_has_every_number_those_not_found_first():
    html = shown("A has 318, B 682, a difference of 364, of 4,821; not 5,127.")
    assert rows(html) == [
        "5,127 not found: in no output, prompt or file",
        "364 follows: 682 − 318",
        "318 printed, attempt 1, line 1: a: 318",
        "682 printed, attempt 1, line 2: b: 682",
        "4,821 prompt, line 1: Take 4821.",
    ]
    line = (
        "2 numbers printed by the code, 1 from the prompt, 1 follows from others"
        " · 1 not found: 5,127"
    )
    assert f'<summary style="cursor:pointer"><small>{line}</small></summary>' in html


def test_a_run_without_claims_has_no_list():
    run = ended(Text("It is 41.5."))
    assert "<details" not in render(run)
    assert "numbers" not in mimebundle(run)["text/plain"]


def test_numbers_in_formulas_and_below_them_are_told_apart():
    html = shown("$$\na_1 = 318\n$$\n\nSo $b_2 * 2 = 682$ and A has 318.")
    assert titles(html) == [("printed, attempt 1, line 1: a: 318", "318")]


def test_the_number_of_an_attempt_that_failed_is_marked_for_a_look():
    run = ended(
        Code("a"),
        Result(FAILED, "mean: 11.23\n"),
        Code("b"),
        Result(OK, "median: 13.5\n"),
        Text("The mean is 11.23."),
    )
    html = render(run)
    assert titles(html) == [
        ("printed, but the attempt failed, attempt 1, line 1: mean: 11.23", "11.23")
    ]
    assert "wavy" in html


def test_what_was_printed_cannot_leave_its_title():
    html = shown("A has 318.", 'a: 318 "><script>alert(1)</script>\n')
    assert "<script" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_plain_text_has_one_line_for_it():
    run = ended(Code("x"), Result(OK, "a: 318\n"), Text("A has 318, not 5,127."))
    line = "1 number printed by the code · 1 not found: 5,127"
    assert mimebundle(run, stats=False)["text/plain"].endswith(f"\n\n{line}")


def test_a_run_read_back_is_drawn_the_same():
    run = ended(Code("x"), Result(OK, "a: 318\n"), Text("A has 318, not 5,127."))
    assert render(Run.from_dict(run.to_dict()), stats=False) == render(run, stats=False)


@pytest.mark.parametrize(
    "rows",
    [
        {"9": [[0, "318", "computed", "exact", [1, 1, 4]]]},
        {"2": [[0, "318", "computed", "exact", [77, 1, 4]]]},
        {"2": [[0, "318", "computed", "exact", [-5, -1, -4]]]},
        {"2": [[7, "318", "computed", "exact", [1, 99, 99]]]},
        {"1": [[0, "<b>", "absent"]]},
        {"2": [[0, "318", "derived", "{0.__class__}", ["1", "2"]]]},
        {"2": [[0, "318", "derived", "sum", ["1"]]]},
        {"2": [[0, "318", "computed"]]},
    ],
)
def test_claims_of_a_hostile_document_are_drawn_as_text(rows):
    run = ended(Code("x"), Result(OK, "a: 318\n"), Text("A has 318."))
    html = render(Run.from_dict({**run.to_dict(), "claims": rows}))
    assert "<b>" not in html
    assert "class" not in html.replace('class="gemini-magic"', "")


@given(st.text('318 642.,%*_`|$\\()[]\n#-ab<>&"', max_size=80))
@settings(deadline=None)
def test_marks_leave_the_text_of_any_prose_as_it_is(prose):
    run = ended(Code("x"), Result(OK, "a: 318\nb: 642\n"), Text(prose))
    marked = render(run, stats=False)
    run.claims = ()
    plain = render(run, stats=False)
    marked = re.sub(
        r'<span title="[^"]*" style="[^"]*">([^<]*|<code>[^<]*</code>)</span>', r"\1", marked
    )
    marked = re.sub(r'<details style="margin:8px 0 0.*?</details>', "", marked, flags=re.DOTALL)
    assert marked == plain
