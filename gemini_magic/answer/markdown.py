"""Blocks of Markdown that no text can break out of."""

from __future__ import annotations

import re


def fenced(info: str, text: str) -> str:
    """Return `text` between fences longer than any in it, so that nothing in it ends the block."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{info}\n{text}\n{mark}"


def quoted(text: str) -> str:
    """Return `text` as a block quote."""
    lines = re.split(r"\r\n|\r|\n", text.strip("\r\n"))
    return "\n".join(f"> {line}".rstrip() for line in lines)
