"""`%gemini files`: what is at the Files API, and what of it was uploaded here."""

from datetime import UTC, datetime, timedelta

import pytest
from asking import KEY, commands, gemini, run_of
from loopback import CUT, Answer, refusal
from test_uploads import LARGE, answer, described, puts, takes

from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.files import clean, files

LIST = "GET /v1/files?"
SOON = datetime.now(UTC) + timedelta(hours=5)


def at_server(name, shown, **fields):
    return {
        "name": f"files/{name}",
        "displayName": shown,
        "mimeType": "text/csv",
        "sizeBytes": "14000002",
        "expirationTime": SOON.isoformat(),
        **fields,
    }


OURS = at_server("abc", "gemini-magic: large.csv")
THEIRS = at_server("xyz", "film.mp4", mimeType="video/mp4", sizeBytes=None, expirationTime=None)


@pytest.fixture
def command(shell, capsys, server, monkeypatch):
    """Give a command in a real shell, and return what it prints, or the line of its error."""
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)

    return commands(shell, capsys)


def deleted(server):
    return [asked.path for asked in server.asked if asked.method == "DELETE"]


def test_files_are_listed_with_type_size_and_end_ours_under_a_star(command, server):
    server.on(LIST, answer({"files": [OURS, THEIRS]}))
    head, *lines, note = command("files").splitlines()
    assert head.split() == ["file", "type", "bytes", "until"]
    until = f"{SOON.astimezone():%Y-%m-%d %H:%M}".split()
    assert [line.split() for line in lines] == [
        ["*", "large.csv", "text/csv", "14,000,002", *until],
        ["film.mp4", "video/mp4", "–", "–"],
    ]
    assert note == "* uploaded by gemini-magic: `%gemini files clean` deletes them"


def test_without_files_a_line_says_so(command, server):
    server.on(LIST, answer({}))
    assert command("files") == "no file at the Files API"
    assert command("files clean") == "nothing at the Files API was uploaded by gemini-magic"


def test_cleaning_deletes_ours_from_all_pages_and_nothing_else(command, server):
    second = at_server("def", "gemini-magic: other.csv")
    server.on(
        LIST, answer({"files": [OURS, THEIRS], "nextPageToken": "2"}), answer({"files": [second]})
    )
    server.on("DELETE /v1/files/", answer({}))
    assert command("files clean") == (
        "deleted 2 files at the Files API (28,000,004 bytes): large.csv, other.csv"
    )
    assert deleted(server) == ["/v1/files/abc", "/v1/files/def"]


def test_what_was_cleaned_is_uploaded_anew(server):
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    server.on(LIST, answer({"files": [OURS]}))
    server.on("DELETE /v1/files/", answer({}))
    clean(Connection(KEY, base_url=server.url))
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    assert len(puts(server)) == 4


def test_cleaning_that_breaks_still_uploads_anew_what_may_be_gone(command, server):
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    server.on(LIST, answer({"files": [OURS]}))
    server.on("DELETE /v1/files/", Answer((CUT,)))
    assert command("files clean").startswith("ConnectionLost: ")
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    assert len(puts(server)) == 4


def test_what_an_upload_sends_is_known_as_ours_afterwards(server):
    takes(server, described())
    run_of(gemini(server), attachments=(LARGE,))
    named = server.asked[0].body["file"]["display_name"]
    server.on(LIST, answer({"files": [at_server("abc", named)]}))
    (file,) = files(Connection(KEY, base_url=server.url))
    assert (file.name, file.ours) == ("large.csv", True)


def test_files_that_cannot_be_listed_are_one_line(command, server):
    server.on(LIST, refusal(403, "PERMISSION_DENIED", f"not for {KEY}"))
    assert command("files").startswith("AccessDenied: ")
    assert command("files clean").startswith("AccessDenied: ")
    assert deleted(server) == []


def test_vertex_has_no_files_api(command, server, monkeypatch):
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    expected = "RequestError: Vertex AI has no Files API: files there are at gs:// addresses"
    assert command("files") == command("files clean") == expected
    assert server.asked == []


def test_without_a_key_there_is_no_files_api(command, server, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY")
    refused = "RequestError: the offline engine has no Files API: for Gemini, run `%gemini key`"
    assert command("files").startswith(refused)
    assert command("files clean").startswith(refused)


def test_what_the_server_calls_a_file_moves_no_cursor(command, server):
    server.on(LIST, answer({"files": [at_server("abc", "a\x1b[2Jb\nc")]}))
    shown = command("files")
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 3


def test_a_word_too_many_is_one_line(command, server):
    assert "there is no command 'files claen': did you mean `%gemini files clean`?" in command(
        "files claen"
    )
    assert "this takes the words `%gemini files clean`" in command("files clean all")
    assert server.asked == []
