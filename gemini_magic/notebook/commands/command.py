"""A command of `%gemini`: a row of their table, and where it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...options.option import Option
from ...options.parse import overruled
from ...options.settings import GeminiMagic
from ...options.table import Options
from ...runs.session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

LINE = "%gemini"


@dataclass(frozen=True)
class Place:
    """Where a command is given: the shell, its settings, and what the session remembers."""

    shell: InteractiveShell
    settings: GeminiMagic
    session: Session

    @property
    def options(self) -> Options:
        """The settings as they hold for a command; raise OptionError for one that cannot hold."""
        return overruled(self.settings, {})


@dataclass(frozen=True)
class Command:
    """A row of the table. `takes` names the words after the command, in brackets where optional;
    with … there may be more. `flags` may stand among them.

    `do` gets the words as typed and the flags by name, and returns what is printed. With `lists`,
    the word `list` may be said too.
    """

    name: str
    takes: str
    help: str
    do: Callable[..., str]
    flags: tuple[Option, ...] = ()
    lists: bool = False

    @property
    def usage(self) -> str:
        own = ["[list]"] * self.lists + self.takes.split() + ["[flags]"] * bool(self.flags)
        return " ".join((LINE, self.name, *own))

    def accepts(self, words: Sequence[str]) -> bool:
        takes = self.takes.split()
        needed = [word for word in takes if not word.startswith("[")]
        return len(needed) <= len(words) and (len(words) <= len(takes) or "…" in self.takes)
