"""A run as plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Usage,
)
from gemini_magic.answer.shown import outcome_words
from gemini_magic.errors import GeminiError
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import mimebundle
from gemini_magic.runs.text import summary_line, to_text, without_middle
from gemini_magic.sanitize import sanitize


def run_of(*parts):
    run = Run(Request("add"), "gemini", "gemini-2.5-pro")
    for part in parts:
        run.add(part)
    return run


def test_a_run_reads_as_one_would_write_it():
    run = run_of(
        Note("retrying in 1 s"),
        Thought("A sum."),
        Text("I add them.\n"),
        Code("print(1 +\n      1)\n"),
        Result(output="2\n"),
        Image("image/png", b"1234"),
        Call("rate", {"day": 1}, error="KeyError: 1"),
        Call("rate", {"day": 2}, {"result": None}),
        Call("rate", {"day": 3}),
        Text("It is 2."),
        Data('{\n "sum": 2\n}'),
        Query("sums"),
        Source("Sums", "https://example.org"),
    )
    assert to_text(run) == (
        "(retrying in 1 s)\n\n> A sum.\n\nI add them.\n\n"
        "Attempt 1\n    print(1 +\n          1)\n\nOutput: ok\n    2\n\n"
        "[image/png, 4 bytes]\n\nCalled rate(day=1): failed: KeyError: 1\n\n"
        "Called rate(day=2): None\n\nCalled rate(day=3)\n\nIt is 2.\n\n"
        '    {\n     "sum": 2\n    }\n\nSearched: sums\n\n'
        "Source: Sums <https://example.org>"
    )


def test_a_call_is_told_when_it_has_ended_or_the_run_has():
    run = run_of(Text("I ask."), Call("rate", {"day": 1}))
    assert to_text(run) == "I ask."
    run.state = "stopped"
    assert to_text(run) == "I ask.\n\nCalled rate(day=1)"


CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0))]
CONTROLS += ["\x1b[31m", "\x1b]0;title\x07", "\u202e", "\u2066", "\ud800"]


@pytest.mark.parametrize("mark", CONTROLS, ids=repr)
def test_nothing_in_any_field_steers_a_terminal(mark):
    word = f"a{mark}b"
    parts = [Text, Thought, Data, Note, Query, Code]
    run = Run(Request(word), word, word, word)
    for part in (
        *(kind(word) for kind in parts),
        Code(word, word, word),
        Result(word, word, word),
        Source(word, word),
        Image(word, b"1"),
        Call(word, {word: word}, error=word),
        Call(word, {word: word}, {word: word}),
        Call(word, {word: word}),
    ):
        run.add(part)
    run.state = run.error = word
    shown = mimebundle(run)
    texts = [shown[kind] for kind in ("text/plain", "text/html", "text/markdown")]
    for text in (*texts, to_text(run), summary_line(run), repr(run), str(GeminiError(word))):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800]", text)
        text.encode()
    for line in (summary_line(run), repr(run), str(GeminiError(word))):
        assert len(line.splitlines()) == 1


FRAGMENTS = st.one_of(
    st.text(alphabet="ab \n\x1b[0m]\x07é", max_size=8).map(Text),
    st.text(alphabet="t\n", max_size=5).map(Thought),
    st.text(alphabet='{"a\n ', max_size=8).map(Data),
    st.just(Call("rate", {"day": 1})),
    st.just(Call("rate", {"day": 1}, {"result": 2})),
    st.just(Code("x = 1")),
    st.just(Result("OUTCOME_FAILED", "boom\n")),
)


@given(st.lists(FRAGMENTS, max_size=12))
def test_the_text_of_a_growing_run_only_grows_at_its_end(parts):
    run, before = run_of(), ""
    for part in parts:
        run.add(part)
        assert to_text(run).startswith(before)
        before = to_text(run)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil\x1b\\link", "link"),
        ("a\x07\x08b\rc", "abc"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("\x9b31mred", "31mred"),
        ("admin\u202e//", "admin\\u202e//"),
        ("\x1b[3", ""),
    ],
)
def test_nothing_that_steers_a_terminal_passes(hostile, shown):
    assert shown == sanitize(hostile)


@given(st.text())
def test_no_text_can_bring_a_control_character_through(text):
    assert not {c for c in sanitize(text) if c < " " and c not in "\n\t"}


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("OUTCOME_OK", "ok"),
        ("OUTCOME_FAILED", "failed"),
        ("OUTCOME_DEADLINE_EXCEEDED", "timed out"),
        ("OUTCOME_UNSPECIFIED", "no result"),
        (None, "no result"),
        ("OUTCOME_OF_TOMORROW", "OUTCOME_OF_TOMORROW"),
    ],
)
def test_an_outcome_is_said_in_words_and_an_unknown_one_as_it_came(outcome, words):
    assert words == outcome_words(outcome)


def test_the_last_line_says_state_model_seconds_and_tokens():
    run = run_of(Usage(total=1204))
    with run.tracking():
        pass
    assert summary_line(run) == "done · gemini-2.5-pro · 1,204 tokens"


def test_a_long_text_loses_its_middle_lines_and_says_how_many():
    lines = [f"line {number}" for number in range(1_000)]
    short = without_middle("\n".join(lines), 100).split("\n")
    assert (short[0], short[-1], len(short)) == ("line 0", "line 999", 13)
    assert short[7] == "[… 988 lines …]"
    assert without_middle("a" * 10, 10) == "a" * 10


def test_a_long_line_loses_its_middle_characters():
    assert without_middle("a" * 5 + "b" * 9 + "c" * 5, 10) == "aaaaa\n[… 9 characters …]\nccccc"
