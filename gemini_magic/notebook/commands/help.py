"""`%gemini help`."""

from __future__ import annotations

from ...views.report import Table
from .command import Invocation
from .registry import command, commands


@command("help [COMMAND…]")
def help_on(at: Invocation, *words: str) -> str | Table:
    """List the commands, or say what one does."""
    return commands().help_on(words)
