"""The commands of `%gemini`: a function in a module of this folder is all that one takes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .command import Commands

LINE = "%gemini"
_COMMANDS = Commands(LINE)

command = _COMMANDS.command


def commands() -> Commands:
    """Return them all, by the name of their module and in the order in which they stand there."""
    folder = __package__ or ""
    for module in iter_modules(import_module(folder).__path__):
        import_module(f"{folder}.{module.name}")
    return _COMMANDS
