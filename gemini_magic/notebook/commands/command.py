"""Commands: a function each, its help in its docstring, its words and flags in its decorator."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...errors import OptionError
from ...options.converters import Converter, Label, Text
from ...options.help import listed
from ...options.help import table as table_of
from ...options.option import Option
from ...options.parse import read, split
from ...options.table import flags_of
from ...phrases import did_you_mean
from ...views.report import Report, Table
from .columns import columns

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ...views.session import Session

# How near a word must be to a name to be a slip of it.
_NEAR = 0.5
# What a command says, if anything.
Said = str | Report | None
HELP = flags_of("help")
FORCE = Option(names=("--force",), field="force", help="Replace a file that is there.")
# What the words after a command stand for: how each is read, and what Tab offers for it.
WORDS: dict[str, Converter] = {
    "CELL": Text(names="cells"),
    "CHAT": Label(names="chats"),
    "COMMAND…": Text(names="commands"),
    "CONTEXT": Text(names="contexts"),
    "FILE": Text(names="paths"),
    "FILE…": Text(names="paths"),
    "FOLDER": Text(names="paths"),
    "NAME": Label(),
    "PAGE": Text(),
    "PROMPT…": Text(),
    "RECORDING": Text(),
    "RUN": Text(names="runs"),
}


@dataclass(frozen=True)
class Invocation:
    """Where a command is given."""

    session: Session

    @property
    def shell(self) -> InteractiveShell:
        """The shell of the notebook; raise OptionError where there is none."""
        shell = self.session.host.shell
        if shell is None:
            raise OptionError("this command is for notebooks and IPython")
        return shell


@dataclass(frozen=True)
class Command:
    """A command of `program`: its name of one or two words, and what may follow.

    `words` stand for what follows, in brackets where they may be left out, and with … where there
    may be more; if those are not in brackets, `do` says what is wrong with them. The `flags` may
    stand among them; `elsewhere` has those that cannot, and where they work. `note` is the last
    line of its help, and `alone` what is wrong with any word where there may be none that is shown.
    """

    program: str
    name: str
    words: tuple[str, ...]
    do: Callable[..., Said]
    flags: tuple[Option, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""
    alone: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def help(self) -> str:
        return (inspect.getdoc(self.do) or "").partition("\n\n")[0].replace("\n", " ")

    @property
    def usage(self) -> str:
        own = [f"[{alias}]" for alias in self.aliases]
        flags = ["[flags]"] if self.flags else []
        return " ".join((self.program, self.name, *own, *self.words, *flags))

    def converter(self, place: int) -> Converter | None:
        """Return how the word at `place` after the command is read; None if there may be none."""
        if place < len(self.words):
            return WORDS[self.words[place].strip("[]")]
        many = self.words and "…" in self.words[-1]
        return WORDS[self.words[-1].strip("[]")] if many else None

    def run(self, at: Invocation, words: Sequence[str], typed: str) -> Said:
        """Do it with `words`, and return what is to be said; `typed` is the whole line."""
        values: dict[str, Any] = {}
        if self.flags:
            # What follows a -- is not a flag, whatever it begins with.
            end = words.index("--") if "--" in words else len(words)
            self._refuse_flags(words[:end])
            values, rest = read(words[:end], self.flags, f"{self.program} {self.name}")
            words = [*rest, *words[end + 1 :]]
        self._refuse(words, typed)
        return self.do(at, *map(self._read, range(len(words)), words), **values)

    def _refuse_flags(self, words: Sequence[str]) -> None:
        own = {name for flag in self.flags for name in flag.names}
        for word in words:
            name = word.partition("=")[0]
            if name in self.elsewhere and name not in own:
                raise OptionError(f"{name} is for {self.elsewhere[name]}")

    def _refuse(self, words: Sequence[str], typed: str) -> None:
        many = any("…" in word for word in self.words)
        needed = [word for word in self.words if word[0] != "[" and not many]
        if len(needed) <= len(words) and (many or len(words) <= len(self.words)):
            return
        if self.alone:
            raise OptionError(self.alone)
        if self.flags and not self.words:
            own = f"{self.program} {self.name}"
            raise OptionError(f"`{own}` takes flags only, not {words[0]!r}")
        raise OptionError(f"this takes the words `{self.usage}`, not `{typed}`")

    def _read(self, place: int, word: str) -> Any:
        takes = self.converter(place)
        assert takes is not None  # noqa: S101 (for the type checker)
        try:
            return takes.read(word)
        except ValueError:
            own = f"{self.program} {self.name}"
            raise OptionError(f"`{own}` takes {takes.takes}, not {word!r}") from None


class Commands:
    """The commands of one program, by name."""

    def __init__(self, program: str, elsewhere: Mapping[str, str] | None = None) -> None:
        self.program = program
        self._elsewhere = elsewhere or {}
        self._named: dict[str, Command] = {}

    def command(
        self,
        line: str,
        *flags: Option,
        aliases: tuple[str, ...] = (),
        note: str = "",
        alone: str = "",
    ) -> Callable[[Callable[..., Said]], Callable[..., Said]]:
        """Declare a function a command: `line` is its name and, in capitals, the words after it."""
        words = line.split()
        name = " ".join(word for word in words if word.islower())
        after = tuple(word for word in words if not word.islower())

        def declare(do: Callable[..., Said]) -> Callable[..., Said]:
            made = Command(
                self.program, name, after, do, flags, aliases, note, alone, self._elsewhere
            )
            for each in (name, *(f"{name} {alias}" for alias in aliases)):
                self._named[each] = made
            return do

        return declare

    def __iter__(self) -> Iterator[Command]:
        return iter(dict.fromkeys(self._named.values()))

    @property
    def names(self) -> list[str]:
        return list(self._named)

    def run_line(self, line: str, at: Invocation) -> Said:
        """Do what `line` says and return what is to be said; raise OptionError in one line."""
        return self.run_words(split(line), at)

    def run_words(self, words: Sequence[str], at: Invocation) -> Said:
        """Do what `words` say; a --help among them asks for the help of their command."""
        asks = {name for flag in HELP for name in flag.names}
        before = words[: words.index("--")] if "--" in words else words
        if not words or asks & {*before}:
            return self.help_on([word for word in words if word not in asks])
        command, given = self.find(words)
        return command.run(at, given, " ".join((self.program, *words)))

    def find(self, words: Sequence[str]) -> tuple[Command, Sequence[str]]:
        """Return the command that `words` begin with, and the words after it.

        Raises OptionError, which names the nearest, where there is none.
        """
        for size in (2, 1):
            name = " ".join(words[:size])
            if name in self._named and self._may_follow(name, words[size:]):
                return self._named[name], words[size:]
        raise OptionError(self._unknown(words))

    def _may_follow(self, name: str, after: Sequence[str]) -> bool:
        """Return whether `after` may be words of the command `name`, and not of one in its group.

        A slip in the name of such a one is not taken for a word.
        """
        group = [each.split()[1] for each in self._group(name)]
        if not group or not after:
            return True
        near = did_you_mean(after[0], group, "", cutoff=_NEAR)
        return bool(self._named[name].words) and not near

    def _unknown(self, words: Sequence[str]) -> str:
        within = [name.split()[1] for name in self._group(words[0])]
        if within and len(words) == 1:
            usages = [f"`{self.program} {name}`" for name in self._group(words[0])]
            return f"{words[0]!r} is not a whole command: {' or '.join(usages)}"
        before = f"{words[0]} " if within else ""
        # What is set to a value may be a secret: `key=…`.
        typed, is_set, _ = (words[1] if within else words[0]).partition("=")
        otherwise = f"`{self.program} help {before}`".replace(" `", "`") + " lists them"
        hint = did_you_mean(
            typed,
            within or self._named,
            otherwise,
            lambda near: f"`{self.program} {before}{near}`",
            cutoff=_NEAR,
        )
        shown = f"{before}{typed}{'=…' if is_set else ''}"
        return f"there is no command {shown!r}: {hint}"

    def _group(self, name: str) -> list[str]:
        """Return the names that begin with the word `name`."""
        return [each for each in self._named if each.startswith(f"{name} ")]

    def help_on(self, words: Sequence[str]) -> str | Table:
        """Return what the command that `words` name does, or without words all of them."""
        if not words:
            return self.usage()
        name = " ".join(words)
        if self._group(name) and name not in self._named:
            return "\n".join(self._about_group(name))
        command, _ = self.find(words)
        lines = [
            command.usage,
            f"    {command.help}",
            *listed(command.flags),
            *self._about_group(command.name),
        ]
        return "\n".join([*lines, "", command.note] if command.note else lines)

    def _about_group(self, name: str) -> list[str]:
        group = [each for each in self if each.name.startswith(f"{name} ")]
        return [f"{each.usage}\n    {each.help}" for each in group]

    def usage(self) -> Table:
        """Return the table, as the program shows it."""
        return columns(("command", ""), [(each.usage, each.help) for each in self])

    def table(self) -> str:
        """Return the table as Markdown, as the docs show it."""
        rows = [f"| `{command.usage}` | {command.help} |\n" for command in self]
        own = [
            f"\nThe flags of `{self.program} {command.name}`:\n\n{table_of(command.flags)}"
            for command in self
            if command.flags
        ]
        return "".join(("| command | what it does |\n| --- | --- |\n", *rows, *own))
