"""`%gemini recordings` lists, shows, exports, imports and clears; `usage` says what it saved."""

import json

import pytest
from asking import commands
from loopback import GENERATE, said, stream
from recorded import notebook, recording

import gemini_magic
from gemini_magic.engines.recordings.files import save
from gemini_magic.engines.recordings.places import user_store
from gemini_magic.views.session import Session, hold

USAGE = {"usageMetadata": {"promptTokenCount": 100, "totalTokenCount": 1234}}
PRICES = "{'gemini-3-flash-preview': {'input': 10, 'output': 10}}"


@pytest.fixture(autouse=True)
def online(server, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    monkeypatch.chdir(tmp_path)
    server.on(GENERATE, stream({**said({"text": "one"}, finishReason="STOP"), **USAGE}))
    hold(Session())
    yield server
    hold(Session())


@pytest.fixture
def give(shell, capsys):
    return commands(shell, capsys)


def test_there_may_be_none(give):
    assert give("recordings").startswith("no run is kept in")
    assert "no recording '1'" in give("recordings show 1")


def test_they_are_listed_newest_first_a_page_at_a_time(give):
    store = user_store()
    for number in range(45):
        store.add(recording(f"prompt {number}", minutes=number))
    first, last = give("recordings"), give("recordings list 3")
    assert first.splitlines()[1].startswith("45 ")
    assert "prompt 44" in first.splitlines()[1]
    assert "30" in first.splitlines()[1]
    assert "45 recordings" in first
    assert "page 1 of 3" in first
    assert "prompt 0" in last.splitlines()[-2]
    assert "there are 3 pages" in give("recordings list 4")
    assert "'x' is not the number of a page" in give("recordings list x")


def test_a_page_may_follow_at_once(give):
    """As the command says of itself; what comes near to another command is a slip."""
    for number in range(21):
        user_store().add(recording(f"prompt {number}", minutes=number))
    assert give("recordings 2") == give("recordings list 2")
    assert "page 2 of 2: `%gemini recordings PAGE`" in give("recordings 2")
    assert "'x' is not the number of a page" in give("recordings x")
    assert "did you mean `%gemini recordings show`?" in give("recordings shwo 1")


@pytest.mark.parametrize("text", ["", "{}", "hello"])
def test_a_file_without_a_recording_says_so(give, tmp_path, text):
    (tmp_path / "a.txt").write_text(text)
    assert give("recordings import a.txt").startswith("a.txt holds no recording: it takes what ")


def test_one_is_shown_with_nothing_sent(give, online):
    gemini_magic.run("add one and one")
    shown = give("recordings show 1")
    assert "one" in shown
    assert len(online.prompts) == 1


def test_what_is_exported_is_imported_elsewhere(give, monkeypatch, tmp_path):
    run = gemini_magic.run("add one and one")
    assert "1 recording in a.jsonl" in give("recordings export a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text())["run"]["prompt"] == "add one and one"
    assert "recordings.jsonl" in give("recordings export a.csv")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    hold(Session())
    assert "1 recording of 1 in a.jsonl is new here" in give("recordings import a.jsonl")
    assert "there is 1 page" in give("recordings list 2")
    assert "0 recordings of 1" in give("recordings import a.jsonl")
    assert gemini_magic.run("add one and one", replay="only").to_dict() == run.to_dict()


def test_an_export_takes_nothing_from_its_file(give, tmp_path):
    path = tmp_path / "a.jsonl"
    save([recording("of others")], path)
    gemini_magic.run("add one and one")
    assert "2 recordings in a.jsonl" in give("recordings export a.jsonl")
    assert "2 recordings in a.jsonl" in give("recordings export a.jsonl")
    path.write_text("something else\nof the user\n")
    assert "line 1" in give("recordings export a.jsonl")
    assert path.read_text() == "something else\nof the user\n"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_the_runs_of_a_notebook_are_imported(give, monkeypatch, tmp_path):
    notebook(tmp_path / "lesson.ipynb", gemini_magic.run("add one and one"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    hold(Session())
    assert "1 recording of 1" in give("recordings import lesson.ipynb")
    assert gemini_magic.run("add one and one", replay="only").text == "one"


@pytest.mark.parametrize("file", ["none.jsonl", ".", "none.ipynb"])
def test_a_file_that_cannot_be_read_is_one_line(give, file):
    assert give(f"recordings import {file}").startswith("RecordingError")


def test_all_are_forgotten(give):
    gemini_magic.run("add one and one")
    assert "no run is kept" in give("recordings clear")
    assert len(user_store()) == 0
    assert "no run is kept" in give("recordings clear")


def test_a_damaged_file_can_be_cleared(give):
    path = user_store().path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 5000)
    assert "recordings clear" in give("recordings")
    assert "no run is kept" in give("recordings clear")
    gemini_magic.run("add one and one")
    assert "1 recording" in give("recordings")


def test_usage_says_what_replays_saved(give, shell):
    gemini_magic.run("add one and one")
    gemini_magic.run("add one and one", replay="auto")
    gemini_magic.run("add one and one", replay="auto")
    said = give("usage")
    assert "saved by recordings: 2,468 tokens, in 2 runs" in said
    assert said.splitlines()[1].split()[:2] == ["gemini-3-flash-preview", "1"]
    shell.run_line_magic("config", f"GeminiMagic.prices = {PRICES}")
    assert "tokens, $0.0020, in 2 runs" in give("usage")
    assert "replayed" in give("runs")
    shell.run_line_magic("config", "GeminiMagic.prices = {}")
