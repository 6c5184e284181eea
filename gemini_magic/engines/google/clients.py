"""The held clients of google-genai, one for each connection."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING, Any

from ...errors import KeyMissing
from ..addresses import address_error
from ..transport import event_hooks
from .client_errors import maps_client_errors, no_address, no_credentials
from .connection import Connection
from .quiet import quiet

if TYPE_CHECKING:
    import httpx2
    from google.genai import Client
    from google.genai.types import File

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_MOST = 8
# What the SDK's asynchronous clients, which are made too, take of a client that stays apart.
_APART = ("trust_env", "verify", "ssl")


class Clients:
    """What a process holds for each connection: its client, and the files that it uploaded.

    A client has to be held: a stream dies with the client that nobody names. After a fork the
    child makes its own, and leaves the parent's alone: over one line, each would read the other's
    answers.
    """

    def __init__(self) -> None:
        self._clients: dict[tuple[int, Connection], Client] = {}
        self._uploads: dict[tuple[int, Connection], dict[str, File]] = {}

    def client(self, connection: Connection) -> Client:
        """Return the client for `connection`, the same one each time.

        Making one costs 1.1 s the first time, for the import. Raises a `GeminiError` if it cannot
        be made.
        """
        place = (os.getpid(), connection)
        if place not in self._clients:
            made = self._clients.setdefault(place, _connected(connection))
            self._let_go_of_the_oldest(place[0])
            return made
        return self._clients[place]

    def uploads(self, connection: Connection) -> dict[str, File]:
        """Return the files at the server by their content, to be read and added to."""
        return self._uploads.setdefault((os.getpid(), connection), {})

    def forget(self, connection: Connection) -> None:
        """Let the next request make a new client."""
        self._clients.pop((os.getpid(), connection), None)

    def forget_key(self, key: str) -> None:
        """Hold nothing any more that was made with `key`."""
        for place in tuple(self._clients):
            if place[1].key == key:
                self._clients.pop(place, None)
                self._uploads.pop(place, None)

    def _let_go_of_the_oldest(self, process: int) -> None:
        own = [place for place in tuple(self._clients) if place[0] == process]
        for place in own[:-_MOST]:
            self._clients.pop(place, None)
            self._uploads.pop(place, None)


CLIENTS = Clients()


def client_of(connection: Connection) -> Client:
    """Return the client that this process holds for `connection`."""
    return CLIENTS.client(connection)


@maps_client_errors
def client_over(transport: httpx2.BaseTransport, connection: Connection) -> Client:
    """Return a client that speaks to `transport` and never to the network."""
    # Neither proxies nor certificates of the environment matter to it.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    options = {"transport": transport, "trust_env": False, "verify": context, "ssl": context}
    if connection.vertex and not connection.key:
        from google.oauth2.credentials import Credentials

        credentials = Credentials(token="unused")  # type: ignore[no-untyped-call]  # noqa: S106
        project = connection.project or "PROJECT"
        return _client(connection, options, credentials=credentials, project=project)
    return _client(connection, options)


@maps_client_errors
def _connected(connection: Connection) -> Client:
    if connection.vertex and not connection.key:
        credentials, project = _own_credentials(connection.project)
        return _client(connection, {}, credentials=credentials, project=project)
    return _client(connection, {})


def _client(connection: Connection, arguments: dict[str, Any], **own: Any) -> Client:
    from google.genai import Client
    from google.genai.types import HttpOptions

    base_url = connection.base_url
    if base_url and (why := address_error(base_url)):
        raise no_address(connection.base_url_name, base_url, why)
    http_options = HttpOptions(
        base_url=base_url or None,
        client_args={**arguments, "event_hooks": event_hooks()},
        async_client_args={name: arguments[name] for name in _APART if name in arguments},
    )
    if own:
        # All explicit: with the environment's own variables alone, the SDK can pick the Developer
        # API's address for Vertex AI.
        own["location"] = connection.location
    else:
        own["api_key"] = connection.key
    with quiet():
        return Client(enterprise=connection.vertex, http_options=http_options, **own)


def _own_credentials(project: str) -> tuple[Any, str]:
    import google.auth

    try:
        credentials, found = google.auth.default(scopes=_SCOPES)
    except Exception as exc:  # of a file that is none it raises what it trips over
        raise no_credentials(exc) from exc
    known = project or found
    if not known:
        raise KeyMissing(
            "the credentials name no Google Cloud project: export GOOGLE_CLOUD_PROJECT=… before "
            "starting Jupyter"
        )
    return credentials, known
