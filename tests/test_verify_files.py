"""Runs in files, verified from a terminal: which are found, what is printed, the exit status."""

from __future__ import annotations

import json
from time import monotonic

import pytest
from growing import seconds_of_all

from gemini_magic.answer.document import MIME
from gemini_magic.answer.parts import FAILED, Code, Result, Text
from gemini_magic.cli import main
from gemini_magic.errors import RecordingError
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.documents import runs_in
from gemini_magic.runs.run import Run
from gemini_magic.runs.verify import Verdict, Verification
from gemini_magic.runs.verify.material import files_at_hand, files_of_run
from gemini_magic.runs.verify.report import difference

pytestmark = pytest.mark.process


def run_of(*parts, prompt="Add them."):
    run = Run(Request(prompt), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


GOOD = run_of(Text("So:"), Code("x = 1"), Result(), Code("print(x + 1)"), Result(output="2\n"))
WRONG = run_of(Code("print(42)"), Result(output="43\n"), prompt="Six times seven?")


def notebook(*documents):
    outputs = [{"output_type": "display_data", "data": {MIME: each}} for each in documents]
    outputs.append({"output_type": "stream", "text": "x"})
    cells = [{"cell_type": "markdown", "source": ""}, {"cell_type": "code", "outputs": outputs}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def page(*documents):
    texts = [json.dumps(each).replace("<", "\\u003c") for each in documents]
    scripts = "".join(f'<script type="{MIME}">{text}</script>' for text in texts)
    return f"<!doctype html><script>var x = '<b>';</script><p>a</p>{scripts}<p>b</p>"


FORMS = {
    "notebook.ipynb": lambda: notebook(GOOD.to_dict(), WRONG.to_dict()),
    "text.ipynb": lambda: notebook(json.dumps(GOOD.to_dict()), [json.dumps(WRONG.to_dict())]),
    "page.html": lambda: page(GOOD.to_dict(), WRONG.to_dict()),
    "runs.json": lambda: json.dumps([GOOD.to_dict(), WRONG.to_dict()]),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_runs_of_a_file_are_found_in_order(tmp_path, name):
    path = tmp_path / name
    path.write_text(FORMS[name](), encoding="utf-8")
    assert [run.to_dict() for run in runs_in(path)] == [GOOD.to_dict(), WRONG.to_dict()]


def test_a_single_run_is_a_file_too(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(GOOD.to_dict()), encoding="utf-8")
    assert len(runs_in(path)) == 1


def test_a_hostile_run_stays_text_in_a_page(tmp_path):
    run = run_of(Text("</script><script>alert(1)</script>"))
    path = tmp_path / "page.html"
    path.write_text(page(run.to_dict()), encoding="utf-8")
    assert [found.to_dict() for found in runs_in(path)] == [run.to_dict()]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.json", "{", "holds no JSON: name a .ipynb, .html or .json file"),
        ("a.txt", "hello", "holds no JSON"),
        ("a.json", "3", "this is not a run of gemini-magic"),
        ("a.json", '{"version": 7}', "version 7"),
        ("a.html", f'<script type="{MIME}">no</script>', "holds no JSON"),
        ("a.ipynb", notebook("{"), "holds no JSON"),
        ("a.json", "[" * 100_000, "holds no JSON"),
    ],
)
def test_a_file_that_holds_no_runs_is_refused_in_one_line(tmp_path, name, text, line):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError) as caught:
        runs_in(path)
    assert line in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RecordingError, match="No such file"):
        runs_in(tmp_path / "none.json")


# The command.


def test_a_table_says_what_became_of_each_attempt(tmp_path, capsys):
    path = tmp_path / "good.json"
    path.write_text(json.dumps(GOOD.to_dict()), encoding="utf-8")
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out == (
        f"{path}\n  1. Add them.\n     document   no hash: whether it was changed cannot be told\n"
        "     attempt 1  nothing to compare: it prints nothing\n"
        "     attempt 2  same\n1 run, 2 attempts: 1 nothing to compare · 1 same\n"
    )


def test_a_difference_is_shown_and_ends_with_status_1(tmp_path, capsys):
    path = tmp_path / "both.ipynb"
    path.write_text(FORMS["notebook.ipynb"](), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    told = capsys.readouterr()
    assert "     attempt 1  different\n       -43\n       +42\n" in told.out
    assert told.out.index("2. Six times seven?") < told.out.index("different")
    assert told.err.splitlines()[-1] == (
        "ResultsDiffer: 2 runs, 3 attempts: 1 nothing to compare · 1 same · 1 different"
    )


def sealed(run):
    return {**run.to_dict(), "metadata": run.stats()}


def test_a_document_that_was_changed_is_named_and_ends_with_status_1(tmp_path, capsys):
    path = tmp_path / "runs.json"
    changed = {**sealed(GOOD), "prompt": "Add others."}
    path.write_text(json.dumps([sealed(GOOD), changed]), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    told = capsys.readouterr()
    assert "1. Add them.\n     document   as it was written\n" in told.out
    assert "2. Add others.\n     document   changed after it was written\n" in told.out
    assert told.err.splitlines()[-1] == (
        "DocumentChanged: 2 runs, 4 attempts: 2 nothing to compare · 2 same"
        " · 1 document changed after it was written"
    )


def test_a_notebook_has_the_hash_in_the_metadata_of_its_outputs(tmp_path, capsys):
    value = json.loads(notebook(GOOD.to_dict()))
    output = value["cells"][1]["outputs"][0]
    output["metadata"] = {MIME: {**GOOD.stats(), "display": "x"}}
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert main(["verify", "--json", str(path)]) == 0
    (file,) = json.loads(capsys.readouterr().out)
    assert (file["changed"], file["runs"][0]["document"]) == (False, "intact")
    output["data"][MIME]["parts"][-1]["output"] = "3\n"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert main(["verify", "--json", str(path)]) == 1
    told = capsys.readouterr()
    (file,) = json.loads(told.out)
    assert (file["changed"], file["runs"][0]["document"]) == (True, "changed")


def test_a_machine_gets_json_and_nothing_else_on_standard_output(tmp_path, capsys):
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(WRONG.to_dict()), encoding="utf-8")
    assert main(["verify", "--json", str(path)]) == 1
    (file,) = json.loads(capsys.readouterr().out)
    assert (file["file"], file["differs"]) == (str(path), True)
    (run,) = file["runs"]
    assert run["prompt"] == "Six times seven?"
    assert run["verdicts"] == [{"part": 0, "kind": "different", "here": "42\n"}]


def test_a_file_without_runs_says_so(tmp_path, capsys):
    path = tmp_path / "empty.ipynb"
    path.write_text(notebook(), encoding="utf-8")
    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n  no runs in it\n0 runs, 0 attempts\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["verify"], "OptionError: there is no file: `gemini-magic verify FILE…` takes"),
        (["verify", "/none.json"], "RecordingError: '/none.json' cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line(words, line, capsys):
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(line)
    assert told.err.count("\n") == 1


def test_what_a_file_holds_cannot_steer_the_terminal(tmp_path, capsys):
    run = run_of(Code("print(1)"), Result(FAILED, "\x1b[2J\x07evil\n"), prompt="\x1b]0;x\x07hi")
    path = tmp_path / "run.json"
    path.write_text(json.dumps(run.to_dict()), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert not {"\x1b", "\x07"} & set(capsys.readouterr().out)


def test_a_long_difference_is_cut():
    lines = difference("a\n" * 50, "\n".join(map(str, range(50))))
    assert len(lines) == 21
    assert lines[-1] == "… 80 more lines"


def test_a_line_that_begins_with_a_sign_is_shown():
    assert difference("-5\n", "-6\n") == ["--5", "+-6"]


# Files.

STAGING = "import gemini_magic\n\ngemini_magic.stage(data={'rides': rides}, files=['notes.txt'])"


def test_files_of_a_reopened_run_are_found_beside_it(tmp_path):
    (tmp_path / "input_file_0.csv").write_bytes(b"a,b\n")
    (tmp_path / "notes.txt").write_bytes(b"hello")
    assert files_at_hand(STAGING, tmp_path) == {
        "input_file_0.csv": b"a,b\n",
        "notes.txt": b"hello",
        "input_file_1.txt": b"hello",
    }


def test_values_of_variables_become_the_files_that_they_were(tmp_path):
    files = files_at_hand(STAGING, tmp_path, {"rides": {"a": [1, 2]}})
    assert files.keys() == {"rides.json", "input_file_0.txt"}


@pytest.mark.parametrize("path", ["/etc/hostname", "../secret.txt", "~/x", "gs://a/b", "link.txt"])
def test_a_document_does_not_choose_what_is_read_elsewhere(tmp_path, path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "input_file_0.txt").symlink_to(tmp_path / "secret.txt")
    assert files_at_hand(f"gemini_magic.stage(files=[{path!r}])", folder) == {}


def test_what_the_user_sent_in_this_session_is_read_from_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = elsewhere / "a.csv"
    path.write_bytes(b"x\n")
    run = Run(Request("p", attachments=(Attachment("a.csv", "text/csv", b"x\n", path=str(path)),)))
    (elsewhere / "work").mkdir()
    monkeypatch.chdir(elsewhere / "work")
    assert files_of_run(run) == {"a.csv": b"x\n", "input_file_0.csv": b"x\n"}
    again = Run.from_dict(run.to_dict())
    assert files_of_run(again) == {}


@pytest.mark.parametrize("staging", ["", "1 +", "import os\nos.remove('x')", "stage(3)"])
def test_staging_that_is_none_names_no_files(tmp_path, staging):
    assert files_at_hand(staging, tmp_path) == {}


# The run.


def test_a_run_keeps_its_verdicts_in_its_document():
    run = Run.from_dict(WRONG.to_dict())
    assert run.verification is None
    assert run.verify(files={}) == Verification((Verdict(0, "different", "", "42\n"),), "sandbox")
    assert Run.from_dict(json.loads(json.dumps(run.to_dict()))).verification == run.verification


@pytest.mark.parametrize("verification", [3, {}, {"verdicts": [{"part": "x"}]}])
def test_a_document_with_verdicts_that_are_none_is_refused(verification):
    with pytest.raises(RecordingError, match="not a run of gemini-magic"):
        Run.from_dict({**WRONG.to_dict(), "verification": verification})


def test_a_document_has_what_each_attempt_needs_where_there_are_several():
    assert GOOD.to_dict()["needed"] == [[[1]], [[1], [3]]]
    assert "needed" not in WRONG.to_dict()
    running = Run(Request("x"))
    for part in GOOD.parts:
        running.add(part)
    assert "needed" not in running.to_dict()


PRIMES = "primes = [p for p in range(2, 500) if all(p % d for d in range(2, p))]"


def five(number):
    """A run of five attempts, of the kinds that answers have."""
    return run_of(
        Code(f"import math\nn = {number}\n{PRIMES}"),
        Result(),
        Code("print(len(primes))"),
        Result(output="95\n"),
        Code("print(math.sqrt(2), {1, 2, 3})"),
        Result(output="1.4142135623730951 {3, 2, 1}\n"),
        Code("import random\nprint(random.random())"),
        Result(output="0.5\n"),
        Code("print(n)"),
        Result(output=f"{number}\n"),
    )


@pytest.mark.clock
def test_five_attempts_take_less_than_half_a_second_once_warm():
    five(0).verify()
    times = []
    for number in range(1, 4):
        started = monotonic()
        assert not five(number).verify().differs
        times.append(monotonic() - started)
    assert min(times) < 0.5


@pytest.mark.growth
def test_a_notebook_of_ten_runs_is_verified_in_less_than_six_seconds(tmp_path, capsys):
    path = tmp_path / "ten.ipynb"
    path.write_text(notebook(*(five(number).to_dict() for number in range(10))))
    started = seconds_of_all()
    assert main(["verify", str(path)]) == 0
    assert seconds_of_all() - started < 6
    assert "10 runs, 50 attempts" in capsys.readouterr().out
