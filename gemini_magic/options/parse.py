"""What one run was asked for, read from the cell's first line or from keywords."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from os import PathLike
from typing import Any, NoReturn

from ..errors import OptionError
from .settings import GeminiMagic
from .table import FLAGS, PROGRAM, Flag


@dataclass(frozen=True)
class Options:
    """What one run was asked for: the settings, overruled by the flags of the cell."""

    model: str
    temperature: float
    engine: str
    system: str
    thinking: str
    thoughts: bool
    max_output_tokens: int
    seed: int | None
    timeout: float
    out: str
    static: bool
    insert: str
    max_variable_chars: int
    max_chat_tokens: int
    max_attachment_bytes: int
    confirm_tools: bool | None
    data: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    schema: bool = True
    tools: tuple[str, ...] = ()
    search: bool = False
    url: bool = False
    json: str = ""
    context: str = ""
    code: bool = True
    chat: str = ""
    fresh: bool = False
    append: bool = False
    raw: bool = False
    dry_run: bool = False
    help: bool = False


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise OptionError(message.removeprefix("argument "))


def _reader(flag: Flag) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        assert flag.read is not None  # noqa: S101 (for the type checker)
        try:
            return flag.read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"takes {flag.takes}, not {text!r}") from None

    return read


def parse(line: str, settings: GeminiMagic) -> Options:
    """Read the magic's first line over `settings`; raise OptionError in one line."""
    try:
        words = shlex.split(line)
    except ValueError as exc:
        raise OptionError(f"the line {line.strip()!r} cannot be read: {str(exc).lower()}") from None
    values, rest = read(words, FLAGS, PROGRAM)
    if rest:
        raise OptionError(
            f"{rest[0]!r} is not a flag: the prompt goes into the lines below {PROGRAM}"
        )
    return overruled(settings, values)


def read(
    words: Sequence[str], flags: Iterable[Flag], program: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the values of the `flags` that stand among `words`, by field, and the other words.

    Raises OptionError for a flag that is not there, which names the nearest, and for a value that
    cannot be read.
    """
    parser = _Parser(prog=program, add_help=False, allow_abbrev=False)
    for flag in flags:
        if flag.read is None:
            parser.add_argument(
                *flag.names, dest=flag.field, action="store_const", const=flag.switch
            )
        else:
            parser.add_argument(
                *flag.names,
                dest=flag.field,
                type=_reader(flag),
                action="append" if flag.many else "store",
                nargs="?" if flag.bare else None,
                const=flag.bare or None,
            )
    for word in words:
        name, _, value = word.partition("=")
        if name.startswith("-") and value == "--":
            # argparse takes it for the end of the flags, and the flag for one without a value.
            raise OptionError(f"{name}: takes a value, not '--'")
    typed, rest = parser.parse_known_args(words)
    for word in rest:
        if word.startswith("-") and word != "-":
            raise OptionError(_unknown(word, flags, program))
    return {k: v for k, v in vars(typed).items() if v is not None}, rest


def from_keywords(settings: GeminiMagic, keywords: Mapping[str, Any]) -> Options:
    """Read the keywords of `gemini_magic.run` by the same table; None means not given."""
    flags = {flag.field: flag for flag in FLAGS if not flag.in_cell}
    values = {}
    for name, value in keywords.items():
        if name not in flags:
            near = get_close_matches(name, flags, 1)
            hint = f": did you mean {near[0]!r}?" if near else f"; there are: {', '.join(flags)}"
            raise OptionError(f"run() has no keyword {name!r}{hint}")
        flag = flags[name]
        if value is None or (value is False and flag.bare):
            continue
        if value is True and flag.bare:
            value = flag.bare
        try:
            values[name] = _read(flag, value)
        except ValueError:
            raise OptionError(f"{name} takes {flag.takes}, not {value!r}") from None
    return overruled(settings, values)


def _read(flag: Flag, value: Any) -> Any:
    if flag.read is None:
        return bool(value)
    if not flag.many:
        return flag.read(str(value))
    one = isinstance(value, str | PathLike)
    if not (one or isinstance(value, Iterable)):
        raise ValueError
    return [flag.read(str(item)) for item in ([value] if one else value)]


def overruled(settings: GeminiMagic, values: Mapping[str, Any]) -> Options:
    """Return `settings`, overruled by the values of flags as `read` returns them.

    Raises OptionError for a setting that its flag would not take, and for flags that miss a chat.
    """
    defaults = {
        name: getattr(settings, name)
        for name in Options.__dataclass_fields__
        if settings.has_trait(name)
    }
    for each in FLAGS:
        value = defaults.get(each.field)
        if each.read and each.field not in values and value not in (None, ""):
            _check_setting(each, value)
    many = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    options = Options(**{**defaults, **values, **many})
    if not options.chat and (options.fresh or options.append):
        flag = "--fresh" if options.fresh else "--append"
        raise OptionError(f"{flag} is about a chat, and here is none: add --chat or --chat NAME")
    return options


def _check_setting(flag: Flag, value: Any) -> None:
    try:
        _read(flag, value)
    except ValueError:
        name = f"GeminiMagic.{flag.field}"
        raise OptionError(f"{name} takes {flag.takes}, not {value!r}: %config {name} = …") from None


def _unknown(word: str, flags: Iterable[Flag], program: str) -> str:
    names = [name for flag in flags for name in flag.names]
    near = get_close_matches(word.split("=")[0], names, 1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"`{program} --help` lists them"
    return f"there is no flag {word}: {hint}"
