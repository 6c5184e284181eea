"""What is remembered from cell to cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from .chats import Chats
from .run import Run


@dataclass(frozen=True)
class Session:
    """The chats, the runs in the order in which they began, and the contexts last seen, by name."""

    chats: Chats = field(default_factory=Chats)
    runs: list[Run] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def session() -> Session:
    """Return the session of this process, which is a kernel's or a script's.

    It is held as the vendor's client is: reloading the extension loses no chat, and cells and
    `gemini_magic.run` speak in the same ones.
    """
    return Session()
