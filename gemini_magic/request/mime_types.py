"""What kind of file something is: by its name, and by its first bytes."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

# Types by which a model, or the code that it writes, knows what a file is. Any other text goes as
# text/plain, JSON among it.
TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".css": "text/css",
    ".htm": "text/html",
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".py": "text/x-python",
    ".rtf": "text/rtf",
    ".xml": "text/xml",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".pdf": "application/pdf",
    ".wav": "audio/wav",
    ".mp3": "audio/mp3",
    ".aiff": "audio/aiff",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".mp4": "video/mp4",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".webm": "video/webm",
    ".wmv": "video/x-ms-wmv",
    ".3gp": "video/3gpp",
}
# Texts whose type must be told without a look into them, at a gs:// address.
_TEXTS = (".json", ".md", ".ts", ".txt", ".sql", ".yaml", ".yml", ".toml", ".log", ".ipynb")
_SUFFIXES = {
    **{mime_type: suffix for suffix, mime_type in reversed(TYPES.items())},
    "text/plain": ".txt",
    "image/jpeg": ".jpeg",
    "text/html": ".html",
    "video/mpeg": ".mpeg",
}
# Not the module's own functions, which ask the machine: there a CSV may be a spreadsheet.
_MACHINE_INDEPENDENT = mimetypes.MimeTypes()
# https://www.rfc-editor.org/rfc/rfc2046#section-4.5.1
_UNKNOWN = "application/octet-stream"
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}


def type_of_file(name: str, data: bytes) -> str:
    """Return the MIME type of a file, nothing if neither its name nor its data tells it.

    What to make of a type, an engine knows: the offline one runs code on any file.
    """
    suffix = PurePosixPath(name).suffix
    known = TYPES.get(suffix.lower()) or type_in(data)
    return known or _MACHINE_INDEPENDENT.guess_type(name)[0] or (_UNKNOWN if suffix else "")


def type_of_address(name: str) -> str:
    """Return the MIME type that the name in an address tells, or nothing."""
    suffix = PurePosixPath(name).suffix.lower()
    text = "text/plain" if suffix in _TEXTS else ""
    return TYPES.get(suffix) or text or _MACHINE_INDEPENDENT.guess_type(name)[0] or ""


def type_in(data: bytes) -> str:
    """Return the MIME type that the data tells, or nothing."""
    for signature, mime_type in _SIGNATURES.items():
        if data.startswith(signature):
            return mime_type
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else "text/plain"


def suffix_of(name: str, mime_type: str) -> str:
    """Return how the name of a file ends where code runs: by its type, else as `name` does."""
    known = _SUFFIXES.get(mime_type)
    return PurePosixPath(name).suffix if known is None else known


def compression_of(name: str) -> str:
    """Return what a file of this name is packed with, as `mimetypes` calls it, or nothing."""
    return _MACHINE_INDEPENDENT.guess_type(name)[1] or ""
