"""The held clients of google-genai, one for each connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...errors import KeyMissing

if TYPE_CHECKING:
    import httpx2
    from google.genai import Client

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True)
class Connection:
    """Where Gemini is, and by whose leave.

    With `vertex` it is Vertex AI: `project` and `location` with the machine's Google Cloud
    credentials, or a `key` alone (express mode). Otherwise it is the Developer API, by its `key`.
    `key_name` is the environment variable that held the key: messages name it, never the key.
    """

    key: str = field(default="", repr=False)
    key_name: str = "GEMINI_API_KEY"
    vertex: bool = False
    project: str = ""
    location: str = "global"
    base_url: str = ""


@lru_cache(maxsize=8)
def client_of(connection: Connection) -> Client:
    """Return the client for `connection`, the same one each time.

    It has to be held: a stream dies with the client that nobody names. Making one costs 1.1 s the
    first time, for the import. Raises KeyMissing where no project is known, and google.auth's
    errors where no credentials are.
    """
    if connection.vertex and not connection.key:
        credentials, project = _own_credentials(connection.project)
        return _client(connection, credentials=credentials, project=project)
    return _client(connection)


def client_over(transport: httpx2.BaseTransport, connection: Connection) -> Client:
    """Return a client that speaks to `transport` and never to the network."""
    options: dict[str, Any] = {"client_args": {"transport": transport}}
    if connection.vertex and not connection.key:
        from google.oauth2.credentials import Credentials

        credentials = Credentials(token="unused")  # type: ignore[no-untyped-call]  # noqa: S106
        project = connection.project or "PROJECT"
        return _client(connection, options, credentials=credentials, project=project)
    return _client(connection, options)


def _client(connection: Connection, options: dict[str, Any] | None = None, **own: Any) -> Client:
    from google.genai import Client
    from google.genai.types import HttpOptions

    http_options = HttpOptions(base_url=connection.base_url or None, **(options or {}))
    if own:
        # All explicit: with the environment's own variables alone, the SDK can pick the Developer
        # API's address for Vertex AI.
        own["location"] = connection.location
    else:
        own["api_key"] = connection.key
    return Client(enterprise=connection.vertex, http_options=http_options, **own)


def _own_credentials(project: str) -> tuple[Any, str]:
    import google.auth

    credentials, found = google.auth.default(scopes=_SCOPES)
    known = project or found
    if not known:
        raise KeyMissing(
            "the credentials name no Google Cloud project: export GOOGLE_CLOUD_PROJECT=… before "
            "starting Jupyter"
        )
    return credentials, known
