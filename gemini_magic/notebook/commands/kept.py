"""What the server keeps for the reader, as text: contexts, and files that were uploaded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...answer.parts import Note
from ...engines.google.caches import Context, context, contexts, counted, create, delete, until
from ...engines.google.files import Uploaded, clean, files
from ...engines.google.gemini import Gemini
from ...engines.registry import connect
from ...errors import RequestError
from ...options.table import Options
from ...request.build import without_prompt
from ...sanitize import sanitize
from . import reports

HOUR = 3600


def listed(options: Options, seen: list[str]) -> str:
    """Return the contexts in columns; `seen` becomes their names."""
    found = contexts(_online(options, "keeps no contexts").connection)
    seen[:] = [held.name for held in found]
    if not found:
        return "no context at the server: `%gemini context create NAME --file PATH` makes one"
    rows = [
        (
            reports.short(held.name),
            held.model,
            "–" if held.tokens is None else f"{held.tokens:,}",
            _time(held.expires),
        )
        for held in found
    ]
    return reports.columns(("context", "model", "tokens", "until"), rows)


def shown(options: Options, name: str) -> str:
    """Return what is known of one context."""
    held = context(_online(options, "keeps no contexts").connection, name)
    made = f"made {_time(held.created)}, " if held.created else ""
    return (
        f"context {held.name!r}: {counted(held)} for {held.model}, {made}{until(held)}; "
        f"at the server it is {held.resource}"
    )


def created(
    options: Options,
    name: str,
    paths: Iterable[str] = (),
    ttl: int = HOUR,
    model: str = "",
    system: str = "",
) -> str:
    """Make a context, say what is uploaded for it as it happens, and return what it holds."""
    engine = _online(options, "keeps no contexts", model)
    request = without_prompt(
        paths,
        system or options.system,
        engine.model,
        options.max_attachment_bytes,
        options.timeout,
    )
    making = create(engine.connection, name, request, ttl)
    while True:
        try:
            part = next(making)
        except StopIteration as over:
            return _made(over.value, [a.uri or a.name for a in request.attachments])
        if isinstance(part, Note):
            print(sanitize(part.text))


def deleted(options: Options, name: str) -> str:
    """Delete a context and return what it was."""
    held = delete(_online(options, "keeps no contexts").connection, name)
    return f"context {held.name!r} is deleted, with its {counted(held)}"


def uploads(options: Options) -> str:
    """Return what is at the Files API, in columns, what was uploaded from here under a star."""
    found = files(_online(options, "has no Files API").connection)
    if not found:
        return "no file at the Files API"
    rows = [
        (
            "*" if file.ours else "",
            reports.short(file.name),
            file.mime_type,
            "–" if file.size is None else f"{file.size:,}",
            _time(file.expires),
        )
        for file in found
    ]
    table = reports.columns(("", "file", "type", "bytes", "until"), rows)
    return f"{table}\n* uploaded by gemini-magic: `%gemini files clean` deletes them"


def cleaned(options: Options) -> str:
    """Delete what was uploaded from here, and return what it was."""
    gone = clean(_online(options, "has no Files API").connection)
    if not gone:
        return "nothing at the Files API was uploaded by gemini-magic"
    size = sum(file.size or 0 for file in gone)
    count = "1 file" if len(gone) == 1 else f"{len(gone)} files"
    return f"deleted {count} at the Files API ({size:,} bytes): {_names(gone)}"


def _online(options: Options, lacks: str, model: str = "") -> Gemini:
    engine = connect(options.engine, model or options.model)
    if not isinstance(engine, Gemini):
        raise RequestError(
            f"the {engine.name} engine {lacks}: for Gemini, export GEMINI_API_KEY=… before "
            "starting Jupyter"
        )
    return engine


def _made(held: Context, what: Iterable[str]) -> str:
    holds = ", ".join(what) or "the instruction"
    return (
        f"context {held.name!r} holds {holds}: {counted(held)} for {held.model}, {until(held)}; "
        f"`%%gemini_exec --cache-context {held.name}` asks on top of it"
    )


def _names(found: Iterable[Uploaded]) -> str:
    return ", ".join(reports.short(file.name) for file in found)


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "–"
