"""What a user sees is the same in every form."""

import pytest

from gemini_magic.answer.overstrike import overstrike
from gemini_magic.answer.parts import (
    KINDS,
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
from gemini_magic.runs.text import to_text

SEEN = {
    "text": (Text("seen"), "seen"),
    "thought": (Thought("seen"), "seen"),
    "note": (Note("seen"), "seen"),
    "code": (Code("seen"), "seen"),
    "result": (Result("OUTCOME_FAILED", "seen\n"), "seen"),
    "image": (Image("image/odd", b"123"), "image/odd, 3 bytes"),
    "file": (File("seen.csv", "text/csv", 4, b"a\n1\n"), "seen.csv"),
    "call": (Call("f", {}, {"result": "seen"}), "seen"),
    "data": (Data('{"seen": 1}'), "seen"),
    "query": (Query("seen"), "seen"),
    "source": (Source("seen", "https://example.org"), "seen"),
}


def run_of(*parts):
    run = Run(Request("add"), "gemini", "gemini-2.5-pro")
    for part in parts:
        run.add(part)
    run.state = "done"
    return run


def test_a_call_that_was_refused_is_not_said_to_be_called():
    run = run_of(Call("send", {"to": "a"}, error="refused by the user"))
    assert "Wanted to call send(to='a'): refused by the user" in to_text(run)
    assert "Called" not in to_text(run) + render(run)
    assert "Wanted to call send" in render(run)
    assert "refused</" in render(run)


def test_every_kind_is_tried_below():
    assert set(SEEN) == set(KINDS)


@pytest.mark.parametrize("kind", SEEN)
def test_a_part_of_any_kind_is_seen_in_every_form(kind):
    part, seen = SEEN[kind]
    run = run_of(part)
    assert seen in to_text(run)
    assert seen in render(run)
    assert seen.partition(",")[0] in run.to_markdown()


def test_a_result_before_any_code_is_seen_with_how_it_ended():
    run = run_of(Result("OUTCOME_FAILED", "boom\n"), Text("So."))
    assert to_text(run) == "Output: failed\n    boom\n\nSo."
    assert "<strong>Output</strong>" in render(run)
    assert ">failed<" in render(run)
    assert ">boom<" in render(run)
    assert "```output OUTCOME_FAILED\nboom\n```" in run.to_markdown()


# As JupyterLab shows the same output.
@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("10%\r20%\r100%\n", "100%\n"),
        ("long line\rshort\n", "shortline\n"),
        ("a\r\nb\r\r\nc", "a\nb\nc"),
        ("ab\b\bcd\n\bx", "cd\nx"),
        ("abc\r", "abc"),
        ("one\ntwo\rTWO\nthree", "one\nTWO\nthree"),
        ("50% |###  |\r100% |#####|\n", "100% |#####|\n"),
        ("\x1b[31mred\x1b[0m a\rb\n", "bed a\n"),
        ("\r\x1b[32m 5%\x1b[0m\r\x1b[2K\x1b[1;32m10%\x1b[0m", "10%"),
        ("ab\x1b[0m\b\x1b[1mc", "ac"),
        ("plain", "plain"),
    ],
)
def test_a_line_that_is_written_over_shows_what_is_on_top(printed, seen):
    assert overstrike(printed) == seen


def test_a_progress_bar_is_one_line_in_every_form_and_stored_as_it_came():
    bar = "".join(f"\r{percent}%" for percent in range(101)) + "\n"
    run = run_of(Code("go()"), Result(output=bar))
    assert to_text(run).endswith("Output: ok\n    100%")
    assert ">100%</pre>" in render(run)
    assert "```output\n100%\n```" in run.to_markdown()
    assert run.output == bar
    assert run.to_dict()["parts"][1]["output"] == bar


def test_a_million_overwritten_characters_cost_no_more_than_their_number():
    assert overstrike("x\r" * 500_000) == "x"
    assert overstrike("x\b" * 500_000) == ""
    assert overstrike("x" * 500_000 + "\b" * 500_000) == ""
