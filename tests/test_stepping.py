"""`--step`: a run is presented attempt by attempt, and stays a plain run."""

import io
import sys

import pytest

from gemini_magic.answer.parts import FAILED, OK, Code, Note, Result, Text
from gemini_magic.cli import main
from gemini_magic.errors import ServerError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.host import Host
from gemini_magic.views.stepping import GUESS, NEXT, NOBODY, REST, stops

PARTS = (
    Text("First."),
    Code("print(1 / 0)"),
    Result(FAILED, "ZeroDivisionError\n"),
    Text("Again."),
    Code("print(1)"),
    Result(OK, "1\n"),
    Text("So it is 1."),
)
PROMPT = "Run both.\n```python\nprint('one')\n```\n```python\nprint('two')\n```"


class Terminal(io.StringIO):
    """Somebody sits there who types these lines, and then no more."""

    def isatty(self):
        return True


def shown(monkeypatch, capsys, typed, step, parts=PARTS, breaks=None):
    """What a terminal shows of a run, where somebody types these lines."""
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    run = Run(Request("p"))
    with Host().show(run, step=step) as seen, run.tracking():
        for part in parts:
            run.add(part)
            seen(part)
        if breaks:
            raise breaks
    return capsys.readouterr().out, run


@pytest.mark.parametrize(
    ("parts", "asks", "places"),
    [
        (PARTS, False, [3, 6]),
        (PARTS, True, [2, 3, 5, 6]),
        (PARTS[:6], True, [2, 3, 5]),
        (PARTS[:2], True, []),
        ((Text("x"), Note("y")), True, []),
        ((), True, []),
    ],
)
def test_a_presentation_waits_after_each_attempt_that_something_follows(parts, asks, places):
    assert stops(parts, asks=asks) == places


def test_enter_shows_the_next_attempt(monkeypatch, capsys):
    out, run = shown(monkeypatch, capsys, "\n\n", "attempts")
    first, second, rest = out.split("] \n\n" if "] \n\n" in out else "] ")[:3]
    assert "ZeroDivisionError" in first
    assert "Attempt 2" not in first
    assert first.endswith(NEXT[:-2])
    assert "Attempt 2" in second
    assert "So it is 1." not in second
    assert second.endswith(REST[:-2])
    assert "So it is 1." in rest
    assert (run.state, run.step) == ("done", "")


def test_with_ask_a_code_comes_before_its_output(monkeypatch, capsys):
    out, _ = shown(monkeypatch, capsys, "\n" * 4, "ask")
    assert out.count(GUESS) == 2
    first = out.partition(GUESS)[0]
    assert "print(1 / 0)" in first
    assert "ZeroDivisionError" not in first


@pytest.mark.parametrize("step", ["attempts", "ask"])
def test_who_types_no_more_sees_the_rest_and_all_of_it_once(monkeypatch, capsys, step):
    out, run = shown(monkeypatch, capsys, "\n", step)
    plain, _ = shown(monkeypatch, capsys, "", "")
    for line in plain.splitlines():
        assert line in out
    assert out.count("So it is 1.") == 1
    assert run.parts == list(PARTS)


def test_a_run_that_breaks_is_shown_as_far_as_it_came(monkeypatch, capsys):
    with pytest.raises(ServerError):
        shown(monkeypatch, capsys, "\n" * 9, "ask", PARTS[:4], ServerError("broke"))
    out = capsys.readouterr().out
    assert "Again." in out
    assert GUESS not in out


def test_where_nobody_can_answer_it_is_shown_whole_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    run = Run(Request("p"))
    with Host().show(run, step="ask") as seen, run.tracking():
        for part in PARTS:
            run.add(part)
            seen(part)
    out = capsys.readouterr().out
    assert out.startswith(f"{NOBODY}\n")
    assert "So it is 1." in out
    assert GUESS not in out


@pytest.mark.process
def test_a_command_takes_its_prompt_before_or_after_the_flag(monkeypatch, capsys):
    for words in (["--step", PROMPT], [PROMPT, "--step"], ["--step", "attempts", PROMPT]):
        monkeypatch.setattr(sys, "stdin", Terminal("\n" * 9))
        assert main(["run", "--engine", "offline", *words]) == 0
        assert NEXT in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "value"),
    [("", ""), ("--step", "attempts"), ("--step ask", "ask"), ("--step -t 1", "attempts")],
)
def test_the_flag_alone_means_attempts(line, value):
    assert parse(line, GeminiMagic()).step == value
