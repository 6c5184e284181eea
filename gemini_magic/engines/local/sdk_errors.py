"""The errors of openai and of what is below it, as ours: the one place where they are mapped."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from ...errors import (
    AccessDenied,
    AnswerUnreadable,
    ConnectionLost,
    EngineTimeout,
    GeminiError,
    KeyInvalid,
    ModelNotFound,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)
from ...phrases import short
from ..addresses import proxies_set
from ..retries import is_certificate, retry_after
from ..transport import NotAnAnswer, RedirectRefused
from ..vendor_errors import LONGEST, MALFORMED, Mapper, VendorErrors, later
from .abilities import said_by
from .connection import SETTING, STARTS, Connection
from .refusals import flag_named, is_too_long
from .retries import cause_of, is_unpaid
from .target import Target


@cache
def _table() -> dict[type, Mapper[Target]]:
    import httpx2
    import openai

    return {
        RedirectRefused: _redirected,
        NotAnAnswer: _not_an_answer,
        openai.APIStatusError: _answered,
        openai.APITimeoutError: _silence,
        openai.APIConnectionError: _lost,
        openai.APIResponseValidationError: _garbage,
        openai.APIError: _broke,
        openai.OpenAIError: _broke,
        httpx2.TimeoutException: _silence,
        httpx2.UnsupportedProtocol: _garbage,
        httpx2.InvalidURL: _garbage,
        httpx2.DecodingError: _garbage,
        httpx2.CookieConflict: _garbage,
        httpx2.HTTPError: _lost,
        httpx2.StreamError: _lost,
        OSError: _lost,
        **dict.fromkeys(MALFORMED, _garbage),
    }


def _answered(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    """Map an error that the server answered with, by its HTTP status."""
    code, said = exc.status_code, f"{exc.status_code}: {_said(exc)}"
    when = later(retry_after(exc.response.headers))
    if code == 401:
        return _no_key(target, said)
    if code == 403:
        return AccessDenied, f"the server does not allow this: grant what is named here ({said})"
    if code == 404:
        return _not_found(exc, target, said)
    if is_unpaid(exc):
        return QuotaExhausted, (
            f"the credits for this server are used up: add some, or see your plan there ({said})"
        )
    if code == 429:
        return QuotaExhausted, f"too many requests, or the quota is used up: {when} ({said})"
    if code == 408:
        return EngineTimeout, f"the server waited too long: run the cell again ({said})"
    if is_too_long(said):
        return RequestRefused, (
            f"the prompt is longer than {target.model} takes here: send less, start the chat "
            f"--fresh, or give the model a larger context at its server ({said})"
        )
    if flag := flag_named(said):
        return RequestRefused, f"{target.model} refuses what {flag} asks: leave it out ({said})"
    if 400 <= code < 500:
        return RequestRefused, f"the server refuses the request: change what it names ({said})"
    return ServerError, f"the server failed: {when} ({said})"


def _no_key(target: Target, said: str) -> tuple[type[GeminiError], str]:
    connection = target.connection
    if connection.key:
        return KeyInvalid, (
            f"the key in {connection.key_name} is not accepted by {connection.shown} ({said}): set "
            "the variable before starting Jupyter"
        )
    return KeyInvalid, (
        f"{connection.shown} needs a key ({said}): export {connection.key_name}=… before starting "
        "Jupyter"
    )


def _not_found(exc: Any, target: Target, said: str) -> tuple[type[GeminiError], str]:
    body = exc.body
    if not (isinstance(body, dict) and target.model):
        return AnswerUnreadable, (
            f"no chat completions are at {target.connection.shown} ({said}): {SETTING} is the "
            "address before /chat/completions, which usually ends in /v1"
        )
    known = ERRORS.nearest(target.model, target.models)
    if not known:
        return ModelNotFound, f"there is no model {target.model!r} at the server ({said})"
    return ModelNotFound, (
        f"there is no model {target.model!r} at the server; there are "
        f'{", ".join(known)}: %config GeminiMagic.model = "{known[0]}"'
    )


def _broke(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    said = _said(exc)
    if is_too_long(said):
        return RequestRefused, (
            f"the prompt is longer than {target.model} takes here: send less, or give the model a "
            f"larger context at its server ({said})"
        )
    return ServerError, f"the server failed in the middle of its answer ({said}): run it again"


def _silence(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return EngineTimeout, (
        f"nothing came for {target.timeout:g} s ({type(exc).__name__}): allow more with --timeout; "
        "a model that is loaded first takes long"
    )


def _lost(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    import httpx2

    shown, said = target.connection.shown, f"{type(exc).__name__}: {_said(exc)}"
    if is_certificate(exc):
        return ConnectionLost, (
            f"the certificate of {shown} is not accepted ({said}): name a file with the one of "
            "whoever signed it in SSL_CERT_FILE"
        )
    if isinstance(exc, httpx2.ConnectError):
        return ConnectionLost, (
            f"nothing answers at {shown} ({said}): {_start(target.connection)}, or name another in "
            f"{SETTING}{_proxies(target.connection)}"
        )
    return ConnectionLost, f"the connection to {shown} broke ({said}): run the cell again"


def _start(connection: Connection) -> str:
    url = urlsplit(connection.base_url)
    name, command = STARTS.get(url.port or 0, ("", ""))
    return f"start the server: {command} is {name}'s" if name else "start the server"


def _proxies(connection: Connection) -> str:
    names = () if connection.is_here else proxies_set()
    return f"; a proxy is set in {' and '.join(names)}" if names else ""


def _redirected(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return ConnectionLost, (
        f"the server sends the request elsewhere, to {exc}, which must not get what you sent: name "
        f"the address itself in {SETTING}, which is {target.connection.shown!r}"
    )


def _not_an_answer(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    body, url = exc.args
    return AnswerUnreadable, (
        f"what came back from {url} is no chat completion ({short(str(body), LONGEST)}): check "
        f"{SETTING}, which is {target.connection.shown!r}"
    )


def _garbage(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return AnswerUnreadable, (
        f"what came back is no chat completion ({type(exc).__name__}: {_said(exc)}): check "
        f"{SETTING}, which is {target.connection.shown!r}"
    )


def _said(exc: BaseException) -> str:
    return short(said_by(exc), LONGEST).rstrip(".") or type(exc).__name__


ERRORS = VendorErrors(_table, lambda line, target: target.clean(line), cause_of)
map_sdk_errors = ERRORS.mapped
