"""A prompt that nothing can answer: a calm view with ways to go on, and a cell that fails."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from gemini_magic.answer.parts import Code, Result
from gemini_magic.errors import KeyMissing, LessonMissing
from gemini_magic.lessons import shipped
from gemini_magic.lessons.matching import find
from gemini_magic.notebook.lesson_cells import MIME, LessonList, by_theme, cell_of
from gemini_magic.notebook.without_key import way_on
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

OWN = "%%gemini_exec\nWhat is the sum of the first 60 prime numbers?"
HOSTILE = '<img src=x onerror=alert(1)> $a$ and $b$ "\x1b[2J'


def run(shell, capsys, cell):
    """Return how a cell ended and what it showed."""
    capsys.readouterr()
    result = shell.run_cell(cell)
    shown = capsys.readouterr()
    return result, shown.out + shown.err


def test_the_cell_fails_calmly_with_ways_to_go_on(shell, capsys):
    shell.user_ns.pop("_run", None)
    result, shown = run(shell, capsys, OWN)
    assert isinstance(result.error_in_exec, LessonMissing)
    assert "_run" not in shell.user_ns
    assert shown.startswith("No key, so no model was asked\n")
    assert not {"Error", "Traceback", "LessonMissing"} & set(shown.replace(":", " ").split())
    assert "Near to yours\n  Sum of the first 50 primes\n      %%gemini_exec\n" in shown
    for way in ("`%gemini lessons` lists all", "`%gemini key`", "`export GEMINI_API_KEY=…`"):
        assert way in shown


def test_errors_after_it_are_shown_as_ever(shell, capsys):
    run(shell, capsys, OWN)
    assert "ZeroDivisionError" in run(shell, capsys, "1 / 0")[1]
    ask = f"get_ipython().run_cell_magic('gemini_exec', '', {OWN[14:]!r})"
    caught = f"try:\n    {ask}\nexcept Exception: pass"
    assert run(shell, capsys, caught)[0].success
    _, shown = run(shell, capsys, "import gemini_magic\ngemini_magic.run('Ponder the sea.')")
    assert "LessonMissing: no lesson answers 'Ponder the sea.'" in shown


def test_a_handler_of_the_user_sees_the_error(shell, capsys):
    seen = []
    shell.set_custom_exc((Exception,), lambda own, kind, error, *_, **__: seen.append(error))
    run(shell, capsys, OWN)
    run(shell, capsys, "1 / 0")
    shell.set_custom_exc((), None)
    assert [type(error) for error in seen] == [LessonMissing, ZeroDivisionError]


def test_a_dry_run_of_what_cannot_be_asked_is_as_calm(shell, capsys):
    result, shown = run(shell, capsys, OWN.replace("\n", " --dry-run\n"))
    assert not result.success
    assert shown.startswith("No key, so no model was asked\n")


def test_where_gemini_was_named_nothing_else_is_offered(shell, capsys):
    result, shown = run(shell, capsys, OWN.replace("\n", " --engine gemini\n"))
    assert isinstance(result.error_in_exec, KeyMissing)
    assert shown.startswith("No key, so Gemini was not asked\n")
    assert "Near to yours" not in shown
    assert "`%gemini key`" in shown


def test_with_a_key_the_offline_engine_says_how_to_ask_gemini(shell, capsys, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00003")
    _, shown = run(shell, capsys, OWN.replace("\n", " --engine offline\n"))
    assert shown.startswith("No lesson answers this, and no model was asked\n")
    assert "leave out `--engine offline`" in shown
    assert "%gemini key" not in shown


@pytest.mark.parametrize(
    "prompt",
    ["Ponder the sea.", "Which customers are likely to churn in the next quarter, and why?"],
)
def test_a_prompt_near_to_none_is_offered_the_first_lessons(prompt):
    offered = way_on(LessonMissing(), prompt).groups
    assert [heading for heading, _ in offered] == ["To begin with"]
    assert len(offered[0][1]) == 3


def test_code_that_is_not_fenced_as_python_is_told_how():
    assert "fenced as ` ```python `" in str(way_on(LessonMissing(), "Run:\n```\n1\n```"))
    assert "fenced" not in str(way_on(LessonMissing(), "Run 1"))


def test_in_a_kernel_the_view_is_the_only_output_and_the_reply_an_error(live):
    published = live.collect(live.client.execute(OWN, allow_stdin=True))
    assert (published.reply["status"], published.reply["ename"]) == ("error", "LessonMissing")
    (shown,) = published.of("display_data", "error", "stream", "update_display_data")
    assert {"text/plain", "text/html", MIME} == set(shown["data"])
    near = shown["data"][MIME]["groups"][0]["lessons"]
    assert near[0]["cell"].startswith("%%gemini_exec\nWhat is the sum of the first 50 prime")
    assert live.run("1 / 0").of("error")[0]["ename"] == "ZeroDivisionError"


def test_where_a_notebook_runs_by_itself_it_stops_there():
    cells = [nbformat.v4.new_code_cell(text) for text in ("%load_ext gemini_magic", OWN, "1")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.raises(CellExecutionError, match="LessonMissing: no lesson answers"):
        NotebookClient(notebook, kernel_name="python3").execute()
    assert [output.output_type for output in notebook.cells[1].outputs] == ["display_data", "error"]
    assert notebook.cells[2].execution_count is None


def test_an_exported_run_goes_on_to_its_code_without_a_key():
    run = Run(Request("Six times seven?"), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        run.add(Code("print(6 * 7)"))
        run.add(Result(output="42\n"))
    notebook = nbformat.from_dict(run.to_notebook())
    NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.cells[1].outputs[-1].ename == "KeyMissing"
    assert notebook.cells[2].outputs[0].text == "42\n"


@pytest.mark.parametrize("lesson", shipped(), ids=lambda lesson: lesson.title)
def test_the_cell_of_a_lesson_asks_for_that_lesson(lesson):
    first, _, prompt = cell_of(lesson).partition("\n")
    assert first.split()[0] == "%%gemini_exec"
    assert find(prompt, shipped()) == lesson
    assert lesson.theme


def test_the_lessons_are_listed_by_theme_those_that_need_nothing_first(shell, capsys):
    _, shown = run(shell, capsys, "%gemini lessons")
    themes = [heading for heading, _ in by_theme(shipped())]
    assert themes[0] == "Mathematics"
    assert set(themes[-2:]) == {"Pictures", "Functions of yours"}
    assert [line for line in shown.splitlines()[3:] if line and line[0] != " "] == themes
    assert all(lesson.title in shown for lesson in shipped())
    assert "How many tables the stock is good for (needs a function stock() of yours)" in shown


def test_what_a_lesson_or_a_prompt_says_is_no_markup_and_moves_no_cursor():
    lesson = type(shipped()[0])(HOSTILE, (HOSTILE,), (), theme=HOSTILE)
    made = LessonList(HOSTILE, HOSTILE, ((HOSTILE, (lesson,)),), HOSTILE).bundle()
    assert "<img" not in made["text/html"]
    assert "\x1b" not in made["text/html"] + made["text/plain"]
    assert json.loads(json.dumps(made[MIME])) == made[MIME]


@pytest.fixture
def own(tmp_path):
    """A folder with a lesson of the user's own, and one that cannot be read."""
    lesson = '+++\ntitle = "Tides"\nprompts = ["When does the moon pull the sea?"]\n+++\nHigh.\n'
    (tmp_path / "tides.md").write_text(lesson)
    (tmp_path / "wrong.md").write_text("nothing")
    return tmp_path


def test_lessons_of_the_users_own_are_listed_and_offered_too(shell, capsys, own):
    shell.run_line_magic("config", f"GeminiMagic.lessons = [{str(own)!r}]")
    try:
        _, listed = run(shell, capsys, "%gemini lessons")
        _, offered = run(shell, capsys, "%%gemini_exec\nWhy does the moon pull the sea?")
    finally:
        shell.run_line_magic("config", "GeminiMagic.lessons = []")
    assert "Others\n  Tides\n" in listed
    assert "wrong.md: a lesson begins with front matter" in listed
    assert "Near to yours\n  Tides\n" in offered
