"""Where `%%gemini_exec`, or `%%gemini`, stands in its cell: on the first line, and once."""

from __future__ import annotations

from IPython.core.inputtransformer2 import TransformerManager

from ..errors import RequestError
from ..options.help import PROGRAM, PROGRAMS
from ..request.characters import fenced_lines


def prepared(lines: list[str]) -> list[str]:
    """Make a cell that IPython would refuse reach the magic, which says what is wrong with it.

    IPython refuses a cell magic without a body, as of `%%gemini_exec --help`, and takes one below a
    comment or code for Python.
    """
    typed = [line for line in lines if line.strip()]
    if len(lines) == 1 and _is_magic(lines[0]):
        return [lines[0].rstrip("\n") + "\n", "\n"]
    at = next((place for place, line in enumerate(lines) if _is_magic(line)), 0)
    # What begins with a magic is that one's, whatever it is.
    if at and not typed[0].startswith("%%") and _is_whole(lines[:at]):
        return [f"{PROGRAM}\n", *lines]
    return lines


def _is_whole(lines: list[str]) -> bool:
    """Return whether code ends with these lines, so that what follows stands in no text of it."""
    state, _ = TransformerManager().check_complete("".join(lines))
    return bool(state == "complete")


def refuse_second(cell: str) -> None:
    """Raise RequestError for a prompt that holds the magic, which would be sent as a part of it.

    In fenced code it may stand: a prompt can ask about a cell.
    """
    if second := next((e for e, code in fenced_lines(cell) if not code and _is_magic(e)), ""):
        raise RequestError(
            f"a cell holds one {second.split()[0]}, on its first line: put the other prompts into "
            "cells of their own, code too, and comments below"
        )


def _is_magic(line: str) -> bool:
    return bool(words := line.split()) and words[0] in PROGRAMS
