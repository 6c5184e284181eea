"""The pictures of a request, small enough to be kept in a notebook with the run."""

from __future__ import annotations

import io
from collections.abc import Sequence

from ..answer.pictures import unshowable
from ..answer.sent import MOST_BYTES, MOST_PICTURES, Sent
from .attachment import Attachment, staged_names

# How much smaller each try is, and how often it is tried: down to a fiftieth.
_SMALLER = 0.7
_TRIES = 11


def sent_pictures(
    attachments: Sequence[Attachment], first: int = 0
) -> tuple[tuple[Sent, ...], tuple[str, ...]]:
    """Return the pictures among `attachments`, and a line on each that is not kept as it was sent.

    `first` is the number of the first file, after those of the chat. One that is too large is made
    smaller where Pillow is, else left out.
    """
    kept: list[Sent] = []
    lines: list[str] = []
    for attachment, staged in zip(attachments, staged_names(attachments, first), strict=True):
        data, mime_type = attachment.data, attachment.mime_type
        if not data or not mime_type.startswith("image/") or unshowable(mime_type, data):
            continue
        if len(data) > MOST_BYTES:
            size = f"{attachment.name} has {len(data):,} bytes, and the notebook keeps"
            data, mime_type = _smaller(data), "image/png"
            lines.append(f"{size} {'a smaller copy' if data else 'no copy of it'}")
        if data and len(kept) < MOST_PICTURES:
            kept.append(Sent(attachment.name, staged, mime_type, data))
    return tuple(kept), tuple(lines)


def _smaller(data: bytes) -> bytes | None:
    """Return a picture as a PNG that is small enough to be kept; None where that cannot be."""
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        # What may be shown has no more pixels than can be decoded (`pictures.unshowable`).
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
        for _ in range(_TRIES):
            picture = picture.resize([max(1, round(side * _SMALLER)) for side in picture.size])
            png = io.BytesIO()
            picture.save(png, "PNG", optimize=True)
            if len(png.getvalue()) <= MOST_BYTES:
                return png.getvalue()
    except Exception:  # a decoder may raise anything for a file that is damaged
        return None
    return None
