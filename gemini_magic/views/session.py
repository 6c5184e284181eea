"""What is remembered from cell to cell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..options import settings as options_settings
from .host import Host

if TYPE_CHECKING:
    from ..engines.base import Engine
    from ..engines.kept_sandboxes import KeptSandboxes
    from ..options.settings import GeminiMagic
    from ..options.table import Options
    from ..request.build import Request
    from ..runs.chats import Chats
    from ..runs.run import Run


class Session:
    """The chats, the runs in the order in which they began, and the contexts last seen, by name.

    `host` is where it all is shown. The `settings` are those of the shell, or of the environment.
    """

    def __init__(self, host: Host | None = None, settings: GeminiMagic | None = None) -> None:
        self.host = host or Host.here()
        self._settings = settings
        self.runs: list[Run] = []
        self.contexts: list[str] = []

    @property
    def settings(self) -> GeminiMagic:
        return self._settings or options_settings.current()

    @cached_property
    def chats(self) -> Chats:
        # Imported by the first run: loading the extension must not delay a notebook.
        from ..runs.chats import Chats

        return Chats()

    @cached_property
    def sandboxes(self) -> KeptSandboxes:
        from ..engines.kept_sandboxes import KeptSandboxes

        return KeptSandboxes()

    def options(self, values: Mapping[str, Any] | None = None) -> Options:
        """Return the settings, overruled by `values`; raise OptionError for what cannot hold."""
        from ..options.parse import overruled

        return overruled(self.settings, values or {})

    def start(self, request: Request, engine: Engine, insert: str = "") -> Run:
        """Return a new run, and remember it."""
        from ..runs.run import Run

        run = Run(request, engine.name, engine.model, insert)
        self.runs.append(run)
        return run


_held: list[Session] = []


def current() -> Session:
    """Return the session of this process, which is a kernel's or a script's.

    Reloading the extension loses no chat, and cells and `gemini_magic.run` speak in the same ones.
    """
    return _held[0] if _held else hold(Session())


def hold(session: Session) -> Session:
    """Make `session` that of this process."""
    _held[:] = [session]
    return session
