"""Below the SDK: redirects, and streams as proxies and gateways send them."""

import gzip
import json

import pytest
from asking import KEY, failure_of, gemini, run_of
from loopback import CUT, GENERATE, Answer, event, refusal, said, serving, stream

from gemini_magic.answer.parts import Text
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import AnswerUnreadable, ConnectionLost, GeminiError, ModelNotFound

DONE = said({"text": "done"}, finishReason="STOP")
REDIRECTS = (301, 302, 303, 307, 308)


@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_to_another_origin_is_refused_before_the_key_goes_there(server, status):
    with serving() as other:
        other.streams(DONE)
        server.on(GENERATE, Answer((b"moved",), status, {"Location": f"{other.url}/v1/x"}))
        error = failure_of(gemini(server), ConnectionLost)
        assert other.asked == []
    assert f"{other.url}/v1/x" in str(error)
    assert "GOOGLE_GEMINI_BASE_URL" in str(error)
    assert len(server.asked) == 1


ELSEWHERE = (
    "https://127.0.0.1:1/",
    "//elsewhere.example/v1",
    "http://[::1",
    "ftp://x",
    "http://127.0.0.1.elsewhere.example/",
    "http://127.0.0.1:99999/",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_whatever_is_not_the_same_origin_is_refused(server, address):
    server.on(GENERATE, Answer((b"moved",), 307, {"Location": address}))
    failure_of(gemini(server), ConnectionLost)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("absolute", [True, False])
def test_a_redirect_within_the_same_origin_is_followed(server, status, absolute):
    there = (server.url if absolute else "") + "/moved"
    server.on(GENERATE, Answer((b"moved",), status, {"Location": there}))
    server.on("/moved", stream(DONE))
    assert run_of(gemini(server)).text == "done"
    assert [asked.headers["x-goog-api-key"] for asked in server.asked] == [KEY, KEY]


def test_a_redirect_of_a_list_or_an_upload_is_refused_too(server):
    server.on("GET", Answer((b"moved",), 302, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(ConnectionLost, match=r"elsewhere\.example"):
        gemini(server).models()


BODY = json.dumps(DONE).encode()
LAWFUL = {
    "as Google sends it": event(DONE),
    "comments": b": ping\n\n:\n\n" + event(DONE) + b": bye\n\n",
    "names, ids and delays": b"event: message\nid: 1\nretry: 10\ndata: " + BODY + b"\n\n",
    "an event without data": b"event: ping\n\n" + event(DONE),
    "a ping with words": b"event: ping\ndata: keepalive\n\n" + event(DONE),
    "a ping with half an object": b"event: ping\ndata: {\n\n" + event(DONE),
    "a ping with a number": b"event: heartbeat\ndata: 1\n\n" + event(DONE),
    "a ping with an array": b"event: ping\ndata: [1]\n\n" + event(DONE),
    "a ping with an object": b'event: ping\ndata: {"type": "ping"}\n\n' + event(DONE),
    "a ping at the end": event(DONE) + b"event: ping\ndata: [keepalive]\n\n",
    "an end with a name": event(DONE) + b"event: done\ndata: bye\n\n",
    "a name of its own": b"event: chunk\ndata: " + BODY + b"\n\n",
    "no blank behind the colon": b"data:" + BODY + b"\n\n",
    "a mark": b"\xef\xbb\xbf" + event(DONE),
    "blanks before": b"\r\n\r\n" + event(DONE),
    "an end of OpenAI's": event(DONE) + b"data: [DONE]\n\n",
    "an end without a blank": event(DONE) + b"data:[DONE]\n\n",
    "carriage returns": b"data: " + BODY + b"\r\r",
    "line feeds": b"data: " + BODY + b"\n\n",
    "no empty line at the end": b"data: " + BODY,
    "many lines": b"".join(
        b"data: %s\n" % line for line in json.dumps(DONE, indent=1).encode().split(b"\n")
    )
    + b"\n",
    "a field of a later version": b"priority: 1\n" + event(DONE),
    "data alone": b"data\n\n" + event(DONE),
}


@pytest.mark.parametrize("body", LAWFUL.values(), ids=LAWFUL)
@pytest.mark.parametrize("piece", [None, 1, 3])
def test_lawful_streams_are_read(server, body, piece):
    pieces = [body] if piece is None else [body[i : i + piece] for i in range(0, len(body), piece)]
    server.on(GENERATE, Answer(tuple(pieces)))
    assert run_of(gemini(server)).parts == [Text("done")]


@pytest.mark.parametrize("body", LAWFUL.values(), ids=LAWFUL)
def test_recordings_of_lawful_streams_are_played(tmp_path, body):
    path = tmp_path / "answer.sse"
    path.write_bytes(body)
    if body.lstrip(b"\xef\xbb\xbf\r\n").startswith(b"data:"):
        assert run_of(Replay(path)).parts == [Text("done")]


def test_text_keeps_its_line_separators(server):
    text = "a\u2028b\u2029c\u0085d"
    answer = said({"text": text}, finishReason="STOP")
    server.on(
        GENERATE, Answer((b"data: " + json.dumps(answer, ensure_ascii=False).encode() + b"\n\n",))
    )
    assert run_of(gemini(server)).text == text


def test_a_compressed_stream_is_read(server):
    packed = gzip.compress(b": hello\n\n" + event(DONE))
    server.on(GENERATE, Answer((packed,), headers={"Content-Encoding": "gzip"}))
    assert run_of(gemini(server)).text == "done"


def test_a_picture_of_megabytes_is_one_event(server):
    picture = {"inlineData": {"mimeType": "image/png", "data": "iVBO" * 500_000}}
    server.streams(said(picture), DONE)
    [image, _] = run_of(gemini(server)).parts
    assert len(image.data) == 1_500_000


def test_a_whole_answer_in_one_object_is_read(server):
    server.on(GENERATE, Answer((json.dumps(DONE, indent=1).encode(),)))
    assert run_of(gemini(server)).text == "done"


def test_what_came_before_a_cut_is_there(server):
    server.on(GENERATE, Answer((b": c\n\n" + event(said({"text": "a"})), CUT)))
    assert failure_of(gemini(server), ConnectionLost).run.text == "a"


NOT_ANSWERS = {
    "a page": (b"<!doctype html><title>Log in</title>", "Log in"),
    "a one-line array": (b"[" + BODY + b"]", "candidates"),
    "an empty array": (b"[]", "[]"),
    "an array as an event": (b"data: [" + BODY + b"]\n\n", "candidates"),
    "an array of nothing as an event": (b"data: []\n\n", "[]"),
    "words": (b"Hello, who is there?", "Hello"),
    "comments alone": (b": nothing\n\n", "nothing"),
    "pings alone": (b"event: ping\ndata: keepalive\n\n", "ping"),
}


@pytest.mark.parametrize(("body", "words"), NOT_ANSWERS.values(), ids=NOT_ANSWERS)
def test_what_is_not_an_answer_names_the_address_that_was_asked(server, body, words):
    server.on(GENERATE, Answer((body,)))
    error = str(failure_of(gemini(server), AnswerUnreadable))
    assert words in error
    assert f"{server.url}/v1/models/gemini-2.5-pro:streamGenerateContent" in error
    assert f"GOOGLE_GEMINI_BASE_URL is '{server.url}'" in error


PATHS = {
    "a page": Answer((b"<html>404 Not Found</html>",), 404),
    "nothing": Answer((b"",), 404),
    "another API's words": Answer((b'{"detail": "Not Found"}',), 404),
}


@pytest.mark.parametrize("answer", PATHS.values(), ids=PATHS)
def test_a_404_of_another_server_names_the_address_and_not_the_model(server, answer):
    server.on("POST", answer)
    server.on("GET", answer)
    connection = gemini(server).connection
    engine = type(gemini(server))(
        type(connection)(KEY, base_url=f"{server.url}/v1beta"), "gemini-2.5-pro"
    )
    error = str(failure_of(engine, AnswerUnreadable))
    assert f"{server.url}/v1beta/v1/models/gemini-2.5-pro:streamGenerateContent" in error
    assert f"GOOGLE_GEMINI_BASE_URL is '{server.url}/v1beta'" in error
    assert "there is no model" not in error


def test_a_wrong_host_names_the_variable_of_the_address():
    from gemini_magic.engines.google.connection import Connection
    from gemini_magic.engines.google.gemini import Gemini

    engine = Gemini(Connection(KEY, base_url="http://127.0.0.1:1"), "m", attempts=1)
    error = str(failure_of(engine, ConnectionLost))
    assert "GOOGLE_GEMINI_BASE_URL, which is 'http://127.0.0.1:1'" in error


def test_a_model_that_cannot_be_listed_names_the_address(server):
    server.on("POST", refusal(404, "NOT_FOUND", "no"))
    server.on("GET", refusal(404, "NOT_FOUND", "no"))
    assert f"at {server.url}/v1/models" in str(failure_of(gemini(server), ModelNotFound))


def test_an_error_of_the_server_keeps_its_words_whatever_its_form(server):
    body = json.dumps([{"error": {"code": 400, "message": "bad seed", "status": "INVALID"}}])
    server.on(GENERATE, Answer((body.encode(),), 400))
    with pytest.raises(GeminiError, match="bad seed"):
        run_of(gemini(server))
