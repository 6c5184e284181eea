"""The code of a run as a cell, where no extension of the front end inserts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .runs import Run

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def joined(run: Run) -> str:
    """Return the code that `run.insert` asks for, each attempt under a comment with its number."""
    numbered = list(enumerate(run.steps, start=1))
    chosen = {"all": numbered, "last": numbered[-1:]}.get(run.insert, [])
    return "\n\n".join(f"# attempt {number}\n{step.code.strip(chr(10))}" for number, step in chosen)


def offer(run: Run, shell: InteractiveShell) -> None:
    """Put the code of a finished run into one new cell, if the run asks for it.

    A kernel can ask the front end for one cell only, and cannot know whether an extension is
    there: ours inserts cells of its own and takes this one away, by its text.
    """
    if code := joined(run):
        shell.set_next_input(code)
