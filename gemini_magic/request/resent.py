"""The files of a chat's earlier turns, with their data, which each of its requests sends again."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from ..answer.sent import MOST_PICTURES, Sent
from .attachment import Attachment, staged_names
from .request import Request
from .sent import sent_pictures


def resent(request: Request, kinds: str, most: int | None = None) -> list[tuple[Attachment, int]]:
    """Return the files whose types begin with `kinds`, each with its number in the chat.

    Of their data no more than `most` bytes. Nothing if it cannot be told which data is whose, as
    that of large files is elsewhere, and where the chat is not with a model of Google's.
    """
    earlier = enumerate(attachment for turn in request.earlier for attachment in turn)
    files = [each for each in earlier if each[1].mime_type.startswith(kinds) and not each[1].uri]
    data = list(_data(request, kinds, most)) if files else []
    if len(data) != len(files):
        return []
    return [
        (replace(attachment, data=held), number)
        for (number, attachment), held in zip(files, data, strict=True)
    ]


def _data(request: Request, kinds: str, most: int | None) -> Iterator[bytes]:
    # Four signs of base64 are three bytes.
    signs = None if most is None else most // 3 * 4
    for content in request.history or ():
        parts = content.get("parts") if content.get("role") == "user" else None
        for part in parts if isinstance(parts, list) else ():
            match part:
                case {"inlineData": {"mimeType": str(kind), "data": str(data)}}:
                    if kind.startswith(kinds):
                        yield _decoded(data[:signs])


def _decoded(data: str) -> bytes:
    try:
        # Of both alphabets: the SDK writes that of addresses.
        return urlsafe_b64decode(data)
    except ValueError:  # in the file of a chat, which may be anybody's
        return b""


def pictures_named(request: Request, codes: Iterable[str]) -> Iterator[Sent]:
    """Yield the pictures of earlier turns that these codes name, small enough to be kept."""
    code = "\n".join(codes)
    names = staged_names([each for turn in request.earlier for each in turn])
    if any(name in code for name in names):
        named = (
            kept
            for attachment, number in resent(request, "image/")
            if names[number] in code
            for kept in sent_pictures((attachment,), number)[0]
        )
        yield from islice(named, MOST_PICTURES)
