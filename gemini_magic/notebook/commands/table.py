"""The commands of `%gemini`: one table, from which help, docs and completion come."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from copy import copy
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ...engines.google.gemini import Gemini
from ...engines.registry import connect
from ...errors import GeminiError, OptionError, RequestError
from ...options.converters import Duration, Label
from ...options.help import listed
from ...options.help import table as table_of
from ...options.option import Option
from ...options.parse import read, split
from ...options.table import flags_of
from ...runs import transcript
from ...sanitize import sanitize
from .. import prompts as about
from . import kept, reports
from .command import LINE, Command, Place

_HELP = ("-h", "--help")


def obey(line: str, place: Place) -> str:
    """Do what `line` says and return what is to be printed; raise OptionError in one line."""
    words = split(line)
    if not words or {*words} & {*_HELP}:
        return _help(place, *(word for word in words if word not in _HELP))
    command, given = find(words)
    values: dict[str, Any] = {}
    if command.flags:
        values, given = read(given, command.flags, f"{LINE} {command.name}")
    if not command.accepts(given):
        raise OptionError(f"this takes the words `{command.usage}`, not `{LINE} {line.strip()}`")
    return sanitize(command.do(place, *given, **values))


def find(words: Sequence[str]) -> tuple[Command, Sequence[str]]:
    """Return the command that `words` begin with, and the words after it.

    Raises OptionError, which names the nearest, where there is none.
    """
    for count in (2, 1):
        name = " ".join(words[:count])
        if name in NAMED and not (_group(name) and len(words) > count):
            return NAMED[name], words[count:]
    raise OptionError(_unknown(words))


def _unknown(words: Sequence[str]) -> str:
    """Return the line on words that are no command: it names the nearest of the same group."""
    within = [name.split()[1] for name in _group(words[0])]
    before = f"{words[0]} " if within else ""
    typed = words[1] if within else words[0]
    near = get_close_matches(typed, within or NAMED, 1, cutoff=0.5)
    help_line = f"{LINE} help {before}".rstrip()
    hint = f"did you mean `{LINE} {before}{near[0]}`?" if near else f"`{help_line}` lists them"
    return f"there is no command {before + typed!r}: {hint}"


def _group(name: str) -> list[str]:
    """Return the commands that begin with the word `name`."""
    return [each for each in NAMED if each.startswith(f"{name} ")]


def usage() -> str:
    """Return the table as text, as `%gemini help` prints it."""
    return reports.columns(("command", ""), [(c.usage, c.help) for c in COMMANDS])


def table() -> str:
    """Return the table as Markdown, as the docs show it."""
    rows = [f"| `{command.usage}` | {command.help} |\n" for command in COMMANDS]
    own = [
        f"\nThe flags of `{LINE} {command.name}`:\n\n{table_of(command.flags)}"
        for command in COMMANDS
        if command.flags
    ]
    return "".join(("| command | what it does |\n| --- | --- |\n", *rows, *own))


def _help(place: Place, *words: str) -> str:
    if not words:
        return usage()
    command, _ = find(words)
    group = [each for each in COMMANDS if each.name.startswith(f"{command.name} ")]
    about_group = [f"{each.usage}\n    {each.help}" for each in group]
    said = (command.usage, f"    {command.help}", *listed(command.flags), *about_group)
    return "\n".join(said)


def _chat(place: Place) -> str:
    return reports.chats(place.session.chats)


def _chat_show(place: Place, name: str = "") -> str:
    return reports.chat(place.session.chats.get(name))


def _chat_undo(place: Place, name: str = "") -> str:
    chat = place.session.chats.undo(name)
    prompt = reports.short(chat.turns[-1].prompt)
    return f"taken back from chat {chat.name!r}: turn {len(chat.turns)}, {prompt!r}"


def _chat_reset(place: Place, name: str = "") -> str:
    chat = place.session.chats.get(name)
    place.session.chats.forget(chat)
    return f"chat {chat.name!r} is forgotten, with its {reports.turns(chat)}"


def _chat_save(place: Place, file: str, name: str = "") -> str:
    chat = place.session.chats.get(name)
    transcript.save(chat, Path(file))
    return f"chat {chat.name!r} is saved in {file}: {reports.turns(chat)} with {chat.engine}"


def _chat_load(place: Place, file: str, name: str = "") -> str:
    if name:
        _refuse_name("chat", name)
    chat = transcript.load(Path(file), name)
    place.session.chats.keep(chat)
    return f"chat {chat.name!r} is loaded from {file}: {reports.turns(chat)} with {chat.engine}"


def _refuse_name(what: str, name: str) -> None:
    try:
        Label().read(name)
    except ValueError:
        raise OptionError(f"a {what} has letters, digits, '.', '_', '-', not {name!r}") from None


def _runs(place: Place) -> str:
    return reports.runs(place.session.runs)


def _show(place: Place, number: str) -> str:
    from ...views.view import view_of

    runs = place.session.runs
    if not (number.isdecimal() and 0 < int(number) <= len(runs)):
        raise OptionError(f"there is no run {number!r}: `{LINE} runs` lists {len(runs)}")
    shown = copy(runs[int(number) - 1])
    # Its cells were inserted when it was run.
    shown.insert = "none"
    with view_of(shown, static=True):
        return ""


def _usage(place: Place) -> str:
    return reports.usage(place.session.runs, place.options.prices)


def _models(place: Place) -> str:
    engine = connect(place.options.engine, place.options.model)
    if not isinstance(engine, Gemini):
        return f"the {engine.name} engine has no models to choose from"
    return reports.models(engine.models())


def _context(place: Place) -> str:
    return kept.listed(place.options, place.session.contexts)


def _context_create(place: Place, name: str, files: Sequence[str] = (), **values: Any) -> str:
    _refuse_name("context", name)
    said = kept.created(place.options, name, files, **values)
    place.session.contexts.append(name)
    return said


def _context_show(place: Place, name: str) -> str:
    return kept.shown(place.options, name)


def _context_delete(place: Place, name: str) -> str:
    said = kept.deleted(place.options, name)
    place.session.contexts[:] = [each for each in place.session.contexts if each != name]
    return said


def _files(place: Place) -> str:
    return kept.uploads(place.options)


def _files_clean(place: Place) -> str:
    return kept.cleaned(place.options)


def _config(place: Place) -> str:
    return reports.config(place.settings)


def _ask(place: Place, number: str) -> str:
    if not number.isdecimal():
        raise OptionError(f"`{LINE} ask` takes the number of a cell, not {number!r}")
    place.shell.set_next_input(about.ask(place.shell, int(number)))
    return f"the next cell asks about In[{number}]: write the question, and run it"


def _fix(place: Place) -> str:
    exc = getattr(sys, "last_value", None)
    if exc is None:
        raise RequestError("nothing has failed yet in this session")
    if isinstance(exc, GeminiError) or not isinstance(exc, Exception):
        raise RequestError(f"the last error is not your code's, but {type(exc).__name__}: {exc}")
    place.shell.set_next_input(about.fix(place.shell, exc))
    return f"the next cell asks to mend the {type(exc).__name__}: it is not run by itself"


COMMANDS = (
    Command("help", "[COMMAND…]", "List the commands, or say what one does.", _help),
    Command("chat", "", "List the chats.", _chat, lists=True),
    Command(
        "chat show", "[NAME]", "Show what was said in a chat; without a name, the last.", _chat_show
    ),
    Command("chat undo", "[NAME]", "Take back the last turn of a chat.", _chat_undo),
    Command("chat reset", "[NAME]", "Forget a chat.", _chat_reset),
    Command("chat save", "FILE [NAME]", "Save a chat, with all that was sent in it.", _chat_save),
    Command(
        "chat load", "FILE [NAME]", "Load a saved chat, instead of any of its name.", _chat_load
    ),
    Command("runs", "", "List the runs of this session, those from Python too.", _runs),
    Command("show", "RUN", "Show a run again, by its number.", _show),
    Command("usage", "", "Count the tokens of this session, and the money, by model.", _usage),
    Command(
        "models", "", "List the models, those in Google's guide first, and their limits.", _models
    ),
    Command("context", "", "List the contexts that the server keeps.", _context, lists=True),
    Command(
        "context create",
        "NAME",
        "Have the server keep files and an instruction, for many prompts to build on.",
        _context_create,
        (
            *flags_of("files"),
            Option(
                names=("--ttl",),
                field="ttl",
                help="How long the server keeps it, and bills it; an hour if not said.",
                takes=Duration(),
            ),
            *flags_of("model", "system"),
        ),
    ),
    Command("context show", "CONTEXT", "Show what is known of a context.", _context_show),
    Command("context delete", "CONTEXT", "Delete a context.", _context_delete),
    Command(
        "files",
        "",
        "List what is at the Files API, and what was uploaded here.",
        _files,
        lists=True,
    ),
    Command("files clean", "", "Delete what was uploaded here.", _files_clean),
    Command("config", "", "List the settings, which `%config` changes.", _config),
    Command("ask", "CELL", "Write a cell that asks about another, by its number.", _ask),
    Command("fix", "", "Write a cell that asks to mend the code that failed last.", _fix),
)
NAMED: Mapping[str, Command] = {command.name: command for command in COMMANDS} | {
    f"{command.name} list": command for command in COMMANDS if command.lists
}
