"""Says in plain words what WASI cannot give, threads and a network; both guests hold this file."""

from __future__ import annotations

import _thread
import socket
import threading
from typing import NoReturn

NO_NETWORK = "this sandbox has no network"
NO_NAME = getattr(socket, "EAI_FAIL", -4)
UNPACKED = tuple((f"{side} jpeg not available",) for side in ("encoder", "decoder"))
SECURE = "unknown url type: https"  # as `urllib` says where Python has no ssl


def refuse_thread(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when the system gives no thread."""
    raise RuntimeError("can't start new thread: this sandbox has no threads")


def refuse_address(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when a name cannot be resolved."""
    raise socket.gaierror(NO_NAME, NO_NETWORK)


def refuse_connection(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when the system forbids a connection."""
    raise PermissionError(NO_NETWORK)


def name_limit(exc: BaseException) -> None:
    """Say why `urllib` knows no `https`, and Pillow no JPEG."""
    if not isinstance(exc, OSError):
        return
    reason = getattr(exc, "reason", None)
    if reason == SECURE:
        vars(exc)["reason"] = f"{reason}: {NO_NETWORK}"
    elif exc.args in UNPACKED:
        exc.args = (f"{exc.args[0]}: this sandbox has no JPEG; PNG, GIF and PDF can be written",)


def install() -> None:
    """Put the refusals where they are easy to read; WASI refuses whoever gets past them."""
    for name in ("start_new_thread", "start_joinable_thread"):
        setattr(_thread, name, refuse_thread)
    threading._start_joinable_thread = refuse_thread  # type: ignore[attr-defined]
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, refuse_address)
    for name in ("connect", "connect_ex", "bind", "sendto"):
        setattr(socket.socket, name, refuse_connection)
