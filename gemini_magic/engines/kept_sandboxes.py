"""The sandboxes of a session: that of a chat lives on for its next turn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer

from ..request.build import Request
from ..request.functions import RUN_PYTHON
from ..sandbox import Sandbox, has_science
from .base import Caller
from .here import CodeRunner


class KeptSandboxes:
    """Hands each run a sandbox, and keeps that of a chat for `keep_sandbox_minutes`.

    It is the scientific one where that is installed, as a chat that comes to plot would lose its
    variables on the way there; `science` says otherwise.
    """

    def __init__(self, science: bool | None = None) -> None:
        self._science = science
        self._lock = Lock()
        self._kept: dict[str, tuple[Sandbox, Timer]] = {}

    @contextmanager
    def caller(self, request: Request, functions: Caller) -> Iterator[Caller]:
        """Yield what runs the calls of one run: the `functions`, and code if it runs here."""
        if not request.options.runs_here:
            yield functions
            return
        sandbox = self._taken(request)
        try:
            yield CodeRunner(request.options, sandbox, functions)
        finally:
            self._return(request, sandbox)

    def _taken(self, request: Request) -> Sandbox:
        with self._lock:
            kept = self._kept.pop(request.options.chat, None)
        if kept is not None:
            kept[1].cancel()
            if request.history:
                kept[0].seconds = request.options.max_code_seconds
                return kept[0]
            kept[0].close()  # a chat that starts anew
        return Sandbox(
            seconds=request.options.max_code_seconds,
            science=has_science() if self._science is None else self._science,
            follows=_ran_code(request),
        )

    def _return(self, request: Request, sandbox: Sandbox) -> None:
        minutes = request.options.keep_sandbox_minutes
        if not request.options.chat or not minutes:
            sandbox.close()
            return
        name = request.options.chat
        timer = Timer(minutes * 60, self.drop, (name,))
        timer.daemon = True
        with self._lock:
            self._kept[name] = sandbox, timer
        timer.start()

    def drop(self, name: str) -> None:
        """End the sandbox of a chat, if there is one."""
        with self._lock:
            kept = self._kept.pop(name, None)
        if kept is not None:
            kept[1].cancel()
            kept[0].close()


def _ran_code(request: Request) -> bool:
    """Return whether an earlier turn of the chat ran code here, and may have left variables."""
    return any(f'"{RUN_PYTHON.name}"' in json.dumps(each) for each in request.history or ())
