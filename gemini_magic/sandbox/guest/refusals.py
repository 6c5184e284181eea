"""Says in plain words what WASI cannot give: threads and a network."""

from __future__ import annotations

import _thread
import socket
import threading
from typing import NoReturn


def refuse_thread(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when the system gives no thread."""
    raise RuntimeError("can't start new thread: this sandbox has no threads")


def refuse_address(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when a name cannot be resolved."""
    raise socket.gaierror(socket.EAI_FAIL, "this sandbox has no network")


def refuse_connection(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when the system forbids a connection."""
    raise PermissionError("this sandbox has no network")


def install() -> None:
    """Put the refusals where they are easy to read; WASI refuses whoever gets past them."""
    for name in ("start_new_thread", "start_joinable_thread"):
        setattr(_thread, name, refuse_thread)
    threading._start_joinable_thread = refuse_thread  # type: ignore[attr-defined]
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, refuse_address)
    for name in ("connect", "connect_ex", "bind", "sendto"):
        setattr(socket.socket, name, refuse_connection)
