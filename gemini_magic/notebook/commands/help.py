"""`%gemini help`, and `--help` of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...options.help import DEFAULTS, told, usage
from ...options.table import FLAGS
from ...views.report import Report, Table
from .command import Invocation
from .registry import command, commands

if TYPE_CHECKING:
    import htpy as h


class Flags(Report):
    """The flags of a cell: a table in a notebook, which breaks long lines of text within words."""

    def __str__(self) -> str:
        return usage()

    def html(self) -> h.Renderable:
        return Table(("flag", "what it does"), tuple(told(FLAGS)), DEFAULTS).html()


@command("help [COMMAND…]")
def help_on(at: Invocation, *words: str) -> str | Table:
    """List the commands, or say what one does."""
    return commands().help_on(words)
