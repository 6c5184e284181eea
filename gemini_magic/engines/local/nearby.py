"""Whether a server of models runs on this machine, at the port that such a server usually has."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from ...errors import GeminiError
from .connection import STARTS, connection_of
from .fetching import fetched

_HOST = "127.0.0.1"
# Seconds, though what listens on this machine answers in milliseconds: a machine that does other
# things, too, takes its time, and what the user names is waited for longer.
_CONNECTING, _ANSWERING, _NAMED = 0.5, 0.3, 2.0


def server_nearby(address: str = "") -> str:
    """Return the address of a server of models on this machine, empty if none is found.

    It is looked for at the port of `address`, which is the user's setting, if that is on this
    machine, and at the usual ones. Only loopback is asked, without a key, for the list of models
    that each such server has.
    """
    named = _own(address)
    for port in dict.fromkeys([*named, *STARTS]):
        if _listens(port) and _lists_models(port, _NAMED if port in named else _ANSWERING):
            return f"http://{_HOST}:{port}/v1"
    return ""


def _own(address: str) -> list[int]:
    try:
        connection = connection_of(address, {})
    except GeminiError:  # whoever asks it is told
        return []
    port = urlsplit(connection.base_url).port
    return [port] if connection.is_here and port else []


def _listens(port: int) -> bool:
    try:
        socket.create_connection((_HOST, port), timeout=_CONNECTING).close()
    except OSError:
        return False
    return True


def _lists_models(port: int, seconds: float) -> bool:
    import httpx2

    url = f"http://{_HOST}:{port}/v1/models"
    with httpx2.Client(trust_env=False) as client:
        said = fetched(client, "GET", url, seconds)
    return isinstance(said, dict) and "data" in said
