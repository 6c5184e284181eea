"""A chat as a file: to go on with it tomorrow, or elsewhere."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from ..engines.google.turns import contents_of
from ..errors import ChatError
from ..options.converters import chat_name
from ..request.attachments import Attachment
from .chats import Chat, Finished

VERSION = 1


def save(chat: Chat, path: Path) -> None:
    """Write `chat` to `path`, whole or not at all; raise ChatError where that cannot be.

    The file holds all that was said, files that were sent and thought signatures among it.
    """
    turns = [_document(turn) for turn in chat.turns]
    document = {"chat": chat.name, "version": VERSION, "engine": chat.engine, "turns": turns}
    try:
        _put(json.dumps(document), _ordinary(path))
    except (OSError, RuntimeError, ValueError) as exc:
        raise ChatError(f"the chat cannot be saved in {str(path)!r}: {_why(exc)}") from exc


def _document(turn: Finished) -> dict[str, Any]:
    document = asdict(turn)
    del document["execution"]  # of a kernel that will be gone
    return document


def _ordinary(path: Path) -> Path:
    """Return `path` from the user's home; raise OSError for what may never end, as a pipe."""
    path = path.expanduser()
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    return path


def _why(exc: Exception) -> str:
    return str(getattr(exc, "strerror", None) or exc)


def _put(text: str, path: Path) -> None:
    # Beside its place, as only there it can be put into place in one go.
    number, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError:
        draft.unlink()
        raise


def load(path: Path, name: str = "") -> Chat:
    """Read a chat that `save` wrote, under the name that it had or another.

    Raises ChatError for a file that is missing, damaged or something else.
    """
    try:
        data = _ordinary(path).read_bytes()
    except (OSError, RuntimeError, ValueError) as exc:
        raise ChatError(f"the chat in {str(path)!r} cannot be read: {_why(exc)}") from exc
    try:
        chat = _chat(json.loads(data), name)
        contents_of(chat.contents)
    except (ChatError, KeyError, TypeError, ValueError, RecursionError) as exc:
        raise ChatError(
            f"{str(path)!r} is no chat, or a damaged one: it takes a file of `%gemini chat save`"
        ) from exc
    return chat


def _chat(document: Any, name: str) -> Chat:
    if _a(dict, document)["version"] != VERSION:
        raise ValueError
    turns = tuple(_turn(_a(dict, turn)) for turn in _a(list, document["turns"]))
    return Chat(chat_name(name or _a(str, document["chat"])), _a(str, document["engine"]), turns)


def _turn(data: Mapping[str, Any]) -> Finished:
    return Finished(
        prompt=_a(str, data["prompt"]),
        answer=_a(str, data["answer"]),
        contents=tuple(_content(_a(dict, content)) for content in _a(list, data["contents"])),
        tokens=_count(data["tokens"]),
        cell=_a(str, data["cell"]),
        attachments=tuple(_attachment(_a(dict, each)) for each in _a(list, data["attachments"])),
    )


def _attachment(data: Mapping[str, Any]) -> Attachment:
    name, mime_type, uri, path = (_a(str, data[k]) for k in ("name", "mime_type", "uri", "path"))
    return Attachment(name, mime_type, None, uri, path)


def _count(value: Any) -> int:
    if _a(int, value) < 0:
        raise ValueError
    return int(value)


def _content(data: Mapping[str, Any]) -> Mapping[str, Any]:
    for part in _a(list, data["parts"]):
        _a(dict, part)
    if data["role"] not in ("user", "model"):
        raise ValueError
    return data


def _a(kind: type, value: Any) -> Any:
    """Return `value`, which must be of `kind`."""
    if not isinstance(value, kind):
        raise TypeError
    return value
