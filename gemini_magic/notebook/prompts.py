"""The text of a `%%gemini_exec` cell about another cell, as the labextension writes it too."""

from __future__ import annotations

import linecache
from traceback import TracebackException, walk_tb
from typing import TYPE_CHECKING

from ..answer.markdown import fenced
from ..errors import RequestError
from ..options.help import PROGRAM

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell

TRACEBACK_LINES = 30


def ask(shell: InteractiveShell, number: int) -> str:
    """Return a prompt that asks about the cell `In[number]`; the question is left to the user."""
    return f"{PROGRAM}\n\n\n{fenced('python', _typed(shell, number))}\n"


def fix(shell: InteractiveShell, exc: BaseException) -> str:
    """Return a prompt that asks to mend the cell that failed with `exc`, its traceback in it.

    Raises RequestError where no cell of this shell is in the traceback.
    """
    frames = exc.__traceback__
    while frames is not None and not _label(shell, frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    file = frames.tb_frame.f_code.co_filename if frames else getattr(exc, "filename", None) or ""
    label = _label(shell, file)
    if not label:
        raise RequestError(f"the last error, {type(exc).__name__}, was not in a cell's code")
    return "\n".join(
        [
            PROGRAM,
            f"This code fails with {type(exc).__name__}. Find out why, and mend it.",
            "",
            fenced("python", _source(shell, file, label)),
            "",
            fenced("", _trace(shell, exc, frames)),
            "",
        ]
    )


def _trace(shell: InteractiveShell, exc: BaseException, frames: TracebackType | None) -> str:
    text = "".join(TracebackException(type(exc), exc, frames).format())
    files = {frame.f_code.co_filename for frame, _ in walk_tb(frames)}
    for file in {*files, getattr(exc, "filename", None) or ""}:
        if label := _label(shell, file):
            text = text.replace(f'File "{file}"', label)
    return "\n".join(text.splitlines()[-TRACEBACK_LINES:])


def _label(shell: InteractiveShell, file: str) -> str:
    """Return `Cell In[3]` for the file name of a cell's code, else nothing."""
    named = shell.compile.format_code_name(file)
    return " ".join(named) if named else ""


def _source(shell: InteractiveShell, file: str, label: str) -> str:
    number = label.partition("[")[2].rstrip("]")
    if number.isdigit():
        return _typed(shell, int(number))
    return "".join(linecache.getlines(file)).strip("\n")


def _typed(shell: InteractiveShell, number: int) -> str:
    """Return the text of a cell that has run, as it was typed."""
    cells = shell.history_manager.input_hist_raw if shell.history_manager else [""]
    if not 0 < number < len(cells) or not cells[number].strip():
        raise RequestError(
            f"there is no cell In[{number}]: those that have run are In[1] to In[{len(cells) - 1}]"
        )
    return str(cells[number]).strip("\n")
