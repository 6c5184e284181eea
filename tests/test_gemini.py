"""What Gemini is sent, when it is asked again, and what an interrupt leaves."""

import gc
import json
import re
import subprocess
import sys
import threading
from base64 import b64encode
from threading import Event
from time import monotonic

import pytest
from asking import KEY, failure_of, gemini, request_of, run_of
from google.genai.errors import APIError
from loopback import GENERATE, Answer, refusal, said, stream, wait

from gemini_magic.answer.parts import Note, Text
from gemini_magic.engines.google.clients import client_of
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.google.preview import without_data
from gemini_magic.engines.google.retries import delay_of
from gemini_magic.errors import (
    AnswerCut,
    ConnectionLost,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)
from gemini_magic.request.request import Request

DONE = stream(said({"text": "done"}, finishReason="STOP"))
BUSY = refusal(503, "UNAVAILABLE", "overloaded", wait("0.05s"))


def sent(server, model="gemini-2.5-pro", **request):
    """Return what the server was asked for a request."""
    server.on(GENERATE, DONE)
    run_of(gemini(server, model), **request)
    return server.prompts[-1]


def test_a_request_goes_to_the_streaming_method_of_its_model(server):
    asked = sent(server, prompt="Sum 1 to 10.")
    assert asked.method == "POST"
    assert asked.path == "/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.body["contents"] == [{"role": "user", "parts": [{"text": "Sum 1 to 10."}]}]


def test_the_latest_aliases_are_asked_of_the_version_that_has_them(server):
    asked = sent(server, "gemini-flash-latest")
    assert asked.path.startswith("/v1beta/models/gemini-flash-latest:")


def test_code_execution_is_the_one_tool_and_can_be_left_out(server):
    assert sent(server).body["tools"] == [{"codeExecution": {}}]
    assert "tools" not in sent(server, code=False).body


def test_a_prompt_alone_sets_nothing_but_the_temperature(server):
    body = sent(server).body
    assert set(body) == {"contents", "tools", "generationConfig"}
    assert body["generationConfig"] == {"temperature": 0.0}


def test_every_setting_of_a_request_is_sent(server):
    body = sent(
        server, system="Be brief.", temperature=0.5, seed=7, max_output_tokens=99, thinking="512"
    ).body
    assert body["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    settings = body["generationConfig"]
    assert (settings["temperature"], settings["seed"], settings["maxOutputTokens"]) == (0.5, 7, 99)


def thinking(server, model, **request):
    config = sent(server, model, **request).body["generationConfig"].get("thinkingConfig", {})
    return {name.replace("_", "").lower(): value for name, value in config.items()}


def test_a_number_of_thinking_tokens_is_sent_as_it_is(server):
    assert thinking(server, "gemini-3-flash-preview", thinking="777") == {"thinkingbudget": 777}


def test_thoughts_are_asked_for_with_or_without_a_level(server):
    assert thinking(server, "gemini-2.5-pro", thoughts=True) == {"includethoughts": True}
    assert thinking(server, "gemini-3-pro", thoughts=True, thinking="low") == {
        "includethoughts": True,
        "thinkinglevel": "LOW",
    }


def test_the_timeout_bounds_a_silence_and_not_the_whole_answer(server):
    letters = [said({"text": "x"}), 0.2] * 4
    server.on(GENERATE, stream(*letters, said({"text": "!"}, finishReason="STOP")))
    assert run_of(gemini(server), timeout=0.5).text == "xxxx!"
    assert server.prompts[-1].headers["x-server-timeout"] == "600"


def test_a_failure_that_passes_is_met_again_and_told_before_each_wait(server):
    server.on(GENERATE, BUSY, refusal(429, "RESOURCE_EXHAUSTED", "slow down", wait("0s")), DONE)
    run = run_of(gemini(server))
    assert run.text == "done"
    assert [part.text for part in run.parts if isinstance(part, Note)] == [
        "retrying in 0.05 s: 503 UNAVAILABLE (attempt 2 of 4)",
        "retrying in 0 s: 429 RESOURCE_EXHAUSTED (attempt 3 of 4)",
    ]


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_these_statuses_are_asked_again(server, code):
    server.on(GENERATE, refusal(code, "BUSY", "later", wait("0s")), DONE)
    assert run_of(gemini(server)).text == "done"
    assert len(server.prompts) == 2


@pytest.mark.parametrize("code", [400, 401, 403, 409])
def test_other_statuses_are_asked_once(server, code):
    server.on(GENERATE, refusal(code, "NO", "no", wait("0s")), DONE)
    with pytest.raises(Exception, match=str(code) if code != 401 else "GEMINI_API_KEY"):
        run_of(gemini(server))
    assert len(server.prompts) == 1


def test_after_the_last_attempt_the_failure_is_told(server):
    server.on(GENERATE, BUSY)
    error = failure_of(gemini(server), ServerError)
    assert len(server.prompts) == 4
    assert "overloaded" in str(error)
    assert len(error.run.parts) == 3


def test_the_wait_of_a_header_is_kept_to(server):
    server.on(GENERATE, refusal(429, "RESOURCE_EXHAUSTED", "no", retry_after="0.2"), DONE)
    started = monotonic()
    assert "retrying in 0.2 s" in run_of(gemini(server)).parts[0].text
    assert monotonic() - started >= 0.2


def test_a_date_as_a_wait_is_read(server):
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    server.on(GENERATE, refusal(429, "RESOURCE_EXHAUSTED", "no", retry_after=past), DONE)
    assert "retrying in 0 s" in run_of(gemini(server)).parts[0].text


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("34.07s", 34.07),
        ("0s", 0),
        ("-3s", 0),
        ("x", None),
        ("", None),
        ("nan", None),
        ("infs", None),
    ],
)
def test_a_wait_that_is_no_number_is_none(delay, seconds):
    exc = APIError(429, {"error": {"details": [{"@type": "x.RetryInfo", "retryDelay": delay}]}})
    assert delay_of(exc) == seconds


def test_a_server_that_names_no_wait_is_left_alone_for_a_second_or_two(server):
    server.on(GENERATE, refusal(503, "UNAVAILABLE", "overloaded", wait("soon")), DONE)
    parts = gemini(server).stream(Request("add"))
    (seconds,) = re.findall(r"retrying in ([\d.]+) s", next(parts).text)
    assert 1 <= float(seconds) <= 2
    parts.close()
    assert len(server.prompts) == 1


def test_a_wait_longer_than_a_minute_is_told_instead_of_waited_for(server):
    server.on(GENERATE, refusal(429, "RESOURCE_EXHAUSTED", "no", wait("3600s")), DONE)
    error = failure_of(gemini(server), QuotaExhausted)
    assert "3,600 s" in str(error)
    assert len(server.prompts) == 1


def test_nothing_is_asked_again_once_a_part_has_come(server):
    error = {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}
    server.on(GENERATE, stream(said({"text": "a"}), error), DONE)
    assert failure_of(gemini(server), ServerError).run.text == "a"
    assert len(server.prompts) == 1


def test_an_error_that_is_all_of_a_stream_is_met_again(server):
    error = {"error": {"code": 503, "status": "UNAVAILABLE", "details": [wait("0s")]}}
    server.on(GENERATE, stream(error), DONE)
    assert run_of(gemini(server)).text == "done"


def test_an_answer_longer_than_one_request_is_not_continued_at_a_further_price(server):
    part = {"text": "a"}
    longer = said(part, finishReason="CONTINUATION", continuationToken="more")
    server.on(GENERATE, stream(longer), DONE)
    assert failure_of(gemini(server), AnswerCut).run.text == "a"
    assert len(server.prompts) == 1


def test_a_server_that_is_not_there_is_tried_again_and_then_told():
    nowhere = Gemini(Connection(KEY, base_url="http://127.0.0.1:9"), "gemini-2.5-pro", attempts=2)
    error = failure_of(nowhere, ConnectionLost)
    assert "ConnectError" in str(error)
    assert "(attempt 2 of 2)" in error.run.parts[0].text


def test_one_client_is_held_for_a_connection_and_another_for_another(server):
    connection = Connection(KEY, base_url=server.url)
    assert client_of(connection) is client_of(Connection(KEY, base_url=server.url))
    assert client_of(connection) is not client_of(Connection(KEY + "2", base_url=server.url))


def test_a_stream_outlives_the_engine_that_began_it(server):
    rest = Event()
    last = said({"text": "b"}, finishReason="STOP")
    server.on(GENERATE, stream(said({"text": "a"}), rest, last))
    parts = gemini(server).stream(Request("add"))
    assert next(parts) == Text("a")
    gc.collect()
    rest.set()
    assert list(parts) == [Text("b")]


def test_the_key_is_in_no_repr(server):
    assert KEY not in repr(gemini(server))


FLOWING = [said({"text": "x"}), 0.001]
SLOW = {
    "before the first byte": lambda interrupt: Answer((interrupt, Event())),
    "in the middle of a stream": lambda interrupt: stream(said({"text": "a"}), interrupt, Event()),
    "between two chunks": lambda interrupt: stream(*FLOWING * 99, interrupt, *FLOWING * 2000),
}


@pytest.mark.clock
@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW)
def test_an_interrupt_arrives_at_once_and_leaves_the_client_usable(server, interrupt, slow):
    server.on(GENERATE, slow(interrupt), DONE)
    with pytest.raises(KeyboardInterrupt):
        run_of(gemini(server))
    assert interrupt.age < 0.5
    assert run_of(gemini(server)).text == "done"


@pytest.mark.clock
def test_an_interrupt_ends_the_wait_before_it_is_asked_again(server, interrupt):
    server.on(GENERATE, refusal(503, "UNAVAILABLE", "overloaded", wait("5s")), DONE)
    parts = gemini(server).stream(Request("add"))
    assert "retrying in 5 s" in next(parts).text
    threading.Timer(0.1, interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        next(parts)
    assert interrupt.age < 0.5
    assert run_of(gemini(server)).text == "done"


def test_a_preview_is_what_is_sent_and_sends_nothing(server):
    request = request_of("Sum 1 to 10 — précis.", system="Be brief.", thinking="low")
    shown = gemini(server).preview(request)
    assert server.asked == []
    first, leave, _, body = shown.split("\n", 3)
    asked = sent(server, prompt=request.prompt, system="Be brief.", thinking="low")
    assert first == f"POST {server.url}{asked.path}"
    assert leave == "x-goog-api-key: (GEMINI_API_KEY)"
    assert asked.body == json.loads(body)
    assert "précis" in body
    assert KEY not in shown


def test_a_preview_needs_no_network():
    shown = Gemini(Connection(KEY, "GOOGLE_API_KEY"), "gemini-2.5-pro").preview(Request("add"))
    assert shown.startswith(
        "POST https://generativelanguage.googleapis.com/v1/models/gemini-2.5-pro:streamGenerate"
        "Content?alt=sse\nx-goog-api-key: (GOOGLE_API_KEY)\n"
    )


def test_a_preview_tells_data_by_its_size():
    blob = {"inlineData": {"mimeType": "image/png", "data": b64encode(b"x" * 1235).decode()}}
    shown = without_data({"contents": [{"parts": [{"text": "a"}, blob]}]})
    assert shown == {
        "contents": [
            {
                "parts": [
                    {"text": "a"},
                    {"inlineData": {"mimeType": "image/png", "data": "(1,235 bytes)"}},
                ]
            }
        ]
    }


def test_a_request_that_is_refused_says_so_with_the_servers_words(server):
    server.on(GENERATE, refusal(400, "FAILED_PRECONDITION", "User location is\nnot supported."))
    assert "400 FAILED_PRECONDITION: User location is not supported" in str(
        failure_of(gemini(server), RequestRefused)
    )


def test_the_engines_import_no_sdk_before_they_are_asked():
    code = "import sys, gemini_magic.engines; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"google.genai", "httpx2", "google.auth"} & set(loaded)
