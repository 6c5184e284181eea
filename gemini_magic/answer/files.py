"""Files that come with an answer: their names, what a page may offer, a look inside."""

from __future__ import annotations

import re
from mimetypes import MimeTypes
from pathlib import PurePosixPath

from .parts import File

# More than this is not stored in a notebook: it would be there twice, in base64.
MOST_BYTES = 2_000_000
# What a page may offer to save: no browser runs any of it.
_SAFE = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.file": ".arrow",
}
_TABLES = ("text/csv", "text/tab-separated-values")
_LINES = 6
_CHARACTERS = 120
# Not the module's own functions, which ask the machine.
_MACHINE_INDEPENDENT = MimeTypes()


def file_of(name: str, mime_type: str, data: bytes, place: int) -> File:
    """Return what came as a file; without a `name` of its own it is called by its `place`."""
    kind = mime_type.partition(";")[0].strip().lower() or "application/octet-stream"
    # Of a path only its end: a browser saves under this name.
    own = re.sub(r"[^\w.() -]", "_", PurePosixPath(name.replace("\\", "/")).name).strip(". ")[:80]
    suffix = _SAFE.get(kind) or _MACHINE_INDEPENDENT.guess_extension(kind) or ".bin"
    return File(own or f"output_file_{place}{suffix}", kind, len(data), data)


def is_safe(mime_type: str) -> bool:
    """Return whether a page may offer a file of this type to be saved."""
    return mime_type in _SAFE


def preview(file: File) -> str:
    """Return the first lines of a table, empty for anything else."""
    if file.mime_type not in _TABLES:
        return ""
    # A line may be as long as the file.
    text = file.data[: _LINES * _CHARACTERS * 4].decode("utf-8", "replace").lstrip("\ufeff")
    lines = text.splitlines()[:_LINES]
    return "\n".join(
        line if len(line) <= _CHARACTERS else f"{line[:_CHARACTERS]}…" for line in lines
    )


def described(file: File) -> str:
    """Return type and size, and why there is nothing to save if so."""
    lost = "" if file.data or not file.size else ", too large to be kept in the notebook"
    return f"{file.mime_type}, {max(0, file.size):,} bytes{lost}"
