"""`gemini-magic`: the same line in a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import __version__
from .engines.registry import connect
from .errors import GeminiError, OptionError, RequestError
from .options.help import listed
from .options.option import Option
from .options.parse import overruled, read
from .options.settings import GeminiMagic
from .options.table import FLAGS, flags_of
from .request.build import build
from .runs.run import Run
from .sanitize import sanitize
from .views.view import Terminal

PROGRAM = "gemini-magic"
DEMO = "What is the sum of the first 50 prime numbers? Generate and run code."

_HERE = tuple(flag for flag in FLAGS if not flag.elsewhere)
_DEFAULTS = "Defaults are settings: GEMINI_MAGIC_MODEL in the environment is that of --model."


@dataclass(frozen=True)
class Command:
    """A row of the table. `takes` names the one word besides the flags, or is empty.

    `do` gets the values of the flags by field, and that word.
    """

    name: str
    takes: str
    help: str
    do: Callable[..., None]
    flags: tuple[Option, ...] = _HERE
    note: str = _DEFAULTS

    @property
    def usage(self) -> str:
        head = " ".join((PROGRAM, self.name, "[flags]", self.takes)).rstrip()
        lines = [head, f"    {self.help}", "", *listed(self.flags)]
        return "\n".join([*lines, "", self.note] if self.note else lines)

    def obey(self, words: Sequence[str]) -> None:
        """Do what `words` say; raise OptionError in one line."""
        # What follows a -- is no flag, whatever it begins with.
        end = words.index("--") if "--" in words else len(words)
        if self.flags is _HERE:
            _refuse_flags(words[:end])
        values, rest = read(words[:end], self.flags, f"{PROGRAM} {self.name}")
        rest += words[end + 1 :]
        if values.pop("help", False):
            print(self.usage)
            return
        if rest and not self.takes:
            raise OptionError(f"`{PROGRAM} {self.name}` takes flags only, not {rest[0]!r}")
        if len(rest) > 1:
            raise OptionError(
                f"{rest[0]!r} and {rest[1]!r} cannot both be the prompt: "
                "put quotes around a text of several words"
            )
        if self.takes and not rest:
            raise OptionError(_without_prompt("there is no prompt"))
        self.do(values, *rest)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 1 when it failed, 130 when it was stopped."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS[_parser().parse_args(words[:1]).command]
    try:
        command.obey(words[1:])
    except GeminiError as exc:
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Watch a model write Python, run it and mend it.",
        epilog=f"`{PROGRAM} COMMAND --help` lists the flags of a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS.values():
        commands.add_parser(command.name, help=command.help, add_help=False)
    return parser


def _refuse_flags(words: Sequence[str]) -> None:
    names = {name: flag for flag in FLAGS for name in flag.names}
    for word in words:
        name = word.split("=")[0]
        if name in names and names[name].elsewhere:
            raise OptionError(f"{name} is for {names[name].elsewhere}")


def _without_prompt(what: str) -> str:
    return f"{what}: `{PROGRAM} run PROMPT` takes it in quotes, and for - from standard input"


def _run(values: dict[str, Any], prompt: str) -> None:
    options = overruled(GeminiMagic(), values)
    text = sys.stdin.read() if prompt == "-" else prompt
    if not text.strip():
        raise RequestError(_without_prompt("the prompt is empty"))
    request = build(options, text, {})
    engine = connect(options.engine, options.model)
    if options.dry_run:
        print(sanitize(engine.preview(request)))
        return
    print(f"› {sanitize(request.prompt)}\n")
    run = Run(request, engine.name, engine.model)
    with Terminal(run) as view, run.tracking():
        for part in engine.stream(request):
            run.add(part)
            view.redraw()


def _demo(values: dict[str, Any]) -> None:
    _run({"engine": "offline", **values}, DEMO)


def _prepare(values: dict[str, Any]) -> None:
    from .sandbox import prepare

    prepare(print)
    if values.get("science"):
        prepare(print, science=True)
    print("the sandbox is ready")


_ROWS = (
    Command("run", "PROMPT", "Send a prompt, in quotes; for - that on standard input.", _run),
    Command("demo", "", "Sum the first 50 primes, offline.", _demo),
    Command(
        "prepare",
        "",
        "Compile the sandbox ahead, once a machine.",
        _prepare,
        (
            Option(names=("--science",), field="science", help="That with numpy and pandas too."),
            *flags_of("help"),
        ),
        "",
    ),
)
COMMANDS = {command.name: command for command in _ROWS}
