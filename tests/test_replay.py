"""A recording answers as the engine did."""

import json
import os
from pathlib import Path
from time import monotonic

import pytest
from asking import failure_of, run_of
from loopback import event, said

import gemini_magic
from gemini_magic.answer.parts import Code, Image, Note, Result, Source, Text
from gemini_magic.engines.replay import PACE, Replay
from gemini_magic.errors import (
    AnswerUnreadable,
    Blocked,
    EngineError,
    KeyInvalid,
    QuotaExhausted,
    RecordingError,
    ServerError,
)
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

CODE = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
RESULT = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}
PARTS = [
    Text("Let me see."),
    Code("print(1)", id="a"),
    Result(output="1\n", id="a"),
    Image("image/png", b"\x89PNG"),
    Source("A page", "https://example.com"),
    Text("One."),
]


def saved(path, parts=tuple(PARTS), exc=None):
    """Write a run to `path` as `gemini_magic` does, and return it."""
    run = Run(Request("add"), "gemini", "gemini-2.5-pro")
    try:
        with run.tracking():
            for part in parts:
                run.add(part)
            if exc:
                raise exc
    except (EngineError, KeyboardInterrupt):
        assert exc
    path.write_text(json.dumps(run.to_dict()))
    return run


@pytest.fixture
def path(tmp_path):
    return tmp_path / "recorded.json"


@pytest.mark.parametrize("name", ["recorded.json", "./recorded.json", "~/recorded.json"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_recording_is_named_by_a_text_as_by_a_path(path, monkeypatch, name, kind):
    saved(path)
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("HOME", str(path.parent))
    monkeypatch.setenv("USERPROFILE", str(path.parent))
    engine = gemini_magic.Replay(kind(name))
    assert run_of(engine).parts == PARTS
    assert engine.model == "gemini-2.5-pro"
    assert name.removeprefix("./") in engine.preview(Request("add"))


@pytest.mark.parametrize("name", ["missing.json", "", ".", "a\0b", "~nobody-of-that-name/x.json"])
def test_a_text_that_names_no_recording_is_one_line(name):
    with pytest.raises(RecordingError) as caught:
        list(Replay(name).stream(Request("add")))
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_saved_run_comes_back_part_for_part(path):
    saved(path)
    run = run_of(Replay(path))
    assert run.parts == PARTS
    assert (run.engine, run.model, run.state) == ("replay", "gemini-2.5-pro", "done")


def test_what_goes_along_again_is_said_once(path):
    table = Attachment("a.csv", "text/csv", b"a,b\n1,2\n")
    run = Run(Request("add", attachments=(table,)), "gemini", "gemini-2.5-pro")
    with run.tracking():
        run.add(Text("It is 3."))
    path.write_text(json.dumps(run.to_dict()))
    assert run_of(Replay(path), attachments=(table,)).parts == run.parts


def test_a_saved_run_that_failed_fails_with_the_same_line(path):
    before = saved(path, exc=QuotaExhausted("wait 3 s"))
    run = failure_of(Replay(path), QuotaExhausted).run
    assert (run.parts, run.error, run.state) == (PARTS, before.error, "failed")


def test_a_saved_run_that_was_blocked_is_blocked(path):
    saved(path, exc=Blocked("SAFETY"))
    assert failure_of(Replay(path), Blocked).run.state == "blocked"


def test_a_saved_run_that_was_stopped_says_so(path):
    saved(path, exc=KeyboardInterrupt())
    assert run_of(Replay(path)).parts == [*PARTS, Note("the recorded run was stopped here")]


def test_an_error_of_a_name_that_is_not_known_is_still_an_error(path):
    document = saved(path).to_dict()
    path.write_text(json.dumps({**document, "error": "os: system"}))
    assert str(failure_of(Replay(path), EngineError)) == "os: system"


def test_a_recorded_stream_is_read_by_the_sdk(path):
    chunks = [said({"text": "a"}), said(CODE, RESULT), said({"text": "b"}, finishReason="STOP")]
    who = {"modelVersion": "gemini-2.5-pro-001"}
    path.write_bytes(b"".join(event({**chunk, **who}) for chunk in chunks))
    run = run_of(Replay(path))
    assert [Text("a"), Code("print(1)"), Result(output="1\n"), Text("b")] == run.parts
    assert run.model == "gemini-2.5-pro-001"


def test_a_recorded_whole_answer_is_read_by_the_sdk(path):
    path.write_text(json.dumps(said(CODE, RESULT, finishReason="STOP"), indent=2))
    assert run_of(Replay(path)).parts == [Code("print(1)"), Result(output="1\n")]


def test_a_recording_of_an_error_raises_it_and_asks_once(path):
    error = {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}
    for body in ({"error": error}, [{"error": error}]):
        path.write_text(json.dumps(body))
        error = failure_of(Replay(path), ServerError)
        assert "overloaded" in str(error)
        assert error.run.parts == [], "it says that it is asked again"


def test_an_error_at_the_end_of_a_recorded_stream_keeps_what_came_before(path):
    error = {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}
    path.write_bytes(event(said({"text": "a"})) + event(error))
    assert failure_of(Replay(path), ServerError).run.text == "a"


def test_garbage_inside_a_recorded_stream_keeps_what_came_before(path):
    path.write_bytes(event(said({"text": "a"})) + b"data: {oops\r\n\r\n")
    assert failure_of(Replay(path), AnswerUnreadable).run.text == "a"


def test_any_prompt_gets_the_same_answer(path):
    saved(path)
    engine = Replay(path)
    assert run_of(engine, "one").parts == run_of(engine, "another").parts


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}",
        b"[]",
        b"42",
        b'{"version": 99, "parts": []}',
        b'{"version": 1, "parts": [{"kind": "no-such"}]}',
        b'{"version": 1, "parts": [3]}',
        b'{"version": 1, "parts": 3}',
        b'{"version": 1, "parts": [{"kind": "image", "mime_type": "image/png", "data": "*"}]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:40]),
)
def test_a_file_that_is_no_recording_is_refused_in_one_line_that_names_it(path, content):
    path.write_bytes(content)
    with pytest.raises(RecordingError) as caught:
        list(Replay(path).stream(Request("add")))
    assert "recorded.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path):
    for missing in (tmp_path / "none.json", tmp_path):
        with pytest.raises(RecordingError, match=missing.name):
            list(Replay(missing).stream(Request("add")))


def test_it_plays_at_once_or_at_a_pace(path):
    saved(path, [Code(str(n)) for n in range(10)])
    times = []
    for pace in (False, True):
        started = monotonic()
        run_of(Replay(path, pace=pace))
        times.append(monotonic() - started)
    assert times[0] < 10 * PACE <= times[1]


def test_a_preview_says_what_would_be_played(path):
    saved(path)
    assert str(path) in Replay(path).preview(Request("add"))


def test_a_preview_of_no_recording_fails_as_playing_it_does(path):
    with pytest.raises(RecordingError):
        Replay(path).preview(Request("add"))


def test_a_recorded_bad_key_blames_no_variable_of_this_machine(path):
    reason = {"@type": "ErrorInfo", "reason": "API_KEY_INVALID"}
    error = {"code": 400, "message": "no", "status": "INVALID_ARGUMENT", "details": [reason]}
    path.write_text(json.dumps({"error": error}))
    assert "GEMINI_API_KEY" not in str(failure_of(Replay(path), KeyInvalid))


def refused(path):
    with pytest.raises(RecordingError) as caught:
        list(Replay(path).stream(Request("add")))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_device_a_folder_and_a_pipe_are_refused_unopened(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to("/dev/zero")
    for path in (Path("/dev/zero"), Path("/dev/stdin"), pipe, tmp_path, link):
        assert "is not an ordinary file" in refused(path) or "cannot be read" in refused(path)


@pytest.mark.parametrize(
    "word", ["~nobody-of-that-name/x", "~nobody-of-that-name", "a\0b", "x" * 999]
)
def test_a_path_that_leads_nowhere_is_one_line(word):
    assert "cannot be read" in refused(Path(word))


def test_a_mark_before_a_recording_is_fine(path):
    saved(path)
    path.write_text("\ufeff" + path.read_text("utf-8"), encoding="utf-8")
    assert run_of(Replay(path)).parts == PARTS


def test_a_file_that_would_fill_the_memory_is_refused_unread(path):
    with path.open("wb") as file:
        file.truncate(10**11)
    assert "has 100,000,000,000 bytes and may have" in refused(path)
