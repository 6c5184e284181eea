"""The names of a server's models as far as they are known in a moment, for who waits at Tab."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from threading import Thread
from typing import Any

from .clients import http_of
from .connection import Connection
from .fetching import fetched

# Seconds: what Tab waits, what the server has, and how long its word holds.
_WAITING, _ANSWERING, _FRESH = 0.3, 2.0, 10.0
_MOST = 1_000
# What can be typed behind `-m`.
_NAME = re.compile(r"[\w.:@/-]{1,200}")


class KnownModels:
    """What each server listed. A name of a server may take the system long to look up, so a thread
    asks, and who waits gets in time what was known before."""

    def __init__(self) -> None:
        self._known: dict[Connection, tuple[float, Sequence[str]]] = {}
        self._asking: dict[Connection, Thread] = {}

    def names(self, connection: Connection) -> Sequence[str]:
        """Return the names that are known of the server, after a moment; never raise."""
        # Not in the thread: an import there, when Python ends or forks, may never come to its own.
        import httpx2  # noqa: F401

        began, names = self._known.get(connection, (0.0, ()))
        if names and time.monotonic() - began < _FRESH:
            return names
        thread = self._asking.get(connection)
        if thread is None or not thread.is_alive():
            thread = Thread(target=self._ask, args=(connection,), name="models", daemon=True)
            self._asking = {connection: thread}
            thread.start()
        thread.join(_WAITING)
        return self._known.get(connection, (0.0, ()))[1]

    def _ask(self, connection: Connection) -> None:
        import httpx2

        url = f"{connection.base_url}/models"
        try:
            client = httpx2.Client(**http_of(connection))
        except (ValueError, OSError):  # a proxy or certificates that are none, as a run will say
            return
        with client as http:
            names = _names(fetched(http, "GET", url, _ANSWERING, key=connection.key))
        if names:
            self._known = {connection: (time.monotonic(), names)}


def _names(said: Any) -> Sequence[str]:
    listed = said.get("data") if isinstance(said, dict) else None
    entries = listed if isinstance(listed, list) else []
    names = [each.get("id") for each in entries if isinstance(each, dict)]
    return [each for each in names[:_MOST] if isinstance(each, str) and _NAME.fullmatch(each)]


KNOWN_MODELS = KnownModels()
