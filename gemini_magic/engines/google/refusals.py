"""Which flag asked for what Google's server refuses."""

from __future__ import annotations

import re
from typing import Any

from .retries import details_of

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


def flag_named(exc: Any) -> str:
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
