"""A cell becomes a request, or one line that says why not."""

import pytest

from gemini_magic.errors import RequestError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import Options
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.request.request import Request


def built(cell, line="", **names):
    return build(Question(cell, parse(line, GeminiMagic()), names)).request


def test_a_cell_becomes_a_request():
    assert Request("Sum 1 to 9.", Options(model="gemini-3-flash-preview")) == built("Sum 1 to 9.\n")


def test_flags_reach_the_request():
    request = built("Sum 1 to 9.", "-t 1 --system brief --thinking 512 --seed 3 --no-code").options
    assert (
        request.temperature,
        request.system,
        request.thinking,
        request.seed,
        request.code,
    ) == (1.0, "brief", "512", 3, False)


def test_variables_are_put_in_and_noted():
    request = built("Is {n} prime?", n=7)
    assert (request.prompt, request.notes) == ("Is 7 prime?", ("{n} → 7",))


def test_raw_sends_the_prompt_as_typed():
    assert built("Is {n} prime?", "--raw", n=7).prompt == "Is {n} prime?"


@pytest.mark.parametrize("cell", ["", "\n", " \n\t "])
def test_an_empty_cell_is_refused(cell):
    with pytest.raises(RequestError, match="the cell is empty"):
        built(cell)


@pytest.mark.parametrize("cell", ["Calculate", "Do some math", "Write code"])
def test_a_vague_prompt_gets_a_hint_and_is_sent(cell):
    request = built(cell)
    assert cell == request.prompt
    assert request.notes[0].startswith(f"hint: {cell!r} is vague")


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("Write a function to reverse a string. Test it with 'hello world'.", ""),
        # Scripts that do not part words by blanks, and languages whose words nobody here knows.
        ("计算一到一百的质数之和", ""),
        ("1から100までの素数の和を求めて", ""),
        ("จงหาผลรวมของจำนวนเฉพาะ", ""),
        ("Считай", ""),
        ("Weiß", ""),
        # What is meant is said elsewhere.
        ("yes", "--chat"),
        ("Continue", "--chat t"),
        ("Summarize", "--file https://generativelanguage.googleapis.com/v1beta/files/a"),
        ("Describe", "--data table"),
        ("Temperature", "--tool warm"),
        ("Go", "--cache-context manual"),
        ("News", "--search"),
    ],
)
def test_what_may_be_clear_gets_no_hint(cell, line):
    def warm(city: str) -> float: ...

    assert not [note for note in built(cell, line, table=[1], warm=warm).notes if "vague" in note]


def test_a_prompt_that_holds_the_key_is_refused_without_telling_it(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-not-a-real-key-0123456789")
    with pytest.raises(RequestError) as caught:
        built("Use {key}.", key="AIza-not-a-real-key-0123456789")
    assert "GEMINI_API_KEY" in str(caught.value)
    assert "AIza" not in str(caught.value)
