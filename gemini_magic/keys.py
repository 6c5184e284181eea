"""The keys: those of the environment, of the file `.env`, and the one that was typed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from .errors import KeyInvalid

# In the order in which Google's own SDK takes them.
NAMES = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
# That of a server of chat completions, and OpenAI's own.
LOCAL, OPENAI = "GEMINI_MAGIC_LOCAL_API_KEY", "OPENAI_API_KEY"
# What messages call a key that was typed, as they call others by their variables.
TYPED = "`%gemini key`"
HOW = f"run {TYPED}, or export GEMINI_API_KEY=… before starting Jupyter"
FILE = ".env"
# Keys are some 39 characters; a placeholder of a few would match by chance.
_SHORTEST = 8
# A file of settings; what is larger is something else.
_LARGEST = 100_000


class Key:
    """A key that was typed. Nothing prints or pickles it: it stays in this process."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = _bare(text)

    @property
    def text(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "<Key>"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a key cannot be pickled or copied: it stays in this process")

    def check(self) -> None:
        """Raise KeyInvalid, which does not show it, if this can be no key."""
        if not _is_sendable(self._text):
            raise KeyInvalid("what was typed holds characters that no key has: copy the key again")
        if len(self._text) < _SHORTEST:
            raise KeyInvalid("what was typed is too short to be a key: copy the whole key")


_typed: list[Key] = []
_folder: list[Path] = []


def look_in(folder: Path) -> None:
    """Read the file `.env` of `folder` from now on, wherever the notebook's code goes later."""
    _folder[:] = [folder]


def keep(key: Key) -> Key | None:
    """Use `key` from now on, before those of the environment; return the one typed before.

    Raises KeyInvalid if it can be none.
    """
    key.check()
    before = forget()
    _typed.append(key)
    return before


def forget() -> Key | None:
    """Forget the key that was typed, and return it; None if there was none."""
    return _typed.pop() if _typed else None


def key_of(name: str, env: Mapping[str, str] | None = None) -> str:
    """Return the key in the variable `name`, empty if there is none.

    Without the blanks, line ends and quotes around it that a file or a shell left: so it is sent,
    and so it is looked for.
    """
    return _bare((os.environ if env is None else env).get(name, ""))


def _bare(text: str) -> str:
    # `docker --env-file` keeps the quotes of a file that a shell would read without them.
    text = text.strip()
    return text[1:-1].strip() if text[:1] in ("'", '"') and text[-1:] == text[:1] else text


def found(env: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return where the key to be used comes from and the key itself, empty if there is none.

    The key that was typed comes first, then the environment, then the file `.env`. `env` stands in
    for all of them. Raises KeyInvalid for a key that cannot be sent.
    """
    for name, key in _held() if env is None else _in(env):
        if not _is_sendable(key):
            raise KeyInvalid(f"{name} holds characters that no key has: copy the key again")
        return name, key
    return NAMES[-1], ""


def key_in(text: str | bytes) -> str | None:
    """Return the name of the key that is in `text`, or None."""
    data = text.encode(errors="replace") if isinstance(text, str) else text
    for name, key in _everywhere():
        if len(key) >= _SHORTEST and key.encode(errors="replace") in data:
            return name
    return None


def without_key(text: str, key: str, name: str) -> str:
    """Return `text` with the name of its variable in place of the key."""
    return text.replace(key, f"({name})") if len(key) >= _SHORTEST else text


def _held() -> Iterator[tuple[str, str]]:
    """Yield all keys that are known here, each with its name, in the order in which they count."""
    yield from ((TYPED, key.text) for key in _typed)
    yield from _in(os.environ)
    yield from ((f"{name} of the file {FILE}", key) for name, key in _in(_read_file()))


def _everywhere() -> Iterator[tuple[str, str]]:
    """Yield all keys that must not leave with a text, those of other servers among them."""
    yield from _held()
    yield from ((name, key) for name in (LOCAL, OPENAI) if (key := key_of(name)))


def _in(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in NAMES:
        if key := key_of(name, env):
            yield name, key


def _read_file() -> Mapping[str, str]:
    """Return what the file `.env` says, in the notebook's folder or the current one; or nothing.

    Read anew each time, as it may be written while the notebook is open. Of its names only the keys
    count: a file that came with somebody's notebook must not send a key to a server of its own.
    """
    path = _file()
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return {}
        from dotenv import dotenv_values

        values = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (ImportError, OSError, ValueError):
        return {}
    return {name: value for name, value in values.items() if value}


def has_unread_file() -> bool:
    """Return whether there is a file `.env` that is not read, as python-dotenv is missing."""
    return find_spec("dotenv") is None and _file().is_file()


def _file() -> Path:
    return Path(*_folder, FILE)


def _is_sendable(key: str) -> bool:
    return key.isascii() and key.isprintable() and " " not in key
