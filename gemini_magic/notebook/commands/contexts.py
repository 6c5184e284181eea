"""`%gemini context`: files and an instruction that the server keeps, for prompts to build on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...answer.parts import Note
from ...engines.google import caches
from ...engines.google.caches import Context
from ...options.converters import Duration
from ...options.option import Option
from ...options.table import flags_of
from ...phrases import short
from ...request.build import without_prompt
from ...views.report import Table
from .columns import columns, number, time
from .command import Invocation
from .online import gemini
from .registry import command

HOUR = 3600
TTL = Option(
    names=("--ttl",),
    field="ttl",
    help="How long the server keeps it, and bills it; an hour if not said.",
    takes=Duration(),
)
_LACKS = "keeps no contexts"


@command("context", aliases=("list",))
def contexts(at: Invocation) -> str | Table:
    """List the contexts that the server keeps."""
    found = caches.contexts(gemini(at, _LACKS).connection)
    at.session.contexts[:] = [held.name for held in found]
    if not found:
        return "no context at the server: `%gemini context create NAME --file PATH` makes one"
    rows = [
        (short(held.name), held.model, number(held.tokens), time(held.expires)) for held in found
    ]
    return columns(("context", "model", "tokens", "until"), rows)


@command("context create NAME", *flags_of("files"), TTL, *flags_of("model", "system"))
def create(
    at: Invocation,
    name: str,
    files: Sequence[str] = (),
    ttl: int = HOUR,
    model: str = "",
    system: str = "",
) -> str:
    """Have the server keep files and an instruction, for many prompts to build on."""
    options = at.session.options()
    engine = gemini(at, _LACKS, model)
    request = without_prompt(
        files,
        system or options.system,
        engine.model,
        options.max_attachment_bytes,
        options.timeout,
    )
    making = caches.create(engine.connection, name, request, ttl)
    while True:
        try:
            part = next(making)
        except StopIteration as over:
            at.session.contexts.append(name)
            return _made(over.value, [a.uri or a.name for a in request.attachments])
        if isinstance(part, Note):
            at.session.host.print(part.text)


def _made(held: Context, what: Iterable[str]) -> str:
    holds = ", ".join(what) or "the instruction"
    return (
        f"context {held.name!r} holds {holds}: {caches.counted(held)} for {held.model}, "
        f"{caches.until(held)}; `%%gemini_exec --cache-context {held.name}` asks on top of it"
    )


@command("context show CONTEXT")
def show(at: Invocation, name: str) -> str:
    """Show what is known of a context."""
    held = caches.context(gemini(at, _LACKS).connection, name)
    made = f"made {time(held.created)}, " if held.created else ""
    return (
        f"context {held.name!r}: {caches.counted(held)} for {held.model}, {made}"
        f"{caches.until(held)}; at the server it is {held.resource}"
    )


@command("context delete CONTEXT")
def delete(at: Invocation, name: str) -> str:
    """Delete a context."""
    held = caches.delete(gemini(at, _LACKS).connection, name)
    at.session.contexts[:] = [each for each in at.session.contexts if each != name]
    return f"context {held.name!r} is deleted, with its {caches.counted(held)}"
