"""Files that are too large for a request are uploaded first, each once."""

import json
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from asking import failure_of, gemini, run_of
from loopback import CUT, GENERATE, MOST, Answer, refusal, said

from gemini_magic import line
from gemini_magic.answer.parts import Note, Progress
from gemini_magic.engines.google.config import INLINE_BYTES
from gemini_magic.errors import (
    AccessDenied,
    ConnectionLost,
    FileGone,
    RequestRefused,
    ServerError,
)
from gemini_magic.request.attachment import Attachment, without_data
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

LARGE = Attachment("large.csv", "text/csv", b"x\n" * (INLINE_BYTES // 2 + 1), schema="many rows")
SMALL = Attachment("small.txt", "text/plain", b"small")
URI = "https://generativelanguage.googleapis.com/v1/files/abc"


def described(state="ACTIVE", hours=48):
    return {
        "name": "files/abc",
        "uri": URI,
        "mimeType": "text/csv",
        "state": state,
        "expirationTime": (datetime.now(UTC) + timedelta(hours=hours)).isoformat(),
    }


def answer(document, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer((json.dumps(document).encode(),), headers=named)


def takes(server, file):
    """Let the server take files as the Files API does."""
    server.on("/upload/", answer({}, x_goog_upload_url=f"{server.url}/put/1"))
    server.on(
        "/put/",
        answer({}, x_goog_upload_status="active"),
        answer({"file": file}, x_goog_upload_status="final"),
    )
    server.streams(said({"text": "done"}, finishReason="STOP"))


def notes_of(run):
    notes = [part.text for part in run.parts if isinstance(part, Note)]
    return [note for note in notes if "goes along as" not in note]


def progress_of(engine, attachment):
    """What an engine says of an upload, whatever comes after it."""
    request = Request("add", attachments=(attachment,))
    return [part for part in engine.stream(request) if isinstance(part, Progress)]


def puts(server):
    return [asked for asked in server.asked if "/put/" in asked.path]


def test_a_large_file_is_uploaded_whole_and_the_request_names_it(server):
    takes(server, described())
    run = run_of(gemini(server), "add", attachments=(LARGE,))
    assert b"".join(asked.body for asked in puts(server)) == LARGE.data
    assert server.prompts[-1].body["contents"][-1]["parts"] == [
        {"fileData": {"file_uri": URI, "mime_type": "text/csv"}},
        {"text": "input_file_0.csv (large.csv): many rows"},
        {"text": "add"},
    ]
    assert notes_of(run) == [
        "uploading large.csv (14,000,002 bytes); the Files API keeps it for 48 hours"
    ]


def test_the_upload_says_what_the_file_is(server):
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    start = server.asked[0]
    assert start.headers["x-goog-upload-protocol"] == "resumable"
    assert start.headers["x-goog-upload-header-content-type"] == "text/csv"
    assert start.headers["x-goog-upload-header-content-length"] == "14000002"
    assert start.body["file"]["display_name"] == "gemini-magic: large.csv"


def test_the_same_content_is_not_uploaded_again_until_it_is_about_to_expire(server):
    takes(server, described(hours=48))
    run_of(gemini(server), attachments=(LARGE,))
    again = run_of(gemini(server), attachments=(replace(LARGE, name="renamed.csv"),))
    assert (len(puts(server)), notes_of(again)) == (2, [])
    other = replace(LARGE, data=LARGE.data + b"y")
    takes(server, described(hours=0.5))
    run_of(gemini(server), attachments=(other,))
    takes(server, described())
    run_of(gemini(server), attachments=(other,))
    assert len(puts(server)) == 6


def test_small_files_are_not_uploaded(server):
    takes(server, described())
    run_of(gemini(server), attachments=(SMALL,))
    assert len(server.asked) == 1


def test_the_run_keeps_its_own_files_so_that_cells_find_them(server):
    takes(server, described())
    run = run_of(gemini(server), attachments=(LARGE,))
    assert run.request.attachments == without_data([LARGE])
    assert "gemini_magic.stage(data={'large': large})" in run.staging


def test_a_preview_says_what_would_be_uploaded_and_uploads_nothing(server):
    preview = gemini(server).preview(Request("add", attachments=(LARGE,)))
    assert '"(upload of 14,000,002 bytes)"' in preview
    assert server.asked == []
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    preview = gemini(server).preview(Request("add", attachments=(LARGE,)))
    assert URI in preview
    assert "upload of" not in preview


def test_a_file_that_is_gone_from_the_server_is_uploaded_again_by_the_next_run(server):
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    said_no = "You do not have permission to access the File abc or it may not exist."
    server.on(GENERATE, refusal(403, "PERMISSION_DENIED", said_no))
    error = failure_of(gemini(server), FileGone, attachments=(LARGE,))
    assert str(error) == (
        "a file at the Files API is not there any more: run the cell again, which uploads yours "
        "anew; in a chat that names it, --fresh starts without it (403 PERMISSION_DENIED: You do "
        "not have permission to access the File abc or it may not exist)"
    )
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    assert len(puts(server)) == 4


def test_a_file_that_the_server_still_reads_is_waited_for(server):
    takes(server, described("PROCESSING"))
    server.on("/files/abc", answer(described()))
    run_of(gemini(server), attachments=(LARGE,))
    assert len(server.prompts) == 1


def test_a_file_that_the_server_cannot_read_is_one_line(server):
    takes(server, described("FAILED"))
    error = failure_of(gemini(server), RequestRefused, attachments=(LARGE,))
    assert str(error).startswith("the server cannot read 'large.csv'")
    assert server.prompts == []


def test_an_upload_that_is_refused_is_one_line_and_asks_no_model(server):
    server.on("/upload/", refusal(403, "PERMISSION_DENIED", "The Files API is off."))
    error = failure_of(gemini(server), AccessDenied, attachments=(LARGE,))
    assert "The Files API is off" in str(error)
    assert server.prompts == []


@pytest.mark.parametrize("status", ["cancelled", "unknown"])
def test_an_upload_that_does_not_end_is_one_line(server, status):
    server.on("/upload/", answer({}, x_goog_upload_url=f"{server.url}/put/1"))
    server.on("/put/", answer({}, x_goog_upload_status=status))
    error = failure_of(gemini(server), ServerError, attachments=(LARGE,))
    assert "did not take 'large.csv'" in str(error)


def test_an_upload_that_breaks_in_the_middle_is_one_line_and_starts_anew_next_time(server):
    takes(server, described())
    server.on("/put/", answer({}, x_goog_upload_status="active"), Answer((CUT,)))
    failure_of(gemini(server), ConnectionLost, attachments=(LARGE,))
    assert server.prompts == []
    takes(server, described())
    assert run_of(gemini(server), attachments=(LARGE,)).text == "done"
    assert b"".join(asked.body for asked in puts(server)[-2:]) == LARGE.data


def test_progress_rises_while_a_piece_is_sent_and_ends_with_the_whole(server):
    takes(server, described())
    server.reads = lambda size: time.sleep(size / 2**24)
    began = time.monotonic()
    said_of = progress_of(gemini(server), LARGE)
    done = [part.done for part in said_of]
    assert {(part.text, part.total) for part in said_of} == {("uploading large.csv", 14_000_002)}
    assert done == sorted(set(done))
    assert (done[0], done[-1]) == (0, 14_000_002)
    # The SDK sends pieces of 8 MiB; a reader sees what goes on within them.
    assert len({number for number in done if number < 2**23}) >= 3
    assert len(done) <= 10 * (time.monotonic() - began) + 2


def test_a_run_forgets_the_progress_of_an_upload_that_is_over(server):
    takes(server, described())
    run = run_of(gemini(server), attachments=(LARGE,))
    assert run.progress is None
    assert "progress" not in str(run.to_dict())


def test_a_line_that_is_dropped_in_the_middle_of_a_piece_is_one_line(server):
    takes(server, described())
    server.breaks_after = 3_000_000
    failure_of(gemini(server), ConnectionLost, attachments=(LARGE,))
    assert server.prompts == []
    server.breaks_after = None
    takes(server, described())
    assert run_of(gemini(server), attachments=(LARGE,)).text == "done"
    assert b"".join(asked.body for asked in puts(server)) == LARGE.data


@pytest.mark.clock
def test_an_interrupt_stops_an_upload_at_once_and_keeps_nothing_of_it(server, interrupt):
    takes(server, described())
    stopped = Event()
    server.reads = lambda size: stopped.wait(MOST if interrupt.sent else 0.02)
    run = Run(Request("add", attachments=(LARGE,)), "gemini", "m")

    def stop_when_a_piece_has_gone(part):
        if run.progress and run.progress.done:
            interrupt()

    with pytest.raises(KeyboardInterrupt):
        line.answer(run, gemini(server), lambda run: nullcontext(stop_when_a_piece_has_gone))
    assert interrupt.age < 0.5
    stopped.set()
    # Nobody goes on with it in the background: not even the first piece was finished.
    assert server.left.wait(MOST)
    assert puts(server) == []
    assert run.progress is None
    takes(server, described())
    run = run_of(gemini(server), attachments=(LARGE,))
    assert len(notes_of(run)) == 1
    assert b"".join(asked.body for asked in puts(server)) == LARGE.data
