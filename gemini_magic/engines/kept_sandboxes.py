"""The sandboxes of a session: that of a chat lives on for its next turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import Any

from ..answer.parts import Call
from ..request.declarations import RUN_PYTHON
from ..request.kept import KeptData
from ..request.request import Request
from ..sandbox import Sandbox, has_science, never
from .base import Caller
from .here import CodeRunner
from .private.mask import Mask


@dataclass
class Desk:
    """A sandbox with the data that was put into it, and the mask of what is private of that.

    `ran` is the code that ran in it.
    """

    sandbox: Sandbox
    held: dict[str, KeptData] = field(default_factory=dict)
    mask: Mask | None = None
    ran: set[str] = field(default_factory=set)

    def add(self, held: Sequence[KeptData], *, private: bool) -> None:
        """Put data into the sandbox. What was private once stays so as long as it is there."""
        for each in held:
            if each.layout:
                self.sandbox.load(each.name, each.layout)
            else:
                self.sandbox.put(each.name, each.data)
        self.held |= {each.name: each for each in held}
        if private and self.mask is None:
            self.mask = Mask(self.held.values())
        elif self.mask is not None and held:
            self.mask.add(held)


class KeptSandboxes:
    """Hands each run a sandbox, and keeps that of a chat for `keep_sandbox_minutes`.

    It is the scientific one where that is installed, as a chat that comes to plot would lose its
    variables on the way there; `science` says otherwise. `stopped` is for runs in a thread:
    whether they were interrupted.
    """

    def __init__(self, science: bool | None = None, stopped: Callable[[], bool] = never) -> None:
        self._science = science
        self._stopped = stopped
        self._lock = Lock()
        self._kept: dict[str, tuple[Desk, Timer]] = {}

    @contextmanager
    def caller(
        self,
        request: Request,
        functions: Caller,
        held: Sequence[KeptData] = (),
        approves: Callable[[Call], bool] = lambda _: True,
    ) -> Iterator[Caller]:
        """Yield what runs the calls of one run: the `functions`, and code if it runs here.

        The data that is `held` is there for the code, and for that of later turns. `approves` is
        asked before the model is told a result.
        """
        options = request.options
        if not options.runs_here:
            yield functions
            return
        desk = self._taken(request)
        try:
            desk.add(held, private=options.private)
            yield CodeRunner(
                options,
                desk.sandbox,
                functions,
                desk.mask,
                approves,
                request.functions,
                codes_in(request.history or ()),
                desk.ran,
            )
        finally:
            self._return(request, desk)

    def replayed(self, request: Request, held: Sequence[KeptData]) -> None:
        """Have the data of a chat's turn there for later ones, though its answer was recorded.

        What was private in it stays so. Its code does not run again.
        """
        desk = self._taken(request)
        try:
            desk.add(held, private=request.options.private)
        finally:
            self._return(request, desk)

    def _taken(self, request: Request) -> Desk:
        with self._lock:
            kept = self._kept.pop(request.options.chat, None)
        if kept is not None:
            desk, timer = kept
            timer.cancel()
            if request.history:
                desk.sandbox.seconds = request.options.max_code_seconds
                return desk
            desk.sandbox.close()  # a chat that starts anew
        return Desk(
            Sandbox(
                seconds=request.options.max_code_seconds,
                science=has_science() if self._science is None else self._science,
                follows=bool(codes_in(request.history or ())),
                memory=request.options.sandbox_memory_mb * 2**20,
                stopped=self._stopped,
            )
        )

    def _return(self, request: Request, desk: Desk) -> None:
        name, minutes = request.options.chat, request.options.keep_sandbox_minutes
        if not name or not minutes:
            desk.sandbox.close()
            return
        timer = Timer(minutes * 60, self.drop, (name,))
        timer.daemon = True
        with self._lock:
            self._kept[name] = desk, timer
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
            desk, timer = kept
            timer.cancel()
            desk.sandbox.close()


def codes_in(history: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the code of earlier turns, which ran here, elsewhere, or when they were recorded."""
    codes = []
    for content in history:
        parts = content.get("parts") if isinstance(content, Mapping) else None
        # A file may hold anything; whoever sends it says so.
        for part in parts if isinstance(parts, list | tuple) else ():
            match part:
                case {"functionCall": {"name": RUN_PYTHON.name, "args": {"code": str(code)}}}:
                    codes.append(code)
                case {"executableCode": {"code": str(code)}}:
                    codes.append(code)
    return codes
