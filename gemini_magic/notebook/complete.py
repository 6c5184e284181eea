"""What Tab offers: flags, their values, variables after `{`, and the commands of `%gemini`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)

from ..errors import OptionError
from ..options.converters import Converter
from ..options.help import PROGRAM
from ..options.table import FLAGS

if TYPE_CHECKING:
    from ..runs.session import Session

MATCHER = "gemini_magic"

_FIRST_LINE = re.compile(rf"\s*{PROGRAM}(?P<flags>\s.*)?", re.DOTALL)
_COMMAND = re.compile(r"\s*%gemini(?P<words>\s[^\n]*)")
_NAME = re.compile(r"\{(\w*)$")
_TAKES = {name: flag.takes for flag in FLAGS for name in flag.names}
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
        return _commands(command["words"], len(names.get("In", ())))
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
    takes = _TAKES.get(flag)
    if takes and takes.names == "paths":
        return None  # which IPython completes
    values = _values(takes, variables) if takes else ()
    # A flag may stand alone, and the next word be a flag.
    if values and (equals or not value.startswith("-")):
        return value, _beginning(value, values)
    return typed, _beginning(typed, _FLAGS)


def _values(takes: Converter, variables: list[str]) -> Iterable[str]:
    if takes.names == "variables":
        return variables
    if takes.names not in ("chats", "contexts"):
        return takes.choices
    # Imported when it is asked for: loading the extension must not delay a notebook.
    from ..runs.session import session

    if takes.names == "chats":
        return [chat.name for chat in session().chats]
    return session().contexts


def _commands(line: str, cells: int) -> tuple[str, list[str]] | None:
    from ..runs.session import session

    _, *before, typed = re.split(r"\s+", line)
    words = _following(before, session(), cells)
    return None if words is None else (typed, _beginning(typed, words))


def _following(before: Sequence[str], session: Session, cells: int) -> list[str] | None:
    """Return the words that can follow those of a command; None where a path does.

    `cells` is the number of the cell that is typed.
    """
    from .commands.table import COMMANDS, NAMED, find

    split = [name.split() for name in NAMED]
    names = [name[len(before)] for name in split if [*before] == name[: len(before)] != name]
    try:
        command, given = find(before or ["help"])
    except OptionError:
        return []
    flags = {name: flag for flag in command.flags for name in flag.names}
    if given and given[-1] in flags:
        flag = flags[given[-1]]
        takes_word = flag.takes
        if takes_word is None or takes_word.names == "paths":
            return None
        return list(takes_word.choices)
    own = [
        word
        for last, word in zip(("", *given), given, strict=False)
        if not word.startswith("-") and last not in flags
    ]
    takes = [word.strip("[…]") for word in command.takes.split() if before][len(own) :]
    if takes[:1] == ["FILE"]:
        return None
    values = {
        "NAME": [chat.name for chat in session.chats if command.name.startswith("chat")],
        "CONTEXT": session.contexts,
        "RUN": [str(number) for number in range(1, len(session.runs) + 1)],
        "COMMAND": [command.name for command in COMMANDS],
        "CELL": [str(number) for number in range(1, cells)],
    }
    long = (name for name in (*flags, "--help") if name.startswith("--"))
    return [*dict.fromkeys(names), *(values.get(takes[0], ()) if takes else ()), *long]


def _beginning(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(typed)]
