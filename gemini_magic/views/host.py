"""Where the code runs: a kernel with its front end, IPython in a terminal, or a script."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from ..answer.parts import Waiting
from ..errors import GeminiError
from ..keys import Key
from ..request.question import Cell
from . import quiet_input
from .console import Console

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..answer.parts import Event
    from ..runs.run import Run
    from .report import Report
    from .view import View

# The name that the labextension answers to: labextension/src/lab/handshake.ts.
TARGET = "gemini_magic.lab"
NOT_WAITING = Waiting()


class Host:
    """Answers once what a run has to know of the place that it is shown in.

    `shell` is IPython's, or None in a script.
    """

    def __init__(self, shell: InteractiveShell | None = None) -> None:
        self.shell = shell
        self._console: Console | None = None
        self._comm: Any = None
        self._has_extension = False
        self._anew: set[str] = set()
        self._has_buttons = False
        # How many runs are shown that the extension can put buttons into.
        self._live = 0
        self._displays: WeakKeyDictionary[Run, str] = WeakKeyDictionary()

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

    def waiting(self, question: str) -> Waiting:
        """Return what is told while the user is asked: with a key where the run has buttons."""
        key = uuid4().hex if self._has_buttons and self._live and self.in_kernel else ""
        return Waiting(question, key)

    def ask(self, question: str, waiting: Waiting = NOT_WAITING) -> str | None:
        """Return what the user typed, or pressed; None where nobody can answer."""
        from IPython.core.error import StdinNotImplementedError

        if not self.can_answer:
            return None
        try:
            while waiting.key:
                said = quiet_input.ask(self.shell.kernel, question)  # type: ignore[union-attr]
                if said is None:
                    break
                key, colon, word = said.partition(":")
                # A button that was pressed twice answers only what it was pressed for; who works
                # without a page, at a console of the same kernel, types.
                if not colon or key == waiting.key:
                    return word if colon else said
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
        """The cell that runs."""
        return Cell.of(self.shell)

    @property
    def notebook(self) -> Path | None:
        """The file of the notebook that runs, where the front end tells it; it may be unsaved.

        JupyterLab sets an environment variable when it starts the kernel, VS Code a variable of the
        notebook. Colab, nbconvert and papermill say nothing.
        """
        if not self.in_kernel or self.shell is None:
            return None
        told = self.shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
        path = Path(str(told or ""))
        return path.absolute() if path.suffix == ".ipynb" and path.is_file() else None

    @property
    def runs_cell(self) -> bool:
        """Whether a cell runs, and not a widget's callback, whose output has no cell."""
        request: Mapping[str, Any] = getattr(self.shell, "get_parent", dict)()
        return bool(request.get("header", {}).get("msg_type") == "execute_request")

    @property
    def is_captured(self) -> bool:
        """Whether an `ipywidgets.Output` takes what is shown now: `with out:`, `interact`."""
        if "ipywidgets" not in sys.modules:
            return False
        from ipywidgets import Output, widget

        # A widget captures what answers to the request that it names.
        running = self.cell.execution
        known = getattr(widget, "_instances", None) or getattr(widget.Widget, "widgets", {})
        outputs = [each for each in [*known.values()] if isinstance(each, Output)]
        return any(each.msg_id == running != "" for each in outputs)

    def view(self, run: Run, *, static: bool = False, passing: bool = False) -> View:
        """Return what shows `run` here: with `static` once, at its end; `passing`, until then."""
        from .frozen import Frozen, Static
        from .live import Captured, Live, Passing
        from .terminal import Terminal

        if static:
            return Static(run, watched=self.can_answer)
        if not self.in_kernel:
            return Terminal(run, self.console)
        if self.is_captured:
            # One that runs by itself keeps what is shown in a widget, and takes nothing away.
            return Captured(run, passing=passing) if self.can_answer else Static(run, stats=True)
        if not self.runs_cell:
            return Static(run, stats=True)
        if passing:
            return Passing(run)
        # A recording is there at once; where nobody watches, a widget would only be left behind.
        if run.past or not self.can_answer:
            return Frozen(run, watched=self.can_answer)
        return Live(run)

    @contextmanager
    def show(
        self, run: Run, *, static: bool = False, passing: bool = False, step: str = ""
    ) -> Iterator[Callable[[Event], None]]:
        """Show `run` while the block runs; what is yielded is to be called with each part.

        With `step` it is presented attempt by attempt, unless it is `static`.
        """
        if step and not static:
            from .stepping import stepped

            with stepped(self, run, step) as seen:
                yield seen
            return
        from .frozen import Frozen
        from .live import Live

        with self.view(run, static=static, passing=passing) as view:
            self._live += isinstance(view, Live)
            try:
                yield lambda _: view.redraw()
            except GeminiError as exc:
                # What runs a notebook by itself logs no more than this.
                exc.is_shown = isinstance(view, Live) and self.can_answer
                raise
            finally:
                self._live -= isinstance(view, Live)
        if isinstance(view, Live | Frozen) and view.name:
            self._displays[run] = view.name

    def refresh(self, run: Run) -> None:
        """Show `run`, which has changed since it ended, where it was shown."""
        from IPython.display import display

        from .frozen import frozen

        if name := self._displays.get(run):
            shown, metadata = frozen(run, name, watched=self.can_answer)
            display(shown, raw=True, metadata=metadata, display_id=name, update=True)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody waits at the cell who would see how far a run has come."""
        return self.in_kernel and self.can_answer and (self.runs_cell or self.is_captured)

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
        data = message["content"]["data"]
        if "inserts" in data:
            self._has_extension = data["inserts"] is True
            self._has_buttons = data.get("asks") is True
        if isinstance(cell := data.get("again"), str):
            self.ask_anew(cell)

    def ask_anew(self, cell: str) -> None:
        """Let no recording answer the cell of this id when it runs next."""
        self._anew.add(cell)

    def asks_anew(self) -> bool:
        """Return whether the user pressed Try again, once: then no recording is an answer."""
        cell = self.cell.id
        wanted = cell in self._anew
        self._anew.discard(cell)
        return wanted

    @property
    def inserts_cells(self) -> bool:
        """Whether our extension is there, and inserts the cells of a run by itself."""
        return self._has_extension

    def offer_cell(self, code: str) -> None:
        """Ask the front end for a new cell that holds `code`."""
        if self.shell is not None:
            self.shell.set_next_input(code)
