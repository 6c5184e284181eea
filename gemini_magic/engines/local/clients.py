"""The held clients of openai, one for each connection."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...errors import RequestError
from ..transport import event_hooks
from .connection import Connection

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

_MOST = 8
# The SDK would send more: facts of this machine, and what OPENAI_ORG_ID, OPENAI_PROJECT_ID and
# OPENAI_CUSTOM_HEADERS hold for OpenAI.
_HEADERS = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "content-type", "host"}
    | {"transfer-encoding", "user-agent"}
)


class Clients:
    """What a process holds for each connection: its client.

    After a fork the child makes its own: over one line, each would read the other's answers.
    """

    def __init__(self) -> None:
        self._clients: dict[tuple[int, Connection], OpenAI] = {}

    def client(self, connection: Connection) -> OpenAI:
        """Return the client for `connection`, the same one each time."""
        place = (os.getpid(), connection)
        if place not in self._clients:
            own = [held for held in tuple(self._clients) if held[0] == place[0]]
            for old in own[: 1 - _MOST]:
                self._clients.pop(old, None)
            self._clients[place] = client_over(connection)
        return self._clients[place]

    def forget(self, connection: Connection) -> None:
        """Let the next request make a new client."""
        self._clients.pop((os.getpid(), connection), None)


CLIENTS = Clients()


def client_over(connection: Connection, transport: httpx2.BaseTransport | None = None) -> OpenAI:
    """Return a client for `connection`; with `transport`, one that never reaches the network.

    Raises RequestError where the package is missing.
    """
    try:
        import openai
    except ImportError as exc:
        raise RequestError(
            f"--engine local needs a package that is missing ({exc}): "
            "`pip install 'gemini-magic[local]'`"
        ) from exc
    http = openai.DefaultHttpx2Client(
        transport=transport, **http_of(connection, is_network=transport is None)
    )
    return openai.OpenAI(
        base_url=connection.base_url,
        # Without one it takes OPENAI_API_KEY, whoever is asked; the hook takes this one away.
        api_key=connection.key or "none",
        http_client=http,
        max_retries=0,
    )


def http_of(connection: Connection, *, is_network: bool = True) -> dict[str, Any]:
    """Return how an HTTP client speaks to the server of `connection`, as keywords of httpx2's."""
    hooks: dict[str, list[Callable[..., Any]]] = event_hooks()
    return {
        # What is for this machine must not pass a proxy elsewhere.
        "trust_env": is_network and not connection.is_here,
        "event_hooks": {**hooks, "request": [_headers_for(connection)]},
    }


def _headers_for(connection: Connection) -> Callable[[httpx2.Request], None]:
    """Return what leaves a request the headers that this server may have."""
    known = _HEADERS
    if connection.key or connection.has_password:
        known = known | {"authorization"}

    def keep_known(request: httpx2.Request) -> None:
        for name in [name for name in request.headers if name.lower() not in known]:
            del request.headers[name]

    return keep_known
