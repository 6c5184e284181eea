"""`%gemini files`: what is at the Files API."""

from __future__ import annotations

from ...engines.google import files as uploads
from ...phrases import count, short
from ...views.report import Table
from .columns import columns, number, time
from .command import Invocation
from .online import gemini
from .registry import command

_LACKS = "has no Files API"


@command("files", aliases=("list",))
def files(at: Invocation) -> str | Table:
    """List what is at the Files API, and what was uploaded here."""
    found = uploads.files(gemini(at, _LACKS).connection)
    if not found:
        return "no file at the Files API"
    rows = [
        (
            "*" if file.ours else "",
            short(file.name),
            file.mime_type,
            number(file.size),
            time(file.expires),
        )
        for file in found
    ]
    after = "* uploaded by gemini-magic: `%gemini files clean` deletes them"
    return columns(("", "file", "type", "bytes", "until"), rows, after)


@command("files clean")
def clean(at: Invocation) -> str:
    """Delete what was uploaded here."""
    gone = uploads.clean(gemini(at, _LACKS).connection)
    if not gone:
        return "nothing at the Files API was uploaded by gemini-magic"
    size = sum(file.size or 0 for file in gone)
    names = ", ".join(short(file.name) for file in gone)
    return f"deleted {count(len(gone), 'file')} at the Files API ({size:,} bytes): {names}"
