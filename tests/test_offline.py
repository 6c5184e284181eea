"""The engine without a key runs code for real, and claims nothing else."""

import pytest

from gemini_magic.engines.base import Engine
from gemini_magic.engines.offline import FENCED, LESSON, Offline
from gemini_magic.errors import LessonMissing
from gemini_magic.lesson import read
from gemini_magic.parts import Code, Note, Result, Text, Thought, Usage
from gemini_magic.question import find, nearest
from gemini_magic.request import Request

PRIMES = "What is the sum of the first 50 prime numbers? Generate and run code."
OFFLINE = Offline()


def ask(prompt, engine: Engine = OFFLINE, **more):
    return list(engine.stream(Request(prompt, **more)))


def test_the_first_part_says_that_this_is_no_model():
    assert (
        ask(PRIMES)[0]
        == Note("offline engine: a scripted lesson, its code run here")
        == Note(LESSON)
    )
    fenced = Note("offline engine: no model; the code in the prompt run here")
    assert ask("```python\n1\n```")[0] == fenced == Note(FENCED)


def test_prose_comes_in_words_then_code_then_its_result():
    kinds = [part.kind for part in ask(PRIMES)]
    assert kinds.count("text") > 20
    assert [kind for kind in kinds if kind != "text"] == ["note", "code", "result"]
    assert kinds[-1] == "text"


def test_the_words_are_the_prose_and_nothing_is_lost_between_them():
    prose = "Two  blanks,\n\n- a list\n    and code: {{none}}"
    lesson = read(f'+++\nprompts = ["p q"]\n+++\n{prose}\n')
    words = [part.text for part in ask("p q", Offline((lesson,))) if isinstance(part, Text)]
    assert len(words) > 5
    assert "".join(words) == prose.replace("{{none}}", "(not printed)")


def test_neither_tokens_nor_thoughts_are_made_up():
    assert not [part for part in ask(PRIMES) if isinstance(part, Usage | Thought)]


def test_fenced_python_is_run_block_by_block_and_nothing_else_is_said():
    prompt = "Run:\n```python\nx = 20\n```\nand\n```py\nprint(x + 1)\n```\n```sh\nls\n```"
    assert ask(prompt)[1:] == [
        Code("x = 20"),
        Result("OUTCOME_OK", ""),
        Code("print(x + 1)"),
        Result("OUTCOME_OK", "21\n"),
    ]


def test_fenced_python_that_fails_is_shown_as_it_failed():
    _, _, result = ask("```python\n1 / 0\n```")
    assert result.outcome == "OUTCOME_FAILED"
    assert "ZeroDivisionError: division by zero" in result.output


def test_what_code_printed_is_quoted_even_after_it_failed():
    text = (
        '+++\nprompts = ["p q"]\n+++\n```python\nprint("a: 1")\nraise ValueError("b")\n```\n'
        "{{a}} / {{error}}\n\n```python\nprint(2)\n```\n{{output}} / {{a}} / {{error}}\n"
    )
    said = "".join(p.text for p in ask("p q", Offline((read(text),))) if isinstance(p, Text))
    assert said == "1 / ValueError: b2 / 1 / ValueError: b"


def test_code_is_held_to_the_seconds_of_its_lesson():
    lesson = read('+++\nprompts = ["p q"]\nseconds = 0.5\n+++\n```python\nwhile True: pass\n```\n')
    *_, result = ask("p q", Offline((lesson,)))
    assert result.outcome == "OUTCOME_DEADLINE_EXCEEDED"


def test_the_first_use_on_a_machine_says_that_the_sandbox_is_prepared(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    engine, prompt = Offline(), "```python\nprint(1)\n```"
    stream = engine.stream(Request(prompt))
    first, second = next(stream), next(stream)
    assert (first, second.kind) == (Note(FENCED), "note")
    assert "once" in second.text
    assert not list(tmp_path.rglob("*.cwasm"))  # it is said before the work, not after
    assert list(stream) == [Code("print(1)"), Result("OUTCOME_OK", "1\n")]
    assert len(ask(prompt, engine)) == 3


@pytest.mark.parametrize("prompt", ["Do some math", "Write code", "Calculate", "```sh\nls\n```"])
def test_any_other_prompt_is_one_line_with_what_would_work(prompt):
    with pytest.raises(LessonMissing) as caught:
        ask(prompt)
    line = str(caught.value)
    assert "\n" not in line
    assert "export GEMINI_API_KEY=… before starting Jupyter" in line
    assert line.count(" or ") == 2


def test_the_line_names_the_nearest_prompt_first_and_cuts_a_long_one():
    with pytest.raises(LessonMissing) as caught:
        ask("the sum of the first 60 primes " + "very " * 100)
    line = str(caught.value)
    assert "try 'Sum the first 50 primes' or" in line
    assert len(line) < 400


@pytest.mark.parametrize("lesson", OFFLINE.lessons, ids=lambda lesson: lesson.title)
def test_a_prompt_that_the_line_offers_is_whole_and_can_be_typed(lesson):
    (offered,) = nearest("", [lesson])
    with pytest.raises(LessonMissing) as caught:
        ask("tell me more", Offline((lesson,)))
    assert repr(offered) in str(caught.value)
    assert find(offered, OFFLINE.lessons) == lesson


def test_without_code_there_is_nothing_that_it_could_do():
    with pytest.raises(LessonMissing, match="leave --no-code out"):
        ask(PRIMES, code=False)


def test_a_preview_says_what_would_run_and_where():
    preview = OFFLINE.preview(Request(PRIMES))
    assert preview == (
        "offline engine: nothing is sent; the lesson 'Sum of the first 50 primes' "
        "would be run in the sandbox here (1 code block, 30 s each)"
    )
    assert "the code in the prompt" in OFFLINE.preview(Request("```python\n1\n```"))
    with pytest.raises(LessonMissing):
        OFFLINE.preview(Request("Do some math"))
