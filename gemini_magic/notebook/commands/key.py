"""`%gemini key`: a key for a notebook that runs already."""

from __future__ import annotations

from typing import Any

from ... import keys
from ...engines.google.clients import CLIENTS
from ...engines.sealed import sealed
from ...errors import RequestError
from ...keys import Key
from ...options.option import Option
from ...phrases import short
from .command import Invocation
from .registry import LINE, command

SERVICE, USER = "gemini-magic", "GEMINI_API_KEY"
KEYRING = Option(
    names=("--keyring",),
    field="keyring",
    help="Take the key from this machine's keyring; if none is there, keep the typed one in it.",
)
FORGET = Option(
    names=("--forget",),
    field="forget",
    help="Forget the key that was typed; with --keyring the one in the keyring too.",
)
# Which is not shown again: it may be the key.
_NOT_HERE = (
    f"`{LINE} key` takes flags only: it asks for the key, which is then in no cell and no output; "
    "if one stands in this cell, take it out"
)
_HERE = "it stays in the memory of this kernel, and ends with it"


@command("key", KEYRING, FORGET, alone=_NOT_HERE)
@sealed
def key(at: Invocation, keyring: bool = False, forget: bool = False) -> str:
    """Type a key for Gemini, which nobody sees and no file of ours holds."""
    if forget:
        return _forget(keyring)
    return _from_keyring(at) if keyring else _typed(at)


def _typed(at: Invocation) -> str:
    _keep(_ask(at))
    return f"the key is taken: {_HERE}{_unless(at)}"


def _from_keyring(at: Invocation) -> str:
    held = Key(_keyring("get_password", SERVICE, USER) or "")
    if held:
        _keep(held)
        return f"the key of the keyring is taken: {_HERE}{_unless(at)}"
    typed = _ask(at)
    _keep(typed)
    _keyring("set_password", SERVICE, USER, typed.text)
    return (
        f"the key is taken, and is in the keyring of this machine: `{LINE} key --keyring` finds it "
        f"there in any kernel{_unless(at)}"
    )


def _keep(key: Key) -> None:
    before = keys.keep(key)
    if before:
        CLIENTS.forget_key(before.text)


def _ask(at: Invocation) -> Key:
    """Return what the user typed; raise RequestError for nothing, and where nobody can type."""
    typed = at.session.host.ask_key("Key for Gemini, which is not shown: ")
    if typed is None:
        raise RequestError(
            f"nobody can type a key here: export {USER}=… before the notebook is run, or keep one "
            f"with `{LINE} key --keyring` where somebody can"
        )
    if not typed:
        raise RequestError("nothing was typed, and all stays as it was: run the cell again")
    return typed


def _unless(at: Invocation) -> str:
    engine = at.session.options().engine
    return f"; GeminiMagic.engine is {engine!r}, which asks no Gemini" if _is_other(engine) else ""


def _is_other(engine: str | None) -> bool:
    return bool(engine) and engine not in ("gemini", "vertex")


def _forget(keyring: bool) -> str:
    gone = keys.forget()
    if gone:
        CLIENTS.forget_key(gone.text)
    said = ["the key that was typed is forgotten" if gone else "no key was typed here"]
    if keyring:
        held = Key(_keyring("get_password", SERVICE, USER) or "")
        if held:
            _keyring("delete_password", SERVICE, USER)
        said.append("the one in the keyring is deleted" if held else "none is in the keyring")
    name, left = keys.found()
    said.append(f"that of {name} is used" if left else "the offline engine answers")
    return "; ".join(said)


def _keyring(name: str, *arguments: str) -> Any:
    """Call a function of the package keyring; raise RequestError where that cannot be used."""
    try:
        import keyring
    except ImportError:
        raise RequestError(
            f"keyring is not installed: `pip install 'gemini-magic[keys]'`, or `{LINE} key` alone"
        ) from None
    try:
        return getattr(keyring, name)(*arguments)
    # A backend of any system raises what it likes.
    except Exception as exc:
        said = str(exc)
        for argument in arguments[2:]:
            said = said.replace(argument, "…")
        why = short(said) or type(exc).__name__
        raise RequestError(
            f"the keyring of this machine cannot be used ({why}): `{LINE} key` alone needs none"
        ) from None
