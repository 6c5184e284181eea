"""Recordings as values, as lines of a file, and as the runs that a notebook holds."""

import copy
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import GENERATE, said, stream
from recorded import PNG, notebook, recording

import gemini_magic
from gemini_magic.answer.document import MIME
from gemini_magic.answer.parts import Image, Text
from gemini_magic.answer.rows import ROWS_MIME
from gemini_magic.engines.recordings.contents import attached, detached, inline
from gemini_magic.engines.recordings.files import RecordingsFile, load, save
from gemini_magic.engines.recordings.player import Player
from gemini_magic.engines.recordings.recording import Turn, read
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import NotRecorded, RecordingError
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.session import Session, hold

CHAT = recording("in a chat", text="é \U0001f600 \u2028", picture=PNG)
CHAT = replace(CHAT, turn=Turn("d" * 64, 12, ({"role": "user", "parts": [{"text": "a"}]},)))


@pytest.mark.parametrize("made", [recording(), recording(picture=PNG), CHAT])
def test_it_is_json_and_back(made):
    assert read(json.loads(made.to_line())) == made
    assert "\n" not in made.to_line()


WORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
FIELDS = sorted(CHAT.to_dict())


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3), WORDS, st.booleans())
def test_what_is_none_is_refused_in_one_line(names, value, inner):
    data = copy.deepcopy(CHAT.to_dict())
    for name in names:
        if inner and isinstance(data.get(name), dict) and data[name]:
            data[name][sorted(data[name])[0]] = value
        else:
            data[name] = value
    try:
        found = read(data)
    except RecordingError as exc:
        assert "\n" not in str(exc)
    else:
        assert read(json.loads(found.to_line())) == found


DEEP = json.loads("[" * 900 + "]" * 900)
HOSTILE = {
    "deep facts": {"facts": {"prompt": DEEP}},
    "deep stats": {"stats": {"seconds": 1, "times": [], "a": DEEP}},
    "no number of seconds": {"stats": {"seconds": float("nan"), "times": []}},
    "endless seconds": {"stats": {"seconds": 1e999, "times": []}},
    "a place of many digits": {"stats": {"seconds": 1, "times": [], "calls": {"9" * 5000: 1}}},
    "more tokens than there are": {"turn": {"digest": "", "tokens": 10**5000}},
    "another version": {"version": 2},
    "a time of nowhere": {"time": "2026-01-01T00:00:00"},
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_what_nobody_can_show_is_refused(change):
    with pytest.raises(RecordingError):
        read({**CHAT.to_dict(), **change})


def test_what_it_claims_to_answer_is_worked_out_anew():
    data = recording().to_dict()
    data["fingerprint"] = recording("other").fingerprint
    assert read(data).fingerprint == recording().fingerprint


def test_data_is_taken_out_of_a_turn_and_put_back():
    sent = Attachment("frame.csv", "text/csv", b"a,b\n1,2\n")
    request = Request("add", attachments=(sent,))
    contents = (
        {"role": "user", "parts": [{"inlineData": inline(sent.data, "text/csv")}, {"text": "add"}]},
        {"role": "model", "parts": [{"inlineData": inline(PNG, "image/png")}]},
        {"role": "model", "parts": [{"inlineData": inline(b"else", "image/png")}]},
    )
    parts = [Image("image/png", PNG)]
    held = detached(contents, parts)
    assert inline(sent.data, "text/csv")["data"] not in json.dumps(held)
    assert inline(PNG, "image/png")["data"] not in json.dumps(held)
    assert attached(held, parts, request) == contents
    assert attached(held, parts, Request("add")) is None


def test_a_file_is_sorted_has_a_line_a_run_and_the_newest_of_each(tmp_path):
    path = tmp_path / "kept.jsonl"
    many = [recording(name, minutes=place) for place, name in enumerate("cab")]
    newer = recording("a", text="newer", minutes=9)
    assert save([*many, newer], path) == 3
    lines = path.read_text().splitlines()
    assert [json.loads(line)["run"]["prompt"] for line in lines] == ["a", "b", "c"]
    assert load(path)[0] == newer
    save([newer, *many[::-1]], again := tmp_path / "again.jsonl")
    assert again.read_bytes() == path.read_bytes()


def test_lines_are_added_and_seen_by_others(tmp_path):
    one, other = (RecordingsFile(tmp_path / "kept.jsonl") for _ in range(2))
    assert other.find(recording().fingerprint) is None
    one.add(recording())
    assert other.find(recording().fingerprint) == recording()
    other.add(recording("other", picture=PNG))
    assert len(list(one)) == 2
    one.add(recording(text="2"), instead=True)
    assert [each.parts[-1] for each in other if each.prompt == "add"] == [Text("2")]


def test_a_line_that_was_torn_by_a_kill_costs_itself(tmp_path):
    file = RecordingsFile(tmp_path / "kept.jsonl")
    file.add(recording())
    with file.path.open("a") as torn:
        torn.write(recording("torn").to_line()[:50])
    assert [each.prompt for each in file] == ["add"]
    file.add(recording("after"))
    assert [each.prompt for each in RecordingsFile(file.path)] == ["add", "after"]


def test_a_file_that_grows_is_read_from_where_it_has_grown(tmp_path):
    file, other = (RecordingsFile(tmp_path / "r.jsonl") for _ in range(2))
    first, second, third = (recording(prompt, text="é" * 3000) for prompt in "abc")
    other.add(first)
    held = file.find(first.fingerprint)
    other.add(second)
    other.add(third)
    assert [each.prompt for each in file] == ["a", "b", "c"]
    assert file.find(first.fingerprint) is held


@pytest.mark.parametrize("change", ["an early line", "a late line", "fewer", "torn", "broken"])
def test_a_file_that_is_changed_where_it_is_is_read_anew(tmp_path, change):
    path = tmp_path / "r.jsonl"
    file = RecordingsFile(path)
    for prompt in "abc":
        file.add(recording(prompt, text="x" * 3000))
    assert len(list(file)) == 3
    lines = path.read_text().splitlines(keepends=True)
    changed = {
        "an early line": [lines[0].replace("xxx", "yyyyyy"), *lines[1:]],
        "a late line": [*lines[:2], lines[2].replace("xxx", "yyyyyy"), lines[0]],
        "fewer": lines[1:],
        "torn": [*lines, lines[0][:99]],
        "broken": [*lines, "no line\n", lines[0]],
    }
    path.write_text("".join(changed[change]))
    if change == "broken":
        with pytest.raises(RecordingError, match="line 4"):
            list(file)
    else:
        assert list(file) == list(RecordingsFile(path))


def test_a_line_that_was_torn_within_a_character_costs_itself(tmp_path):
    file = RecordingsFile(tmp_path / "r.jsonl")
    file.add(recording("kept"))
    with file.path.open("ab") as torn:
        torn.write(recording("torn é").to_line().partition("é")[0].encode() + "é".encode()[:1])
    assert [each.prompt for each in load(file.path)] == ["kept"]
    file.add(recording("next"))
    assert [each.prompt for each in load(file.path)] == ["kept", "next"]


def test_threads_that_replace_lines_lose_none(tmp_path):
    file = RecordingsFile(tmp_path / "r.jsonl")
    for prompt in "abcdefgh":
        file.add(recording(prompt))
    with ThreadPoolExecutor(8) as pool:
        for prompt in "abcdefgh":
            pool.submit(file.add, recording(prompt, text="new", minutes=1), instead=True)
    assert [each.parts[-1].text for each in load(file.path)] == ["new"] * 8


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from recorded import recording
from gemini_magic.engines.recordings.files import RecordingsFile
file = RecordingsFile(Path(sys.argv[2]))
print("ready", flush=True)
input()
for at in range(20):
    file.add(recording(f"{sys.argv[3]} {at}", text="x" * 300_000))
"""


@pytest.mark.process
def test_processes_that_add_lines_at_once_lose_none(tmp_path):
    path = tmp_path / "r.jsonl"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    command = [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(path)]
    writers = [subprocess.Popen([*command, name], **pipes, text=True) for name in "abc"]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert len(load(path)) == 60


# In a process of its own: a fork of the tests' would carry their threads' locks.
FORKS = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from recorded import recording
from gemini_magic.engines.recordings.alone import alone
from gemini_magic.engines.recordings.files import RecordingsFile, load
file = RecordingsFile(Path(sys.argv[2]))
held, free = os.pipe()
with alone(file.path):
    child = os.fork()
    if child == 0:
        os.close(free)
        os.read(held, 1)
        os._exit(0)
file.add(recording())
os.close(free)
os.waitpid(child, 0)
print(len(load(file.path)))
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_file_that_a_forked_child_holds_too_is_free_for_others(tmp_path):
    """As a child is forked while a thread of its parent adds a line."""
    command = [sys.executable, "-c", FORKS, str(Path(__file__).parent), str(tmp_path / "r.jsonl")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "1\n"


def test_a_last_line_without_an_end_is_kept(tmp_path):
    file = RecordingsFile(tmp_path / "kept.jsonl")
    file.path.write_text(recording().to_line())
    file.add(recording("after"))
    assert [each.prompt for each in file] == ["add", "after"]


@pytest.mark.parametrize("text", ["{}\n{}", "null\n1", "no\nno", '{"version": 2}\n{}'])
def test_a_file_of_something_else_is_refused_with_its_line(tmp_path, text):
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    with pytest.raises(RecordingError, match="line 1"):
        load(path)


@pytest.fixture
def online(server, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    texts = [said({"text": t, "thoughtSignature": "c2ln"}, finishReason="STOP") for t in "12345"]
    server.on(GENERATE, *map(stream, texts))
    hold(Session())
    yield server
    hold(Session())


def as_a_pupil(monkeypatch, tmp_path):
    """A session without a key, in which nothing was recorded."""
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "pupil"))
    hold(Session())


def test_a_notebook_answers_what_was_asked_in_it(online, monkeypatch, tmp_path):
    runs = [
        gemini_magic.run("add", data={"frame": {"a": [1]}}),
        gemini_magic.run("first", chat="c"),
        gemini_magic.run("second", chat="c"),
    ]
    path = notebook(tmp_path / "lesson.ipynb", *runs)
    assert "c2ln" not in path.read_text()
    as_a_pupil(monkeypatch, tmp_path)
    engine = f"replay:{path}"
    found = [
        gemini_magic.run("add", data={"frame": {"a": [1]}}, engine=engine),
        gemini_magic.run("first", chat="c", engine=engine),
        gemini_magic.run("second", chat="c", engine=engine),
    ]
    assert [run.parts for run in found] == [run.parts for run in runs]
    assert all(run.engine == "replay" and run.recorded for run in found)
    assert found[0].model == runs[0].model
    with pytest.raises(NotRecorded, match="the data 'frame' has changed"):
        gemini_magic.run("add", data={"frame": {"a": [2]}}, engine=engine)
    with pytest.raises(NotRecorded, match="the prompt was"):
        gemini_magic.run("what else", engine=engine)
    assert gemini_magic.run("add", data={"frame": {"a": [1]}}, engine=engine, model="other")


@pytest.mark.parametrize("bare", [False, True])
def test_the_rows_of_a_notebook_answer_as_its_runs_do(online, monkeypatch, tmp_path, bare):
    rows = [{"n": n} for n in "123"]
    runs = gemini_magic.map("add {n}", rows, workers=1, data={"sold": [1]})
    texts = [run.text for run in runs]
    path = notebook(tmp_path / "lesson.ipynb", runs, before=bare)
    as_a_pupil(monkeypatch, tmp_path)
    engine = f"replay:{path}"
    again = gemini_magic.map("add {n}", rows, data={"sold": [1]}, engine=engine)
    assert [run.text for run in again] == texts
    assert gemini_magic.run("add 2", data={"sold": [1]}, engine=engine).recorded
    if not bare:
        assert load(path)[1].usage == again[1].usage
        with pytest.raises(NotRecorded, match="the data 'sold' has changed"):
            gemini_magic.run("add 2", data={"sold": [2]}, engine=engine)
        save(load(path), tmp_path / "lines.jsonl")
        monkeypatch.setenv("GEMINI_MAGIC_RECORDINGS", str(tmp_path / "lines.jsonl"))
        hold(Session())
        lines = gemini_magic.map("add {n}", rows, data={"sold": [1]}, replay="only")
        assert [run.text for run in lines] == texts


def test_the_rows_of_a_notebook_are_read_as_its_runs_are(online, tmp_path):
    runs = gemini_magic.map("add {n}", [{"n": n} for n in "12"])
    assert len(runs) == 2
    single = gemini_magic.run("add 3")
    path = notebook(tmp_path / "lesson.ipynb", runs, single)
    found = Run.from_notebook(path)
    assert [run.to_dict() for run in found] == [run.to_dict() for run in (*runs, single)]
    assert found[0].seconds == pytest.approx(runs[0].seconds, abs=0.001)
    assert found[0].integrity == "no hash"
    held = json.loads(path.read_text())
    held["cells"][0]["outputs"][0]["data"][ROWS_MIME]["version"] = 9
    path.write_text(json.dumps(held))
    with pytest.raises(RecordingError, match=r"lesson\.ipynb.*update gemini-magic"):
        Run.from_notebook(path)


@pytest.mark.parametrize("beside", [None, 3, {"rows": 3}, {"rows": {}}])
def test_whatever_stands_beside_rows_they_answer_by_their_prompts(online, tmp_path, beside):
    runs = gemini_magic.map("add {n}", [{"n": 1}])
    assert len(runs) == 1
    path = notebook(tmp_path / "lesson.ipynb", runs)
    held = json.loads(path.read_text())
    [output] = held["cells"][0]["outputs"]
    output["metadata"][ROWS_MIME] = beside
    path.write_text(json.dumps(held))
    [found] = load(path)
    assert (found.prompt, list(found.facts)) == ("add 1", ["prompt"])
    output["data"][ROWS_MIME]["rows"][0]["number"] = -1
    path.write_text(json.dumps(held))
    assert load(path) == []


def test_a_notebook_of_before_answers_by_its_prompts(online, monkeypatch, tmp_path):
    run = gemini_magic.run("add")
    path = notebook(tmp_path / "old.ipynb", run, before=True)
    as_a_pupil(monkeypatch, tmp_path)
    found = gemini_magic.run("add", engine=f"replay:{path}")
    assert found.text == run.text
    [back] = gemini_magic.Run.from_html(found.export(tmp_path / "old.html"))
    assert (back.text, back.integrity) == (run.text, "intact")
    assert back.provenance["model_asked"] == run.model


@pytest.mark.parametrize(
    "stats",
    [
        {},
        {"provenance": {}},
        {"provenance": {"model_asked": 3, "files": "x", "response_ids": [1], "evil": "x"}},
        {"usage": {"total": "x"}, "reply": {"response_id": 3}},
        {"recording": {"facts": {}}, "display": "x", "step": "ask"},
    ],
)
def test_whatever_a_recording_says_of_itself_its_run_is_shown_and_travels(stats, tmp_path):
    made = replace(recording(), stats={**recording().stats, **stats})
    run = Run(Request("add"), "gemini", "m")
    with run.tracking():
        for event in Player(made).stream(run.request):
            run.add(event)
    assert run.stats().keys() == {"seconds", "times", "calls", "usage", "reply", "provenance"}
    [back] = Run.from_html(run.export(tmp_path / "run.html"))
    assert (back.to_dict(), back.integrity) == (run.to_dict(), "intact")


def test_a_chat_goes_on_where_its_notebook_ends(online, monkeypatch, tmp_path):
    first = gemini_magic.run("first", chat="c")
    path = notebook(tmp_path / "lesson.ipynb", first)
    store_of_another = tmp_path / "another"
    monkeypatch.setenv("XDG_DATA_HOME", str(store_of_another))
    monkeypatch.setenv("GEMINI_MAGIC_RECORDINGS", "kept.jsonl")
    monkeypatch.chdir(tmp_path)
    save(load(path), tmp_path / "kept.jsonl")
    hold(Session())
    assert gemini_magic.run("first", chat="c", replay="only").recorded
    second = gemini_magic.run("second", chat="c", replay="auto")
    assert not second.recorded
    sent = online.prompts[-1].body["contents"]
    assert [content["role"] for content in sent] == ["user", "model", "user"]
    assert sent[1]["parts"] == [{"text": "1"}]


def test_a_notebook_can_be_played_part_by_part(online, tmp_path):
    run = gemini_magic.run("add")
    path = notebook(tmp_path / "lesson.ipynb", run)
    played = gemini_magic.run("add", engine=f"replay:{path}@pace")
    assert (played.parts, played.recorded) == (run.parts, run.moment)


def test_a_dry_run_says_what_would_be_played(online, monkeypatch, tmp_path):
    path = notebook(tmp_path / "lesson.ipynb", gemini_magic.run("add"))
    assert "nothing is sent" in Replay(path).preview(Request("add"))
    with pytest.raises(NotRecorded):
        Replay(path).preview(Request("else"))


@pytest.mark.parametrize("held", ["{}", "no", '{"cells": 3}', "[]"])
def test_what_is_not_a_notebook_is_refused(tmp_path, held):
    path = tmp_path / "x.ipynb"
    path.write_text(held)
    with pytest.raises(RecordingError):
        list(Replay(path).stream(Request("add")))


@settings(max_examples=100)
@given(WORDS, WORDS)
def test_outputs_of_others_are_passed_over(tmp_path_factory, data, metadata):
    path = tmp_path_factory.getbasetemp() / "hostile.ipynb"
    outputs = [{"data": {MIME: data}, "metadata": {MIME: metadata}}, {"data": data}, data]
    path.write_text(json.dumps({"cells": [{"outputs": outputs}, data]}))
    load(path)


def test_a_run_that_says_it_answers_another_prompt_is_passed_over(online, tmp_path):
    path = notebook(tmp_path / "a.ipynb", gemini_magic.run("add"))
    path.write_text(path.read_text().replace('"prompt": "add"', '"prompt": "other"'))
    assert load(path) == []


def test_the_users_pictures_that_a_run_shows_are_not_its_answer(online, tmp_path):
    run = gemini_magic.run("add", data={"frame": {"a": [1]}})
    path = notebook(tmp_path / "a.ipynb", run)
    (found,) = load(path)
    assert found.parts == (Text("1"),)
