"""What Tab offers: flags, their values, variables after `{`, and the commands of `%gemini`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)

from ..errors import GeminiError, OptionError
from ..options.converters import Converter
from ..options.help import PROGRAMS
from ..options.table import FLAGS, LOCAL
from ..phrases import short
from ..views.session import current

MATCHER = "gemini_magic"

_FIRST_LINE = re.compile(rf"\s*(?:{'|'.join(PROGRAMS)})(?P<flags>\s.*)?", re.DOTALL)
_COMMAND = re.compile(r"\s*%gemini(?P<words>\s[^\n]*)")
_ENGINE = re.compile(r"\s--engine(?:=|\s+)(\S+)")
_NAME = re.compile(r"\{(\w*)$")
_TAKES = {name: flag.takes for flag in FLAGS for name in flag.names}
_HELP = {name: flag.help for flag in FLAGS for name in flag.names}
# A menu has a line for each word: JupyterLab's would wrap what may be wrapped, into its neighbours.
_LONGEST = 48
_UNBROKEN = "\N{NO-BREAK SPACE}"
_FLAGS = tuple(name for flag in FLAGS for name in flag.names if name.startswith("--"))


def matcher(
    names: Mapping[str, Any], hidden: Mapping[str, Any] | None = None
) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Return a matcher for IPython's completer that knows the variables in `names`.

    Those of `hidden` are IPython's own, unless the user has given them another value.
    """

    def match(context: CompletionContext) -> SimpleMatcherResult:
        own = {name: value for name, value in names.items() if not _is_hidden(name, value)}
        found = candidates(context.text_until_cursor, context.full_text, own)
        if found is None:
            return SimpleMatcherResult(completions=[])
        fragment, words = found
        return SimpleMatcherResult(
            completions=[
                SimpleCompletion(text=word, type=_kind(word, own))
                for word in words
                if word != fragment
            ],
            matched_fragment=fragment,
            suppress=True,
        )

    def _is_hidden(name: str, value: object) -> bool:
        return name != "In" and hidden is not None and hidden.get(name, hidden) is value

    marked: Callable[[CompletionContext], SimpleMatcherResult]
    marked = context_matcher(identifier=MATCHER)(match)
    return marked


def _kind(word: str, names: Mapping[str, Any]) -> str:
    """Return what a front end shows beside a word: what a flag does, the type of a variable."""
    if help_line := _HELP.get(word):
        return short(help_line, _LONGEST).replace(" ", _UNBROKEN)
    return type(names[word]).__name__ if word in names else "gemini"


def candidates(line: str, cell: str, names: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """Return what is typed of a word and the words it may become; None where we have no say.

    `line` is the line up to the cursor, `cell` the text of the whole cell.
    """
    if command := _COMMAND.fullmatch(line):
        return _command(command["words"], names)
    if not _FIRST_LINE.match(cell):
        return None
    if first := _FIRST_LINE.fullmatch(line):
        whole = cell.lstrip().partition("\n")[0]  # the engine may be named behind the cursor
        return _flags(first["flags"], names, whole) if first["flags"] else None
    if typed := _NAME.search(line):
        return typed[1], _beginning(typed[1], _public(names))
    return None


def _flags(line: str, names: Mapping[str, Any], whole: str) -> tuple[str, list[str]] | None:
    *before, typed = re.split(r"\s+", line)
    flag, equals, value = typed.partition("=")
    flag, value = (flag, value) if equals else (before[-1] if before else "", typed)
    takes = _TAKES.get(flag)
    if takes and takes.names == "paths":
        return None  # which IPython completes
    values = _values(takes, names, whole) if takes else []
    # A flag may stand alone, and the next word be a flag.
    if values and (equals or not value.startswith("-")):
        return value, _beginning(value, values)
    return typed, _beginning(typed, _FLAGS)


def _values(takes: Converter, names: Mapping[str, Any], line: str = "") -> Iterable[str]:
    """Return what the session and the notebook have of what a word in the `line` stands for."""
    # The chats and commands are imported only where they are asked for: loading the extension must
    # not delay a notebook.
    match takes.names:
        case "variables":
            return _public(names)
        case "chats":
            return [chat.name for chat in current().chats]
        case "contexts":
            return current().contexts
        case "runs":
            return _numbers(len(current().runs))
        case "cells":
            # The last one is the cell that is typed.
            return _numbers(len(names.get("In", ())) - 1)
        case "commands":
            from .commands.registry import commands

            return [command.name for command in commands()]
        case "models":
            found = _models(line)
            return takes.choices if found is None else found
        case _:
            return takes.choices


def _models(line: str) -> Sequence[str] | None:
    """Return what is known of the local server's models; None if the `line` asks another engine."""
    try:
        options = current().options()
        named = _ENGINE.findall(line)
        if (named[-1] if named else options.engine) != LOCAL:
            return None
        from ..engines.local.connection import connection_of
        from ..engines.local.known import KNOWN_MODELS

        return KNOWN_MODELS.names(connection_of(options.local_base_url, os.environ))
    except GeminiError:  # which whoever asks is told
        return ()


def _public(names: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in names if not name.startswith("_") and name != "In")


def _numbers(last: int) -> list[str]:
    return [str(number) for number in range(1, last + 1)]


def _command(line: str, names: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    _, *before, typed = re.split(r"\s+", line)
    words = _following(before, names)
    return None if words is None else (typed, _beginning(typed, words))


def _following(before: Sequence[str], names: Mapping[str, Any]) -> list[str] | None:
    """Return the words that can follow those of a command; None where a path does."""
    from .commands.registry import commands

    known = [name.split() for name in commands().names]
    longer = [name[len(before)] for name in known if [*before] == name[: len(before)] != name]
    try:
        command, given = commands().find(before or ["help"])
    except OptionError:
        return []
    takes = {name: flag.takes for flag in command.flags for name in flag.names}
    if given and given[-1] in takes:
        after = takes[given[-1]]
        return None if after is None or after.names == "paths" else list(after.choices)
    own = [
        word
        for last, word in zip(("", *given), given, strict=False)
        if not word.startswith("-") and last not in takes
    ]
    next_word = command.converter(len(own)) if before else None
    if next_word and next_word.names == "paths":
        return None
    values = _values(next_word, names) if next_word else ()
    long = (name for name in (*takes, "--help") if name.startswith("--"))
    return [*dict.fromkeys(longer), *values, *long]


def _beginning(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(typed)]
