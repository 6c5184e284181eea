"""Who answered: said in the run, in its provenance, in the commands, and paid for."""

import copy
import json
import pickle
import platform
import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest
from asking import commands, gemini, request_of, run_of
from loopback import GENERATE, said, stream

from gemini_magic.answer.parts import Note, Text
from gemini_magic.engines.model_names import is_another, stem
from gemini_magic.engines.offline import Offline
from gemini_magic.engines.replay import Replay
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.views.session import current

USED = {"promptTokenCount": 1000, "candidatesTokenCount": 10, "totalTokenCount": 1010}


def answered_by(model, response="r1"):
    first = {**said({"text": "fo"}), "modelVersion": model, "responseId": response}
    last = {**said({"text": "rty"}, finishReason="STOP"), **first, "usageMetadata": USED}
    last["candidates"] = said({"text": "rty"}, finishReason="STOP")["candidates"]
    return stream(first, last)


def notes_of(run):
    return [part.text for part in run.parts if isinstance(part, Note)]


def test_a_run_that_another_model_answered_says_so_before_its_words(server):
    server.on(GENERATE, answered_by("gemini-3.8-flash"))
    run = run_of(gemini(server, "gemini-3.7-flash"))
    note = "gemini-3.8-flash answers in place of gemini-3.7-flash, at its own price"
    assert run.parts == [Note(note), Text("forty")]
    assert (run.model, run.answered_by) == ("gemini-3.7-flash", "gemini-3.8-flash")


@pytest.mark.parametrize(
    ("asked", "answered", "other"),
    [
        ("gemini-2.5-pro", "gemini-2.5-pro", False),
        ("gemini-2.5-pro", "gemini-2.5-pro-001", False),
        ("gemini-2.5-pro", "models/gemini-2.5-pro-preview-05-06", False),
        ("gemini-3-flash-preview", "gemini-3-flash", False),
        ("gemini-3-flash-preview", "gemini-3-flash@20260901", False),
        ("gemini-flash-latest", "gemini-3.8-flash", False),
        ("gemini-3.5-flash", "gemini-3.6-flash", True),
        ("gemini-2.5-flash", "gemini-2.5-flash-lite", True),
        ("gemini-3.5-flash", "", False),
        ("", "gemini-3.6-flash", False),
    ],
)
def test_versions_and_aliases_are_not_another_model(asked, answered, other):
    assert is_another(asked, answered) is other


@pytest.mark.parametrize("name", ["gemini-3", "gemini-2.5-pro", "gemini-4-argon"])
def test_the_number_of_a_generation_is_no_version(name):
    assert stem(name) == name


def test_provenance_names_both_models_the_ids_and_the_versions(server):
    server.on(GENERATE, answered_by("gemini-3.8-flash", "abc"))
    before = datetime.now(UTC) - timedelta(seconds=1)
    run = run_of(gemini(server, "gemini-3.7-flash"))
    found = dict(run.provenance)
    assert before <= datetime.fromisoformat(found.pop("time")) <= datetime.now(UTC)
    hashes = [found.pop(name) for name in ("request", "content")]
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in hashes)
    assert found == {
        "engine": "gemini",
        "model_asked": "gemini-3.7-flash",
        "model_answered": "gemini-3.8-flash",
        "response_ids": ["abc"],
        "sdk": f"google-genai {version('google-genai')}",
        "package": f"gemini-magic {version('gemini-magic')}",
        "python": platform.python_version(),
        "files": [],
    }


def test_provenance_has_an_id_for_each_answer_of_a_run_that_asked_twice(server):
    blank = {**said(finishReason="STOP"), "responseId": "empty", "modelVersion": "gemini-2.5-pro"}
    server.on(GENERATE, stream(blank), answered_by("gemini-2.5-pro", "full"))
    assert run_of(gemini(server)).provenance["response_ids"] == ["empty", "full"]


def test_provenance_is_metadata_and_no_part_of_the_document(server):
    documents = []
    for response in ("one", "two"):
        server.on(GENERATE, answered_by("gemini-3.8-flash", response))
        run = run_of(gemini(server, "gemini-3.8-flash"))
        assert json.loads(json.dumps(run.stats()))["provenance"] == dict(run.provenance)
        documents.append(run.to_dict())
    assert documents[0] == documents[1]


def test_a_run_that_is_copied_or_read_again_has_its_provenance(server):
    server.on(GENERATE, answered_by("gemini-2.5-pro"))
    run = run_of(gemini(server))
    for again in (copy.deepcopy(run), pickle.loads(pickle.dumps(run))):
        assert again.provenance == run.provenance
    read = Run.from_dict(run.to_dict())
    assert (read.provenance["model_asked"], read.reply) == ("gemini-2.5-pro", None)


def test_no_sdk_is_named_where_none_was_used():
    run = Run(request_of("x"), "offline")
    assert (run.provenance["sdk"], run.answered_by) == ("", "")
    assert Offline().name == run.provenance["engine"]


def test_a_recording_is_answered_by_the_model_that_was_recorded(tmp_path):
    path = tmp_path / "a.sse"
    chunks = answered_by("gemini-3.8-flash").chunks
    path.write_bytes(b"".join(chunks))
    run = run_of(Replay(path))
    assert notes_of(run) == []
    assert run.provenance["model_answered"] == "gemini-3.8-flash"


def test_the_note_is_in_the_saved_html(server):
    server.on(GENERATE, answered_by("gemini-3.8-flash"))
    html = render(run_of(gemini(server, "gemini-3.7-flash")), stats=False)
    assert "gemini-3.8-flash answers in place of gemini-3.7-flash" in html


def test_commands_name_the_model_that_answered_and_its_price_is_paid(
    shell, capsys, server, monkeypatch
):
    give = commands(shell, capsys)
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-a-key-that-nobody-must-see-00001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    current().runs.clear()
    server.on(GENERATE, answered_by("gemini-3.8-flash"))
    for model in ("gemini-3.7-flash", "gemini-3.8-flash", "gemini-flash-latest"):
        shell.run_cell(f"%%gemini_exec --static -m {model}\nadd")
    prices = {
        "gemini-3.7-flash": {"input": 1, "output": 1},
        "gemini-3.8-flash": {"input": 1000, "output": 0},
    }
    shell.run_line_magic("config", f"GeminiMagic.prices = {prices}")
    try:
        lines = give("runs").splitlines()[1:]
        assert [line.split()[5:] for line in lines] == [
            ["gemini-3.8-flash", "for", "gemini-3.7-flash", "add"],
            ["gemini-3.8-flash", "add"],
            ["gemini-3.8-flash", "add"],
        ]
        [row, _] = give("usage").splitlines()[1:]
        assert (row.split()[:2], row.split()[-1]) == (["gemini-3.8-flash", "3"], "3.0000")
    finally:
        shell.run_line_magic("config", "GeminiMagic.prices = {}")
        current().runs.clear()
