"""Contexts: files and an instruction that the server keeps, for many requests to build on."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ...answer.parts import Note, Progress
from ...errors import RequestError
from ...request.request import Request
from ..model_names import bare
from ..sealed import sealed
from .capabilities import capabilities_of
from .clients import client_of
from .config import attached, http_options
from .connection import Connection
from .models import LISTING_SECONDS, names_of
from .retries import with_retries
from .sdk_errors import map_sdk_errors
from .target import Target
from .tools import mixes_tools, tools_of
from .uploads import uploaded

if TYPE_CHECKING:
    from google.genai import Client
    from google.genai.types import CachedContent

_CREATE = "`%gemini context create NAME --file PATH`"


@dataclass(frozen=True)
class Context:
    """What the server keeps for `model` under `name`.

    `resource` is the server's own name for it, and `tokens` how much there is, as it counted; None
    where it does not say. It goes by itself when it `expires`.
    """

    name: str
    resource: str
    model: str
    tokens: int | None = None
    created: datetime | None = None
    expires: datetime | None = None


@sealed
def contexts(connection: Connection) -> Sequence[Context]:
    """Return the contexts that there are, the newest first; raise a `GeminiError` if need be."""
    with map_sdk_errors(Target(connection, "", LISTING_SECONDS)):
        return _listed(connection)


@sealed
def context(connection: Connection, name: str) -> Context:
    """Return the context of that name; raise RequestError if there is none."""
    return _named(name, contexts(connection))


@sealed
def create(
    connection: Connection, name: str, request: Request, ttl: int
) -> Generator[Note | Progress, None, Context]:
    """Have the server keep the attachments and the instruction of `request` for `ttl` seconds.

    Files that are too large for a request are uploaded first, as for a prompt. The model gets its
    tool to run code here, as a request that builds on a context cannot bring one. Raises
    RequestError if there is a context of that name, and a `GeminiError` if it breaks.
    """
    options = request.options
    target = Target(connection, options.model, options.timeout, lambda: names_of(connection))
    row = capabilities_of(options.model)
    if row and not row.caching:
        raise RequestError(f"{options.model} takes no context: name another with --model")
    for held in contexts(connection):
        if held.name == name:
            raise RequestError(
                f"there is a context {name!r} already, {until(held)}: "
                f"`%gemini context delete {name}` makes room for it"
            )
    with map_sdk_errors(target):
        client = client_of(connection)
        if not connection.vertex:  # which has no Files API
            request = yield from uploaded(client, request, target)
        return _context(_created(client, name, request, ttl, connection.vertex))


@sealed
def delete(connection: Connection, name: str) -> Context:
    """Delete a context and return what it was; raise RequestError if there is none."""
    from google.genai.types import DeleteCachedContentConfig, HttpOptions

    held = context(connection, name)
    config = DeleteCachedContentConfig(http_options=HttpOptions(timeout=LISTING_SECONDS * 1000))
    with map_sdk_errors(Target(connection, "", LISTING_SECONDS)):
        client_of(connection).caches.delete(name=held.resource, config=config)
    return held


def resolve_cache(
    request: Request, target: Target, attempts: int
) -> Generator[Note, None, Request]:
    """Return `request` with the server's name for its context, if it builds on one.

    The server is asked for it, up to `attempts` times while it fails in a way that passes. Raises
    RequestError for a context that is not there, or that another model reads.
    """
    if not request.options.context:
        return request
    there = []
    with map_sdk_errors(Target(target.connection, "", LISTING_SECONDS)):
        for held in with_retries(lambda: iter(_listed(target.connection)), attempts):
            if isinstance(held, Note):
                yield held
            else:
                there.append(held)
    found = _named(request.options.context, there)
    if found.model != bare(target.model):
        raise RequestError(
            f"the context {found.name!r} is for {found.model}, not {target.model}: "
            f"say --model {found.model}"
        )
    yield Note(f"on top of the context {found.name!r} ({counted(found)})")
    return _with_context(request, found.resource)


def foreseen(request: Request) -> Request:
    """Return what `resolve_cache` would, without asking the server for its name of the context."""
    if not request.options.context:
        return request
    return _with_context(request, f"(that of the context {request.options.context!r})")


def refuse_mixing(request: Request, model: str) -> None:
    """Raise RequestError for what a request may not bring beside a context."""
    if not request.options.context:
        return
    options = request.options
    wanted = {
        "--system": options.system,
        "--tool": request.functions,
        "--search": options.search,
        "--url": options.url,
        "--no-code": not options.code,
        "--run here": options.runs_here,
        # With the tool that is there.
        "--json": request.output and not mixes_tools(model),
    }
    for flag, value in wanted.items():
        if value:
            also = " (and GeminiMagic.system empty)" if flag == "--system" else ""
            raise RequestError(
                f"the context {options.context!r} holds instruction and tools, and a request on "
                f"top of it can bring none: leave {flag} out{also}"
            )


def _with_context(request: Request, name: str) -> Request:
    return replace(request, options=replace(request.options, context=name))


def until(held: Context) -> str:
    """Return until when the server keeps a context, in the user's own time."""
    return f"until {held.expires.astimezone():%Y-%m-%d %H:%M}" if held.expires else "for some time"


def counted(held: Context) -> str:
    """Return how much a context holds."""
    return "tokens not counted" if held.tokens is None else f"{held.tokens:,} tokens"


def _listed(connection: Connection) -> list[Context]:
    from google.genai.types import HttpOptions, ListCachedContentsConfig

    _refuse_express(connection)
    config = ListCachedContentsConfig(
        page_size=100, http_options=HttpOptions(timeout=LISTING_SECONDS * 1000)
    )
    now = datetime.now(UTC)
    found = map(_context, client_of(connection).caches.list(config=config))
    there = [held for held in found if held.expires is None or held.expires > now]
    return sorted(there, key=lambda held: held.created or now, reverse=True)


def _named(name: str, there: Iterable[Context]) -> Context:
    names = []
    for held in there:
        if held.name == name:
            return held
        names.append(held.name)
    if not names:
        raise RequestError(f"there is no context {name!r}, nor any other: {_CREATE} makes one")
    near = get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
    raise RequestError(f"there is no context {name!r}: {hint}")


def _context(cached: CachedContent) -> Context:
    counts = cached.usage_metadata
    return Context(
        cached.display_name or bare(cached.name),
        cached.name or "",
        bare(cached.model),
        counts.total_token_count if counts else None,
        cached.create_time,
        cached.expire_time,
    )


def _created(client: Client, name: str, request: Request, ttl: int, vertex: bool) -> CachedContent:
    from google.genai.types import CreateCachedContentConfig, UserContent

    parts = attached(request)
    contents: Any = [UserContent(parts)] if parts else None
    config = CreateCachedContentConfig(
        http_options=http_options(request.options.timeout, request.options.model),
        display_name=name,
        contents=contents,
        system_instruction=request.options.system or None,
        tools=tools_of(request, request.options.model, vertex)["tools"],
        ttl=f"{ttl}s",
    )
    return client.caches.create(model=request.options.model, config=config)


def _refuse_express(connection: Connection) -> None:
    # The SDK would name the model as one of the project "None".
    if connection.vertex and connection.key:
        raise RequestError(
            "Vertex AI keeps contexts for a project, and a key names none: export "
            "GOOGLE_CLOUD_PROJECT=… before starting Jupyter"
        )
