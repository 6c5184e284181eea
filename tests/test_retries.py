"""Which failures are tried again, and after which delay."""

import ssl

import httpx2
import pytest
from asking import failure_of, gemini, run_of
from google.genai.errors import APIError
from loopback import CUT, GENERATE, Answer, refusal, said, stream, wait

from gemini_magic.answer.parts import Note
from gemini_magic.engines.google.retries import delay_of, is_transient
from gemini_magic.engines.retries import PATIENCE
from gemini_magic.errors import (
    ConnectionLost,
    GeminiError,
    KeyInvalid,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)

DONE = stream(said({"text": "done"}, finishReason="STOP"))
NOW = wait("0s")


def quota(**violation):
    kind = "type.googleapis.com/google.rpc.QuotaFailure"
    return {"@type": kind, "violations": [violation]}


DAY = quota(quotaId="GenerateRequestsPerDayPerProjectPerModel-FreeTier", quotaValue="250")
NONE = quota(quotaId="GenerateContentInputTokensPerModelPerMinute-FreeTier", quotaValue="0")
MINUTE = quota(quotaId="GenerateRequestsPerMinutePerProjectPerModel", quotaValue="10")
INFO = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED"}
LEAKED = "Your API key was reported as leaked. Please use another API key."

PERMANENT = {
    "a quota of a day": (
        refusal(429, "RESOURCE_EXHAUSTED", "quota", DAY, NOW),
        QuotaExhausted,
        "a day or longer",
    ),
    "a quota of nothing": (
        refusal(429, "RESOURCE_EXHAUSTED", "quota", NONE, NOW),
        QuotaExhausted,
        "another model",
    ),
    "a quota of a day, as its service names it": (
        refusal(429, "RESOURCE_EXHAUSTED", "quota", INFO | {"metadata": {"quota_limit": "PerDay"}}),
        QuotaExhausted,
        "a day or longer",
    ),
    "a quota of nothing, as its service names it": (
        refusal(
            429, "RESOURCE_EXHAUSTED", "quota", INFO | {"metadata": {"quota_limit_value": "0"}}
        ),
        QuotaExhausted,
        "another model",
    ),
    "a limit of 0 in words": (
        refusal(429, "RESOURCE_EXHAUSTED", "exceeded, limit: 0, model: m", NOW),
        QuotaExhausted,
        "another model",
    ),
    "a long wait": (
        refusal(429, "RESOURCE_EXHAUSTED", "quota", wait("3600s")),
        QuotaExhausted,
        "3,600 s",
    ),
    "a leaked key": (refusal(403, "PERMISSION_DENIED", LEAKED), KeyInvalid, "apikey"),
    "a leaked key, as 400": (refusal(400, "INVALID_ARGUMENT", LEAKED), KeyInvalid, "apikey"),
    "a key that is not valid, in words alone": (
        refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        KeyInvalid,
        "apikey",
    ),
    "a key that expired, in words alone": (
        refusal(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."),
        KeyInvalid,
        "apikey",
    ),
    "a key that was suspended": (
        refusal(403, "PERMISSION_DENIED", "Consumer 'api_key:x' has been suspended."),
        KeyInvalid,
        "apikey",
    ),
    "credits that are used up": (
        refusal(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.", NOW),
        QuotaExhausted,
        "add credits",
    ),
    "a cap on spending": (
        refusal(429, "RESOURCE_EXHAUSTED", "It has exceeded its monthly spending cap.", NOW),
        QuotaExhausted,
        "raise the cap",
    ),
    "a place that is not served": (
        refusal(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        RequestRefused,
        "available-regions",
    ),
    "a proxy's 407": (Answer((b"log in",), 407), ConnectionLost, "name:password@host:port"),
    "not implemented": (refusal(501, "UNIMPLEMENTED", "no"), ServerError, "no"),
    "a network's login": (Answer((b"log in",), 511), ServerError, "511"),
    "a refusal": (refusal(400, "INVALID_ARGUMENT", "no"), RequestRefused, "no"),
}


@pytest.mark.parametrize(("answer", "kind", "words"), PERMANENT.values(), ids=PERMANENT)
def test_what_cannot_pass_is_asked_once_and_names_what_helps(server, answer, kind, words):
    server.on(GENERATE, answer)
    assert words in str(failure_of(gemini(server), kind))
    assert len(server.asked) == 1


TRANSIENT = {
    "a quota of a minute": refusal(429, "RESOURCE_EXHAUSTED", "quota", MINUTE, NOW),
    "a limit of 10": refusal(429, "RESOURCE_EXHAUSTED", "limit: 10", NOW),
    "a limit that begins with 0": refusal(429, "RESOURCE_EXHAUSTED", "limit: 0.5", NOW),
    "overloaded": refusal(503, "UNAVAILABLE", "overloaded", NOW),
    "a bad gateway": Answer((b"<html>502</html>",), 502, {"Retry-After": "0"}),
    "a line that broke": Answer((CUT,)),
}


@pytest.mark.parametrize("answer", TRANSIENT.values(), ids=TRANSIENT)
def test_what_passes_is_tried_again(server, answer):
    server.on(GENERATE, answer, DONE)
    run = run_of(gemini(server))
    assert run.text == "done"
    assert isinstance(run.parts[0], Note)
    assert len(server.asked) == 2


def test_a_kept_connection_that_the_other_side_closed_is_tried_again(server):
    """As a server does that closes a connection while the next request is on its way."""
    server.on(GENERATE, DONE, Answer((), 0), DONE)
    engine = gemini(server)
    assert run_of(engine).text == "done"
    assert run_of(engine).text == "done"
    assert len(server.asked) == 3


def test_after_the_first_part_nothing_is_sent_again(server):
    server.on(GENERATE, stream(said({"text": "a"}), CUT), DONE)
    assert failure_of(gemini(server), ConnectionLost).run.text == "a"
    assert len(server.asked) == 1


CHAINS = {
    "a cause": lambda: _from(httpx2.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")),
    "words": lambda: httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
}


def _from(exc, cause):
    exc.__cause__ = cause
    return exc


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_certificate_that_is_refused_is_not_asked_again(chain):
    assert not is_transient(chain())


@pytest.mark.parametrize(
    ("exc", "transient"),
    [
        (httpx2.ConnectError("no route"), True),
        (httpx2.ReadError("reset"), True),
        (httpx2.WriteError("broken pipe"), True),
        (httpx2.RemoteProtocolError("Server disconnected without sending a response."), True),
        (httpx2.LocalProtocolError("illegal header"), False),
        (httpx2.ProxyError("407 Proxy Authentication Required"), False),
        (httpx2.UnsupportedProtocol("ftp"), False),
        (httpx2.TooManyRedirects("20"), False),
        (httpx2.DecodingError("gzip"), False),
        (httpx2.ReadTimeout("180 s"), False),
        (ValueError("odd"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_which_failures_of_the_line_are_transient(exc, transient):
    assert is_transient(exc) is transient


def error(**headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return APIError(429, {"error": {}}, httpx2.Response(429, headers=named))


DATES = [
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Mon, 01 Jan 10000 00:00:00 GMT",
    "Mon, 99 Foo 2026 00:00:00 GMT",
    "Mon, 01 Jan 2026 99:99:99 GMT",
    "Mon, 01 Jan 2026 00:00:00 +9999999",
    "",
    "soon",
    "-1",
    "1e999",
    "nan",
    "9" * 5000,
    "0x10",
    "१२",
    "²",
    "\u00b2",
]


@pytest.mark.parametrize("date", DATES, ids=lambda date: date[:40])
def test_a_delay_out_of_range_is_none_or_a_number(server, date):
    if date.isascii():
        asked = delay_of(error(retry_after=date))
        assert asked is None or asked >= 0
        server.on(GENERATE, Answer((b"no",), 429, {"Retry-After": date}))
        with pytest.raises(GeminiError):
            run_of(gemini(server, attempts=1))
    details = {"error": {"details": [wait(f"{date}s")]}}
    asked = delay_of(APIError(429, details))
    assert asked is None or asked >= 0


def test_a_delay_of_ages_is_told_in_a_few_words(server):
    server.on(GENERATE, refusal(429, "RESOURCE_EXHAUSTED", "quota", wait("1e300s")))
    assert len(str(failure_of(gemini(server), QuotaExhausted))) < 200
    assert PATIENCE < 1e300
