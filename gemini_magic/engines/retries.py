"""Trying again after a failure that passes: the loop, and how long it waits."""

from __future__ import annotations

import math
import random
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

from ..answer.parts import Note

ATTEMPTS = 4
# Seconds. Longer than this a person would rather know than wait.
PATIENCE = 60.0
_LONGEST_PAUSE = 30.0
# "Your prepayment credits are depleted", "has exceeded its monthly spending cap", "… spend limit",
# and OpenAI's code: https://platform.openai.com/docs/guides/error-codes
_NO_MONEY = re.compile(
    r"\bcredits?\b[^.]*\b(?:depleted|exhausted|used up|insufficient|run out|ran out)\b"
    r"|\b(?:insufficient|no|out of)\b[^.]*\b(?:credits?|balance|funds)\b"
    r"|\bspend(?:ing)?[- ](?:cap|limit)\b|\binsufficient_quota\b",
    re.IGNORECASE,
)

_Chunk = TypeVar("_Chunk")


def lacks_money(said: str) -> bool:
    """Return whether a server says that credits are used up, or a cap on spending is reached."""
    return bool(_NO_MONEY.search(said))


@dataclass(frozen=True)
class Transient:
    """A failure that a later attempt may not meet, in words.

    `seconds` is how long the server asks to wait, None if it does not say. One that `is_shared`
    would be met by any other request now, as that too many were sent.
    """

    why: str
    seconds: float | None = None
    is_shared: bool = False


class Deferred(BaseException):
    """Many requests are to wait, and not only the one that met a failure: see `deferring`.

    It is no failure, so nothing that maps errors may take it for one.
    """

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why, seconds)
        self.why = why
        self.seconds = seconds


# How often the request may still be deferred; None where it waits by itself.
_DEFERRALS: ContextVar[int | None] = ContextVar("deferrals", default=None)


@contextmanager
def deferring(tries: int) -> Iterator[Callable[[], object]]:
    """Raise `Deferred` in the block in place of waiting for a failure that is shared.

    After `tries` of them, that is 0, the failure itself is raised. What is yielded ends it: after a
    function was called, the request cannot begin anew.
    """
    token = _DEFERRALS.set(tries)
    try:
        yield lambda: _DEFERRALS.set(None)
    finally:
        _DEFERRALS.reset(token)


def with_retries(
    begin: Callable[[], Iterator[_Chunk]],
    transient: Callable[[Exception], Transient | None],
    attempts: int = ATTEMPTS,
) -> Iterator[_Chunk | Note]:
    """Yield what `begin()` yields; while nothing has come, begin again after a transient failure.

    Each wait is said in a `Note` before it starts. The SDKs' own retries are off: they are silent
    and wait as they like, not as the server asks. `transient` is None for a failure that stays.
    """
    for attempt in count(1):
        try:
            chunks = begin()
            chunk = next(chunks, None)
            break
        except Exception as exc:
            failure = transient(exc) if attempt < attempts else None
            deferrals = _DEFERRALS.get() if failure and failure.is_shared else None
            if failure is None or deferrals == 0:
                raise
            seconds = _pause(failure.seconds, attempt)
            if deferrals:
                raise Deferred(failure.why, seconds) from None
        yield Note(
            f"retrying in {seconds:.2g} s: {failure.why} (attempt {attempt + 1} of {attempts})"
        )
        time.sleep(seconds)
    while chunk is not None:
        yield chunk
        chunk = next(chunks, None)


def is_certificate(exc: BaseException | None) -> bool:
    """Return whether a certificate was refused: `exc` or what it came from says so."""
    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY" in str(exc):
            return True
        exc = exc.__cause__ or exc.__context__
    return False


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the headers of an answer ask to wait, None if they do not."""
    asked = str(headers.get("retry-after", ""))
    return seconds_in(asked) if asked[:1].isdigit() else _until(asked)


def seconds_in(text: str) -> float | None:
    """Return a number of seconds that a server wrote, None if it is none."""
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


def _pause(asked: float | None, attempt: int) -> float:
    """Return the seconds to wait after this attempt: those that the server asks for, else more
    each time, and not the same for all who wait."""
    if asked is not None:
        return asked
    jitter = random.random()  # noqa: S311 (it keeps no secret)
    return float(min(2 ** (attempt - 1) + jitter, _LONGEST_PAUSE))
