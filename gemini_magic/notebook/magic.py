"""`%%gemini_exec`, from the cell's text to the run on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from ..errors import Stopped
from ..options.help import PROGRAM, usage
from ..options.parse import parse
from ..options.settings import GeminiMagic
from .cells import Offer
from .complete import MATCHER, matcher

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..runs.chats import Cell


@magics_class
class GeminiMagics(Magics):
    """The magics of this package, in one shell."""

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell, settings: GeminiMagic) -> None:
        super().__init__(shell)
        self.settings = settings
        self.offer = Offer(shell)

    @cell_magic
    def gemini_exec(self, line: str, cell: str) -> None:
        """Send the cell to Gemini, which writes Python, runs it and mends it; show every attempt.

        `%%gemini_exec --help` lists the flags. The run is left in `_run`.
        """
        try:
            self._run(line, cell)
        except Stopped:
            raise
        except KeyboardInterrupt:
            raise Stopped("by you; nothing was sent") from None

    def _run(self, line: str, cell: str) -> None:
        # Imported by the first run: loading the extension must not delay a notebook.
        from ..engines.registry import connect
        from ..request.build import build
        from ..runs.run import Run
        from ..runs.session import session
        from ..views.consent import Consent
        from ..views.view import view_of

        options = parse(line, self.settings)
        if options.help:
            print(usage())
            return
        request = build(options, cell, self.shell.user_ns, permits=Consent(options.confirm_tools))
        engine = connect(options.engine, options.model)
        asked = session().chats.ask(request, options, engine.name, self._cell())
        if options.dry_run:
            print(engine.preview(asked.request))
            return
        run = Run(asked.request, engine.name, engine.model, insert=options.insert)
        session().runs.append(run)
        self.shell.user_ns[options.out] = run
        try:
            with view_of(run, static=options.static) as view, run.tracking():
                for part in engine.stream(run.request):
                    run.add(part)
                    view.redraw()
            asked.finish(run)
            self.offer.make(run)
        except KeyboardInterrupt:
            raise Stopped(f"by you; {options.out} keeps what had arrived") from None

    @line_magic
    def gemini(self, line: str) -> None:
        """Chats, runs, models and settings: `%gemini help` lists the commands."""
        from ..runs.session import session
        from .commands.command import Place
        from .commands.table import obey

        try:
            if said := obey(line, Place(self.shell, self.settings, session())):
                print(said)
        except KeyboardInterrupt:
            raise Stopped("by you") from None

    def _cell(self) -> Cell:
        """Return the cell that runs, without an id where the host sends none, as a terminal."""
        from ..runs.chats import Cell

        if not hasattr(self.shell, "get_parent"):
            return Cell()
        request = self.shell.get_parent()
        cell = str(request.get("metadata", {}).get("cellId", ""))
        return Cell(cell, str(request.get("header", {}).get("msg_id", "")))


def with_body(lines: list[str]) -> list[str]:
    """Give a cell that is only `%%gemini_exec --help` a line below, for IPython to let it pass.

    It refuses a cell magic without a body before the magic can say what is wrong.
    """
    alone = len(lines) == 1 and lines[0].split()[:1] == [PROGRAM]
    return [lines[0].rstrip("\n") + "\n", "\n"] if alone else lines


def load(shell: InteractiveShell) -> None:
    """Register the magics and their settings in `shell`; loading again replaces both."""
    unload(shell)
    settings = GeminiMagic(parent=shell)
    # IPython declares the list too narrowly: %config looks through any Configurable.
    shell.configurables.append(settings)  # type: ignore[arg-type]
    shell.register_magics(GeminiMagics(shell, settings))
    shell.input_transformers_cleanup.append(with_body)
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(matcher(shell.user_ns))


def unload(shell: InteractiveShell) -> None:
    """Take the magics, their settings and their completions out of `shell`, if they are in it."""
    shell.configurables[:] = [c for c in shell.configurables if not isinstance(c, GeminiMagic)]
    for kind, name in (("cell", "gemini_exec"), ("line", "gemini")):
        shell.magics_manager.magics[kind].pop(name, None)
    cleanup = shell.input_transformers_cleanup
    cleanup[:] = [each for each in cleanup if each is not with_body]
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [m for m in matchers if getattr(m, "matcher_identifier", "") != MATCHER]
