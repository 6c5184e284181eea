"""Read what one run was asked for: from the cell's first line, or from keywords."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NoReturn

from ..errors import OptionError
from ..phrases import did_you_mean
from .converters import Choice, Converter
from .help import PROGRAM
from .option import Option
from .settings import GeminiMagic
from .table import FLAGS, SETTINGS, Options


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise OptionError(message.removeprefix("argument "))


def _reader(takes: Converter) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return takes.read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"takes {takes.takes}, not {text!r}") from None

    return read


def split(line: str) -> list[str]:
    """Return the words of `line`, quotes taken off; raise OptionError for one that is left open."""
    try:
        return shlex.split(line)
    except ValueError as exc:
        raise OptionError(f"the line {line.strip()!r} cannot be read: {str(exc).lower()}") from None


def parse(line: str, settings: GeminiMagic) -> Options:
    """Read the magic's first line over `settings`; raise OptionError in one line."""
    values, rest = read(split(line), FLAGS, PROGRAM)
    if rest:
        raise OptionError(
            f"{rest[0]!r} is not a flag: the prompt goes into the lines below {PROGRAM}"
        )
    if not values.get("rows"):
        return overruled(settings, values)
    if values.get("insert", "none") != "none":
        raise OptionError("the code of many rows goes into no cells: leave --insert out")
    return overruled(settings, going_on(settings, values))


def going_on(settings: GeminiMagic, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` for many rows, which are asked for what is not recorded.

    So a second time goes on where the first one ended, unless a flag or the setting says otherwise.
    """
    said: str = settings.replay  # type: ignore[attr-defined]
    return {"replay": "auto" if said == "never" else said, **values}


def read(
    words: Sequence[str], flags: Iterable[Option], program: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the values of the `flags` that stand among `words`, by field, and the other words.

    Raises OptionError for a flag that is not there, which names the nearest, and for a value that
    cannot be read.
    """
    parser = _Parser(prog=program, add_help=False, allow_abbrev=False)
    for flag in flags:
        _add(parser, flag)
    for word in words:
        name, _, value = word.partition("=")
        if name.startswith("-") and value == "--":
            # argparse takes it for the end of the flags, and the flag for one without a value.
            raise OptionError(f"{name}: takes a value, not '--'")
    typed, rest = parser.parse_known_args(_bared(words, flags))
    for word in rest:
        if word.startswith("-") and word != "-":
            raise OptionError(_unknown(word, flags, program))
    values = {name: value for name, value in vars(typed).items() if value is not None}
    many = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return {**values, **many}, rest


def _bared(words: Sequence[str], flags: Iterable[Option]) -> list[str]:
    """Return `words` with flags that stand alone made whole where a text follows, not a choice.

    In a terminal the prompt may: `run --step "Sum it"`.
    """
    alone = {
        name: flag.bare
        for flag in flags
        for name in flag.names
        if flag.bare and isinstance(flag.takes, Choice)
    }
    return [
        f"{word}={alone[word]}" if word in alone and (" " in after or after == "-") else word
        for word, after in zip_longest(words, words[1:], fillvalue="")
    ]


def _add(parser: argparse.ArgumentParser, flag: Option) -> None:
    if flag.takes is None:
        parser.add_argument(
            *flag.names, dest=flag.field, action="store_const", const=not flag.default
        )
    else:
        parser.add_argument(
            *flag.names,
            dest=flag.field,
            type=_reader(flag.takes),
            action="append" if flag.many else "store",
            nargs="?" if flag.bare else None,
            const=flag.bare or None,
        )


def from_keywords(settings: GeminiMagic, keywords: Mapping[str, Any]) -> Options:
    """Read the keywords of `gemini_magic.run` by the same table; None means not given."""
    flags = {flag.field: flag for flag in FLAGS if flag.scope != "cell"}
    values = {}
    for name, value in keywords.items():
        if name not in flags:
            hint = did_you_mean(name, flags, "", repr)
            after = f": {hint}" if hint else f"; there are: {', '.join(flags)}"
            raise OptionError(f"run() has no keyword {name!r}{after}")
        flag = flags[name]
        if value is None or (value is False and flag.bare):
            continue
        values[name] = _checked(flag, flag.bare if value is True and flag.bare else value)
    return overruled(settings, values)


def overruled(settings: GeminiMagic, values: Mapping[str, Any]) -> Options:
    """Return `settings`, overruled by the values of flags as `read` returns them.

    Raises OptionError for a setting that its flag would not take, and for flags that miss a chat.
    """
    defaults = {row.field: _setting(row, settings) for row in SETTINGS if row.field not in values}
    options = Options(**{**defaults, **values})
    if not options.chat and (options.fresh or options.append):
        flag = "--fresh" if options.fresh else "--append"
        raise OptionError(f"{flag} is about a chat, and here is none: add --chat or --chat NAME")
    return options


def _setting(row: Option, settings: GeminiMagic) -> Any:
    value = getattr(settings, row.field)
    if row.takes is None or value in (None, ""):
        return value
    name = f"GeminiMagic.{row.field}"
    return _checked(row, value, name, f": %config {name} = …")


def _checked(row: Option, value: object, name: str = "", remedy: str = "") -> Any:
    try:
        return row.read(value)
    except ValueError:
        takes = row.takes.takes if row.takes else "True or False"
        message = f"{name or row.field} takes {takes}, not {value!r}{remedy}"
        raise OptionError(message) from None


def _unknown(word: str, flags: Iterable[Option], program: str) -> str:
    names = [name for flag in flags for name in flag.names]
    otherwise = f"`{program} --help` lists them"
    hint = did_you_mean(word.split("=")[0], names, otherwise, cutoff=0.5)
    return f"there is no flag {word}: {hint}"
