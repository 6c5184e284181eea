"""What a server of chat completions may lack, told from how it refuses a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...phrases import short
from .refusals import SIGHT, is_refusal

_SHOWN = 120
# By the argument that asks for it: how servers name what they do not have. Ollama says "does not
# support tools", llama.cpp "tools param requires --jinja flag", vLLM "requires
# --enable-auto-tool-choice".
_LACKS = {
    "tools": ("tools", re.compile(r"\btools?\b|\btool[-_ ]?(?:use|choice|call)|jinja", re.I)),
    "response_format": (
        "schema",
        re.compile(r"response_?format|json_?schema|grammar|structured|guided", re.I),
    ),
    "stream_options": ("usage", re.compile(r"stream_?options|include_?usage", re.I)),
}
# Then a model is told of what its code drew, and shown none of it.
PICTURES = "pictures"
_TOO_LARGE = 413
# Of a request that such a server, or what stands before it, could not read, whatever it says.
_UNREAD = (400, 415, 422)
_WORDS = {
    PICTURES: "{model} reads no pictures here ({said}): it is told of its figures, and not shown",
    "tools": "{model} calls no functions here ({said}): the Python that it fences is run instead",
    "schema": "the server holds no answer to a schema ({said}): the answer is checked here",
    "usage": "the server counts no tokens of a stream ({said})",
}


def lacked(exc: Exception, arguments: Mapping[str, Any], *, drawn: bool) -> str:
    """Return what the refusal `exc` says is lacking of what was asked for; empty if nothing.

    Where code has `drawn` what is sent, the model can do without: a user's picture it cannot.
    """
    status = getattr(exc, "status_code", None) or 0
    if not 400 <= status < 600:
        return ""
    said = said_by(exc)
    if drawn and (status == _TOO_LARGE or re.search(SIGHT, said, re.I)):
        return PICTURES
    for argument, (lack, pattern) in _LACKS.items():
        if argument in arguments and pattern.search(said):
            return lack
    # What was the same without them was not refused.
    return PICTURES if drawn and status in _UNREAD and not is_refusal(said) else ""


def said_by(exc: Any) -> str:
    """Return what the server said, as one line."""
    body = getattr(exc, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message") if isinstance(inner, dict) else inner
    return " ".join(str(message or getattr(exc, "message", "") or exc).split())


def told(lack: str, model: str, exc: Exception) -> str:
    """Return a line on what is done without what is lacking."""
    return _WORDS[lack].format(model=model, said=short(said_by(exc), _SHOWN))
