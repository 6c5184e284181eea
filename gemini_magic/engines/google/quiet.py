"""What the SDK says aside and we show: words that it does not know, texts beside parts."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# It warns of words that it does not know and passes them on; so do we.
_UNKNOWN_WORD = ("ignore", re.compile(r".* is not a valid \w+$"), UserWarning, None, 0)
# If JSON is asked for, the SDK reads the text of each chunk, and warns whoever reads a text that
# there is more: we show all of it.
_SDK = logging.getLogger("google_genai.types")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the SDK quiet inside, and leave everything as it was: in any number of threads.

    `warnings.catch_warnings` puts back the filters that it found, those of another thread among
    them, which then stay for ever. Here each adds one entry and takes one away.
    """
    advice = _NoAdvice()
    begun = warnings.filters
    begun.insert(0, _UNKNOWN_WORD)  # type: ignore[attr-defined]
    _SDK.addFilter(advice)
    try:
        yield
    finally:
        _SDK.removeFilter(advice)
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
        return "non-text parts in the response" not in str(record.msg)
