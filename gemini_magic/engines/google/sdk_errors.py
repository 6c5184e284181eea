"""The vendors' errors, told as ours: the one place where they are mapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
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
    KeyMissing,
    ModelNotFound,
    QuotaExhausted,
    RequestRefused,
    ServerError,
)
from .clients import Connection
from .models import bare
from .retries import delay_of, details_of

_LOGIN = "gcloud auth application-default login"
_LONGEST = 300
_LISTED = 8
# "You do not have permission to access the File abc or it may not exist."
_NO_FILE = re.compile(r"\bfile\b.*\bnot (?:exist|found)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What was asked of whom: what the line of an error names.

    `models` asks for the models that there are, and may fail with a vendor's error itself. `model`
    is empty for what no model is asked for.
    """

    connection: Connection
    model: str
    timeout: float
    models: Callable[[], Sequence[str]] = tuple


# The error and its line for what a vendor raised.
Teller = Callable[[Any, Asked], tuple[type[GeminiError], str]]


def fault(exc: Exception, asked: Asked) -> GeminiError | None:
    """Return `exc` as an error of ours, or None for one that is no vendor's.

    The key is never in it, even where the server sent it back.
    """
    teller = teller_of(type(exc))
    if teller is None:
        return None
    kind, line = teller(exc, asked)
    # A plain Python traceback prints the cause too.
    exc.args = tuple(_without_key(a, asked) if isinstance(a, str) else a for a in exc.args)
    return kind(_without_key(line, asked))


def teller_of(kind: type[BaseException]) -> Teller | None:
    """Return how an exception of the class `kind` is told: by its nearest class in the table."""
    table = _table()
    return next((table[base] for base in kind.__mro__ if base in table), None)


@cache
def _table() -> dict[type, Teller]:
    import google.auth.exceptions as auth
    import httpx2
    from google.genai import errors
    from google.genai._api_client import EphemeralTokenAPIKeyError

    return {
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
        httpx2.HTTPError: _lost,
        httpx2.StreamError: _lost,
        auth.DefaultCredentialsError: _no_credentials,
        auth.TransportError: _lost,
        auth.TimeoutError: _lost,
        auth.GoogleAuthError: _bad_credentials,
        # What the SDK trips over in JSON that is not an answer; pydantic's is a ValueError.
        ValueError: _garbage,
        TypeError: _garbage,
        AttributeError: _garbage,
        KeyError: _garbage,
        RecursionError: _garbage,
    }


def _answered(exc: Any, asked: Asked) -> tuple[type[GeminiError], str]:
    """Tell an error that the server answered with, by its HTTP status."""
    said = f"{exc.code} {exc.status or ''}".strip() + f": {_said(exc, asked)}"
    reasons = [detail.get("reason") for detail in details_of(exc)]
    if exc.code == 401 or "API_KEY_INVALID" in reasons:
        return _bad_key(exc, asked)
    if exc.code in (403, 404) and _NO_FILE.search(said):
        return FileGone, (
            "a file at the Files API is not there any more: run the cell again, which uploads yours"
            f" anew; in a chat that names it, --fresh starts without it ({said})"
        )
    if exc.code == 403:
        return AccessDenied, f"{_whose(asked)} may not do this: grant what is named here ({said})"
    if exc.code == 404 and asked.model:
        return _no_model(asked, said)
    if exc.code == 429:
        return QuotaExhausted, f"too many requests, or the quota is used up: {_later(exc)} ({said})"
    if exc.code == 408:
        return EngineTimeout, f"the server waited too long: run the cell again ({said})"
    if 400 <= exc.code < 500:
        return RequestRefused, f"the server refuses the request: change what it names ({said})"
    return ServerError, f"the server failed: {_later(exc)} ({said})"


def _bad_key(exc: Any, asked: Asked) -> tuple[type[GeminiError], str]:
    if asked.connection.vertex and not asked.connection.key:
        return _bad_credentials(exc, asked)
    return KeyInvalid, (
        f"the key in {asked.connection.key_name} is not accepted ({_said(exc, asked)}): make one "
        "at https://aistudio.google.com/apikey, and set the variable before starting Jupyter"
    )


def _bad_credentials(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return KeyInvalid, (
        f"your Google Cloud credentials are not accepted ({_said(exc, asked)}): renew them with "
        f"`{_LOGIN}`"
    )


def _no_credentials(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return KeyMissing, (
        f"no Google Cloud credentials are found ({_said(exc, asked)}): run `{_LOGIN}`; "
        "--engine offline needs none"
    )


def _no_model(asked: Asked, said: str) -> tuple[type[GeminiError], str]:
    try:
        known = _nearest(asked.model, asked.models())
    except Exception as exc:
        if teller_of(type(exc)) is None:
            raise
        return ModelNotFound, (
            f"there is no model {asked.model!r} for {_whose(asked)}, and which there are could not "
            f"be asked either ({said})"
        )
    if bare(asked.model) in known:
        return RequestRefused, f"the server does not know what the request names ({said})"
    if not known:
        return ModelNotFound, f"there is no model {asked.model!r} for {_whose(asked)} ({said})"
    return ModelNotFound, (
        f"there is no model {asked.model!r} for {_whose(asked)}; there are {', '.join(known)}: "
        f'%config GeminiMagic.model = "{known[0]}"'
    )


def _nearest(model: str, known: Sequence[str]) -> list[str]:
    def likeness(name: str) -> float:
        return SequenceMatcher(None, model, name).ratio()

    return sorted(known, key=likeness, reverse=True)[:_LISTED]


def _silence(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return EngineTimeout, (
        f"nothing came for {asked.timeout:g} s ({type(exc).__name__}): allow more with --timeout, "
        "or ask for less"
    )


def _lost(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return ConnectionLost, (
        f"the connection failed ({type(exc).__name__}: {_said(exc, asked)}): check the network and "
        "run the cell again"
    )


def _address(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    name = "GOOGLE_VERTEX_BASE_URL" if asked.connection.vertex else "GOOGLE_GEMINI_BASE_URL"
    return ConnectionLost, (
        f"{asked.connection.base_url!r} is no address ({_said(exc, asked)}): mend {name}, "
        "or unset it"
    )


def _garbage(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return AnswerUnreadable, (
        f"what came back is not an answer of Gemini ({_said(exc, asked)}): if a proxy is between, "
        "ask it; else run the cell again"
    )


def _call(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return CallMalformed, f"the model's call cannot be made ({_said(exc, asked)})"


def _cut(exc: Exception, asked: Asked) -> tuple[type[GeminiError], str]:
    return AnswerCut, f"the answer could not be continued ({_said(exc, asked)})"


def _later(exc: Exception) -> str:
    seconds = delay_of(exc)
    return "try later" if seconds is None else f"the server asks to wait {ceil(seconds):,} s"


def _whose(asked: Asked) -> str:
    if asked.connection.key:
        return f"the key in {asked.connection.key_name}"
    return f"the project {asked.connection.project!r}" if asked.connection.project else "you"


def _said(exc: Exception, asked: Asked) -> str:
    """Return what the vendor said, on one line, without the key, and not too long."""
    said = getattr(exc, "message", None) or str(exc) or type(exc).__name__
    line = _without_key(" ".join(str(said).split()), asked).rstrip(".")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _without_key(text: str, asked: Asked) -> str:
    key = asked.connection.key
    return text.replace(key, f"({asked.connection.key_name})") if key else text
