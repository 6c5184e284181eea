"""What a server of chat completions does wrong is one line, and what had come is kept."""

import gzip
import inspect
import json
from collections import deque
from itertools import chain, repeat, takewhile
from threading import Event

import openai
import pytest
from asking import request_of
from completions import (
    CHAT,
    DONE,
    MODEL,
    MODELS,
    called,
    chunk,
    listed,
    refuses,
    runs,
    says,
    streamed,
    text,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from local import KEY
from loopback import CUT, event
from loopback import Answer as Whole
from openai._models import construct_type
from openai.types.chat import ChatCompletionChunk

from gemini_magic.answer.parts import Code, Note, Text
from gemini_magic.engines.local.connection import Connection
from gemini_magic.engines.local.sdk_errors import ERRORS
from gemini_magic.engines.local.target import Target
from gemini_magic.engines.local.wire import Answer
from gemini_magic.errors import (
    AccessDenied,
    AnswerCut,
    AnswerUnreadable,
    Blocked,
    CallMalformed,
    ConnectionLost,
    EngineTimeout,
    GeminiError,
    KeyInvalid,
    ModelNotFound,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)

TARGET = Target(Connection("http://127.0.0.1:1/v1"), MODEL, 180)
NAMES = st.sampled_from(
    [
        "content",
        "tool_calls",
        "index",
        "id",
        "function",
        "name",
        "arguments",
        "reasoning",
        "refusal",
    ]
)
PAGE = Whole((b"<html>a page</html>",), 200, {"Content-Type": "text/html"})


def classes():
    return [
        cls
        for cls in vars(openai._exceptions).values()
        if inspect.isclass(cls) and issubclass(cls, Exception) and not issubclass(cls, Warning)
    ]


@pytest.mark.parametrize("kind", sorted(set(classes()), key=str), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_vendor_is_told_as_one_of_ours(kind):
    assert ERRORS.mapper_of(kind) is not None


def test_an_exception_of_nobody_is_not_told_as_a_vendors():
    assert ERRORS.error(ZeroDivisionError(), TARGET) is None


REFUSALS = {
    "a key is needed": (refuses(401, "no"), KeyInvalid, "export GEMINI_MAGIC_LOCAL_API_KEY=…"),
    "not allowed": (refuses(403, "not yours"), AccessDenied, "not yours"),
    "no such page": (Whole((b"404 page not found",), 404), AnswerUnreadable, "ends in /v1"),
    "too many requests": (refuses(429, "busy", Retry_After="7200"), QuotaExhausted, "7,200 s"),
    "too long": (
        refuses(400, "the request exceeds the available context size (4096 tokens)"),
        RequestRefused,
        "a larger context",
    ),
    "no pictures": (
        refuses(500, "image input is not supported - provide the mmproj"),
        RequestRefused,
        "with a picture asks: leave it out",
    ),
    "no thinking": (
        refuses(400, f'"{MODEL}" does not support thinking'),
        RequestRefused,
        "--thinking",
    ),
    "a bad request": (refuses(422, "bad seedling"), RequestRefused, "bad seedling"),
    "a failure": (refuses(501, "oops"), ServerError, "oops"),
    "waited too long": (refuses(408, "slow", Retry_After="7200"), EngineTimeout, "slow"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_told_as_its_kind(server, local, name):
    answer, kind, words = REFUSALS[name]
    server.on(CHAT, answer)
    assert words in str(local.failure(kind))


def test_a_model_that_is_not_there_names_those_that_are(server, local):
    server.on(CHAT, refuses(404, 'model "qwen" not found, try pulling it first'))
    server.on(MODELS, listed("gemma3:1b", "qwen3:8b"))
    error = local.failure(ModelNotFound, model="qwen")
    assert "there are qwen3:8b, gemma3:1b" in str(error)
    assert '%config GeminiMagic.model = "qwen3:8b"' in str(error)


def test_several_models_and_none_chosen_name_them(server, local):
    server.on(MODELS, listed("gemma3:1b", "qwen3:8b"))
    error = local.failure(ModelNotFound, model="gemini-3-flash-preview")
    assert "-m NAME: the server has gemma3:1b, qwen3:8b" in str(error)


@pytest.mark.parametrize("model", ["gemini-3-flash-preview", "qwen"])
def test_models_of_any_name_are_named_in_one_short_line(server, local, model):
    server.on(CHAT, refuses(404, "no such model"))
    server.on(MODELS, listed(*(f"line\n{n} {'x' * 100_000}" for n in range(20))))
    said = str(local.failure(ModelNotFound, model=model))
    assert "line 1" in said
    assert "\n" not in said
    assert len(said) < 1500


def test_a_server_without_models_says_how_to_load_one(server, local):
    server.on(MODELS, listed())
    assert "ollama pull" in str(local.failure(ModelNotFound, model="gemini-3-flash-preview"))


@pytest.mark.parametrize(
    ("chunks", "why"),
    [
        ((b'{"data": ["', *[b"x" * 2**20] * 17, b'"]}'), "more than 16,777,216 bytes"),
        ((b"[" * 100_000,), "RecursionError"),
        ((b'{"data": [',), "JSONDecodeError"),
    ],
)
def test_a_list_of_models_that_is_none_is_one_line(server, local, chunks, why):
    server.on(MODELS, Whole(chunks, 200, {"Content-Type": "application/json"}))
    assert why in str(local.failure(AnswerUnreadable, model="gemini-3-flash-preview"))


def test_a_list_of_models_without_an_end_is_given_up(server, local):
    """Though it never falls silent."""
    over = Event()
    drips = takewhile(lambda _: not over.wait(0.01), repeat(b" " * 100, 500))
    chunks = chain([b'{"data": ['], drips)
    server.on(MODELS, Whole(chunks, 200, {"Content-Type": "application/json"}))
    error = local.failure(EngineTimeout, model="gemini-3-flash-preview", timeout=0.3)
    over.set()
    assert "0.3 s" in str(error)


def test_a_list_of_models_that_was_packed_small_is_bounded_too(server, local):
    packed = gzip.compress(b"[" + b" " * (17 * 2**20) + b"]")
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.on(MODELS, Whole((packed,), 200, headers))
    error = local.failure(AnswerUnreadable, model="gemini-3-flash-preview")
    assert "more than 16,777,216 bytes" in str(error)


def test_an_answer_that_says_it_is_plain_text_is_a_stream_all_the_same(server, local):
    """Which may be longer than a document, and take longer."""
    comments = [b":" + b"x" * 2**20 + b"\n\n"] * 17
    server.on(CHAT, Whole((*comments, *says("42").chunks), 200, {"Content-Type": "text/plain"}))
    assert local(code=False).text == "42"


def test_an_error_without_an_end_is_told_by_its_beginning(server, local):
    said = (b'{"error": "no', *[b"x" * 2**20] * 40)
    server.on(CHAT, Whole(said, 400, {"Content-Type": "application/json"}))
    assert '{"error": "noxxx' in str(local.failure(RequestRefused))


@pytest.mark.parametrize("word", [{"a": 1}, ["stop"], 5])
def test_an_end_that_is_no_word_is_one_line(server, local, word):
    server.on(CHAT, streamed(text("It is"), chunk(finish=word), finish=None))
    local.failure(AnswerUnreadable)


def test_arguments_that_are_no_text_but_what_it_stands_for_are_taken(server, local):
    made = {"name": "run_python", "arguments": {"code": "print(42)"}}
    call = chunk({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": made}]})
    server.on(CHAT, streamed(call, finish="tool_calls"), says("42"))
    assert local().steps[0].output == "42\n"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1/v1", "start the server, or name another"),
        ("http://localhost:1/v1", "nothing answers at http://localhost:1/v1"),
    ],
)
def test_a_server_that_is_not_there_is_to_be_started(local, address, words):
    assert words in str(local.failure(ConnectionLost, local_base_url=address))


def test_the_usual_port_names_the_server_that_has_it():
    import httpx2

    target = Target(Connection("http://127.0.0.1:11434/v1"), MODEL, 180)
    error = ERRORS.error(httpx2.ConnectError("refused"), target)
    assert "`ollama serve` is Ollama's" in str(error)


def test_what_passes_is_asked_again(server, local):
    server.on(CHAT, refuses(503, "loading model", Retry_After="0"), says("42"))
    run = local()
    assert run.parts == [
        Note("retrying in 0 s: 503 Service Unavailable (attempt 2 of 4)"),
        Text("42"),
    ]


UNPAID = {
    "a code": (429, {"message": "You exceeded your quota.", "code": "insufficient_quota"}),
    "a type": (429, {"message": "You exceeded your quota.", "type": "insufficient_quota"}),
    "words": (429, {"message": "Out of credits"}),
    "a status": (402, {"message": "Pay first"}),
}


@pytest.mark.parametrize(("status", "error"), UNPAID.values(), ids=UNPAID)
def test_credits_that_are_used_up_are_asked_once_and_named(server, local, status, error):
    body = json.dumps({"error": error}).encode()
    server.on(CHAT, Whole((body,), status, {"Content-Type": "application/json"}))
    assert "credits for this server are used up" in str(local.failure(QuotaExhausted))
    assert len(local.bodies) == 1


def test_what_stays_is_asked_once(server, local):
    server.on(CHAT, refuses(400, "no"))
    local.failure(RequestRefused)
    assert len(local.bodies) == 1


def test_silence_is_told_with_the_flag_that_allows_more(server, local):
    server.on(CHAT, Whole((Event(),)))
    assert "--timeout" in str(local.failure(EngineTimeout, timeout=0.2))


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (streamed(text("It is"), CUT, finish=None), ConnectionLost, "broke"),
        (
            streamed(text("It is"), event({"error": {"message": "out of memory"}}), finish=None),
            ServerError,
            "out of memory",
        ),
        (streamed(text("It is"), b"data: {oops\n\n", finish=None), AnswerUnreadable, "completion"),
        (streamed(text("It is"), b"<html>\n", finish=None), AnswerUnreadable, "<html>"),
        (says("It is", finish="length"), AnswerCut, "--max-output-tokens"),
        (says("It is", finish="content_filter"), Blocked, "filter"),
        (says("It is", finish="weird"), AnswerUnreadable, "weird"),
        (streamed(text("It is"), chunk({"refusal": "I must not."})), Blocked, "I must not."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_had_come_before_a_break_is_kept(server, local, answer, kind, words):
    server.on(CHAT, answer)
    error = local.failure(kind)
    assert words in str(error)
    assert error.run.text == "It is"
    assert error.run.state in ("failed", "blocked")


@pytest.mark.parametrize(
    ("finish", "kind"), [("length", AnswerCut), (None, ConnectionLost)], ids=["bound", "line"]
)
def test_a_fence_that_was_cut_is_shown_and_not_run(server, local, finish, kind):
    came = (text("First:\n```python\nprint(1)\n"), text("pri"), *(() if finish else (CUT,)))
    server.on(CHAT, streamed(*came, finish=finish))
    run = local.failure(kind).run
    assert run.parts == [Text("First:\n"), Code("print(1)\npri")]


def test_a_stream_that_does_not_say_its_end_is_told(server, local):
    server.on(CHAT, streamed(text("42"), finish=None))
    assert "without saying that the answer is complete" in local().parts[-1].text


CALLS = {
    "cut in the middle": (
        streamed(*called("run_python", {"code": "print(1)"})[:-1], finish=None),
        AnswerCut,
        "in the middle of a call of run_python()",
    ),
    "the line drops in the middle": (
        streamed(*called("run_python", {"code": "print(1)"})[:-1], CUT, finish=None),
        ConnectionLost,
        "broke",
    ),
    "cut by the bound of tokens": (
        streamed(*called("run_python", {"code": "print(1)"})[:-1], finish="length"),
        AnswerCut,
        "--max-output-tokens",
    ),
    "not JSON": (
        streamed(*called("run_python", "print(1)"), finish="tool_calls"),
        CallMalformed,
        "no JSON object (print(1))",
    ),
    "a list": (
        streamed(*called("run_python", "[1]"), finish="tool_calls"),
        CallMalformed,
        "no JSON object ([1])",
    ),
    "very deep": (
        streamed(*called("run_python", "[" * 100_000), finish="tool_calls"),
        CallMalformed,
        "no JSON object",
    ),
    "code without an end": (
        streamed(*called("run_python", "x" * 1_200_000, pieces=100), finish="tool_calls"),
        AnswerCut,
        "more than 1,000,000 characters and no end",
    ),
    "without an end in one answer": (
        streamed(*(each for n in range(70) for each in called("f", {}, f"id{n}", n))),
        CallMalformed,
        "without an end",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_cannot_be_made_runs_nothing(server, local, name):
    answer, kind, words = CALLS[name]
    server.on(CHAT, Whole((text("First:"), *answer.chunks)))
    error = local.failure(kind)
    assert words in str(error)
    assert error.run.parts == [Text("First:")]


@pytest.mark.parametrize("delta", ["content", "reasoning_content"])
def test_words_without_an_end_are_ended_and_kept(server, local, delta):
    """As of a small model that says the same again and again, at a server that sets no bound."""
    server.on(CHAT, Whole((chunk({delta: "la la. " * 10_000}),) * 10_000))
    error = local.failure(AnswerCut, thoughts=True)
    assert "more than 1,000,000 characters and no end" in str(error)
    (part,) = error.run.parts
    assert len(part.text) == 980_000


def test_a_refusal_without_an_end_is_ended(server, local):
    server.on(CHAT, Whole((chunk({"refusal": "no. " * 10_000}),) * 10_000))
    assert "more than 1,000,000 characters and no end" in str(local.failure(AnswerCut))


@pytest.mark.parametrize("value", [{"choices": []}, {"choices": [{"delta": {"content": ""}}]}])
def test_chunks_without_anything_in_them_are_ended(value):
    empty = construct_type(type_=ChatCompletionChunk, value=value)
    word = construct_type(
        type_=ChatCompletionChunk, value={"choices": [{"delta": {"content": "so"}}]}
    )
    answer = Answer(request_of("?"))
    for each in (*[empty] * 99_999, word, *[empty] * 99_999):
        deque(answer.parts(each), maxlen=0)
    with pytest.raises(AnswerCut, match="100,000 chunks without anything in them and no end"):
        for each in [empty] * 2:
            deque(answer.parts(each), maxlen=0)
    assert answer.text == "so"


def test_calls_of_functions_without_an_end_are_ended(server, local):
    server.on(CHAT, streamed(*called("rainfall", {}), finish="tool_calls"))
    error = local.failure(CallMalformed, code=False, tools={"rainfall": rainfall})
    assert "ask for less" in str(error)


def rainfall() -> float:
    """Return how much it rained."""
    return 1.5


@pytest.mark.process
def test_code_without_an_end_is_ended(server, local):
    server.on(CHAT, runs("1"))
    error = local.failure(AnswerCut, max_code_calls=3)
    assert "max_code_calls is 3" in str(error)
    assert [type(part) for part in error.run.parts].count(Code) == 3


@pytest.mark.process
def test_fences_without_an_end_are_ended(server, local):
    server.on(CHAT, refuses(400, "does not support tools"), says("```python\n1\n```\n"))
    assert "max_code_calls is 3" in str(local.failure(AnswerCut, max_code_calls=3))


def test_an_answer_without_anything_is_asked_for_once_more(server, local):
    server.on(CHAT, streamed(), says("42"))
    assert local().parts == [Note("the answer was empty: asking once more"), Text("42")]


def test_an_answer_that_is_empty_twice_is_an_error(server, local):
    server.on(CHAT, streamed())
    assert "empty" in str(local.failure(AnswerUnreadable))


def test_thoughts_alone_are_no_answer(server, local):
    server.on(CHAT, streamed(chunk({"reasoning": "hm"})))
    assert "only what the model thought" in str(local.failure(AnswerUnreadable))


@pytest.mark.parametrize(
    "answer",
    [
        PAGE,
        Whole((json.dumps({"hello": 1}).encode(),), 200, {"Content-Type": "application/json"}),
        Whole((b"data: 3\n\n",)),
        Whole((b'data: ["a"]\n\n',)),
        Whole((event({"choices": 3}),)),
        Whole((event({"choices": [3]}),)),
        Whole((event({"choices": [{"delta": 3}]}),)),
        Whole((event({"choices": [{"delta": {"tool_calls": 3}}]}),)),
        Whole((event({"choices": [{"delta": {"tool_calls": [3]}}]}),)),
        Whole((event({"choices": [{"delta": {"content": 3}}], "usage": 3, "id": 3, "model": []}),)),
        Whole((DONE,)),
    ],
    ids=range(11),
)
def test_what_is_no_chat_completion_is_one_line(server, local, answer):
    server.on(CHAT, answer)
    local.failure(AnswerUnreadable)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
CHUNKS = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"delta": JSON, "finish_reason": JSON}), max_size=2)}
    | dict.fromkeys(("id", "model", "usage"), JSON)
)


@given(CHUNKS | JSON)
@settings(max_examples=100)
def test_whatever_json_comes_is_parts_or_an_error_that_is_told(value):
    chunk = construct_type(type_=ChatCompletionChunk, value=value)
    answer = Answer(request_of("?"), fences=True)
    try:
        for _ in answer.parts(chunk):
            continue
        for _ in answer.close():
            continue
        answer.calls(1)
    except Exception as exc:
        assert isinstance(exc, GeminiError) or ERRORS.mapper_of(type(exc)), repr(exc)


def test_functions_are_refused_where_the_server_has_none(server, local):
    server.on(CHAT, refuses(400, f"{MODEL} does not support tools"))
    error = local.failure(RequestRefused, tools={"rainfall": rainfall})
    assert "leave --tool out" in str(error)


def test_a_key_that_the_server_sends_back_is_not_shown(server, local, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_LOCAL_API_KEY", KEY)
    server.on(CHAT, refuses(401, f"Incorrect API key provided: {KEY}"))
    assert "the key in GEMINI_MAGIC_LOCAL_API_KEY" in str(local.failure(KeyInvalid))


def test_a_redirect_elsewhere_is_not_followed(server, local):
    headers = {"Location": "http://127.0.0.1:1/v1/chat/completions"}
    server.on(CHAT, Whole((b"",), 307, headers))
    assert "http://127.0.0.1:1/v1" in str(local.failure(ConnectionLost))


@pytest.mark.process
def test_the_line_is_closed_behind_a_fence(server, local):
    """What the model would say of a result that it has not seen is not waited for."""
    went_on = Event()
    first = streamed(text("```python\nprint(1)\n```\n"), went_on.wait, finish=None)
    second = Whole((went_on.set, *says("1").chunks))
    server.on(CHAT, refuses(400, "does not support tools"), first, second)
    assert local().steps[0].output == "1\n"
