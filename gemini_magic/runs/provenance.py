"""Where an answer comes from: which model gave it, what asked, and what it was asked."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..answer.parts import Reply
from ..engines.model_names import bare, is_alias, stem
from ..request.request import Request
from .seal import sha256_of

_PACKAGE = "gemini-magic"


@dataclass(frozen=True)
class Asked:
    """A request by its hashes, which stay when its data is let go.

    `files` has for each file its name, type, size in bytes and SHA-256, or its address where only
    the server reads it. `request` is empty for what is nested too deep to be written.
    """

    request: str
    files: tuple[Mapping[str, Any], ...]


def hashed(request: Request) -> Asked:
    """Return the hashes of a request that still has its data."""
    files = tuple(
        {
            "name": each.name,
            "mime_type": each.mime_type,
            **({"bytes": len(each.data)} if each.data is not None else {}),
            **({"sha256": each.canonical()["sha256"]} if each.data is not None else {}),
            **({"uri": each.uri} if each.uri else {}),
        }
        for each in request.attachments
    )
    try:
        return Asked(sha256_of(request.canonical()), files)
    except RecursionError:  # what a function was told or returned in a chat may be that deep
        return Asked("", files)


def answering_model(asked: str, reply: Reply | None) -> str:
    """Return the model that answered, by the name that was asked for if only the version differs.

    An alias is told by the model that it stood for.
    """
    answered = bare(reply.model_version) if reply else ""
    is_same = stem(asked) == stem(answered) and not is_alias(asked)
    return asked if is_same or not answered else answered


def provenance(
    engine: str, asked: str, replies: Sequence[Reply], moment: datetime, request: Asked
) -> dict[str, Any]:
    """Return the facts by name, as JSON values; `moment` is when the request went out."""
    # It knows all engines, of which a run that was read needs none.
    from ..engines.registry import sdk_of

    last = replies[-1] if replies else Reply()
    sdk = sdk_of(engine)
    return {
        "engine": engine,
        "model_asked": asked,
        "model_answered": last.model_version,
        "response_ids": list(dict.fromkeys(r.response_id for r in replies if r.response_id)),
        # An engine that has no server used no SDK.
        "sdk": f"{sdk} {_version(sdk)}" if replies else "",
        "package": f"{_PACKAGE} {_version(_PACKAGE)}",
        "python": platform.python_version(),
        "time": moment.isoformat(timespec="seconds"),
        "request": request.request,
        "files": [dict(each) for each in request.files],
    }


def unknown(engine: str, asked: str) -> dict[str, Any]:
    """Return what is known of a stored run that says nothing of where it comes from."""
    texts = ("model_answered", "sdk", "package", "python", "time", "request", "content")
    return {
        "engine": engine,
        "model_asked": asked,
        "response_ids": [],
        "files": [],
        **dict.fromkeys(texts, ""),
    }


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of no known version"
