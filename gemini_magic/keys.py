"""The keys that stay in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

# In the order in which Google's own SDK takes them.
NAMES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
# That of a server of chat completions, and OpenAI's own.
LOCAL, OPENAI = "GEMINI_MAGIC_LOCAL_API_KEY", "OPENAI_API_KEY"
_ALL = (*NAMES, LOCAL, OPENAI)
# Keys are some 39 characters; a placeholder of a few would match by chance.
_SHORTEST = 8


def key_of(name: str, env: Mapping[str, str] | None = None) -> str:
    """Return the key in the variable `name`, empty if there is none.

    Without the blanks and line ends around it that a file or a shell left: so it is sent, and so
    it is looked for.
    """
    return (os.environ if env is None else env).get(name, "").strip()


def key_in(text: str | bytes) -> str | None:
    """Return the name of the variable whose key is in `text`, or None."""
    data = text.encode(errors="replace") if isinstance(text, str) else text
    for name in _ALL:
        key = key_of(name)
        if len(key) >= _SHORTEST and key.encode(errors="replace") in data:
            return name
    return None


def without_key(text: str, key: str, name: str) -> str:
    """Return `text` with the name of its variable in place of the key."""
    return text.replace(key, f"({name})") if len(key) >= _SHORTEST else text
