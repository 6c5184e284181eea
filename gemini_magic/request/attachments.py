"""What goes along with a prompt, gathered, and as a stored chat tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import RequestError
from .attachment import Attachment
from .files import of_file, refuse_uri, scheme_of
from .variables import of_value, variable_of

# How a file is named that a chat from elsewhere tells of.
_ELSEWHERE = "file:"


def gather(data: Mapping[str, Any], files: Iterable[str], limit: int) -> tuple[Attachment, ...]:
    """Return the values of `data`, by name, and then the `files`, paths or URIs, as attachments.

    Raises RequestError for the first that is not there, cannot be sent, is empty, has the name of
    another, or is larger than `limit` bytes.
    """
    found = [of_value(name, value, limit) for name, value in data.items()]
    found += [of_file(file, limit) for file in files]
    names = [attachment.name for attachment in found]
    for name in names:
        if names.count(name) > 1:
            raise RequestError(f"two attachments are called {name!r}: rename one of them")
    return tuple(found)


def recalled(name: str, mime_type: str, uri: str, path: str) -> Attachment:
    """Return what went along with a turn that a file tells of; nothing is read or sent.

    Raises RequestError for what `of_value` or `of_file` cannot have made. A file outside of this
    folder becomes an address: code that is made from the turn does not open it.
    """
    if not re.fullmatch(r"(?:[\w.+-]+/[\w.+-]+)?", mime_type, re.ASCII):
        raise RequestError(f"{mime_type!r} is not a type of file")
    if uri:
        if not uri.startswith(_ELSEWHERE):
            refuse_uri(uri)
        elif not uri.isprintable():
            raise RequestError(f"{uri!r} holds control characters")
        return Attachment(name, mime_type, None, uri=uri)
    if not name.isprintable() or not path.isprintable() or scheme_of(path):
        raise RequestError(f"{path or name!r} is not the name of a file")
    if not path:
        variable_of(Attachment(name, mime_type, None))
        return Attachment(name, mime_type, None)
    place = Path(path)
    if place.is_absolute() or ".." in place.parts or path.startswith("~"):
        return Attachment(name, mime_type, None, uri=_ELSEWHERE + quote(path))
    return Attachment(name, mime_type, None, path=path)
