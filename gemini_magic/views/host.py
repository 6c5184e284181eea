"""Where the code runs: a kernel with its front end, IPython in a terminal, or a script."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..keys import Key
from ..request.question import Cell
from .console import Console

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..answer.parts import Event
    from ..runs.run import Run
    from .report import Report
    from .view import View

# The name that the labextension answers to: labextension/src/lab/handshake.ts.
TARGET = "gemini_magic.lab"


class Host:
    """Answers once what a run has to know of the place that it is shown in.

    `shell` is IPython's, or None in a script.
    """

    def __init__(self, shell: InteractiveShell | None = None) -> None:
        self.shell = shell
        self._console: Console | None = None
        self._comm: Any = None
        self._has_extension = False

    @classmethod
    def here(cls) -> Host:
        """Return the host that this code runs in."""
        from IPython.core.getipython import get_ipython

        return cls(get_ipython())

    @property
    def in_kernel(self) -> bool:
        return hasattr(self.shell, "kernel")

    @property
    def can_answer(self) -> bool:
        """Whether a user sits there who can be asked."""
        if self.in_kernel:
            # What the front end said of the cell that runs. Those that run notebooks by
            # themselves, nbconvert and papermill, say no.
            return bool(getattr(self.shell.kernel, "_allow_stdin", True))  # type: ignore[union-attr]
        try:
            return sys.stdin is not None and sys.stdin.isatty()
        except ValueError:  # it was closed
            return False

    def ask(self, question: str) -> str | None:
        """Return what the user typed, or None where nobody can answer."""
        from IPython.core.error import StdinNotImplementedError

        if not self.can_answer:
            return None
        try:
            # In a terminal the prose before it has not ended its line.
            return input(question if self.in_kernel else f"\n\n{question}")
        except (StdinNotImplementedError, EOFError):
            return None

    def ask_key(self, question: str) -> Key | None:
        """Return the key that the user typed, which is not shown; None where nobody can answer."""
        import getpass
        import warnings

        from IPython.core.error import StdinNotImplementedError

        if not self.can_answer:
            return None
        try:
            with warnings.catch_warnings():
                # A terminal that would show what is typed is not asked.
                warnings.simplefilter("error", getpass.GetPassWarning)
                # A kernel puts its own function in the place of this one while a cell runs.
                return Key(getpass.getpass(question))
        except (StdinNotImplementedError, EOFError, getpass.GetPassWarning):
            return None

    @property
    def cell(self) -> Cell:
        """The cell that runs, without an id where the host sends none, as a terminal."""
        request: Mapping[str, Any] = getattr(self.shell, "get_parent", dict)()
        cell = str(request.get("metadata", {}).get("cellId", ""))
        return Cell(cell, str(request.get("header", {}).get("msg_id", "")))

    def view(self, run: Run, *, static: bool = False) -> View:
        """Return what shows `run` here; with `static` once, at its end."""
        from .view import Live, Static, Terminal

        if static:
            return Static(run)
        return Live(run) if self.in_kernel else Terminal(run, self.console)

    @contextmanager
    def show(
        self, run: Run, *, static: bool = False, step: str = ""
    ) -> Iterator[Callable[[Event], None]]:
        """Show `run` while the block runs; what is yielded is to be called with each part.

        With `step` it is presented attempt by attempt, unless it is `static`.
        """
        if step and not static:
            from .stepping import stepped

            with stepped(self, run, step) as seen:
                yield seen
            return
        with self.view(run, static=static) as view:
            yield lambda _: view.redraw()

    @property
    def console(self) -> Console:
        """What a cell or a command prints to: standard output, which tools replace as they like."""
        if self._console is None or self._console.out is not sys.stdout:
            self._console = Console(sys.stdout)
        return self._console

    def print(self, text: str) -> None:
        """Print `text`, without what would steer a terminal, and end the line."""
        from ..sanitize import sanitize

        self.console.write(f"{sanitize(text)}\n")

    def tell(self, said: str | Report) -> None:
        """Show what a command says: a notebook has more than text."""
        if self.in_kernel and not isinstance(said, str):
            from IPython.display import display

            display(said.bundle(), raw=True)
        else:
            self.print(str(said))

    def greet(self) -> None:
        """Ask the front end, once, whether our extension is there; its answer comes between cells.

        A front end without a user would only log that it does not know the question.
        """
        if self.in_kernel and self._comm is None and self.can_answer:
            from comm import create_comm

            self._comm = create_comm(target_name=TARGET)
            self._comm.on_msg(self._answered)

    def _answered(self, message: dict[str, Any]) -> None:
        self._has_extension = message["content"]["data"].get("inserts") is True

    @property
    def inserts_cells(self) -> bool:
        """Whether our extension is there, and inserts the cells of a run by itself."""
        return self._has_extension

    def offer_cell(self, code: str) -> None:
        """Ask the front end for a new cell that holds `code`."""
        if self.shell is not None:
            self.shell.set_next_input(code)
