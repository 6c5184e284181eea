"""Where a run is verified: the flag, the command, Python; and where its verdicts are shown."""

from __future__ import annotations

import pytest
from asking import commands

import gemini_magic
from gemini_magic.answer.parts import Code, Result
from gemini_magic.request.request import Request
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text

pytestmark = pytest.mark.process

FENCED = "```python\nprint(6 * 7)\n```"


def run_of(output):
    run = Run(Request("x"))
    with run.tracking():
        run.add(Code("print(6 * 7)"))
        run.add(Result(output=output))
    return run


def test_the_keyword_verifies_the_run_before_it_is_returned():
    run = gemini_magic.run(FENCED, engine="offline", verify=True)
    assert run.verification.summary == "1 same"
    assert gemini_magic.run(FENCED, engine="offline").verification is None


def test_the_flag_shows_the_verdicts_in_the_terminal(shell, capsys):
    shell.run_cell(f"%%gemini_exec --engine offline --verify\n{FENCED}")
    shown = capsys.readouterr().out
    assert "Run again here: 1 same\n    attempt 1: same\n" in shown
    assert shell.user_ns["_run"].verification.summary == "1 same"


def test_the_command_verifies_the_last_run_or_the_one_that_is_named(shell, capsys):
    give = commands(shell, capsys)
    for number in (1, 2):
        shell.run_cell(f"%%gemini_exec --engine offline\n```python\nprint({number})\n```")
    count = give("runs").count("\n")
    assert (
        give("verify") == give(f"verify {count}") == ("Run again here: 1 same\n    attempt 1: same")
    )
    assert "there is no run '99'" in give("verify 99")


def test_the_command_gives_the_code_the_values_of_variables(shell, capsys):
    shell.user_ns["numbers"] = "1 2 3"
    code = "print(open('input_file_0.txt').read())"
    shell.run_cell(f"%%gemini_exec --engine offline --data numbers\n```python\n{code}\n```")
    assert commands(shell, capsys)("verify").endswith("attempt 1: same")


@pytest.mark.parametrize(
    ("output", "words"), [("42\n", "run again here: same"), ("43\n", "run again here: different")]
)
def test_the_verdict_stands_in_the_row_of_its_attempt(output, words):
    run = run_of(output)
    assert "run again here" not in render(run)
    run.verify()
    assert words in render(run)


def test_text_only_grows_by_the_verdicts():
    run = run_of("43\n")
    before = to_text(run)
    run.verify()
    assert to_text(run) == f"{before}\n\nRun again here: 1 different\n    attempt 1: different"
