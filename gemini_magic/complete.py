"""What Tab offers: flags, their values, variables after `{`, and the commands of `%gemini`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)

from .flags import FLAGS, PROGRAM, VARIABLES

MATCHER = "gemini_magic"

_FIRST_LINE = re.compile(rf"\s*{PROGRAM}(?P<flags>\s.*)?", re.DOTALL)
_COMMAND = re.compile(r"\s*%gemini(?P<words>\s[^\n]*)")
_NAME = re.compile(r"\{(\w*)$")
_VALUES = {name: flag.choices for flag in FLAGS for name in flag.names if flag.choices}
_FLAGS = tuple(name for flag in FLAGS for name in flag.names if name.startswith("--"))


def matcher(names: Mapping[str, Any]) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Return a matcher for IPython's completer that knows the variables in `names`."""

    def match(context: CompletionContext) -> SimpleMatcherResult:
        found = candidates(context.text_until_cursor, context.full_text, names)
        if found is None:
            return SimpleMatcherResult(completions=[])
        fragment, words = found
        return SimpleMatcherResult(
            completions=[
                SimpleCompletion(text=word, type="magic") for word in words if word != fragment
            ],
            matched_fragment=fragment,
            suppress=True,
        )

    marked: Callable[[CompletionContext], SimpleMatcherResult]
    marked = context_matcher(identifier=MATCHER)(match)
    return marked


def candidates(line: str, cell: str, names: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """Return what is typed of a word and the words it may become; None where we have no say.

    `line` is the line up to the cursor, `cell` the text of the whole cell.
    """
    if command := _COMMAND.fullmatch(line):
        return _commands(command["words"])
    if not _FIRST_LINE.match(cell):
        return None
    if first := _FIRST_LINE.fullmatch(line):
        return _flags(first["flags"], _public(names)) if first["flags"] else None
    if typed := _NAME.search(line):
        return typed[1], _beginning(typed[1], _public(names))
    return None


def _public(names: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def _flags(line: str, variables: list[str]) -> tuple[str, list[str]] | None:
    *before, typed = re.split(r"\s+", line)
    flag, equals, value = typed.partition("=")
    flag, value = (flag, value) if equals else (before[-1] if before else "", typed)
    if flag == "--file":
        return None  # paths are IPython's
    values = variables if flag in VARIABLES else _values(flag)
    # A flag may stand alone, and the next word be a flag.
    if values and (equals or not value.startswith("-")):
        return value, _beginning(value, values)
    return typed, _beginning(typed, _FLAGS)


def _values(flag: str) -> Iterable[str]:
    if flag == "--chat":
        # Imported when it is asked for: loading the extension must not delay a notebook.
        from .session import session

        return [chat.name for chat in session().chats]
    return _VALUES.get(flag, ())


def _commands(line: str) -> tuple[str, list[str]] | None:
    from .commands import offered
    from .session import session

    _, *before, typed = re.split(r"\s+", line)
    words = offered(before, session())
    return None if words is None else (typed, _beginning(typed, words))


def _beginning(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(typed)]
