"""The vendors' errors as ours: the one place where they are mapped."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from ...errors import (
    AccessDenied,
    AnswerCut,
    AnswerUnreadable,
    CallMalformed,
    ConnectionLost,
    EngineTimeout,
    FileGone,
    GeminiError,
    KeyInvalid,
    ModelNotFound,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)
from ...keys import TYPED, without_key
from ...phrases import short
from ..addresses import malformed_proxies, proxies_set, without_password
from ..model_names import bare
from ..retries import is_certificate
from ..transport import NotAnAnswer, RedirectRefused
from ..vendor_errors import Mapper, VendorErrors
from .client_errors import CERTIFICATES, LOGIN, client_error, no_address, no_proxy
from .clients import Connection
from .retries import delay_of, details_of, is_long_quota

_LONGEST = 300
# Seconds: a day. What is longer is no time that anybody waits for.
_LONGEST_DELAY = 86_400
# "Your API key was reported as leaked. Please use another API key."
_LEAKED = re.compile(r"\bkey\b.*\breported as leaked", re.IGNORECASE)
_LISTED = 8
# "You do not have permission to access the File abc or it may not exist."
_NO_FILE = re.compile(r"\bfile\b.*\bnot (?:exist|found)", re.IGNORECASE)

# As Google spells fields: `generation_config.thinkingConfig`, "Thinking level MINIMAL is not …".
_FLAGS = tuple(
    (re.compile(pattern, re.IGNORECASE), flag)
    for pattern, flag in (
        (r"include_?thoughts", "--thoughts"),
        (r"thinking_?(?:config|level|budget)|\bthinking (?:level|budget)\b", "--thinking"),
        (r"\btemperature\b", "--temperature"),
        (r"max_?output_?tokens", "--max-output-tokens"),
        (r"generation_?config.seed\b|\bseed\b", "--seed"),
        (r"system_?instruction", "--system"),
        (r"cached_?content", "--cache-context"),
        (r"response_?(?:json_?)?schema|response_?mime_?type", "--json"),
        (r"function_?declarations?", "--tool"),
        (r"google_?search", "--search"),
        (r"url_?context", "--url"),
    )
)


@dataclass(frozen=True)
class Target:
    """What was asked of whom: what the line of an error names.

    `models` asks for the models that there are, and may fail with a vendor's error itself. `model`
    is empty for what no model is asked for.
    """

    connection: Connection
    model: str
    timeout: float
    models: Callable[[], Sequence[str]] = tuple


@cache
def _table() -> dict[type, Mapper[Target]]:
    import google.auth.exceptions as auth
    import httpx2
    from google.genai import errors
    from google.genai._api_client import EphemeralTokenAPIKeyError

    return {
        RedirectRefused: _redirected,
        NotAnAnswer: _not_an_answer,
        errors.APIError: _answered,
        errors.UnknownApiResponseError: _garbage,
        errors.FunctionInvocationError: _call,
        errors.UnknownFunctionCallArgumentError: _call,
        errors.UnsupportedFunctionError: _call,
        errors.ContinuationInterruptedError: _cut,
        EphemeralTokenAPIKeyError: _bad_key,
        httpx2.TimeoutException: _silence,
        httpx2.UnsupportedProtocol: _address,
        httpx2.InvalidURL: _address,
        httpx2.DecodingError: _garbage,
        httpx2.CookieConflict: _garbage,
        httpx2.ProxyError: _proxy,
        httpx2.HTTPError: _lost,
        httpx2.StreamError: _lost,
        auth.DefaultCredentialsError: _no_credentials,
        auth.TransportError: _lost,
        auth.TimeoutError: _lost,
        auth.GoogleAuthError: _bad_credentials,
        # Of what the environment names, a file that is read late: that of requests, say.
        OSError: _local,
        ImportError: _local,
        # What the SDK trips over in JSON that is not an answer; pydantic's is a ValueError.
        ValueError: _garbage,
        TypeError: _garbage,
        AttributeError: _garbage,
        KeyError: _garbage,
        RecursionError: _garbage,
    }


def _answered(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    """Map an error that the server answered with, by its HTTP status."""
    said = f"{exc.code} {exc.status or ''}".strip() + f": {_said(exc, target)}"
    reasons = [detail.get("reason") for detail in details_of(exc)]
    if exc.code == 401 or "API_KEY_INVALID" in reasons or _LEAKED.search(said):
        return _bad_key(exc, target)
    if exc.code == 407:
        return _proxy(exc, target)
    if exc.code in (403, 404) and _NO_FILE.search(said):
        return FileGone, (
            "a file at the Files API is not there any more: run the cell again, which uploads yours"
            f" anew; in a chat that names it, --fresh starts without it ({said})"
        )
    if exc.code == 403:
        return AccessDenied, f"{_whose(target)} may not do this: grant what is named here ({said})"
    if exc.code == 404 and not _is_googles(exc):
        return _no_page(exc, target)
    if exc.code == 404 and target.model:
        return _no_model(exc, target, said)
    if exc.code == 429 and is_long_quota(exc):
        return QuotaExhausted, (
            "the quota for this is used up for a day or longer, or there is none: ask another "
            f"model, or see https://aistudio.google.com/usage ({said})"
        )
    if exc.code == 429:
        return QuotaExhausted, f"too many requests, or the quota is used up: {_later(exc)} ({said})"
    if exc.code == 408:
        return EngineTimeout, f"the server waited too long: run the cell again ({said})"
    if exc.code == 400 and (flag := _flag_named(exc)):
        return (
            RequestRefused,
            f"{target.model} refuses what {flag} asks: change or omit it ({said})",
        )
    if 400 <= exc.code < 500:
        return RequestRefused, f"the server refuses the request: change what it names ({said})"
    return ServerError, f"the server failed: {_later(exc)} ({said})"


def _flag_named(exc: Any) -> str:
    """Return the flag for the field that a refusal names, empty if it names none of a flag."""
    violations = (
        violation
        for detail in details_of(exc)
        for violation in _list(detail.get("fieldViolations"))
        if isinstance(violation, dict)
    )
    named = " ".join(str(violation.get("field")) for violation in violations)
    for text in (named, str(exc.message or "")):
        for pattern, flag in _FLAGS:
            if pattern.search(text):
                return flag
    return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _bad_key(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    if target.connection.vertex and not target.connection.key:
        return _bad_credentials(exc, target)
    return KeyInvalid, (
        f"the key in {target.connection.key_name} is not accepted ({_said(exc, target)}): make one "
        f"at https://aistudio.google.com/apikey, and run {TYPED}, or set the variable before "
        "starting Jupyter"
    )


def _bad_credentials(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return KeyInvalid, (
        f"your Google Cloud credentials are not accepted ({_said(exc, target)}): renew them with "
        f"`{LOGIN}`"
    )


def _no_credentials(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return _local(exc, target)


def _local(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    error = client_error(exc)
    return type(error), str(error)


def _is_googles(exc: Any) -> bool:
    """Return whether the server answered in Google's words, and not with a page of somebody's."""
    body = exc.details
    return isinstance(body, dict) and isinstance(body.get("error"), dict)


def _no_page(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    return AnswerUnreadable, (
        f"nothing of Gemini is at {_asked(exc, target) or 'the address that was asked'} "
        f"({exc.code}: {_said(exc, target)}): {_check_address(target)}"
    )


def _not_an_answer(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    body, url = exc.args
    return AnswerUnreadable, (
        f"what came back from {_clean(url, target)} is not an answer of Gemini "
        f"({short(_clean(body, target), _LONGEST)}): "
        f"{_check_address(target)}"
    )


def _redirected(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return ConnectionLost, (
        f"the server sends the request elsewhere, to {_clean(str(exc), target)}, which must not "
        "get the key: "
        f"{_check_address(target)}"
    )


def _check_address(target: Target) -> str:
    name, base = target.connection.base_url_name, _base_url(target)
    if not base:
        return "if a proxy is between, ask it; else run the cell again"
    return (
        f"{name} is {base!r}; give the server's address alone, without a version or a path that "
        "it does not have, or unset it"
    )


def _base_url(target: Target) -> str:
    """Return the base URL as it may be shown, empty if it is the vendor's own."""
    return _clean(target.connection.base_url, target)


def _asked(exc: Any, target: Target) -> str:
    """Return the address that was asked, empty if it is not known."""
    try:
        return _clean(str(exc.response.request.url).partition("?")[0], target)
    except (AttributeError, RuntimeError):  # httpx's word for a response without a request
        return ""


def _no_model(exc: Any, target: Target, said: str) -> tuple[type[GeminiError], str]:
    there = f" at {_asked(exc, target)}" if target.connection.base_url else ""
    known = ERRORS.nearest(target.model, target.models, _LISTED)
    if known is None:
        return ModelNotFound, (
            f"there is no model {target.model!r} for {_whose(target)}{there}, and which there are "
            f"could not be asked either ({said})"
        )
    if bare(target.model) in known:
        return RequestRefused, f"the server does not know what the request names ({said})"
    if not known:
        return ModelNotFound, (
            f"there is no model {target.model!r} for {_whose(target)}{there} ({said})"
        )
    return ModelNotFound, (
        f"there is no model {target.model!r} for {_whose(target)}; there are {', '.join(known)}: "
        f'%config GeminiMagic.model = "{known[0]}"'
    )


def _silence(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return EngineTimeout, (
        f"nothing came for {target.timeout:g} s ({type(exc).__name__}): allow more with --timeout, "
        "or ask for less"
    )


def _lost(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    said = f"{type(exc).__name__}: {_said(exc, target)}"
    if is_certificate(exc):
        names = [name for name in CERTIFICATES if os.environ.get(name)]
        known = f"those in {' and '.join(names)}" if names else "those of this machine"
        return ConnectionLost, (
            f"the server's certificate is not accepted ({said}): add the certificate of whoever "
            f"signed it to {known}, or name a file that has it in SSL_CERT_FILE"
        )
    if proxies := _malformed_proxies(target):
        error = no_proxy(proxies, said)
        return type(error), str(error)
    base = _base_url(target)
    where = f", and {target.connection.base_url_name}, which is {base!r}" if base else ""
    if proxies := proxies_set():
        where += f", and the proxy in {' or '.join(proxies)}"
    return ConnectionLost, (
        f"the connection failed ({said}): check the network{where} and run the cell again"
    )


def _malformed_proxies(target: Target) -> tuple[str, ...]:
    return malformed_proxies(target.connection.base_url.partition("://")[0] or "https")


def _proxy(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    names = " or ".join(proxies_set()) or "HTTPS_PROXY"
    return ConnectionLost, (
        f"the proxy in {names} refuses the connection ({_said(exc, target)}): put the name and "
        "password that it asks for into its address, as http://name:password@host:port"
    )


def _address(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    connection = target.connection
    error = no_address(connection.base_url_name, connection.base_url, _said(exc, target))
    return type(error), str(error)


def _garbage(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    # That of a host's name is one; that of what came back is a UnicodeDecodeError.
    is_name = isinstance(exc, UnicodeError) and not isinstance(exc, UnicodeDecodeError)
    if is_name and (proxies := _malformed_proxies(target)):
        error = no_proxy(proxies, _said(exc, target))
        return type(error), str(error)
    return AnswerUnreadable, (
        f"what came back is not an answer of Gemini ({_said(exc, target)}): "
        f"{_check_address(target)}"
    )


def _call(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return CallMalformed, f"the model's call cannot be made ({_said(exc, target)})"


def _cut(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return AnswerCut, f"the answer could not be continued ({_said(exc, target)})"


def _later(exc: Exception) -> str:
    seconds = delay_of(exc)
    if seconds is None or seconds > _LONGEST_DELAY:
        return "try later"
    return f"the server asks to wait {ceil(seconds):,} s"


def _whose(target: Target) -> str:
    if target.connection.key:
        return f"the key in {target.connection.key_name}"
    return f"the project {target.connection.project!r}" if target.connection.project else "you"


def _said(exc: Exception, target: Target) -> str:
    """Return what the vendor said, on one line, without the key, and not too long."""
    said = getattr(exc, "message", None) or str(exc) or type(exc).__name__
    line = _clean(" ".join(str(said).split()), target).rstrip(".")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _clean(text: str, target: Target) -> str:
    """Return what somebody else said, or an address, without keys and passwords."""
    return without_password(_without_key(text, target), target.connection.base_url)


def _without_key(text: str, target: Target) -> str:
    return without_key(text, target.connection.key, target.connection.key_name)


ERRORS = VendorErrors(_table, _without_key)
map_sdk_errors = ERRORS.mapped
