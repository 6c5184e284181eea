"""The flags of `%%gemini_exec`: one table, from which parsing, help, docs and completion come."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from os import PathLike
from typing import Any, NoReturn

from .errors import OptionError
from .settings import GeminiMagic

PROGRAM = "%%gemini_exec"


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
    data: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    schema: bool = True
    code: bool = True
    chat: str = ""
    fresh: bool = False
    append: bool = False
    raw: bool = False
    dry_run: bool = False
    help: bool = False


@dataclass(frozen=True)
class Flag:
    """A row of the table. `read` turns the typed word into a value; a switch has none.

    `takes` says what the word may be, in words and for messages; `bare` is the word of a flag that
    stands alone. `in_cell` flags are about the cell, not the request, and are not keywords of
    `gemini_magic.run`. `many` flags may be given again, and their field holds all the values.
    """

    names: tuple[str, ...]
    field: str
    help: str
    read: Callable[[str], Any] | None = None
    takes: str = ""
    metavar: str = ""
    choices: tuple[str, ...] = ()
    switch: bool = True
    in_cell: bool = False
    bare: str = ""
    many: bool = False


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return read


def _whole(low: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number < 2**31:
            raise ValueError
        return number

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _thinking(text: str) -> str:
    if text not in THINKING:
        _whole(0)(text)
    return text


def _name(text: str) -> str:
    if not text.isidentifier():
        raise ValueError
    return text


def chat_name(text: str) -> str:
    """Return `text`, the name of a chat; raise ValueError for what cannot be one."""
    if not re.fullmatch(r"[\w.-]{1,64}", text):
        raise ValueError
    return text


# The chat of `--chat` without a name.
NOTEBOOK = "notebook"
ENGINES = ("gemini", "vertex", "offline", "replay:")
THINKING = ("off", "low", "medium", "high")
MODELS = (
    "gemini-3-flash-preview",
    "gemini-3.1-pro-preview",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
)

FLAGS = (
    Flag(
        ("-m", "--model"),
        "model",
        "The model that answers.",
        _word,
        "a model's name",
        "NAME",
        MODELS,
    ),
    Flag(
        ("-t", "--temperature"),
        "temperature",
        "How freely the model chooses its words; 0 gives the steadiest code.",
        _number(0, 2),
        "a number from 0 to 2",
        "NUMBER",
    ),
    Flag(
        ("--engine",),
        "engine",
        "Where the prompt goes: Gemini, Vertex AI, the offline lessons, or a recording. "
        "Without it: the first that has credentials, else offline.",
        _word,
        "gemini, vertex, offline or replay:PATH",
        "ENGINE",
        ENGINES,
    ),
    Flag(("--system",), "system", "A system instruction.", str, "a text", "TEXT"),
    Flag(
        ("--thinking",),
        "thinking",
        "How much the model thinks: a level, or a number of tokens.",
        _thinking,
        "off, low, medium, high or a number of tokens",
        "LEVEL",
        THINKING,
    ),
    Flag(("--thoughts",), "thoughts", "Show summaries of the model's thoughts."),
    Flag(
        ("--max-output-tokens",),
        "max_output_tokens",
        "Bound of the answer, in tokens; 0 is the model's own.",
        _whole(0),
        "a whole number",
        "N",
    ),
    Flag(("--seed",), "seed", "Seed of the model's sampling.", _whole(0), "a whole number", "N"),
    Flag(
        ("--timeout",),
        "timeout",
        "Seconds of silence before the request is given up.",
        _number(0.001, 86_400),
        "a number of seconds",
        "SECONDS",
    ),
    Flag(
        ("--no-code",),
        "code",
        "A plain answer: the model gets no tool to run code.",
        switch=False,
    ),
    Flag(
        ("--chat",),
        "chat",
        "Continue the chat of this name, or start it; without a name, the notebook's own.",
        chat_name,
        "a name of letters, digits, '.', '_' and '-', at most 64",
        "[NAME]",
        bare=NOTEBOOK,
    ),
    Flag(
        ("--fresh",), "fresh", "Start the chat anew: its turns are forgotten when this one is done."
    ),
    Flag(
        ("--append",),
        "append",
        "Add a turn to the chat where running the cell again would replace its own.",
        in_cell=True,
    ),
    Flag(
        ("--data",),
        "data",
        "Give the model's sandbox this variable, as a file: a table as CSV, a dict or a list as "
        "JSON, a figure or a picture as PNG, text, bytes. May be given again.",
        _name,
        "a variable's name",
        "NAME",
        in_cell=True,
        many=True,
    ),
    Flag(
        ("--file",),
        "files",
        "Give the model this file, or what is at a gs:// or Files API URI. May be given again.",
        _word,
        "a path or a URI",
        "PATH",
        many=True,
    ),
    Flag(
        ("--no-schema",),
        "schema",
        "Do not tell the model the columns, types and first rows of the tables.",
        switch=False,
    ),
    Flag(("--raw",), "raw", "Send the prompt as typed: no {name} is replaced.", in_cell=True),
    Flag(
        ("--out",),
        "out",
        "The variable that gets the run.",
        _name,
        "a variable's name",
        "NAME",
        in_cell=True,
    ),
    Flag(
        ("--insert",),
        "insert",
        "Put the last code, or that of every attempt, into cells below when the run is done.",
        _one_of("none", "last", "all"),
        "none, last or all",
        "WHICH",
        ("none", "last", "all"),
        in_cell=True,
    ),
    Flag(
        ("--static",),
        "static",
        "Show the run once, at its end, the same for the same answer: for documentation and tests.",
        in_cell=True,
    ),
    Flag(
        ("--dry-run",),
        "dry_run",
        "Print exactly what would be sent, without the key, and send nothing.",
        in_cell=True,
    ),
    Flag(("-h", "--help"), "help", "Print this table.", in_cell=True),
)


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
    parser = _Parser(prog=PROGRAM, add_help=False, allow_abbrev=False)
    for flag in FLAGS:
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
    try:
        words = shlex.split(line)
    except ValueError as exc:
        raise OptionError(f"the line {line.strip()!r} cannot be read: {str(exc).lower()}") from None
    typed, rest = parser.parse_known_args(words)
    if rest:
        raise OptionError(_unknown(rest[0]))
    return _options(settings, {k: v for k, v in vars(typed).items() if v is not None})


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
    return _options(settings, values)


def _read(flag: Flag, value: Any) -> Any:
    if flag.read is None:
        return bool(value)
    if not flag.many:
        return flag.read(str(value))
    one = isinstance(value, str | PathLike)
    return [flag.read(str(item)) for item in ([value] if one else value)]


def _options(settings: GeminiMagic, values: Mapping[str, Any]) -> Options:
    defaults = {
        name: getattr(settings, name)
        for name in Options.__dataclass_fields__
        if settings.has_trait(name)
    }
    many = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    options = Options(**{**defaults, **values, **many})
    if not options.chat and (options.fresh or options.append):
        flag = "--fresh" if options.fresh else "--append"
        raise OptionError(f"{flag} is about a chat, and here is none: add --chat or --chat NAME")
    return options


def _unknown(word: str) -> str:
    if not word.startswith("-"):
        return f"{word!r} is not a flag: the prompt goes into the lines below {PROGRAM}"
    names = [name for flag in FLAGS for name in flag.names]
    near = get_close_matches(word.split("=")[0], names, 1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"`{PROGRAM} --help` lists them"
    return f"there is no flag {word}: {hint}"


def usage() -> str:
    """Return the table as text, as `--help` prints it."""
    rows = [(", ".join(flag.names) + f" {flag.metavar}".rstrip(), flag.help) for flag in FLAGS]
    width = max(len(left) for left, _ in rows)
    lines = [f"  {left:<{width}}  {right}" for left, right in rows]
    return "\n".join(
        [
            f"{PROGRAM} [flags]",
            "    the prompt, on the lines below",
            "",
            *lines,
            "",
            "Defaults are settings: %config GeminiMagic lists them.",
        ]
    )


def table() -> str:
    """Return the table as Markdown, as the docs show it."""
    rows = ["| flag | what it does | setting |", "| --- | --- | --- |"]
    for flag in FLAGS:
        names = ", ".join(f"`{name}`" for name in flag.names)
        takes = f" `{flag.metavar}` ({flag.takes})" if flag.metavar else ""
        known = GeminiMagic.class_traits(config=True)
        setting = f"`GeminiMagic.{flag.field}`" if flag.field in known else ""
        rows.append(f"| {names}{takes} | {flag.help} | {setting} |")
    return "\n".join(rows) + "\n"
