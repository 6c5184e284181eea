"""The sandboxes of a session: that of a chat lives on for its next turn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Timer

from ..request.build import Request
from ..request.functions import RUN_PYTHON
from ..request.kept import Held
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
    def caller(
        self, request: Request, functions: Caller, held: Sequence[Held] = ()
    ) -> Iterator[Caller]:
        """Yield what runs the calls of one run: the `functions`, and code if it runs here.

        The data that is `held` is there for the code, and for that of later turns.
        """
        if not request.options.runs_here:
            yield functions
            return
        sandbox = self._taken(request)
        for each in held:
            if each.layout:
                sandbox.load(each.name, each.layout)
            else:
                sandbox.put(each.name, each.data)
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
            memory=request.options.sandbox_memory_mb * 2**20,
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

    def close(self) -> None:
        """End all that are kept."""
        for name in tuple(self._kept):
            self.drop(name)

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
