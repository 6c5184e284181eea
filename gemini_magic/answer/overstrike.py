"""What stays of output that was written over, as progress bars do."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Colours, and what else a terminal takes no column for (ECMA-48, 5.4).
_UNSEEN = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def overstrike(text: str) -> str:
    """Return `text` with carriage returns and backspaces carried out, as Jupyter shows an output.

    A backspace takes the character before it away; what follows a carriage return is written over
    the line, and a longer line keeps its end. Colours are left out where lines are written over:
    cut in the middle, one would be shown as letters.
    """
    if "\r" not in text and "\b" not in text:
        return text
    text = _UNSEEN.sub("", text)
    return "\n".join(map(_line, _erased(text).replace("\r\n", "\n").split("\n")))


def _erased(text: str) -> str:
    if "\b" not in text:
        return text
    return "\n".join("".join(_kept(line)) for line in text.split("\n"))


def _kept(line: str) -> Iterator[str]:
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return iter(kept)


def _line(line: str) -> str:
    """Return what the pieces between carriage returns leave of each other, last one on top."""
    shown: list[str] = []
    length = 0
    for piece in reversed(line.split("\r")):
        if len(piece) > length:
            shown.append(piece[length:])
            length = len(piece)
    return "".join(shown)
