"""Lessons of one's own: folders that the offline engine looks through, and their check."""

import json
import os

import pytest

from gemini_magic.cli import main
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import LessonMissing
from gemini_magic.lessons.folders import LARGEST, files_of, lessons_of
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import Options
from gemini_magic.request.request import Request
from gemini_magic.views.session import Session

GOOD = '+++\ntitle = "Squares"\nprompts = ["Add up my squares"]\n+++\n'
CODE = "```python\nprint('total:', 1 + 4)\n```\n\nIt is {{total}}.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "squares.md").write_text(GOOD + CODE)
    return tmp_path


def ask(prompt, *folders):
    request = Request(prompt, Options(lessons=tuple(map(str, folders))))
    return list(Offline(lessons=()).stream(request))


@pytest.mark.process
def test_a_lesson_of_ones_own_answers_beside_a_folder_and_a_file_that_are_none(folder):
    (folder / "broken.md").write_text("no front matter")
    (folder / "README.md").write_text("# My lessons")
    parts = ask("Add up my squares.", folder / "gone", folder)
    notes = [part.text for part in parts if part.kind == "note"]
    assert notes[1:] == [
        f"no lessons in {folder}/gone: No such file or directory",
        f"{folder}/broken.md: a lesson begins with front matter between two +++ lines",
    ]
    assert "".join(part.text for part in parts if part.kind == "text") == "It is 5."


def test_what_cannot_be_read_is_told_where_no_lesson_answers(folder):
    (folder / "broken.md").write_text("no front matter")
    with pytest.raises(LessonMissing, match=r"try 'Add up my squares'; .*; .*broken\.md: a lesson"):
        ask("Something else entirely?", folder)


def test_ones_own_come_before_the_shipped(folder):
    prompt = "What is the sum of the first 50 prime numbers? Generate and run code."
    (folder / "squares.md").write_text(f'+++\ntitle = "Mine"\nprompts = ["{prompt}"]\n+++\nx\n')
    request = Request(prompt, Options(lessons=(str(folder),)))
    assert "the lesson 'Mine' would be run" in Offline().preview(request)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xfe", "it is not UTF-8"),
        (b"x" * (LARGEST + 1), "it has more than 1 MiB"),
        (b"+++\nprompts = [\n+++\n", "the front matter is not TOML"),
        (b"+++\nprompts = ['\x1b[2J']\nx\n+++\n", "front matter"),
    ],
)
def test_a_file_that_is_no_lesson_says_so_in_one_line(folder, data, why):
    (folder / "bad.md").write_bytes(data)
    lessons, (line,) = lessons_of([str(folder)])
    assert [lesson.title for lesson in lessons] == ["Squares"]
    assert why in line
    assert line.isprintable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_no_lesson_and_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.md")
    assert [found.why for found in files_of(folder) if found.path.name == "pipe.md"] == [
        f"{folder}/pipe.md: it is no ordinary file"
    ]


def test_the_setting_is_a_list_of_folders_and_a_path_in_the_environment(monkeypatch, folder):
    session = Session(settings=GeminiMagic(lessons=["a", str(folder)]))
    assert session.options().lessons == ("a", str(folder))
    monkeypatch.setenv("GEMINI_MAGIC_LESSONS", os.pathsep.join(["a", "b c"]))
    assert GeminiMagic().lessons == ["a", "b c"]


@pytest.mark.process
def test_the_check_of_a_folder_is_a_table_and_its_status(folder, capsys):
    assert main(["lessons", "check", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "squares.md  ok" in shown
    assert shown.endswith("1 lesson, 0 failed\n")


TITLED = '+++\ntitle = "{0}"\nprompts = ["{0} it, now and here"]\n+++\n'
STATES = {
    "broken": ("no front matter", "fails", "front matter"),
    "call": (TITLED.format("Call") + "```call\nf()\n```\n", "not run", "it calls f()"),
    "ends": (TITLED.format("End") + "```python\nx\n```\nSo.\n", "fails", "name 'x' is not defined"),
    "quotes": (
        TITLED.format("Quote") + "It is {{total}}.\n",
        "fails",
        "quotes what is not printed",
    ),
    "reads": (
        TITLED.format("Read") + "```python\nopen('input_file_0.csv')\n```\n",
        "not run",
        "reads/input_file_0.csv",
    ),
    "squares": (GOOD + CODE, "ok", ""),
    "twice": (TITLED.format("Call") + "x\n", "fails", "the lesson 'Call' answers its prompt"),
    "varies": (
        TITLED.format("Vary") + "```python\nimport random\nprint(random.random())\n```\n",
        "varies",
        "attempt 1 prints something else each time",
    ),
    "with-file": (
        TITLED.format("Load") + "```python\nprint(open('input_file_0.csv').read())\n```\n",
        "ok",
        "",
    ),
}


@pytest.mark.process
def test_a_check_says_of_each_lesson_what_came_of_it(tmp_path, capsys):
    for name, (text, _, _) in STATES.items():
        (tmp_path / f"{name}.md").write_text(text)
    (tmp_path / "with-file").mkdir()
    (tmp_path / "with-file" / "input_file_0.csv").write_text("a,b\n1,2\n")
    assert main(["lessons", "check", str(tmp_path), "--json"]) == 1
    told = capsys.readouterr()
    checked = json.loads(told.out)
    assert [row["state"] for row in checked] == [state for _, state, _ in STATES.values()]
    assert all(why in row["why"] for row, (_, _, why) in zip(checked, STATES.values(), strict=True))
    assert told.err == "LessonError: 9 lessons, 4 failed\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["lessons"], "'lessons' is not a whole command: `gemini-magic lessons check`"),
        (["lessons", "chek", "x"], "did you mean `gemini-magic lessons check`?"),
        (["lessons", "check"], "takes the words `gemini-magic lessons check FOLDER [flags]`"),
        (["lessons", "check", "/no/such"], "no lessons in /no/such: No such file or directory"),
    ],
)
def test_what_is_wrong_with_a_check_is_one_line(capsys, words, line):
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert line in told.err
    assert len(told.err.splitlines()) == 1


def test_a_folder_without_lessons_is_not_a_good_one(tmp_path, capsys):
    assert main(["lessons", "check", str(tmp_path)]) == 1
    assert "it has no *.md" in capsys.readouterr().err
