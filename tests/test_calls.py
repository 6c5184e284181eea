"""The model calls functions of the notebook: each request of the loop, as it is sent."""

from base64 import b64encode, urlsafe_b64decode
from contextlib import nullcontext
from threading import Event

import pytest
from asking import MODEL, failure_of, gemini, request_of, run_of
from loopback import CUT, GENERATE, refusal, said, stream

from gemini_magic.answer.parts import Call, Note, Text, Usage
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.loop import ROUNDS
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import CallMalformed, ConnectionLost, RequestError
from gemini_magic.line import answer
from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions
from gemini_magic.runs.chats import Chats
from gemini_magic.runs.run import Run

GEMINI_3 = "gemini-3-flash-preview"
DONE = {"finishReason": "STOP"}
# Bytes that the two alphabets of base64 write differently.
SIGNATURE = b"\xfb\xff\xfe\x00signed"


def temperature(city: str) -> float:
    """Return how warm it is in a city now."""
    return {"Oslo": 3.5, "Cairo": 24.0}[city]


FUNCTIONS = Functions(declared({"temperature": temperature}), lambda call: True, 1000)


def calling(city, **more):
    return {"functionCall": {"name": "temperature", "args": {"city": city}, **more}}


def responding(city, response, **more):
    return {"functionResponse": {**more, "name": "temperature", "response": response}}


def used(**counts):
    return {"usageMetadata": {f"{name}TokenCount": n for name, n in counts.items()}}


def run_with(server, *answers, model=GEMINI_3, **request):
    server.on(GENERATE, *answers)
    request.setdefault("functions", FUNCTIONS)
    return run_of(gemini(server, model, attempts=1), "how warm?", **request)


def bodies(server):
    return [asked.body for asked in server.prompts]


def test_a_call_is_run_and_answered_in_a_further_request(server):
    run = run_with(
        server,
        stream(said(calling("Oslo", id="c1"), **DONE)),
        stream(said({"text": "It is 3.5 degrees."}, **DONE)),
    )
    assert run.parts == [
        Call("temperature", {"city": "Oslo"}, {"result": 3.5}),
        Text("It is 3.5 degrees."),
    ]
    first, second = bodies(server)
    assert second["contents"] == [
        *first["contents"],
        {"role": "model", "parts": [calling("Oslo", id="c1")]},
        {"role": "user", "parts": [responding("Oslo", {"result": 3.5}, id="c1")]},
    ]
    assert {k: v for k, v in second.items() if k != "contents"} == {
        k: v for k, v in first.items() if k != "contents"
    }


def test_the_declaration_goes_beside_the_code_tool_with_leave_to_mix(server):
    run_with(server, stream(said({"text": "ok"}, **DONE)))
    [body] = bodies(server)
    code, functions = body["tools"]
    assert code == {"codeExecution": {}}
    [declaration] = functions["functionDeclarations"]
    assert declaration["name"] == "temperature"
    assert declaration["description"] == "Return how warm it is in a city now."
    # The SDK writes this name in its other way, which the server reads as well:
    # https://protobuf.dev/programming-guides/json/
    assert declaration["parameters_json_schema"]["required"] == ["city"]
    assert body["toolConfig"] == {"includeServerSideToolInvocations": True}


@pytest.mark.parametrize("model", [GEMINI_3, MODEL])
def test_functions_alone_need_no_leave(server, model):
    run_with(server, stream(said({"text": "ok"}, **DONE)), model=model, code=False)
    [body] = bodies(server)
    assert [*body["tools"][0]] == ["functionDeclarations"]
    assert "toolConfig" not in body


@pytest.mark.parametrize("more", [{}, {"search": True, "code": False}])
def test_a_model_that_cannot_mix_is_told_before_anything_is_sent(server, more):
    error = failure_of(gemini(server, MODEL), RequestError, functions=FUNCTIONS, **more)
    assert str(error) == (
        "gemini-2.5-pro cannot mix functions with code, search or pages in one request: add "
        "--no-code and leave --search and --url out, or use Gemini 3"
    )
    assert server.asked == []


def test_vertex_cannot_mix_either(server):
    connection = Connection("AIza-express", vertex=True, base_url=server.url)
    error = failure_of(Gemini(connection, GEMINI_3), RequestError, functions=FUNCTIONS)
    assert str(error).startswith("Vertex AI cannot mix functions with code")
    assert server.asked == []


def test_vertex_calls_functions_alone(server):
    server.on(
        GENERATE,
        stream(said(calling("Oslo"), **DONE)),
        stream(said({"text": "3.5"}, **DONE)),
    )
    connection = Connection("AIza-express", vertex=True, base_url=server.url)
    run = run_of(Gemini(connection, MODEL), functions=FUNCTIONS, code=False)
    assert run.parts[0].response == {"result": 3.5}
    assert bodies(server)[1]["contents"][2]["parts"] == [responding("Oslo", {"result": 3.5})]


def test_signatures_go_back_byte_for_byte(server):
    signed = {**calling("Oslo"), "thoughtSignature": b64encode(SIGNATURE).decode()}
    run_with(
        server,
        stream(said({"text": "hm", "thought": True}), said(signed, **DONE)),
        stream(said({"text": "ok"}, **DONE)),
    )
    thought, call = bodies(server)[1]["contents"][1]["parts"]
    assert thought == {"text": "hm", "thought": True}
    assert urlsafe_b64decode(call["thoughtSignature"]) == SIGNATURE


def test_calls_of_one_answer_are_run_in_order_and_answered_together(server):
    run = run_with(
        server,
        stream(said(calling("Oslo", id="a")), said(calling("Cairo", id="b"), **DONE)),
        stream(said({"text": "ok"}, **DONE)),
    )
    assert [part.response for part in run.parts if isinstance(part, Call)] == [
        {"result": 3.5},
        {"result": 24.0},
    ]
    assert bodies(server)[1]["contents"][2] == {
        "role": "user",
        "parts": [
            responding("Oslo", {"result": 3.5}, id="a"),
            responding("Cairo", {"result": 24.0}, id="b"),
        ],
    }


def test_code_that_ran_at_the_server_goes_back_with_the_call(server):
    code = {"executableCode": {"language": "PYTHON", "code": "print(1)", "id": "x"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n", "id": "x"}}
    tool = {"toolCall": {"toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": ["q"]}, "id": "y"}}
    run = run_with(
        server,
        stream(said(code), said(result), said(tool), said(calling("Oslo"), **DONE)),
        stream(said({"text": "ok"}, **DONE)),
    )
    *first, sent, last = bodies(server)[1]["contents"][1]["parts"]
    assert (first, last) == ([code, result], calling("Oslo"))
    # The SDK writes one of its names in its other way, which the server reads as well:
    # https://protobuf.dev/programming-guides/json/
    assert {"toolType": sent["toolCall"].pop("tool_type")} | sent["toolCall"] == tool["toolCall"]
    assert [part.kind for part in run.parts] == ["code", "result", "call", "text"]


def test_an_exception_goes_to_the_model_and_the_run_goes_on(server):
    run = run_with(
        server,
        stream(said(calling("Atlantis"), **DONE)),
        stream(said({"text": "I do not know."}, **DONE)),
    )
    assert run.state == "done"
    assert run.parts[0].error == "KeyError: 'Atlantis'"
    assert bodies(server)[1]["contents"][2]["parts"] == [
        responding("Atlantis", {"error": "KeyError: 'Atlantis'"})
    ]


def test_a_function_that_is_not_offered_is_answered_with_those_that_are(server):
    run = run_with(
        server,
        stream(said({"functionCall": {"name": "weather"}}, **DONE)),
        stream(said({"text": "ok"}, **DONE)),
    )
    assert run.parts[0] == Call(
        "weather", {}, error="there is no function 'weather'; there are: temperature"
    )


def test_a_call_without_a_function_offered_is_told_and_not_run(server):
    run = run_with(server, stream(said(calling("Oslo"), **DONE)), functions=None)
    assert run.parts == [Note("the model called temperature(), which nobody here runs")]
    assert len(bodies(server)) == 1


def test_a_model_that_only_calls_is_stopped_after_the_bound(server):
    server.on(GENERATE, stream(said(calling("Oslo"), **DONE)))
    error = failure_of(gemini(server, GEMINI_3), CallMalformed, functions=FUNCTIONS)
    assert str(error) == (
        "the model called functions 10 times over without an answer: ask for less"
    )
    assert len(error.run.parts) == ROUNDS == 10
    assert len(bodies(server)) == ROUNDS + 1


def test_ten_rounds_of_calls_and_an_answer_are_within_the_bound(server):
    calls = [stream(said(calling("Oslo"), **DONE))] * ROUNDS
    run = run_with(server, *calls, stream(said({"text": "ok"}, **DONE)))
    assert len(run.parts) == ROUNDS + 1


def test_what_was_called_stays_when_a_later_request_breaks(server):
    server.on(GENERATE, stream(said(calling("Oslo"), **DONE)), stream(CUT))
    error = failure_of(gemini(server, GEMINI_3, attempts=1), ConnectionLost, functions=FUNCTIONS)
    assert error.run.parts == [Call("temperature", {"city": "Oslo"}, {"result": 3.5})]


def test_a_later_request_is_tried_again_too(server):
    server.on(
        GENERATE,
        stream(said(calling("Oslo"), **DONE)),
        refusal(503, "UNAVAILABLE", "busy", Retry_After="0"),
        stream(said({"text": "ok"}, **DONE)),
    )
    run = run_of(gemini(server, GEMINI_3, attempts=2), functions=FUNCTIONS)
    assert [part.kind for part in run.parts] == ["call", "note", "text"]


def test_tokens_of_all_requests_are_counted(server):
    run = run_with(
        server,
        stream(
            said(calling("Oslo"), **DONE) | used(prompt=10, candidates=1, total=11),
            used(prompt=10, candidates=2, thoughts=3, total=15),
        ),
        stream(said({"text": "ok"}, **DONE) | used(prompt=20, candidates=4, total=24)),
    )
    assert run.usage == Usage(prompt=30, candidates=6, thoughts=3, total=39)


def test_an_answer_without_a_count_of_tokens_counts_none(server):
    run = run_with(
        server,
        stream(said(calling("Oslo"), **DONE) | used(prompt=10, total=11)),
        stream(said(calling("Oslo"), **DONE)),
        stream(said({"text": "ok"}, **DONE) | used(prompt=20, total=24)),
    )
    assert run.usage == Usage(prompt=30, total=35)


def test_a_chat_holds_the_calls_of_its_turns(server):
    chats, engine = Chats(), gemini(server, GEMINI_3, attempts=1)
    server.on(
        GENERATE,
        stream(said(calling("Oslo", id="c1"), **DONE) | used(prompt=10, total=11)),
        stream(said({"text": "3.5"}, **DONE) | used(prompt=20, thoughts=2, total=25)),
        stream(said({"text": "It was 3.5."}, **DONE)),
    )
    for prompt in ("how warm?", "say again"):
        request = request_of(prompt, functions=FUNCTIONS, chat="t")
        turn = chats.next(request, engine.name)
        run = Run(turn.request, engine.name, engine.model)
        turn.finish(answer(run, engine, call=FUNCTIONS.answer))
    assert bodies(server)[2]["contents"] == [
        {"role": "user", "parts": [{"text": "how warm?"}]},
        {"role": "model", "parts": [calling("Oslo", id="c1")]},
        {"role": "user", "parts": [responding("Oslo", {"result": 3.5}, id="c1")]},
        {"role": "model", "parts": [{"text": "3.5"}]},
        {"role": "user", "parts": [{"text": "say again"}]},
    ]
    # The last request of the turn held all the others; its thoughts are not sent again.
    assert chats.get("t").turns[0].tokens == 23


def test_a_preview_shows_the_declarations_and_calls_nothing(server):
    request = request_of("how warm?", functions=FUNCTIONS)
    shown = gemini(server, GEMINI_3).preview(request)
    assert '"name": "temperature"' in shown
    assert server.asked == []


def test_a_recording_runs_no_function(tmp_path, server):
    path = tmp_path / "answer.sse"
    path.write_bytes(b"".join(stream(said(calling("Oslo"), **DONE)).chunks))
    run = run_of(Replay(path), functions=FUNCTIONS)
    assert [part.kind for part in run.parts] == ["note"]


def test_the_reader_sees_a_call_before_it_ends(server):
    is_seen = Event()

    def slow() -> bool:
        """Return whether the reader has seen that this is called."""
        return is_seen.is_set()

    functions = Functions(declared({"slow": slow}), lambda call: True, 1000)
    wanted = {"functionCall": {"name": "slow", "args": {}}}
    server.on(GENERATE, stream(said(wanted, **DONE)), stream(said({"text": "ok"}, **DONE)))
    request = request_of("wait", functions=functions)
    calls = []

    def seen(part):
        if isinstance(part, Call):
            calls.append(part.response)
            is_seen.set()

    show, call = lambda _: nullcontext(seen), functions.answer
    run = answer(Run(request), gemini(server, GEMINI_3), show, call)
    assert calls == [None, {"result": True}]
    assert len(run.parts) == len(run.times) == 2
