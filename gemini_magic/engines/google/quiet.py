"""What the SDK says aside: words that it does not know, texts beside parts, a second key."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# It warns of words that it does not know and passes them on; so do we.
_UNKNOWN_WORD = ("ignore", re.compile(r"(?s).* is not a valid \w+$"), UserWarning, None, 0)
_ADVICE = (
    # If JSON is asked for, the SDK reads the text of each chunk, and warns whoever reads a text
    # that there is more: we show all of it.
    "non-text parts in the response",
    # It is told which one.
    "Both GOOGLE_API_KEY and GEMINI_API_KEY are set",
)
_SDK = (logging.getLogger("google_genai.types"), logging.getLogger("google_genai._api_client"))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the SDK quiet inside, and leave everything as it was: in any number of threads.

    `warnings.catch_warnings` puts back the filters that it found, those of another thread among
    them, which then stay for ever. Here each adds one entry and takes one away.
    """
    advice = _NoAdvice()
    begun = warnings.filters
    begun.insert(0, _UNKNOWN_WORD)  # type: ignore[attr-defined]
    for logger in _SDK:
        logger.addFilter(advice)
    try:
        yield
    finally:
        for logger in _SDK:
            logger.removeFilter(advice)
        _take_away(begun)
        # Somebody's `catch_warnings` may have begun meanwhile, with a copy.
        if warnings.filters is not begun:
            _take_away(warnings.filters)


def _take_away(filters: object) -> None:
    assert isinstance(filters, list)  # noqa: S101 (for the type checker)
    try:
        filters.remove(_UNKNOWN_WORD)
    except ValueError:
        return


class _NoAdvice(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return not any(advice in str(record.msg) for advice in _ADVICE)
