"""Cells made from a run find its files under the names that the model's code uses."""

import os
import signal
from pathlib import Path

import polars as pl
import pytest
from IPython.core.interactiveshell import InteractiveShell

import gemini_magic
from gemini_magic.answer.parts import Code, Text
from gemini_magic.errors import RequestError
from gemini_magic.notebook.cells import code_of
from gemini_magic.request.attachments import gather
from gemini_magic.request.request import Request
from gemini_magic.request.staging import files_of, source_of, stage
from gemini_magic.runs.run import Run

FRAME = pl.DataFrame({"rain": [1.5, 6.0]})


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run_with(attachments, insert="last", code="b"):
    run = Run(Request("How much?", attachments=attachments), insert=insert)
    for part in (Code("a"), Code(code)):
        run.add(part)
    return run


def test_the_sandbox_has_each_file_under_both_names():
    found = gather({"frame": FRAME, "notes": "dry"}, [], 1000)
    assert files_of(found) == {
        "frame.csv": b"rain\n1.5\n6.0\n",
        "input_file_0.csv": b"rain\n1.5\n6.0\n",
        "notes.txt": b"dry",
        "input_file_1.txt": b"dry",
    }


def test_googles_name_wins_where_a_file_of_the_reader_has_it_too(tmp_path):
    write(tmp_path / "input_file_1.csv", "first\n")
    write(tmp_path / "b.csv", "second\n")
    found = gather({}, ["input_file_1.csv", "b.csv"], 1000)
    assert files_of(found)["input_file_1.csv"] == b"second\n"


def test_stage_writes_the_files_and_says_which(tmp_path):
    write(tmp_path / "data/a.csv", "x\n1\n")
    written = gemini_magic.stage(data={"frame": FRAME}, files=["data/a.csv"])
    assert written == ["a.csv", "frame.csv", "input_file_0.csv", "input_file_1.csv"]
    assert (tmp_path / "input_file_0.csv").read_text() == "rain\n1.5\n6.0\n"
    assert (tmp_path / "input_file_1.csv").read_text() == "x\n1\n"


def test_stage_never_replaces_a_file_of_the_readers_own_name(tmp_path):
    write(tmp_path / "frame.csv", "mine")
    write(tmp_path / "input_file_0.csv", "of an earlier run")
    assert gemini_magic.stage({"frame": FRAME}) == ["input_file_0.csv"]
    assert (tmp_path / "frame.csv").read_text() == "mine"
    assert (tmp_path / "input_file_0.csv").read_text() == "rain\n1.5\n6.0\n"


def test_stage_numbers_the_files_of_a_later_turn_after_those_before(tmp_path):
    gemini_magic.stage({"frame": FRAME})
    assert gemini_magic.stage({"notes": "dry"}, first=1) == ["input_file_1.txt", "notes.txt"]
    assert (tmp_path / "input_file_0.csv").read_text() == "rain\n1.5\n6.0\n"


def test_stage_says_in_one_line_what_is_missing():
    with pytest.raises(RequestError, match=r"there is no file 'gone\.csv': check the path"):
        gemini_magic.stage(files=["gone.csv"])


@pytest.mark.parametrize(
    ("data", "files", "source"),
    [
        ({}, [], ""),
        (
            {"frame": FRAME, "notes": "dry"},
            [],
            "import gemini_magic\n\ngemini_magic.stage(data={'frame': frame, 'notes': notes})",
        ),
        (
            {"frame": FRAME},
            ["data/it's.csv"],
            "import gemini_magic\n\n"
            "gemini_magic.stage(data={'frame': frame}, files=[\"data/it's.csv\"])",
        ),
        (
            {},
            ["gs://b/c.png", "data/it's.csv"],
            "# input_file_0.png is gs://b/c.png: fetch it yourself\n"
            "import gemini_magic\n\n"
            "gemini_magic.stage(files=['gs://b/c.png', \"data/it's.csv\"])",
        ),
        ({}, ["gs://b/c.png"], "# input_file_0.png is gs://b/c.png: fetch it yourself"),
    ],
    ids=["nothing", "variables", "both", "elsewhere-too", "elsewhere"],
)
def test_the_source_names_what_was_given(tmp_path, data, files, source):
    write(tmp_path / "data/it's.csv", "x\n1\n")
    assert source_of([gather(data, files, 1000)]) == source


def test_the_document_of_a_run_has_the_source_only_where_there_are_files():
    run = run_with(gather({"frame": FRAME}, [], 1000))
    document = run.to_dict()
    assert document["staging"].endswith("gemini_magic.stage(data={'frame': frame})")
    assert Run.from_dict(document).to_dict() == document
    assert "staging" not in run_with(()).to_dict()


def test_the_one_cell_of_a_front_end_without_our_extension_begins_with_it():
    found = gather({"frame": FRAME}, [], 1000)
    assert code_of(run_with(found)) == f"{source_of([found])}\n\n# attempt 2\nb"
    assert code_of(run_with(found, insert="all")).count("stage(") == 1
    assert code_of(run_with(found, insert="none")) == ""
    empty = Run(Request("x", attachments=found), insert="last")
    empty.add(Text("no code"))
    assert code_of(empty) == ""


def test_the_inserted_cell_runs_as_it_stands(shell, tmp_path, capsys):
    write(tmp_path / "data/a.csv", "x\n4\n")
    code = (
        "import csv\n"
        "for name in ('input_file_0.csv', 'frame.csv', 'input_file_1.csv', 'a.csv'):\n"
        "    with open(name) as file:\n        print(list(csv.reader(file))[1:])"
    )
    run = run_with(gather({"frame": FRAME}, ["data/a.csv"], 1000), code=code)
    shell.user_ns["frame"] = FRAME
    assert shell.run_cell(code_of(run)).success
    rain, own = "[['1.5'], ['6.0']]\n", "[['4']]\n"
    assert capsys.readouterr().out.endswith(rain * 2 + own * 2)


def test_a_file_that_is_named_from_the_root_is_found_from_any_folder(tmp_path, monkeypatch):
    write(tmp_path / "data/a.csv", "x\n4\n")
    source = source_of([gather({}, [str(tmp_path / "data/a.csv")], 1000)])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    exec(source, {})
    assert sorted(path.name for path in Path().iterdir()) == ["a.csv", "input_file_0.csv"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def test_a_source_with_the_name_of_another_is_not_lost(folder):
    (folder / "input_file_0.csv").write_text("mine")
    (folder / "other.csv").write_text("other")
    with pytest.raises(RequestError, match=r"'input_file_0\.csv' is a file of yours"):
        stage(files=["other.csv", "input_file_0.csv"])
    assert (folder / "input_file_0.csv").read_text() == "mine"
    assert sorted(path.name for path in folder.iterdir()) == ["input_file_0.csv", "other.csv"]


def test_a_source_that_has_its_staged_name_is_left_alone(folder):
    (folder / "input_file_0.csv").write_text("mine")
    assert stage(files=["input_file_0.csv"]) == []
    assert (folder / "input_file_0.csv").read_text() == "mine"


def test_a_source_by_another_path_is_known_all_the_same(folder):
    (folder / "input_file_1.csv").write_text("mine")
    hard = folder / "hard.csv"
    hard.hardlink_to(folder / "input_file_1.csv")
    (folder / "b.csv").write_text("b")
    with pytest.raises(RequestError, match="a file of yours"):
        stage(files=[str(hard), "b.csv"])
    assert (folder / "input_file_1.csv").read_text() == "mine"


TARGETS = {
    "a link to a file": lambda path, outside: path.symlink_to(outside),
    "a link to nothing": lambda path, outside: path.symlink_to(outside.with_name("none")),
    "a link to a folder": lambda path, outside: path.symlink_to(outside.parent),
    "a folder": lambda path, outside: path.mkdir(),
    "a pipe": lambda path, outside: os.mkfifo(path),
}


@pytest.mark.parametrize("make", TARGETS.values(), ids=TARGETS)
def test_a_target_that_is_no_ordinary_file_is_refused(folder, make):
    outside = folder / "elsewhere" / "outside.csv"
    outside.parent.mkdir()
    outside.write_text("outside")
    make(folder / "input_file_1.csv", outside)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(name)
    with pytest.raises(RequestError, match=r"'input_file_1\.csv' is") as caught:
        stage(files=["a.csv", "b.csv"])
    assert "\n" not in str(caught.value)
    assert outside.read_text() == "outside"
    assert [path.name for path in outside.parent.iterdir()] == ["outside.csv"]
    # Nothing is written where one cannot be.
    assert not (folder / "input_file_0.csv").exists()


def test_nothing_that_a_notebook_brought_lies_in_the_way_of_what_is_written(folder):
    """A link by the name of what is written first led to another file, which was lost."""
    (folder / "a.csv").write_text("a")
    (folder / "victim").write_text("victim")
    (folder / ".input_file_0.csv.partial").symlink_to(folder / "victim")
    assert stage(files=["a.csv"]) == ["input_file_0.csv"]
    assert (folder / "victim").read_text() == "victim"
    there = sorted(path.name for path in folder.iterdir())
    assert there == [".input_file_0.csv.partial", "a.csv", "input_file_0.csv", "victim"]


@pytest.mark.parametrize("given", [{"data": {1: [2]}}, {"first": -1}, {"first": "1"}], ids=str)
def test_what_cannot_be_staged_is_one_line(folder, given):
    with pytest.raises(RequestError, match=r"^(data is named|first is the number)"):
        stage(**given)


def test_a_file_alone_is_staged_as_a_list_of_it(folder):
    (folder / "a.csv").write_text("a")
    assert stage(files="a.csv") == ["input_file_0.csv"]
    (folder / "b.csv").write_text("b")
    assert stage(files=Path("b.csv"), first=1) == ["input_file_1.csv"]


def test_a_folder_that_cannot_be_written_is_one_line(folder):
    (folder / "a.csv").write_text("a")
    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    work.rmdir()
    with pytest.raises(RequestError, match="cannot be written"):
        stage(files=[str(folder / "a.csv")])
    os.chdir(folder)


def test_a_full_disk_is_one_line_and_leaves_what_was_there(folder):
    import resource

    (folder / "a.csv").write_text("a" * 100_000)
    (folder / "input_file_0.csv").write_text("before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(RequestError, match=r"'input_file_0\.csv' cannot be written"):
            stage(files=["a.csv"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (folder / "input_file_0.csv").read_text() == "before"
    assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "input_file_0.csv"]
