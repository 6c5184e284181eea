"""What is at the Files API, and what of it was uploaded from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ...errors import RequestError
from ..sealed import sealed
from .clients import CLIENTS, client_of
from .connection import Connection
from .models import LISTING_SECONDS
from .sdk_errors import map_sdk_errors
from .target import Target
from .uploads import MARK


@dataclass(frozen=True)
class Uploaded:
    """A file at the Files API.

    `name` is what the user calls it, `resource` the server's own name for it; `size` is in bytes,
    None if the server does not say. `ours` are those that this package uploaded.
    """

    name: str
    resource: str
    mime_type: str
    size: int | None
    expires: datetime | None
    ours: bool


@sealed
def files(connection: Connection) -> Sequence[Uploaded]:
    """Return what is at the Files API; raise RequestError for Vertex AI, which has none."""
    from google.genai.types import HttpOptions, ListFilesConfig

    if connection.vertex:
        raise RequestError("Vertex AI has no Files API: files there are at gs:// addresses")
    config = ListFilesConfig(
        page_size=100, http_options=HttpOptions(timeout=LISTING_SECONDS * 1000)
    )
    with map_sdk_errors(Target(connection, "", LISTING_SECONDS)):
        return [
            Uploaded(
                (file.display_name or file.name or "").removeprefix(MARK),
                file.name or "",
                file.mime_type or "",
                file.size_bytes,
                file.expiration_time,
                (file.display_name or "").startswith(MARK),
            )
            for file in client_of(connection).files.list(config=config)
        ]


@sealed
def clean(connection: Connection) -> Sequence[Uploaded]:
    """Delete what this package uploaded, whichever kernel it was, and return it.

    The next request that needs one of them uploads it anew.
    """
    from google.genai.types import DeleteFileConfig, HttpOptions

    ours = [file for file in files(connection) if file.ours]
    config = DeleteFileConfig(http_options=HttpOptions(timeout=LISTING_SECONDS * 1000))
    # First: an interrupt must not leave a request with a file that is gone.
    CLIENTS.uploads(connection).clear()
    with map_sdk_errors(Target(connection, "", LISTING_SECONDS)):
        for file in ours:
            client_of(connection).files.delete(name=file.resource, config=config)
    return ours
