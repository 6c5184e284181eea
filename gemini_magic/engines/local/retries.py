"""Which failures of a local server pass."""

from __future__ import annotations

from typing import Any

from ..retries import PATIENCE, Transient, is_certificate, lacks_money, retry_after
from .abilities import said_by
from .refusals import is_refusal

_TRANSIENT = (408, 429)
_PERMANENT = (501, 505, 511)
_UNPAID = 402


def transient(exc: Exception) -> Transient | None:
    """Return how to wait for a failure that a later attempt may not meet, None if it stays."""
    import httpx2
    import openai

    if isinstance(exc, openai.APIStatusError):
        code, seconds = exc.status_code, retry_after(exc.response.headers)
        passes = code in _TRANSIENT or (code >= 500 and code not in _PERMANENT)
        # Servers call failures what they will refuse for ever.
        if not passes or (seconds or 0) > PATIENCE or is_refusal(said_by(exc)) or is_unpaid(exc):
            return None
        why = f"{code} {exc.response.reason_phrase}".strip()
        return Transient(why, seconds, is_shared=code == 429)
    cause = cause_of(exc)
    # What listens nowhere will not in a few seconds; a kept line that was closed is soon anew.
    if isinstance(cause, httpx2.ConnectError) or is_certificate(cause):
        return None
    if isinstance(cause, httpx2.NetworkError | httpx2.RemoteProtocolError):
        return Transient(type(cause).__name__)
    return None


def is_unpaid(exc: Any) -> bool:
    """Return whether credits are used up: the server says so in words or by OpenAI's code."""
    code = exc.status_code
    named = f"{getattr(exc, 'code', '')} {getattr(exc, 'type', '')}"
    return code == _UNPAID or (code == 429 and lacks_money(f"{named} {said_by(exc)}"))


def cause_of(exc: BaseException) -> BaseException:
    """Return what a "Connection error." of the SDK stands for."""
    import openai

    if type(exc) is openai.APIConnectionError and exc.__cause__ is not None:
        return exc.__cause__
    return exc
