"""Trying again: which failures are transient, and how long to wait."""

from __future__ import annotations

import math
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any, TypeVar

from ...answer.parts import Note
from .addresses import malformed_proxies
from .quiet import quiet

ATTEMPTS = 4
# Seconds. Longer than this a person would rather know than wait.
PATIENCE = 60.0
_LONGEST_PAUSE = 30.0
# Status codes that a later attempt may not meet; of those from 500 on, all but these.
_TRANSIENT = (408, 429)
_PERMANENT = (501, 505, 511)
# "PerDay" in a quota's id: https://ai.google.dev/gemini-api/docs/rate-limits
_LONG_PERIOD = re.compile(r"per[-_ ]?(day|week|month|year)", re.IGNORECASE)
_NO_QUOTA = re.compile(r"\blimit: 0\b(?![.,]\d)")

_Chunk = TypeVar("_Chunk")


def with_retries(
    begin: Callable[[], Iterator[_Chunk]], attempts: int = ATTEMPTS
) -> Iterator[_Chunk | Note]:
    """Yield what `begin()` yields; while nothing has come, begin again after a transient failure.

    Each wait is said in a `Note` before it starts. The SDK's own retries are off: they are silent
    and wait as they like, not as the server asks.
    """
    for attempt in count(1):
        try:
            chunks = begin()
            chunk = _next(chunks)
            break
        except Exception as exc:
            if attempt >= attempts or not is_transient(exc):
                raise
            seconds, why = _pause(exc, attempt), _name(exc)
        yield Note(f"retrying in {seconds:.2g} s: {why} (attempt {attempt + 1} of {attempts})")
        time.sleep(seconds)
    while chunk is not None:
        yield chunk
        chunk = _next(chunks)


def is_transient(exc: BaseException) -> bool:
    """Return whether `exc` is a failure that a later attempt may not meet."""
    import httpx2
    from google.genai.errors import APIError

    if isinstance(exc, APIError):
        code = exc.code if isinstance(exc.code, int) else 0
        if (delay_of(exc) or 0) > PATIENCE or is_long_quota(exc):
            return False
        return code in _TRANSIENT or (code >= 500 and code not in _PERMANENT)
    if is_certificate(exc):
        return False
    if isinstance(exc, httpx2.ConnectError) and malformed_proxies(_scheme(exc)):
        return False
    # The line broke before anything came: a kept connection that the other side had closed, say.
    return isinstance(exc, httpx2.NetworkError | httpx2.RemoteProtocolError)


def is_certificate(exc: BaseException | None) -> bool:
    """Return whether a certificate was refused: `exc` or what it came from says so."""
    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(exc):
            return True
        exc = exc.__cause__ or exc.__context__
    return False


def _scheme(exc: Any) -> str:
    """Return the scheme of the address that could not be reached, empty if it is not known."""
    try:
        return str(exc.request.url.scheme)
    except (AttributeError, RuntimeError):  # httpx's word for an error without a request
        return ""


def is_long_quota(exc: BaseException) -> bool:
    """Return whether a quota is used up for a day or longer, or has a limit of 0."""
    for detail in details_of(exc):
        violations = detail.get("violations")
        for violation in violations if isinstance(violations, list) else ():
            if isinstance(violation, dict) and _is_long(violation, "quotaValue", "quotaId"):
                return True
        metadata = detail.get("metadata")
        if isinstance(metadata, dict) and _is_long(metadata, "quota_limit_value", "quota_limit"):
            return True
    said = str(getattr(exc, "message", "") or "")
    return getattr(exc, "code", None) == 429 and bool(
        _NO_QUOTA.search(said) or _LONG_PERIOD.search(said)
    )


def _is_long(quota: dict[str, Any], value: str, name: str) -> bool:
    return str(quota.get(value, "")) == "0" or bool(_LONG_PERIOD.search(str(quota.get(name))))


def delay_of(exc: BaseException) -> float | None:
    """Return the seconds that the server asks to wait, or None where it does not say."""
    for detail in details_of(exc):
        if str(detail.get("@type", "")).endswith("RetryInfo"):
            return _seconds(str(detail.get("retryDelay", "")).removesuffix("s"))
    headers: Any = getattr(getattr(exc, "response", None), "headers", None) or {}
    asked = str(headers.get("retry-after", ""))
    return _seconds(asked) if asked[:1].isdigit() else _until(asked)


def details_of(exc: BaseException) -> list[dict[str, Any]]:
    """Return the entries of `error.details`, leaving out what is none."""
    body: Any = getattr(exc, "details", None)
    error = body.get("error") if isinstance(body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _until(date: str) -> float | None:
    try:
        then = parsedate_to_datetime(date).astimezone(UTC)
    # Dates of the year 0 or 9999 leave the calendar on their way to UTC.
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _pause(exc: BaseException, attempt: int) -> float:
    """Return the seconds to wait after this attempt: those that the server asks for, else more
    each time, and not the same for all who wait."""
    asked = delay_of(exc)
    if asked is not None:
        return asked
    jitter = random.random()  # noqa: S311 (it keeps no secret)
    return float(min(2 ** (attempt - 1) + jitter, _LONGEST_PAUSE))


def _name(exc: BaseException) -> str:
    status = getattr(exc, "status", None)
    return f"{getattr(exc, 'code', '')} {status}" if status else type(exc).__name__


def _next(chunks: Iterator[_Chunk]) -> _Chunk | None:
    with quiet():
        return next(chunks, None)
