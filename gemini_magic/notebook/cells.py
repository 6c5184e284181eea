"""The code of a run as a cell, where no extension of the front end inserts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..runs.run import Run

# The name that the labextension answers to: labextension/src/greet.ts.
TARGET = "gemini_magic.lab"


def joined(run: Run) -> str:
    """Return the code that `run.insert` asks for, each attempt under a comment with its number.

    What makes the run's files exist comes first.
    """
    numbered = list(enumerate(run.steps, start=1))
    chosen = {"all": numbered, "last": numbered[-1:]}.get(run.insert, [])
    codes = [f"# attempt {number}\n{step.code.strip(chr(10))}" for number, step in chosen]
    return "\n\n".join([run.staging] * bool(run.staging and codes) + codes)


class Offer:
    """Offers the code of finished runs to the front end of one shell.

    A kernel can ask a front end for one cell only. Our extension inserts cells of its own, and says
    so when it is asked; the answer arrives between two cells. Until then the one cell is asked for,
    and the extension takes it away again, by its text.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._inserted_there = False
        if hasattr(shell, "kernel"):
            from comm import create_comm

            self._question = create_comm(target_name=TARGET)
            self._question.on_msg(self._answered)

    def _answered(self, message: dict[str, Any]) -> None:
        self._inserted_there = message["content"]["data"].get("inserts") is True

    def make(self, run: Run) -> None:
        """Put the code of `run` into one new cell, if it asks for that and nobody else does it."""
        if not self._inserted_there and (code := joined(run)):
            self._shell.set_next_input(code)
