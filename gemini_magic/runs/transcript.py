"""A chat as a file: to go on with it tomorrow, or elsewhere."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from ..engines.google.turns import contents_of
from ..errors import ChatError, RequestError
from ..options.converters import chat_name
from ..sanitize import writable
from .chats import Chat, Finished

VERSION = 1
# How the file of a chat begins, also where it was laid out anew, and the bytes that show it.
_BEGINNING = re.compile(rb"\s*\{\s*\"chat\"\s*:")
_HEAD = 1000


def save(chat: Chat, path: Path) -> None:
    """Write `chat` to `path`, whole or not at all, in place of a chat or an empty file.

    Raises ChatError if that cannot be, and for a file that is something else. The file holds all
    that was said, files that were sent and thought signatures among it.
    """
    turns = [_document(turn) for turn in chat.turns]
    document = {"chat": chat.name, "version": VERSION, "engine": chat.engine, "turns": turns}
    try:
        put(json.dumps(document), ordinary(path), _refuse_another)
    except (OSError, RuntimeError, ValueError) as exc:
        raise ChatError(f"the chat cannot be saved in {str(path)!r}: {_why(exc)}") from exc


def _refuse_another(path: Path) -> None:
    """Raise ChatError for a file that a chat would destroy, as a notebook or a program."""
    if path.is_file():
        with path.open("rb") as file:
            begins = file.read(_HEAD)
        if begins.strip() and not _BEGINNING.match(begins):
            raise ChatError(f"{str(path)!r} is there, and is no chat: choose another name")


def _document(turn: Finished) -> dict[str, Any]:
    document = asdict(replace(turn, run=None))
    # Of a kernel that will be gone.
    del document["execution"], document["run"]
    return document


def ordinary(path: Path) -> Path:
    """Return `path` from the user's home; raise OSError for what may never end, as a pipe."""
    path = path.expanduser()
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is no ordinary file")
    return path


def _why(exc: Exception) -> str:
    return str(getattr(exc, "strerror", None) or exc)


def put(text: str, path: Path, check: Callable[[Path], object] = lambda path: None) -> None:
    """Write `text` to `path`, whole or not at all; not if `check` raises for what is there."""
    # Beside its place, as only there it can be put into place in one go.
    number, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        check(path)
        draft.replace(path)
    except BaseException:
        draft.unlink()
        raise


def load(path: Path, name: str = "") -> Chat:
    """Read a chat that `save` wrote, under the name that it had or another.

    Raises ChatError for a file that is missing, damaged or something else, or names attachments
    that nobody can have sent.
    """
    from .stored_chat import StoredChat

    try:
        data = ordinary(path).read_bytes()
    except (OSError, RuntimeError, ValueError) as exc:
        raise ChatError(f"the chat in {str(path)!r} cannot be read: {_why(exc)}") from exc
    try:
        # pydantic refuses half a surrogate pair.
        text = writable(json.dumps(json.loads(data), ensure_ascii=False))
        stored = StoredChat.model_validate_json(text)
        chat = Chat(chat_name(name or stored.chat), stored.engine, stored.turns_of_chat())
        contents_of(chat.contents)
    except (ChatError, RequestError, ValueError, RecursionError) as exc:
        raise ChatError(
            f"{str(path)!r} is no chat, or a damaged one: it takes a file of `%gemini chat save`"
        ) from exc
    return chat
