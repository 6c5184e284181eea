"""Every error that a person can meet is one of ours, in one line."""

import inspect
import json
import re

import httpx2
import pytest
from asking import KEY, MODEL, failure_of, gemini
from google.auth import exceptions as auth
from google.genai import errors as vendor
from loopback import CUT, GENERATE, Answer, refusal, stream, wait

from gemini_magic import errors
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.google.sdk_errors import ERRORS
from gemini_magic.engines.google.target import Target
from gemini_magic.errors import (
    AccessDenied,
    AnswerUnreadable,
    ConnectionLost,
    EngineTimeout,
    GeminiError,
    KeyInvalid,
    KeyMissing,
    ModelNotFound,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)

BAD_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
TARGET = Target(Connection(KEY), MODEL, 180)


def tree(cls, marks=("* ", "  x ", "    + ", "      - ")):
    """The lines of `cls` and the classes below it, as a docstring draws them."""
    below = [line for sub in cls.__subclasses__() for line in tree(sub, marks[1:])]
    return [f"{marks[0]}{cls.__name__}", *below]


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    drawn = re.findall(r"^ *[*x+-] \w+", errors.__doc__, re.MULTILINE)
    assert drawn == tree(GeminiError)


def classes_in(module):
    return [
        cls
        for cls in vars(module).values()
        if inspect.isclass(cls) and issubclass(cls, Exception) and not issubclass(cls, Warning)
    ]


@pytest.mark.parametrize(
    "kind",
    sorted({*classes_in(vendor), *classes_in(httpx2), *classes_in(auth)}, key=str),
    ids=lambda kind: f"{kind.__module__}.{kind.__name__}",
)
def test_every_exception_of_the_vendors_is_told_as_one_of_ours(kind):
    assert ERRORS.mapper_of(kind) is not None


def test_an_exception_of_nobody_is_not_told_as_a_vendors():
    assert ERRORS.error(ZeroDivisionError(), TARGET) is None


@pytest.mark.parametrize(
    ("exc", "kind"),
    [
        (httpx2.ConnectTimeout("t"), EngineTimeout),
        (httpx2.ReadTimeout("t"), EngineTimeout),
        (httpx2.PoolTimeout("t"), EngineTimeout),
        (httpx2.ConnectError("no route"), ConnectionLost),
        (httpx2.ReadError("reset"), ConnectionLost),
        (httpx2.RemoteProtocolError("peer closed"), ConnectionLost),
        (httpx2.ProxyError("no"), ConnectionLost),
        (httpx2.UnsupportedProtocol("no http"), ConnectionLost),
        (httpx2.InvalidURL("no"), ConnectionLost),
        (httpx2.DecodingError("no gzip"), AnswerUnreadable),
        (httpx2.StreamClosed(), ConnectionLost),
        (vendor.UnknownApiResponseError("no json"), AnswerUnreadable),
        (vendor.FunctionInvocationError("no"), errors.CallMalformed),
        (vendor.ContinuationInterruptedError("no"), errors.AnswerCut),
        (auth.DefaultCredentialsError("none"), KeyMissing),
        (auth.RefreshError("expired"), KeyInvalid),
        (auth.TransportError("no"), ConnectionLost),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_is_told_as_its_kind(exc, kind):
    assert type(ERRORS.error(exc, TARGET)) is kind


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            refusal(400, "INVALID_ARGUMENT", "API key not valid.", BAD_KEY),
            KeyInvalid,
            "GEMINI_API_KEY",
        ),
        (refusal(401, "UNAUTHENTICATED", "no"), KeyInvalid, "GEMINI_API_KEY"),
        (refusal(403, "PERMISSION_DENIED", "enable it"), AccessDenied, "enable it"),
        (refusal(400, "INVALID_ARGUMENT", "bad seed"), RequestRefused, "bad seed"),
        (refusal(413, "TOO_LARGE", "too large"), RequestRefused, "too large"),
        (refusal(429, "RESOURCE_EXHAUSTED", "quota", wait("7200s")), QuotaExhausted, "7,200 s"),
        (refusal(500, "INTERNAL", "oops"), ServerError, "oops"),
        (refusal(503, "UNAVAILABLE", "overloaded"), ServerError, "overloaded"),
        (refusal(408, "REQUEST_TIMEOUT", "slow"), EngineTimeout, "slow"),
        (Answer((b"<html>bad gateway</html>",), 502), ServerError, "bad gateway"),
        (Answer((b"",), 500), ServerError, "500"),
        (Answer((b"[]",), 400), RequestRefused, "400"),
        (Answer((b'[{"error": {"code": 403, "message": "m"}}]',), 403), AccessDenied, "m"),
        (Answer((b"<html>log in</html>",)), AnswerUnreadable, "log in"),
        (Answer((CUT,)), ConnectionLost, "RemoteProtocolError"),
        (Answer((b"{}",), 302, {"Location": "ftp://x"}), ConnectionLost, "GOOGLE_GEMINI_BASE_URL"),
    ],
    ids=lambda value: value.__name__ if inspect.isclass(value) else "",
)
def test_what_a_server_answers_is_told_in_one_line_with_its_words(server, answer, kind, words):
    server.on(GENERATE, answer)
    error = failure_of(gemini(server, attempts=1), kind)
    assert words in str(error)
    assert (error.__cause__, error.__context__) == (None, None)
    assert error.run.state == "failed"


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_a_key_that_the_server_sends_back_is_not_shown(server, code):
    message = "x" * 280 + f" key {KEY} is bad, see https://example.com/?key={KEY}"
    server.on(GENERATE, refusal(code, "BAD", message, {"detail": KEY}))
    server.on("/v1/models", refusal(code, "BAD", message))
    failure_of(gemini(server, attempts=1), kind_of(code))


def kind_of(code):
    return {
        400: RequestRefused,
        403: AccessDenied,
        404: ModelNotFound,
        429: QuotaExhausted,
        500: ServerError,
    }[code]


def test_a_key_in_garbage_is_not_shown(server):
    server.on(GENERATE, Answer((f"<html>{KEY}</html>".encode(),)))
    assert "(GEMINI_API_KEY)" in str(failure_of(gemini(server), AnswerUnreadable))


def models(*names, **methods):
    listed = [
        {"name": f"models/{name}", "supportedGenerationMethods": ["generateContent"]}
        for name in names
    ] + [{"name": "models/embedder", "supportedGenerationMethods": ["embedContent"]}]
    return Answer((json.dumps({"models": listed}).encode(),))


NO_MODEL = refusal(404, "NOT_FOUND", "models/gemini-9 is not found")


def test_a_model_that_is_not_there_names_the_nearest_that_are_and_the_line_to_switch(server):
    server.on(GENERATE, NO_MODEL)
    server.on("/v1/models", models("gemini-2.5-pro", "gemini-3-flash", "gemma-3"))
    error = str(failure_of(gemini(server, "gemini-3-flush"), ModelNotFound))
    assert "'gemini-3-flush'" in error
    assert "gemini-3-flash, gemini-2.5-pro, gemma-3" in error
    assert error.endswith('%config GeminiMagic.model = "gemini-3-flash"')
    assert "embedder" not in error


def test_a_404_about_anything_but_the_model_is_not_told_as_a_missing_model(server):
    server.on(GENERATE, refusal(404, "NOT_FOUND", "no such page"))
    server.on("/v1/models", models(MODEL))
    assert str(failure_of(gemini(server), RequestRefused)) == (
        "the server does not know what the request names (404 NOT_FOUND: no such page)"
    )


def test_of_many_models_eight_are_named(server):
    server.on(GENERATE, NO_MODEL)
    server.on("/v1/models", models(*(f"gemini-{n}" for n in range(30))))
    assert str(failure_of(gemini(server, "gemini-x"), ModelNotFound)).count("gemini-") == 8 + 2


def test_models_of_any_name_are_named_in_one_short_line(server):
    server.on(GENERATE, NO_MODEL)
    server.on("/v1/models", models(*(f"line\n{n} {'x' * 100_000}" for n in range(20))))
    said = str(failure_of(gemini(server), ModelNotFound))
    assert "line 1" in said
    assert "\n" not in said
    assert len(said) < 1500


@pytest.mark.parametrize("code", [404, 500])
def test_models_that_cannot_be_listed_either_are_told_and_asked_for_once(server, code):
    server.on(GENERATE, NO_MODEL)
    server.on("/v1/models", refusal(code, "NO", "no"))
    assert "could not be asked" in str(failure_of(gemini(server), ModelNotFound))
    assert len(server.asked) == 2


def test_a_key_without_any_model_is_told(server):
    server.on(GENERATE, NO_MODEL)
    server.on("/v1/models", models())
    assert "'gemini-2.5-pro'" in str(failure_of(gemini(server), ModelNotFound))


def test_a_lost_connection_is_told_as_a_sentence_with_the_address(server):
    server.on(GENERATE, Answer((CUT,)))
    line = str(failure_of(gemini(server, attempts=1), ConnectionLost))
    address = f"GOOGLE_GEMINI_BASE_URL, which is {server.url!r}"
    assert line.endswith(f": check the network, and {address}, and run the cell again")


def test_an_address_that_is_none_names_its_variable():
    engine = Gemini(Connection(KEY, base_url="not an address"), MODEL)
    assert "GOOGLE_GEMINI_BASE_URL" in str(failure_of(engine, ConnectionLost))


@pytest.mark.parametrize(
    "details",
    ["x", [1], {"a": 1}, [{"@type": 3, "reason": []}], [{"@type": "RetryInfo", "retryDelay": {}}]],
    ids=str,
)
def test_details_of_any_shape_are_no_trouble(server, details):
    body = {"error": {"code": 400, "message": ["m"], "status": 5, "details": details}}
    server.on(GENERATE, Answer((json.dumps(body).encode(),), 400))
    failure_of(gemini(server), RequestRefused)
    server.on(GENERATE, stream(body))
    failure_of(gemini(server), RequestRefused)


def test_nothing_that_a_server_said_steers_a_terminal():
    error = GeminiError("the server says \x1b]0;title\x07 \x9b31m and \u202eback")
    assert str(error) == "the server says 31m and \\u202eback"
    assert error._render_traceback_() == ["GeminiError: the server says 31m and \\u202eback"]
