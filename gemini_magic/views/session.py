"""What is remembered from cell to cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from ..options import settings as options_settings
from ..request.question import NOWHERE, Cell
from .host import Host

if TYPE_CHECKING:
    from pathlib import Path

    from ..engines.base import Engine
    from ..engines.kept_sandboxes import KeptSandboxes
    from ..engines.recordings.library import Library
    from ..options.settings import GeminiMagic
    from ..options.table import Options
    from ..request.request import Request
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
        # The runs of many rows by their key, as long as anybody has them.
        self.rows: WeakValueDictionary[str, Any] = WeakValueDictionary()
        self._libraries: dict[tuple[str, Path | None], Library] = {}
        self._shown: Counter[tuple[str, ...]] = Counter()

    @property
    def settings(self) -> GeminiMagic:
        return self._settings or options_settings.current()

    @cached_property
    def chats(self) -> Chats:
        # Imported by the first run: loading the extension must not delay a notebook.
        from ..runs.chats import Chats

        # Threads may come here side by side: what the first made is everybody's.
        chats: Chats = self.__dict__.setdefault("chats", Chats(self._leave))
        return chats

    def _leave(self, run: Run) -> None:
        """Say at a run that it is in no chat any more, where it is shown."""
        from ..answer.parts import Note

        run.add(Note("no longer in this chat: run it again"))
        self.host.refresh(run)

    @cached_property
    def sandboxes(self) -> KeptSandboxes:
        from ..engines.kept_sandboxes import KeptSandboxes

        sandboxes: KeptSandboxes = self.__dict__.setdefault("sandboxes", KeptSandboxes())
        return sandboxes

    def options(self, values: Mapping[str, Any] | None = None) -> Options:
        """Return the settings, overruled by `values`; raise OptionError for what cannot hold."""
        from ..options.parse import overruled

        return overruled(self.settings, values or {})

    def library(self, where: str) -> Library:
        """Return where recordings are, by the setting `GeminiMagic.recordings`."""
        from ..engines.recordings.places import library

        at = (where, self.host.notebook)
        if at not in self._libraries:
            self._libraries.setdefault(at, library(*at))
        return self._libraries[at]

    def _display(self, fingerprint: str, cell: Cell) -> str:
        """Return the name under which a notebook is to show a run.

        Its own in this session, and the same when the notebook is run again from the start.
        """
        from ..request.fingerprint import digest

        notebook = self.host.notebook
        # The cells of a copy have the same ids, and both may be open.
        at = (fingerprint, notebook.name if notebook else "", cell.id)
        self._shown[at] += 1
        return digest([*at, self._shown[at]])[:32]

    def remember_rows(self, rows: Any, prompt: str) -> str:
        """Return the key by which a page finds the runs of many rows, while anybody has them.

        It is the same when the notebook is run again from the start.
        """
        key = self._display(prompt, self.host.cell)
        self.rows[key] = rows
        return key

    def start(
        self, request: Request, engine: Engine, insert: str = "", cell: Cell = NOWHERE
    ) -> Run:
        """Return a new run, and remember it; where it is to be recorded, with what it asks."""
        from ..engines.recordings.player import Player
        from ..engines.replay import Replay
        from ..request.fingerprint import fingerprint
        from ..runs.recall import recorded_facts
        from ..runs.run import Run

        run = Run(request, engine.name, engine.model, insert)
        options = request.options
        if isinstance(engine, Replay):
            run.ran = engine.ran
        if isinstance(engine, Player):
            run.past, run.facts = engine.past, engine.recording.facts
        elif options.record or options.replay == "refresh":
            run.facts = recorded_facts(request, engine.name)
        if run.facts is not None:
            run.display = self._display(fingerprint(run.facts), cell)
        self.runs.append(run)
        return run


_held: list[Session] = []


def current() -> Session:
    """Return the session of this process, which is a kernel's or a script's.

    Reloading the extension loses no chat, and cells and `gemini_magic.run` speak in the same ones.
    """
    if not _held:
        _held.append(Session())
    # Where threads came here side by side, the session of the first is everybody's.
    return _held[0]


def hold(session: Session) -> Session:
    """Make `session` that of this process."""
    _held[:] = [session]
    return session
