"""What goes to the model beside the prompt, as a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from ..errors import RequestError
from .mime_types import suffix_of

# What to do with what is too large.
SEND_LESS = "send a part of it, or raise GeminiMagic.max_attachment_bytes"


@dataclass(frozen=True)
class Attachment:
    """One file beside the prompt.

    `name` is what the user calls it. `data` is None if the server fetches it from `uri`, and
    once the run is over. `path` is the local file that it was, empty for a variable. `schema` says
    in words what a table holds, empty for anything else. `remark` says what was made of the file.
    """

    name: str
    mime_type: str
    data: bytes | None = field(repr=False)
    uri: str = ""
    path: str = ""
    schema: str = ""
    remark: str = ""

    def canonical(self) -> dict[str, Any]:
        """Return what of it an engine is asked, as JSON values: its data by its SHA-256."""
        data = None if self.data is None else sha256(self.data).hexdigest()
        return {
            "name": self.name,
            "mime_type": self.mime_type,
            "sha256": data,
            "uri": self.uri,
            "schema": self.schema,
        }


def staged_names(attachments: Sequence[Attachment], first: int = 0) -> tuple[str, ...]:
    """Return what the attachments are called where the model's code runs.

    That is how Google's sandbox names them, and so does ours; `first` is how many were sent before.
    """
    return tuple(
        f"input_file_{place}{suffix_of(attachment.name, attachment.mime_type)}"
        for place, attachment in enumerate(attachments, start=first)
    )


def announced(attachments: Sequence[Attachment], first: int = 0) -> tuple[str, ...]:
    """Return a line on each attachment: what is sent, as what, and how large it is."""
    return tuple(
        f"{attachment.uri or attachment.name} goes along as {name}"
        + (
            ""
            if attachment.data is None
            else f" ({len(attachment.data):,} bytes{_remark(attachment)})"
        )
        for attachment, name in zip(attachments, staged_names(attachments, first), strict=True)
    )


def _remark(attachment: Attachment) -> str:
    return f"; {attachment.remark}" if attachment.remark else ""


def without_data(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return the attachments as what they were, and no longer what was in them."""
    return tuple(replace(attachment, data=None, schema="") for attachment in attachments)


def checked(attachment: Attachment, limit: int) -> Attachment:
    """Return `attachment`; raise RequestError if it is empty or larger than `limit` bytes."""
    if not attachment.data:
        raise RequestError(f"{attachment.name!r} is empty: there is nothing to send")
    refuse_large(attachment.name, len(attachment.data), limit)
    return attachment


def refuse_large(name: str, size: int, limit: int) -> None:
    """Raise RequestError for what has more than `limit` bytes."""
    if size > limit:
        raise RequestError(f"{name!r} has {size:,} bytes and may have {limit:,}: {SEND_LESS}")
