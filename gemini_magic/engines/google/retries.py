"""Which failures of Google's servers are transient, and how long they ask to wait."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ...answer.parts import Note
from .. import retries
from ..addresses import malformed_proxies
from ..retries import (
    ATTEMPTS,
    PATIENCE,
    Transient,
    is_certificate,
    lacks_money,
    retry_after,
    seconds_in,
)
from .quiet import quiet

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
    """Yield what `begin()` yields, as `engines.retries` does, and keep the SDK quiet."""
    return retries.with_retries(lambda: _quietly(begin), _transient, attempts)


def _quietly(begin: Callable[[], Iterator[_Chunk]]) -> Iterator[_Chunk]:
    chunks = begin()
    while True:
        # Not around the yield: others would be quiet meanwhile.
        with quiet():
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _transient(exc: Exception) -> Transient | None:
    if not is_transient(exc):
        return None
    return Transient(_name(exc), delay_of(exc), is_shared=getattr(exc, "code", None) == 429)


def is_transient(exc: BaseException) -> bool:
    """Return whether `exc` is a failure that a later attempt may not meet."""
    import httpx2
    from google.genai.errors import APIError

    if isinstance(exc, APIError):
        code = exc.code if isinstance(exc.code, int) else 0
        if (delay_of(exc) or 0) > PATIENCE or is_long_quota(exc) or is_unpaid(exc):
            return False
        return code in _TRANSIENT or (code >= 500 and code not in _PERMANENT)
    if is_certificate(exc):
        return False
    if isinstance(exc, httpx2.ConnectError) and malformed_proxies(_scheme(exc)):
        return False
    # The line broke before anything came: a kept connection that the other side had closed, say.
    return isinstance(exc, httpx2.NetworkError | httpx2.RemoteProtocolError)


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


def is_unpaid(exc: BaseException) -> bool:
    """Return whether a quota is one of money: credits that are used up, or a cap on spending."""
    return getattr(exc, "code", None) == 429 and lacks_money(str(getattr(exc, "message", "")))


def _is_long(quota: dict[str, Any], value: str, name: str) -> bool:
    return str(quota.get(value, "")) == "0" or bool(_LONG_PERIOD.search(str(quota.get(name))))


def delay_of(exc: BaseException) -> float | None:
    """Return the seconds that the server asks to wait, or None where it does not say."""
    for detail in details_of(exc):
        if str(detail.get("@type", "")).endswith("RetryInfo"):
            return seconds_in(str(detail.get("retryDelay", "")).removesuffix("s"))
    headers: Any = getattr(getattr(exc, "response", None), "headers", None) or {}
    return retry_after(headers)


def details_of(exc: BaseException) -> list[dict[str, Any]]:
    """Return the entries of `error.details`, leaving out what is none."""
    body: Any = getattr(exc, "details", None)
    error = body.get("error") if isinstance(body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _name(exc: BaseException) -> str:
    status = getattr(exc, "status", None)
    return f"{getattr(exc, 'code', '')} {status}" if status else type(exc).__name__
