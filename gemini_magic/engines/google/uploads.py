"""Files that are too large for one request: they go through the Files API first, each once."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep
from typing import TYPE_CHECKING

from ...answer.parts import Note, Progress
from ...errors import EngineTimeout, RequestRefused
from ...request.attachment import Attachment
from ...request.request import Request
from .clients import CLIENTS
from .config import is_small
from .connection import Connection
from .sdk_errors import map_sdk_errors
from .sending import sent
from .target import Target

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import File, UploadFileConfig

# Before a file expires, so that it outlasts the request that names it.
_MARGIN = timedelta(hours=1)
_PAUSE = 1.0
# How what was uploaded from here is known again, whoever looks at it later.
MARK = "gemini-magic: "


def uploaded(
    client: Client, request: Request, target: Target
) -> Generator[Note | Progress, None, Request]:
    """Return `request` with its files at the server, if they are too large to go along.

    Each upload is said in a `Note` before it starts, and how far it has come in `Progress`. The
    Files API keeps a file for 48 hours, and the same content is not sent again as long as it does.
    Raises a `GeminiError` if it breaks.
    """
    if is_small(request):
        return request
    there = []
    for attachment in request.attachments:
        if attachment.data is None:
            there.append(attachment)
            continue
        kept, content = CLIENTS.uploads(target.connection), _content(attachment)
        if not _lasts(kept.get(content)):
            size = f"{len(attachment.data):,} bytes"
            yield Note(f"uploading {attachment.name} ({size}); the Files API keeps it for 48 hours")
            with map_sdk_errors(target):
                file = yield from sent(
                    client, attachment, _config(attachment, request.options.timeout)
                )
                kept[content] = _ready(client, file, attachment.name, request.options.timeout)
        there.append(replace(attachment, data=None, uri=kept[content].uri or ""))
    return replace(request, attachments=tuple(there))


def planned(request: Request, connection: Connection) -> Request:
    """Return what `uploaded` would, with what is to be uploaded in place of each address."""
    if is_small(request):
        return request
    there = []
    for attachment in request.attachments:
        if attachment.data is not None:
            file = CLIENTS.uploads(connection).get(_content(attachment))
            upload = f"(upload of {len(attachment.data):,} bytes)"
            uri = file.uri if file and _lasts(file) else upload
            attachment = replace(attachment, data=None, uri=uri or "")
        there.append(attachment)
    return replace(request, attachments=tuple(there))


def _content(attachment: Attachment) -> str:
    return f"{attachment.mime_type} {sha256(attachment.data or b'').hexdigest()}"


def _lasts(file: File | None) -> bool:
    expires = file.expiration_time if file else None
    return expires is not None and expires - _MARGIN > datetime.now(UTC)


def _config(attachment: Attachment, timeout: float) -> UploadFileConfig:
    from google.genai.types import HttpOptions, UploadFileConfig

    return UploadFileConfig(
        mime_type=attachment.mime_type,
        display_name=MARK + attachment.name,
        http_options=HttpOptions(timeout=max(1, round(timeout * 1000))),
    )


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
