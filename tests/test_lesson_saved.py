"""Runs that become lessons: the same prose, the same code, whatever they hold."""

import pytest
from asking import commands
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.parts import FAILED, OK, Code, Data, Note, Result, Text
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import LessonError
from gemini_magic.lessons.lesson import fill, literal, read
from gemini_magic.request.request import Request
from gemini_magic.runs.lesson import goes_on, lesson_of, save
from gemini_magic.runs.run import Run
from gemini_magic.views.session import Session, hold

# What means something in the format, and what only looks so.
PIECES = ["+++", "```", "````python", "```output", "> ", " > ", "{{", "}}", "{{x}}", "\\", "\n",
          "x", "'''", '"', "error", " ", "~~~", "é", "\x7f", "\x1b[2J"]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def run_of(*parts, prompt="Count."):
    run = Run(Request(prompt))
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


def told(run):
    """What a run says and runs, as it reads. A blank part is no paragraph of its own."""
    said = [part for part in run.parts if isinstance(part, Text | Data | Code)]
    return [
        part.code if isinstance(part, Code) else part.text.strip("\n")
        for part in said
        if isinstance(part, Code) or part.text.strip("\n")
    ]


@given(HOSTILE, HOSTILE, HOSTILE)
def test_whatever_a_run_holds_its_lesson_has_the_same_prompt_prose_and_code(prompt, prose, code):
    run = run_of(
        Text(prose), Code(code), Result(OK, prose), Note(prose), Text(prose), prompt=prompt
    )
    lesson = read(lesson_of(run))
    assert lesson.prompts == (prompt,)
    said = [
        fill(part.text, {"x": "filled"}) if isinstance(part, Text) else part.code
        for part in lesson.parts
    ]
    assert said == told(run)


@given(HOSTILE)
def test_a_literal_text_is_filled_to_itself(text):
    assert fill(literal(text), {"x": "filled"}) == text


def test_braces_behind_a_backslash_are_no_placeholder():
    assert fill(r"\{{x}} {{x}} \\{{x}}", {"x": "1"}) == r"{{x}} 1 \{{x}}"


def test_the_lesson_of_a_run_runs_alike():
    parts = (Text("I count.\n"), Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is {{x}}."))
    run = run_of(*parts)
    lesson = read(lesson_of(run))
    again = run_of(*Offline(lessons=(lesson,)).stream(Request("Count.")))
    assert told(again) == told(run)
    assert [step.output for step in again.steps] == ["42\n"]


def test_prose_after_a_failure_quotes_its_error():
    failure = "Traceback (most recent call last):\n  x\nNameError: name 'x' is not defined\n"
    told_of = Text("It says `NameError: name 'x' is not defined`.")
    run = run_of(Code("x"), Result(FAILED, failure), told_of)
    assert read(lesson_of(run)).parts[-1] == Text("It says `{{error}}`.")
    assert goes_on(run)
    assert not goes_on(run_of(Code("x"), Result(FAILED, failure), Text("It failed.")))
    assert goes_on(run_of(Code("x"), Result(FAILED, failure)))


def test_a_file_that_is_no_lesson_is_not_replaced(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("# Mine\n")
    with pytest.raises(LessonError, match="is no lesson: choose another name"):
        save(run_of(Text("x")), path)
    assert path.read_text() == "# Mine\n"


@pytest.mark.parametrize("name", ["squares", "squares.txt", "no/such.md"])
def test_a_place_where_no_lesson_can_be_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(LessonError) as refused:
        save(run_of(Text("x")), tmp_path / name)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.process
def test_the_command_saves_the_last_run_and_again_in_its_place(shell, capsys, tmp_path):
    hold(Session())
    give = commands(shell, capsys)
    assert "there is no run yet" in give(f"lesson save {tmp_path}/none.md")
    path = tmp_path / "answer.md"
    for number in (6, 7):
        shell.run_cell(f"%%gemini_exec --engine offline\n```python\nprint({number})\n```")
        assert give(f"lesson save {path}") == f"1 lesson saved: {path}"
    assert read(path.read_text()).parts == (Code("print(7)"),)


@pytest.mark.process
def test_the_turns_of_a_chat_are_lessons_of_their_own(shell, capsys, tmp_path):
    hold(Session())
    give = commands(shell, capsys)
    for number in (1, 2):
        shell.run_cell(
            f"%%gemini_exec --engine offline --chat sums\n```python\nprint({number})\n```"
        )
    # Its verdicts are no part of what was answered.
    assert "1 same" in give("verify")
    assert give(f"lesson save {tmp_path}/sums.md sums").startswith("2 lessons saved: ")
    texts = [read((tmp_path / f"sums-{number}.md").read_text()) for number in (1, 2)]
    assert [lesson.parts for lesson in texts] == [(Code("print(1)"),), (Code("print(2)"),)]
