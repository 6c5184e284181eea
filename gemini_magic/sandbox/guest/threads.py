"""Says in plain words that there are no threads: WASI cannot start one."""

from __future__ import annotations

import _thread
import threading
from typing import NoReturn


def refuse(*_: object, **__: object) -> NoReturn:
    """Raise what CPython raises when the system gives no thread."""
    raise RuntimeError("can't start new thread: this sandbox has no threads")


def install() -> None:
    """Put the refusal wherever a thread would begin."""
    _thread.start_new_thread = _thread.start_joinable_thread = refuse  # type: ignore[attr-defined]
    threading._start_joinable_thread = refuse  # type: ignore[attr-defined]
