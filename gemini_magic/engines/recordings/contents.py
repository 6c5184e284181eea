"""The wire contents of a turn without the data in them, which is elsewhere already.

What the user sent stays with the user: a recording has its SHA-256, and the request that asks for
the same brings the same bytes. Pictures that came back are among the parts of the answer.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from ...answer.parts import File, Image, Part
from ...request.request import Request

_DATA, _DIGEST = "data", "sha256"
# The wire's alphabet, and the other one that JSON may have it in.
_ALPHABET = str.maketrans("-_", "+/")


def detached(contents: Iterable[Mapping[str, Any]], parts: Iterable[Part]) -> Any:
    """Return `contents` as JSON values, with a digest in place of what is sent or in `parts`."""
    known = {sha256(part.data).hexdigest() for part in parts if isinstance(part, Image | File)}
    return tuple(
        _without(content, None if content.get("role") == "user" else known) for content in contents
    )


def attached(
    contents: Iterable[Mapping[str, Any]], parts: Iterable[Part], request: Request
) -> tuple[Mapping[str, Any], ...] | None:
    """Return what `detached` was given; None if some of its data is not at hand."""
    held = [part.data for part in parts if isinstance(part, Image | File)]
    held += [each.data for each in request.attachments if each.data is not None]
    by_digest = {sha256(data).hexdigest(): data for data in held}
    try:
        return tuple(_with(content, by_digest) for content in contents)
    except KeyError:
        return None


def inline(data: bytes, mime_type: str) -> dict[str, str]:
    """Return data as the wire has it."""
    return {_DATA: urlsafe_b64encode(data).decode("ascii"), "mimeType": mime_type}


def _without(value: Any, known: set[str] | None) -> Any:
    """Replace inline data: all of what a user said (`known` None), else what is known."""
    if isinstance(value, list):
        return [_without(item, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    if (data := _bytes(value)) is not None:
        digest = sha256(data).hexdigest()
        if known is None or digest in known:
            rest = {name: each for name, each in value.items() if name != _DATA}
            return {**rest, _DIGEST: digest}
    return {name: _without(item, known) for name, item in value.items()}


def _with(value: Any, held: Mapping[str, bytes]) -> Any:
    if isinstance(value, list):
        return [_with(item, held) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "mimeType" in value and isinstance(value.get(_DIGEST), str):
        rest = {name: each for name, each in value.items() if name != _DIGEST}
        return {**rest, **inline(held[value[_DIGEST]], value["mimeType"])}
    return {name: _with(item, held) for name, item in value.items()}


def _bytes(value: Mapping[str, Any]) -> bytes | None:
    data = value.get(_DATA)
    if "mimeType" not in value or not isinstance(data, str):
        return None
    try:
        return b64decode(data.translate(_ALPHABET), validate=True)
    except Error:
        return None
