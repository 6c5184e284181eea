"""What a request asks, as facts by name, and the one short word that stands for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..options.table import ROWS
from .attachment import Attachment

if TYPE_CHECKING:
    from .request import Request

# A fact of what answers, in place of what is asked, begins so.
ENGINE = "engine"
# Facts that are told by their digest whatever they are: they may be long, and are the user's.
_DIGESTED = ("system",)
_LONGEST = 64

Facts = Mapping[str, Any]


def facts_of(request: Request, engine: str = "", identity: Facts | None = None) -> dict[str, Any]:
    """Return what `request` asks of `engine`: short values by name, and of what is long its digest.

    The same for requests that send the same, whatever says so: data is there by its bytes, a chat
    by its turns, and of a dict the order does not count. What only says how the answer is shown is
    left out, and so is each option with its default: one that a later version adds changes nothing.
    `identity` is what else decides the answer (`engines.registry.identity_of`).
    """
    facts: dict[str, Any] = {"prompt": digest(request.prompt)}
    for row in ROWS:
        value = getattr(request.options, row.field)
        if row.scope == "request" and (row.field == "model" or value != row.default):
            facts[row.field] = _fact(row.field, value)
    for attachment, staged in zip(request.attachments, request.staged_names, strict=True):
        facts[f"{kind_of(attachment)} {attachment.name}"] = digest(
            {**attachment.canonical(), "staged": staged}
        )
    for each in request.kept:
        kind = "file" if each.path else "data"
        facts[f"{kind} {each.name}"] = digest([each.words, each.sha256])
    for declared in request.functions:
        facts[f"function {declared.name}"] = digest(asdict(declared))
    if request.output is not None:
        facts["output"] = digest(request.output.schema)
    if request.history is not None:
        facts["history"] = digest(list(turn_digests(request)))
    facts[ENGINE] = engine
    return facts | {f"{ENGINE}.{name}": value for name, value in (identity or {}).items()}


def fingerprint(facts: Facts) -> str:
    """Return the SHA-256 of `facts`: alike in every process, and on every machine."""
    return digest(facts)


def question(facts: Facts) -> str:
    """Return the SHA-256 of what is asked, whichever engine answers."""
    return digest({name: fact for name, fact in facts.items() if not name.startswith(ENGINE)})


def digest(value: Any) -> str:
    """Return the SHA-256 of JSON values, in which the order of a dict does not count.

    What is nested too deep to be written is like nothing else.
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    except RecursionError:
        return uuid4().hex
    return sha256(text.encode("ascii")).hexdigest()


def turn_digest(contents: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the wire contents of a turn."""
    return digest([dict(content) for content in contents])


def turn_digests(request: Request) -> tuple[str, ...]:
    """Return a digest for each turn of the chat that `request` continues.

    A request that is made by hand, or read from somewhere, may have a history and no digests.
    """
    if request.turns or not request.history:
        return request.turns
    return (turn_digest(request.history),)


def kind_of(attachment: Attachment) -> str:
    """Return what an attachment is to the user: a file, or a variable: a frame, or other data."""
    if attachment.path or attachment.uri:
        return "file"
    return "frame" if attachment.mime_type == "text/csv" else "data"


def _fact(name: str, value: Any) -> Any:
    is_short = not isinstance(value, str) or len(value) <= _LONGEST
    is_plain = value is None or isinstance(value, bool | int | float | str)
    return value if is_plain and is_short and name not in _DIGESTED else digest(value)
