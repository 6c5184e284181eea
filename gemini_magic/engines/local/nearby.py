"""Whether a server of models runs on this machine, at the port that such a server usually has."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from .connection import STARTS

_HOST = "127.0.0.1"
# Seconds: what listens on this machine answers in milliseconds.
_CONNECTING, _ANSWERING = 0.1, 0.3
_LARGEST = 100_000


def server_nearby(ports: Mapping[int, tuple[str, str]] = STARTS) -> str:
    """Return the address of a server of models on this machine, empty if none is found.

    Only loopback is asked, without a key, for the list of models that each such server has.
    """
    for port in ports:
        if _listens(port) and _lists_models(port):
            return f"http://{_HOST}:{port}/v1"
    return ""


def _listens(port: int) -> bool:
    try:
        socket.create_connection((_HOST, port), timeout=_CONNECTING).close()
    except OSError:
        return False
    return True


def _lists_models(port: int) -> bool:
    import httpx2

    url = f"http://{_HOST}:{port}/v1/models"
    try:
        with (
            httpx2.Client(trust_env=False, timeout=_ANSWERING) as client,
            client.stream("GET", url) as answer,
        ):
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    return False
    except (httpx2.HTTPError, httpx2.StreamError):
        return False
    return answer.is_success and b'"data"' in body
