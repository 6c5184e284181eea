"""What is said of numbers says only where they stand."""

import json
import re
from pathlib import Path

import pytest
from test_claims_tracing import run_of

from gemini_magic import Claim, trace
from gemini_magic.answer.claims.claim import ALONG, PROMPT, Place
from gemini_magic.answer.claims.wording import UNREAD, entries, summary
from gemini_magic.answer.parts import FAILED, OK, Call, Code, Image, Result, Source, Text
from gemini_magic.runs.run import Run

NEVER = re.compile("verif|correct|check|prove|error|hallucin|score|wrong|true", re.IGNORECASE)


def claim(kind, text="7", flag="", place=None, how="exact", of=()):
    return Claim(4, 0, text, kind, how, flag, place, of)


def printed(part=1, line=1):
    return claim("computed", place=Place(part, line, 1))


def test_the_summary_counts_and_names_what_was_not_found():
    found = [printed()] * 9 + [claim("given")] * 2 + [claim("derived"), claim("absent", "5,127")]
    assert summary(found) == (
        "9 numbers printed by the code, 2 from the prompt, 1 follows from others"
        " · 1 not found: 5,127"
    )


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ([], ""),
        ([claim("common")], ""),
        ([printed()], "1 number printed by the code"),
        ([claim("given")] * 2, "2 numbers from the prompt"),
        ([claim("code")], "1 number in the code"),
        ([claim("derived")] * 2, "2 numbers follow from others"),
        ([claim("absent", "1"), claim("absent", "2")], "2 not found: 1, 2"),
        (
            [claim("computed", "3.2", "failed", Place(1, 1, 1))],
            "1 number printed by the code · 1 from an attempt that failed: 3.2",
        ),
        (
            [claim("computed", "3.2", "replaced", Place(1, 1, 1))],
            "1 number printed by the code · 1 printed anew later: 3.2",
        ),
    ],
)
def test_the_summary_has_only_what_there_is(found, line):
    assert summary(found) == line


def test_of_many_that_were_not_found_the_first_are_named():
    found = [claim("absent", str(number)) for number in range(8)]
    assert summary(found) == "8 not found: 0, 1, 2, 3, 4 and 3 more"


def test_what_a_function_returned_is_said_apart():
    parts = [Call("stock", {}, {"result": 3}), Code("x"), Result(OK, "3")]
    found = [printed(2), printed(0), printed(0)]
    assert summary(found, parts) == ("1 number printed by the code, 2 returned by a function")


def test_the_summary_says_what_was_not_read():
    assert summary([printed()]) == "1 number printed by the code"
    for part in (Image("image/png", b"1"), Source("page", "https://a.b")):
        assert summary([printed()], [part]) == f"1 number printed by the code {UNREAD}"
    assert summary([printed()], [Result(OK, "x" * 600_000)]).endswith(UNREAD)
    assert summary([], [Image("image/png", b"1")]) == ""


def run_with_all():
    return run_of(
        Code("rate = 0.0375\n"),
        Result(FAILED, "mean: 11.23\nKeyError: 'x'\n"),
        Code("b"),
        Result(OK, "ready\na: 318\nb: 682\n"),
        Call("stock", {}, {"result": {"legs": 1840}}),
        Text(
            "Of 4,821 at 0.0375 the mean is 11.23. A has 318 and B 682, a difference of 364. "
            "There are 1,840 legs, and 5,127 more."
        ),
        prompt="Take 4821.",
    )


def test_the_list_has_first_what_a_user_should_look_at_and_each_with_its_line():
    run = run_with_all()
    rows = [(e.claim.text, e.words, e.where, e.line) for e in entries(trace(run), run)]
    assert rows == [
        ("5,127", "not found", "", "in no output, prompt or file"),
        ("11.23", "printed, but the attempt failed", "attempt 1, line 1", "mean: 11.23"),
        ("364", "follows", "", "682 − 318"),
        ("318", "printed", "attempt 2, line 2", "a: 318"),
        ("682", "printed", "attempt 2, line 3", "b: 682"),
        ("1,840", "returned by stock(…)", "line 2", '"legs": 1840'),
        ("0.0375", "in the code", "attempt 1, line 1", "rate = 0.0375"),
        ("4,821", "prompt", "line 1", "Take 4821."),
    ]


def test_nothing_that_is_said_judges_a_number():
    run = run_with_all()
    found = trace(run)
    said = [summary(found, run.parts), *(f"{e.words} {e.where}" for e in entries(found, run))]
    assert [line for line in said if NEVER.search(line)] == []


@pytest.mark.parametrize(
    ("where", "title"),
    [
        (Place(1, 3, 1, turn=1), "printed, the turn before, line 3"),
        (Place(1, 3, 1, turn=2), "printed, 2 turns before, line 3"),
        (Place(99, 3, 1), "printed"),
        (Place(1, 99, 1), "printed, attempt 1, line 99"),
        (Place(1, -3, -7), "printed, attempt 1, line -3"),
        (Place(1, 1, 10**9), "printed, attempt 1, line 1"),
    ],
)
def test_a_place_that_is_not_on_the_page_is_named_without_its_line(where, title):
    run = run_of(Code("x"), Result(OK, "a: 7"), Text("7"))
    (entry,) = entries([claim("computed", place=where)], run)
    assert entry.title.startswith(title)


def test_what_went_along_is_told_from_the_prompt():
    run = run_of(Text("7"))
    rows = entries([claim("given", place=Place(at, 1, 1)) for at in (PROMPT, ALONG)], run)
    assert [row.words for row in rows] == ["prompt", "went along with the prompt"]


def test_of_a_long_line_what_is_around_the_number_is_quoted():
    line = "x " * 300 + "mean 41.5" + " y" * 300
    run = run_of(Code("x"), Result(OK, line), Text("The mean is 41.5."))
    (entry,) = entries(trace(run), run)
    assert "mean 41.5" in entry.line
    assert len(entry.line) <= 120


TABLE = json.loads((Path(__file__).parent / "data" / "wording.json").read_text())


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_the_extension_says_the_same(row):
    run = Run.from_dict(row["run"])
    assert summary(run.claims, run.parts) == row["summary"]
    listed = [[e.claim.text, e.words, e.where, e.line] for e in entries(run.claims, run)]
    assert listed == row["entries"]
