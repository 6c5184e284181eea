"""The engine without a key runs code for real, and claims nothing else."""

import sys

import pytest
from asking import request_of

from gemini_magic.answer.parts import Code, Note, Progress, Result, Text, Thought, Usage
from gemini_magic.engines.base import Engine
from gemini_magic.engines.offline import ENDED, FENCED, LESSON, Offline
from gemini_magic.errors import LessonMissing
from gemini_magic.lessons.lesson import read
from gemini_magic.lessons.matching import find
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.console import Console
from gemini_magic.views.terminal import Terminal

pytestmark = pytest.mark.process

PRIMES = "What is the sum of the first 50 prime numbers? Generate and run code."
OFFLINE = Offline()
OK, FAILED = "OUTCOME_OK", "OUTCOME_FAILED"


def ask(prompt, engine: Engine = OFFLINE, **more):
    return list(engine.stream(request_of(prompt, **more)))


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


FAILING = {
    "a source line": "total = [1,\n    2][3]",
    "a source line that is no Python": "total = [1",
    "a cause in a library": (
        "import json\ntry:\n    json.loads('{')\n"
        "except ValueError as exc:\n    total = 1\n    raise KeyError('total: 2') from exc"
    ),
    "what the program leaves with": "import sys\nsys.exit('total: 1')",
}


def tell(body):
    """The prose and the notes of a lesson, and how its blocks ended."""
    parts = ask("p q", Offline((read(f'+++\ntitle = "T"\nprompts = ["p q"]\n+++\n{body}'),)))
    prose = "".join(part.text for part in parts if isinstance(part, Text))
    notes = [part.text for part in parts[1:] if isinstance(part, Note)]
    return prose, notes, [part.outcome for part in parts if isinstance(part, Result)]


@pytest.mark.parametrize("name", FAILING)
def test_what_a_traceback_says_was_not_printed(name):
    body = (
        f"```python\n{FAILING[name]}\n```\n```python\n2\n```\n{{{{total}}}} {{{{JSONDecodeError}}}}"
    )
    assert tell(body) == ("(not printed) (not printed)", [], [FAILED, OK])


def test_a_traceback_leaves_what_was_printed_before():
    body = "```python\nprint('a: 1')\na = {}['a: 2']\n```\n{{a}}, {{error}}"
    assert tell(body) == ("1, KeyError: 'a: 2'", [], [FAILED])


@pytest.mark.parametrize("prose", ["It is sorted.", "The sum is {{sum}}.", "{{error}}, {{sum}}"])
def test_a_lesson_ends_where_its_last_code_failed(prose):
    body = f"a\n```python\n1 / 0\n```\n{prose}"
    assert tell(body) == ("a", [ENDED], [FAILED])


def test_an_earlier_print_is_not_quoted_for_last_code_that_failed():
    body = "```python\nprint('sum: 1')\n```\na\n```python\n1 / 0\n```\nIt is {{sum}}."
    assert tell(body) == ("a", [ENDED], [OK, FAILED])


def test_a_lesson_ends_before_prose_with_holes_though_there_is_more_code():
    body = "```python\nsum = 1 / 0\n```\nIt is {{sum}}.\n```python\nprint(1)\n```\nb"
    assert tell(body) == ("", [ENDED], [FAILED])


def test_a_lesson_on_an_error_tells_it_to_the_end():
    body = "```python\n1 / 0\n```\n`{{error}}` is what Python says."
    assert tell(body) == (
        "`ZeroDivisionError: division by zero` is what Python says.",
        [],
        [FAILED],
    )


def test_a_hole_after_code_that_ended_well_is_shown():
    assert tell("```python\n1\n```\nIt is {{sum}}.") == ("It is (not printed).", [], [OK])


def test_code_is_held_to_the_seconds_of_its_lesson():
    lesson = read('+++\nprompts = ["p q"]\nseconds = 0.5\n+++\n```python\nwhile True: pass\n```\n')
    *_, result = ask("p q", Offline((lesson,)))
    assert result.outcome == "OUTCOME_DEADLINE_EXCEEDED"


@pytest.mark.compile
def test_the_first_run_on_a_machine_says_what_is_prepared_and_is_stored_as_all_others_are(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    request = Request("```python\nprint(1)\n```")
    documents, told = [], []
    for _ in range(2):
        run = Run(request, "offline")
        with run.tracking():
            for part in Offline().stream(request):
                run.add(part)
                if isinstance(part, Progress):
                    told.append(part)
                    # It is said before the work, not after.
                    assert bool(list(tmp_path.rglob("*.cwasm"))) is bool(part.done)
        assert run.progress is None
        assert list(run.parts) == [Note(FENCED), Code("print(1)"), Result("OUTCOME_OK", "1\n")]
        documents.append(run.to_dict())
    assert documents[0] == documents[1]
    assert told == [Progress("preparing the sandbox (once)…", done, done) for done in (0, 1)]


def test_a_terminal_says_what_is_prepared_on_stderr(capsys):
    run = Run(Request("x"), "offline")
    run.add(Progress("preparing the sandbox (once)…", 0, 0))
    with Terminal(run, Console(sys.stdout)) as view:
        view.redraw()
    shown = capsys.readouterr()
    assert shown.err == "preparing the sandbox (once)…\n"
    assert "preparing" not in shown.out


@pytest.mark.parametrize("prompt", ["Do some math", "Write code", "Calculate", "```sh\nls\n```"])
def test_any_other_prompt_is_one_line_with_what_would_work(prompt):
    with pytest.raises(LessonMissing) as caught:
        ask(prompt)
    line = str(caught.value)
    assert "\n" not in line
    assert "export GEMINI_API_KEY=… before starting Jupyter" in line
    assert line.partition("; for Gemini, ")[0].count(" or ") == 2


def test_the_line_names_the_nearest_prompt_first_and_cuts_a_long_one():
    with pytest.raises(LessonMissing) as caught:
        ask("the sum of the first 60 primes " + "very " * 100)
    line = str(caught.value)
    assert "try 'Sum the first 50 primes' or" in line
    assert len(line) < 400


@pytest.mark.parametrize("lesson", OFFLINE.lessons, ids=lambda lesson: lesson.title)
def test_a_prompt_that_the_line_offers_is_whole_and_can_be_typed(lesson):
    offered = min(lesson.prompts, key=len)
    with pytest.raises(LessonMissing) as caught:
        ask("tell me more", Offline((lesson,)))
    assert repr(offered) in str(caught.value)
    assert find(offered, OFFLINE.lessons) == lesson


def test_the_line_says_with_which_flags_a_prompt_works():
    needs = "```call\nf()\n```\n```python\nopen('input_file_0.csv')\n```\n"
    lesson = read(f'+++\nprompts = ["the longer prompt", "p q"]\n+++\n{needs}')
    with pytest.raises(LessonMissing, match="try 'p q' with --tool f --file PATH; for Gemini"):
        ask("tell me more", Offline((lesson,)))


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Run this:\n```\nprint(1)\n```", True),
        ("Run this:\n```sh\nls\n```", True),
        ("Run this: `print(1)`", False),
    ],
)
def test_the_line_says_how_to_fence_python_where_there_is_a_fence_of_no_python(prompt, told):
    with pytest.raises(LessonMissing) as caught:
        ask(prompt)
    assert ("fence Python as ```python to run it; try" in str(caught.value)) is told


def test_a_preview_says_what_would_run_and_where():
    preview = OFFLINE.preview(Request(PRIMES))
    assert preview == (
        "offline engine: nothing is sent; the lesson 'Sum of the first 50 primes' "
        "would be run in the sandbox here (1 code block, 30 s each)"
    )
    assert "the code in the prompt" in OFFLINE.preview(Request("```python\n1\n```"))
    with pytest.raises(LessonMissing):
        OFFLINE.preview(Request("Do some math"))
