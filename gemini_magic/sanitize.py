"""Make text that came from elsewhere safe to print."""

from __future__ import annotations

import re

# Terminal escapes, whole or cut off at the end of a fragment, and control characters: a model's
# text must not move the cursor, set the title or ring (ECMA-48, 5.4 and 8.3).
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|\Z)|[\]PX^_].*?(?:\x07|\x1b\\|\Z)|[ -/]*(?:[0-~]|\Z))"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    re.DOTALL,
)
# Marks that reorder what is read: https://trojansource.codes
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Half of a pair that JSON can name and UTF-8 cannot write:
# https://www.rfc-editor.org/rfc/rfc8259#section-8.2
_HALVES = re.compile("[\ud800-\udfff]")


def sanitize(text: str) -> str:
    """Return `text` without terminal escapes, and with reordering marks made visible."""
    text = _ESCAPES.sub("", writable(text).replace("\r\n", "\n"))
    return _REORDERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def sanitize_line(text: str) -> str:
    """Return `text` as one line, sanitised."""
    return " ".join(sanitize(text).split())


def writable(text: str) -> str:
    """Return `text` with what no file and no message could hold replaced by U+FFFD."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)
