"""The vendors' errors as ours: the one place where they are mapped."""

from __future__ import annotations

import os
import re
from functools import cache
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
from ...keys import TYPED
from ...phrases import short
from ..addresses import malformed_proxies, proxies_set
from ..model_names import bare
from ..retries import is_certificate
from ..transport import NotAnAnswer, RedirectRefused
from ..vendor_errors import LONGEST, MALFORMED, Mapper, VendorErrors, later
from .client_errors import CERTIFICATES, LOGIN, client_error, no_address, no_proxy
from .refusals import NO_CODE, flag_named
from .retries import delay_of, details_of, is_long_quota, is_unpaid
from .target import Target

# "Your API key was reported as leaked. Please use another API key.", "API key not valid. …",
# "API key expired. …", "Consumer 'api_key:…' has been suspended."
_BAD_KEY = re.compile(
    r"\bkey\b.*\breported as leaked"
    r"|\bapi[ _]key\b[^.]*\b(?:not valid|invalid|expired|been suspended)\b"
    r"|\b(?:invalid|expired) api key\b",
    re.IGNORECASE,
)
# "User location is not supported for the API use."
_NO_PLACE = re.compile(r"\blocation is not supported\b", re.IGNORECASE)
# "You do not have permission to access the File abc or it may not exist."
_NO_FILE = re.compile(r"\bfile\b.*\bnot (?:exist|found)", re.IGNORECASE)


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
        auth.DefaultCredentialsError: _local,
        auth.TransportError: _lost,
        auth.TimeoutError: _lost,
        auth.GoogleAuthError: _bad_credentials,
        # Of what the environment names, a file that is read late: that of requests, say.
        OSError: _local,
        ImportError: _local,
        **dict.fromkeys(MALFORMED, _garbage),
    }


def _answered(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    """Map an error that the server answered with, by its HTTP status."""
    said = f"{exc.code} {exc.status or ''}".strip() + f": {target.said(exc)}"
    when = later(delay_of(exc))
    reasons = [detail.get("reason") for detail in details_of(exc)]
    if exc.code == 401 or "API_KEY_INVALID" in reasons or _is_bad_key(exc):
        return _bad_key(exc, target)
    if exc.code == 407:
        return _proxy(exc, target)
    if exc.code in (403, 404) and _NO_FILE.search(said):
        return FileGone, (
            "a file at the Files API is not there any more: run the cell again, which uploads yours"
            f" anew; in a chat that names it, --fresh starts without it ({said})"
        )
    if exc.code == 403:
        return AccessDenied, f"{target.whose} may not do this: grant what is named here ({said})"
    if exc.code == 404 and not _is_googles(exc):
        return _no_page(exc, target)
    if exc.code == 404 and target.model:
        return _no_model(exc, target, said)
    if exc.code == 400 and _NO_PLACE.search(said):
        return RequestRefused, (
            "Google does not offer the Gemini API where you, or your proxy, are: see "
            f"https://ai.google.dev/gemini-api/docs/available-regions ({said})"
        )
    if exc.code == 429:
        return QuotaExhausted, f"{_quota(exc, when)} ({said})"
    if exc.code == 408:
        return EngineTimeout, f"the server waited too long: run the cell again ({said})"
    if exc.code == 400 and (flag := flag_named(exc)):
        return RequestRefused, f"{target.model} {_refusing(flag)} ({said})"
    if 400 <= exc.code < 500:
        return RequestRefused, f"the server refuses the request: change what it names ({said})"
    return ServerError, f"the server failed: {when} ({said})"


def _quota(exc: Any, when: str) -> str:
    if is_unpaid(exc):
        return (
            "the project's credits are used up, or its cap on spending is reached: see "
            "https://aistudio.google.com/usage, and add credits or raise the cap"
        )
    if is_long_quota(exc):
        return (
            "the quota for this is used up for a day or longer, or there is none: ask another "
            "model, or see https://aistudio.google.com/usage"
        )
    return f"too many requests, or the quota is used up: {when}"


def _refusing(flag: str) -> str:
    if flag == NO_CODE:
        return f"refuses to run code: add {flag}, or ask another model"
    return f"refuses what {flag} asks: change or omit it"


def _is_bad_key(exc: Any) -> bool:
    """Return whether the server refuses the key in words alone, as gateways hand them on."""
    return exc.code in (400, 403) and bool(_BAD_KEY.search(str(exc.message or "")))


def _bad_key(exc: Any, target: Target) -> tuple[type[GeminiError], str]:
    if target.connection.vertex and not target.connection.key:
        return _bad_credentials(exc, target)
    return KeyInvalid, (
        f"the key in {target.connection.key_name} is not accepted ({target.said(exc)}): make one "
        f"at https://aistudio.google.com/apikey, and run {TYPED}, or set the variable before "
        "starting Jupyter"
    )


def _bad_credentials(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return KeyInvalid, (
        f"your Google Cloud credentials are not accepted ({target.said(exc)}): renew them with "
        f"`{LOGIN}`"
    )


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
        f"({exc.code}: {target.said(exc)}): {target.address_advice}"
    )


def _not_an_answer(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    body, url = exc.args
    return AnswerUnreadable, (
        f"what came back from {target.clean(url)} is not an answer of Gemini "
        f"({short(target.clean(body), LONGEST)}): "
        f"{target.address_advice}"
    )


def _redirected(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return ConnectionLost, (
        f"the server sends the request elsewhere, to {target.clean(str(exc))}, which must not "
        "get the key: "
        f"{target.address_advice}"
    )


def _asked(exc: Any, target: Target) -> str:
    """Return the address that was asked, empty if it is not known."""
    try:
        return target.clean(str(exc.response.request.url).partition("?")[0])
    except (AttributeError, RuntimeError):  # httpx's word for a response without a request
        return ""


def _no_model(exc: Any, target: Target, said: str) -> tuple[type[GeminiError], str]:
    there = f" at {_asked(exc, target)}" if target.connection.base_url else ""
    known = ERRORS.nearest(target.model, target.models)
    if known is None:
        return ModelNotFound, (
            f"there is no model {target.model!r} for {target.whose}{there}, and which there are "
            f"could not be asked either ({said})"
        )
    if bare(target.model) in known:
        return RequestRefused, f"the server does not know what the request names ({said})"
    if not known:
        return ModelNotFound, (
            f"there is no model {target.model!r} for {target.whose}{there} ({said})"
        )
    return ModelNotFound, (
        f"there is no model {target.model!r} for {target.whose}; there are {', '.join(known)}: "
        f'%config GeminiMagic.model = "{known[0]}"'
    )


def _silence(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return EngineTimeout, (
        f"nothing came for {target.timeout:g} s ({type(exc).__name__}): allow more with --timeout, "
        "or ask for less"
    )


def _lost(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    said = f"{type(exc).__name__}: {target.said(exc)}"
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
    base = target.base_url
    where = f", and {target.connection.base_url_name}, which is {base!r}" if base else ""
    if proxies := proxies_set():
        where += f", and the proxy in {' or '.join(proxies)}"
    then = ", and" if where else " and"
    return ConnectionLost, (
        f"the connection failed ({said}): check the network{where}{then} run the cell again"
    )


def _malformed_proxies(target: Target) -> tuple[str, ...]:
    return malformed_proxies(target.connection.base_url.partition("://")[0] or "https")


def _proxy(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    names = " or ".join(proxies_set()) or "HTTPS_PROXY"
    return ConnectionLost, (
        f"the proxy in {names} refuses the connection ({target.said(exc)}): put the name and "
        "password that it asks for into its address, as http://name:password@host:port"
    )


def _address(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    connection = target.connection
    error = no_address(connection.base_url_name, connection.base_url, target.said(exc))
    return type(error), str(error)


def _garbage(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    # That of a host's name is one; that of what came back is a UnicodeDecodeError.
    is_name = isinstance(exc, UnicodeError) and not isinstance(exc, UnicodeDecodeError)
    if is_name and (proxies := _malformed_proxies(target)):
        error = no_proxy(proxies, target.said(exc))
        return type(error), str(error)
    return AnswerUnreadable, (
        f"what came back is not an answer of Gemini ({target.said(exc)}): {target.address_advice}"
    )


def _call(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return CallMalformed, f"the model's call cannot be made ({target.said(exc)})"


def _cut(exc: Exception, target: Target) -> tuple[type[GeminiError], str]:
    return AnswerCut, f"the answer could not be continued ({target.said(exc)})"


ERRORS = VendorErrors(_table, lambda line, target: target.without_key(line))
map_sdk_errors = ERRORS.mapped
