"""Which flag asked for what Google's server refuses."""

from __future__ import annotations

import re
from typing import Any

from .retries import details_of

NO_CODE = "--no-code"
# As Google spells fields: `generation_config.thinkingConfig`, "Thinking level MINIMAL is not …",
# "Code execution is not enabled for models/…".
_FLAGS = tuple(
    (re.compile(pattern, re.IGNORECASE), flag)
    for pattern, flag in (
        (r"include_?thoughts", "--thoughts"),
        (r"thinking_?(?:config|level|budget)|\bthinking (?:level|budget)\b", "--thinking"),
        (r"\btemperature\b", "--temperature"),
        (r"max_?output_?tokens", "--max-output-tokens"),
        (r"generation_?config.seed\b|\bseed\b", "--seed"),
        (r"system_?instruction|\b(?:developer|system) instruction\b", "--system"),
        (r"cached_?content", "--cache-context"),
        (r"response_?(?:json_?)?schema|response_?mime_?type", "--json"),
        (r"function_?declarations?|\bfunction calling\b", "--tool"),
        (r"google_?search|\bsearch grounding\b", "--search"),
        (r"url_?context", "--url"),
        (r"\bcode[_ ]?execution\b", NO_CODE),
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
