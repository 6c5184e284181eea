"""A file, by its path or its address, as what goes along with a prompt."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ..errors import RequestError
from . import sheets, tables
from .attachment import Attachment, checked, refuse_large
from .mime_types import compression_of, type_of_address, type_of_file

_TABLES = ("text/csv", "text/tab-separated-values")
# By the names that `mimetypes` has for them.
_COMPRESSED: Mapping[str, Callable[..., Any]] = {
    "gzip": gzip.open,
    "bzip2": bz2.open,
    "xz": lzma.open,
}
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*)://")
_LONGEST = 200


def of_file(word: str, limit: int) -> Attachment:
    """Return a local file, or what a gs:// or https:// URI names, as an attachment.

    Raises RequestError if it cannot be read or its type cannot be told.
    """
    if scheme_of(word):
        return _of_uri(word)
    path = Path(word)
    try:
        path = path.expanduser()
        _refuse_special(path, word, limit)
        name, data = _unpacked(path.name, path.read_bytes(), limit)
    except FileNotFoundError:
        raise RequestError(f"there is no file {word!r}: check the path") from None
    except (OSError, EOFError, lzma.LZMAError, ValueError, RuntimeError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise RequestError(f"the file {word!r} cannot be read: {why}") from exc
    if sheets.is_sheet(name) and data:
        return checked(_of_sheet(name, data, word), limit)
    mime_type = type_of_file(name, data)
    if not mime_type:
        raise RequestError(
            f"{word!r} is of no type that is known here: send text, a table as CSV, a picture or a "
            "PDF; --data sends a variable with what you read from it"
        )
    table = tables.of_csv(data) if mime_type in _TABLES else None
    schema = table.schema() if table else ""
    return checked(Attachment(name, mime_type, data, path=word, schema=schema), limit)


def _of_sheet(name: str, data: bytes, word: str) -> Attachment:
    """Return a spreadsheet or a file of columns as CSV, which is what a model's code can read."""
    try:
        sheet = sheets.read_sheet(name, data)
        rows = sheet.frame if isinstance(sheet.frame, list) else None
        stem = PurePosixPath(name).stem
        table = tables.of_value(sheet.frame, stem) if rows is None else tables.of_rows(rows)
    except ImportError:
        raise RequestError(
            f"{word!r} is read by none of the packages that are here: install "
            f"{sheets.packages_for(name)}, or save it as CSV"
        ) from None
    except Exception as exc:  # a reader may raise anything for a file that is damaged
        why = " ".join(f"{type(exc).__name__}: {exc}".split())[:_LONGEST]
        raise RequestError(f"the file {word!r} cannot be read: {why}") from exc
    if table is None:
        raise RequestError(f"the file {word!r} holds no table: save the sheet that you mean as CSV")
    return Attachment(
        f"{stem}.csv",
        "text/csv",
        table.csv.encode(),
        path=word,
        schema=table.schema(),
        remark=sheet.remark,
    )


def _unpacked(name: str, data: bytes, limit: int) -> tuple[str, bytes]:
    """Return a file without its compression, which the model's code would not expect."""
    opener = _COMPRESSED.get(compression_of(name))
    if opener is None:
        return name, data
    with opener(io.BytesIO(data)) as packed:
        # More than may be sent is not read: a small file can hold a very large one.
        return PurePosixPath(name).stem, bytes(packed.read(limit + 1))


def _refuse_special(path: Path, word: str, limit: int) -> None:
    """Refuse what must not even be opened: a device or a pipe may never end."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise RequestError(f"{word!r} is a folder: name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise RequestError(f"{word!r} is no ordinary file, and cannot be sent")
    refuse_large(word, found.st_size, limit)


def scheme_of(word: str) -> str:
    """Return the scheme of an address, empty for a path."""
    found = _SCHEME.match(word)
    return found["scheme"].lower() if found else ""


def refuse_uri(uri: str) -> None:
    """Raise RequestError for an address of which nothing can be fetched."""
    if not uri.isprintable() or " " in uri:
        raise RequestError(f"{uri!r} is no URI: it holds blanks or control characters")
    if scheme_of(uri) not in ("gs", "https"):
        raise RequestError(f"{uri!r} cannot be sent: a path, gs:// or https:// can")


def _of_uri(uri: str) -> Attachment:
    refuse_uri(uri)
    name = PurePosixPath(urlsplit(uri).path).name
    mime_type = type_of_address(name)
    # Files of the Files API have no suffix; the server knows their type.
    if not mime_type and scheme_of(uri) == "gs":
        raise RequestError(f"the type of {uri!r} cannot be told from its name: rename it")
    return Attachment(name or uri, mime_type, None, uri=uri)
