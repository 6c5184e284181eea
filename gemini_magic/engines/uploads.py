"""Files that are too large for one request: they go through the Files API first, each once."""

from __future__ import annotations

import io
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from time import monotonic, sleep
from typing import TYPE_CHECKING

from ..attachments import Attachment
from ..errors import EngineTimeout, RequestRefused, ServerError
from ..parts import Note
from ..request import Request
from .clients import Connection
from .config import is_small
from .exchange import told
from .faults import Asked

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import File

# Before a file expires, so that it outlasts the request that names it.
_MARGIN = timedelta(hours=1)
_PAUSE = 1.0


def uploaded(client: Client, request: Request, asked: Asked) -> Generator[Note, None, Request]:
    """Return `request` with its files at the server, where they are too large to go along.

    Each upload is said in a `Note` before it starts. The Files API keeps a file for 48 hours, and
    the same content is not sent again as long as it does. Raises a `GeminiError` where it breaks.
    """
    if is_small(request):
        return request
    there = []
    for attachment in request.attachments:
        if attachment.data is None:
            there.append(attachment)
            continue
        kept, content = _kept(asked.connection), _content(attachment)
        if not _lasts(kept.get(content)):
            size = f"{len(attachment.data):,} bytes"
            yield Note(f"uploading {attachment.name} ({size}); the Files API keeps it for 48 hours")
            with told(asked):
                kept[content] = _sent(client, attachment, attachment.data, request.timeout)
        there.append(replace(attachment, data=None, uri=kept[content].uri or ""))
    return replace(request, attachments=tuple(there))


def planned(request: Request) -> Request:
    """Return what `uploaded` would, with what is to be uploaded in place of each address."""
    if is_small(request):
        return request
    there = (
        attachment
        if attachment.data is None
        else replace(attachment, data=None, uri=f"(upload of {len(attachment.data):,} bytes)")
        for attachment in request.attachments
    )
    return replace(request, attachments=tuple(there))


@lru_cache(maxsize=8)
def _kept(connection: Connection) -> dict[str, File]:
    """Return the files at the server by their content, for as long as the client is held."""
    return {}


def _content(attachment: Attachment) -> str:
    return f"{attachment.mime_type} {sha256(attachment.data or b'').hexdigest()}"


def _lasts(file: File | None) -> bool:
    expires = file.expiration_time if file else None
    return expires is not None and expires - _MARGIN > datetime.now(UTC)


def _sent(client: Client, attachment: Attachment, data: bytes, timeout: float) -> File:
    from google.genai.types import HttpOptions, UploadFileConfig

    config = UploadFileConfig(
        mime_type=attachment.mime_type,
        display_name=attachment.name,
        http_options=HttpOptions(timeout=max(1, round(timeout * 1000))),
    )
    try:
        file = client.files.upload(file=io.BytesIO(data), config=config)
    except (KeyError, ValueError) as exc:  # the SDK's words for an upload that did not end
        raise ServerError(
            f"the server did not take {attachment.name!r} ({exc}): run the cell again"
        ) from exc
    return _ready(client, file, attachment.name, timeout)


def _ready(client: Client, file: File, name: str, timeout: float) -> File:
    """Wait until the server has read the file: a moment for a PDF, longer for a film."""
    from google.genai.types import FileState

    end = monotonic() + timeout
    while file.state is FileState.PROCESSING:
        if monotonic() > end:
            raise EngineTimeout(
                f"the server still reads {name!r} after {timeout:g} s: raise --timeout"
            )
        sleep(_PAUSE)
        file = client.files.get(name=file.name or "")
    if file.state is FileState.FAILED:
        raise RequestRefused(
            f"the server cannot read {name!r}: check that it is what its name says"
        )
    return file
