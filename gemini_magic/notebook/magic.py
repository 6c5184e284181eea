"""`%%gemini_exec`, from the cell's text to the run on the screen."""

from __future__ import annotations

import inspect
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from .. import keys
from ..errors import NOTHING_SENT, KeyMissing, LessonMissing, Stopped
from ..options.help import usage
from ..options.parse import parse
from ..options.settings import GeminiMagic
from ..views import session as sessions
from ..views.host import Host
from ..views.session import Session
from .cells import CellInserter
from .complete import MATCHER, matcher
from .first_line import prepared, refuse_second
from .lists import leave_lists, show_lists
from .warm import Warming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from IPython.core.interactiveshell import InteractiveShell

    from ..answer.parts import Event
    from ..errors import GeminiError
    from ..request.question import Question
    from ..runs.run import Run
    from .rows.runs import Runs


@magics_class
class GeminiMagics(Magics):
    """The magics of this package, in one shell."""

    shell: InteractiveShell

    @property
    def session(self) -> Session:
        return sessions.current()

    @cell_magic
    def gemini_exec(self, line: str, cell: str) -> None:
        """Send the cell to Gemini, which writes Python, runs it and mends it; show every attempt.

        The run is left in `_run`.
        """
        self._answer(line, cell)

    # IPython declares the decorator without its form that takes a name.
    @cell_magic("gemini")  # type: ignore[arg-type]
    def gemini_cell(self, line: str, cell: str) -> None:
        """Send the cell to Gemini: the shorter name of `%%gemini_exec`.

        The run is left in `_run`.
        """
        self._answer(line, cell)

    def _answer(self, line: str, cell: str) -> None:
        # Imported by the first run: loading the extension must not delay a notebook.
        try:
            from ..line import preview
            from ..request.question import Question

            host = self.session.host
            options = parse(line, self.session.settings)
            if host.asks_anew() and options.replay == "auto":
                options = replace(options, replay="refresh" if options.record else "never")
            question = Question(cell, options, self.shell.user_ns, cell=host.cell)
            refuse_second(cell)
            if options.help:
                from .commands.help import Flags

                host.tell(Flags())
            elif options.rows:
                self._ask_rows(question)
            elif options.dry_run:
                host.print(preview(question, self.session))
            else:
                self._ask(question)
        except (KeyMissing, LessonMissing) as error:
            if error.run is None:
                self._show_way_on(error, cell, options.lessons)
            raise
        except Stopped:
            raise
        except KeyboardInterrupt:
            raise Stopped(NOTHING_SENT) from None

    def _show_way_on(self, error: GeminiError, prompt: str, folders: Iterable[str]) -> None:
        from .without_key import fail_quietly, way_on

        host = self.session.host
        host.tell(way_on(error, prompt, folders))
        # What runs a notebook by itself reports the error that IPython shows, and no other.
        if host.can_answer or not host.in_kernel:
            fail_quietly(self.shell, error)

    def _ask(self, question: Question) -> None:
        from ..line import ask

        host, options = self.session.host, question.options
        host.greet()

        def show(run: Run) -> AbstractContextManager[Callable[[Event], None]]:
            self.shell.user_ns[options.out] = run
            return host.show(run, static=options.static, step=options.step)

        try:
            run = ask(question, self.session, show)
            CellInserter(host).offer(run)
        except Stopped as stop:
            kept = f"by you; {options.out} keeps what had arrived" if stop.run else str(stop)
            raise Stopped(kept, stop.run) from None

    def _ask_rows(self, question: Question) -> None:
        from .rows.cell import ask_rows, first_row

        host, options = self.session.host, question.options
        if options.dry_run:
            from ..line import preview

            host.print(preview(first_row(question, self.session), self.session))
            return

        def keep(runs: Runs) -> None:
            self.shell.user_ns[options.out] = runs

        host.greet()
        ask_rows(question, self.session, keep)

    @line_magic
    def gemini(self, line: str) -> None:
        """Chats, runs, models, lessons, the key and settings: `%gemini help` lists the commands.

        On the first line of a cell, with two %, it sends the cell to Gemini.
        """
        try:
            from .commands.command import Invocation
            from .commands.registry import commands

            if said := commands().run_line(line, Invocation(self.session)):
                self.session.host.tell(said)
        except KeyboardInterrupt:
            raise Stopped from None

    # What `%%gemini_exec?` and Shift+Tab show. Of two magics with one name, that of the line.
    for magic in (gemini_exec, gemini_cell, gemini):
        magic.__doc__ = f"{inspect.cleandoc(magic.__doc__ or '')}\n\n{usage()}"


def load(shell: InteractiveShell) -> None:
    """Register the magics and their settings in `shell`; loading again replaces both."""
    unload(shell)
    settings = GeminiMagic(parent=shell)
    # IPython declares the list too narrowly: %config looks through any Configurable.
    shell.configurables.append(settings)  # type: ignore[arg-type]
    session = sessions.current()
    if session.host.shell is not shell:
        session.host = Host(shell)
    shell.register_magics(GeminiMagics(shell))
    shell.input_transformers_cleanup.append(prepared)
    show_lists(shell)
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(matcher(shell.user_ns, shell.user_ns_hidden))
    # A notebook loads the extension before its code goes elsewhere; its folder may be gone already.
    with suppress(OSError):
        keys.look_in(Path.cwd())
    session.host.greet()
    Warming(session).start()


def try_again(cell: str) -> None:
    """Load the extension if it is not, and let no recording answer the cell of this id next.

    The front end calls it (`labextension/src/lab/prompt.ts`) where no kernel has greeted it: in one
    that has just started the cell would only say that it knows no such magic.
    """
    shell: Any = get_ipython()
    if "gemini_exec" not in shell.magics_manager.magics["cell"]:
        shell.run_line_magic("load_ext", "gemini_magic")
    sessions.current().host.ask_anew(cell)


def unload(shell: InteractiveShell) -> None:
    """Take the magics, their settings and their completions out of `shell`, if they are in it."""
    shell.configurables[:] = [c for c in shell.configurables if not isinstance(c, GeminiMagic)]
    for kind, name in (("cell", "gemini_exec"), ("cell", "gemini"), ("line", "gemini")):
        shell.magics_manager.magics[kind].pop(name, None)
    cleanup = shell.input_transformers_cleanup
    cleanup[:] = [each for each in cleanup if each is not prepared]
    leave_lists(shell)
    if shell.Completer is not None:
        matchers = shell.Completer.custom_matchers
        matchers[:] = [m for m in matchers if getattr(m, "matcher_identifier", "") != MATCHER]
