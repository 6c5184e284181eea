"""Trying again: which failures pass, and how long to wait for it."""

from __future__ import annotations

import logging
import math
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from ...answer.parts import Note

if TYPE_CHECKING:
    from tenacity import RetryCallState

ATTEMPTS = 4
# Seconds. Longer than this a person would rather know than wait.
PATIENCE = 60.0
# Where a shape is asked for, the SDK reads the text of each chunk, and warns whoever reads a text
# that there is more: we show all of it.
_SDK = logging.getLogger("google_genai.types")

_Chunk = TypeVar("_Chunk")


def patiently(
    begin: Callable[[], Iterator[_Chunk]], attempts: int = ATTEMPTS
) -> Iterator[_Chunk | Note]:
    """Yield what `begin()` yields; while nothing has come, begin again after a failure that passes.

    Each wait is said in a `Note` before it starts. The SDK's own retries are off: they are silent
    and wait as they like, not as the server asks.
    """
    from tenacity import Retrying, retry_if_exception, stop_after_attempt

    pauses: list[tuple[float, str]] = []
    chunk: _Chunk | None = None
    for attempt in Retrying(
        retry=retry_if_exception(passes),
        wait=_wait,
        stop=stop_after_attempt(attempts),
        before_sleep=lambda state: pauses.append((state.upcoming_sleep, _why(state))),
        # The waiting is done here, below the note that tells of it.
        sleep=lambda _: None,
        reraise=True,
    ):
        if pauses:
            seconds, why = pauses.pop()
            number = attempt.retry_state.attempt_number
            yield Note(f"retrying in {seconds:.2g} s: {why} (attempt {number} of {attempts})")
            time.sleep(seconds)
        with attempt:
            chunks = begin()
            chunk = _next(chunks)
    while chunk is not None:
        yield chunk
        chunk = _next(chunks)


def passes(exc: BaseException) -> bool:
    """Tell whether `exc` is a failure that a later attempt may not meet."""
    import httpx2
    from google.genai.errors import APIError

    if isinstance(exc, APIError):
        code = exc.code if isinstance(exc.code, int) else 0
        return (code in (408, 429) or code >= 500) and (delay_of(exc) or 0) <= PATIENCE
    return isinstance(exc, httpx2.ConnectError)


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
        then = parsedate_to_datetime(date)
    except ValueError:
        return None
    return max(0.0, (then.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _wait(state: RetryCallState) -> float:
    from tenacity import wait_exponential_jitter

    exc = state.outcome.exception() if state.outcome else None
    asked = None if exc is None else delay_of(exc)
    return wait_exponential_jitter(initial=1, max=30)(state) if asked is None else asked


def _why(state: RetryCallState) -> str:
    exc = state.outcome.exception() if state.outcome else None
    status = getattr(exc, "status", None)
    return f"{getattr(exc, 'code', '')} {status}" if status else type(exc).__name__


def _next(chunks: Iterator[_Chunk]) -> _Chunk | None:
    _SDK.addFilter(_is_no_advice)
    try:
        with warnings.catch_warnings():
            # The SDK warns of words that it does not know and passes them on; so do we.
            warnings.filterwarnings("ignore", r".* is not a valid \w+$", UserWarning)
            return next(chunks, None)
    finally:
        _SDK.removeFilter(_is_no_advice)


def _is_no_advice(record: logging.LogRecord) -> bool:
    return "non-text parts in the response" not in record.msg
