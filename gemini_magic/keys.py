"""The keys that stay in the environment."""

from __future__ import annotations

import os

# In the order in which Google's own SDK takes them.
NAMES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
# Keys are some 39 characters; a placeholder of a few would match by chance.
_SHORTEST = 16


def key_in(text: str | bytes) -> str | None:
    """Return the name of the variable whose key is in `text`, or None."""
    data = text.encode(errors="replace") if isinstance(text, str) else text
    for name in NAMES:
        key = os.environ.get(name, "")
        if len(key) >= _SHORTEST and key.encode(errors="replace") in data:
            return name
    return None
