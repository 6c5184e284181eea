"""`gemini-magic`: the same line in a terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from . import __version__, line
from .answer.parts import Event
from .errors import (
    DocumentChanged,
    GeminiError,
    LessonError,
    OptionError,
    RequestError,
    ResultsDiffer,
)
from .notebook.commands.columns import columns
from .notebook.commands.command import FORCE, Commands, Invocation, Said
from .options.option import Option
from .options.table import FLAGS, flags_of
from .phrases import count, short
from .request.question import Question
from .runs.run import Run
from .views.console import Console
from .views.host import Host
from .views.session import Session

PROGRAM = "gemini-magic"
DEMO = "What is the sum of the first 50 prime numbers? Generate and run code."

_HERE = tuple(flag for flag in FLAGS if not flag.elsewhere)
_ELSEWHERE = {name: flag.elsewhere for flag in FLAGS for name in flag.names if flag.elsewhere}
_DEFAULTS = "Defaults are settings: GEMINI_MAGIC_MODEL in the environment is that of --model."
_TAKES = f"`{PROGRAM} run PROMPT` takes it in quotes, and for - from standard input"
_JSON = Option(names=("--json",), field="as_json", help="Print JSON, for machines.")
_SCIENCE = Option(names=("--science",), field="science", help="That with numpy and pandas too.")

COMMANDS = Commands(PROGRAM, _ELSEWHERE)


@COMMANDS.command("run PROMPT…", *_HERE, note=_DEFAULTS)
def run(at: Invocation, *prompts: str, **values: Any) -> str | None:
    """Send a prompt, in quotes; for - that on standard input."""
    if not prompts:
        raise OptionError(f"there is no prompt: {_TAKES}")
    if len(prompts) > 1:
        raise OptionError(
            f"{prompts[0]!r} and {prompts[1]!r} cannot both be the prompt: "
            "put quotes around a text of several words"
        )
    prompt = _standard_input() if prompts[0] == "-" else prompts[0]
    if not prompt.strip():
        raise RequestError(f"the prompt is empty: {_TAKES}")
    question = Question(prompt, at.session.options(values))
    if question.options.dry_run:
        return line.preview(question, at.session)
    host = at.session.host

    def show(run: Run) -> AbstractContextManager[Callable[[Event], None]]:
        host.print(f"› {run.request.prompt}\n")
        return host.show(run, step=question.options.step)

    line.ask(question, at.session, show)
    return None


@COMMANDS.command("demo", *_HERE, note=_DEFAULTS)
def demo(at: Invocation, **values: Any) -> Said:
    """Sum the first 50 primes, offline."""
    return run(at, DEMO, **{"engine": "offline", **values})


@COMMANDS.command("prepare", _SCIENCE, *flags_of("help"))
def prepare(at: Invocation, science: bool = False) -> str:
    """Compile the sandbox ahead, once a machine."""
    from . import sandbox

    sandbox.prepare(at.session.host.print)
    if science:
        sandbox.prepare(at.session.host.print, science=True)
    return "the sandbox is ready"


@COMMANDS.command("verify FILE…", _JSON, *flags_of("help"))
def verify(at: Invocation, *paths: str, as_json: bool = False) -> str | None:
    """Run the code in saved runs again, and compare.

    The files are notebooks, pages and recordings. The exit status is 1 where an attempt gave
    another result for no reason that is known, or a document was changed after it was written.
    """
    from .runs.verify import report

    if not paths:
        raise OptionError(f"there is no file: `{PROGRAM} verify FILE…` takes .ipynb, .html, .json")
    told = Console(sys.stderr)

    def progress(line: str) -> None:
        told.write(f"{line}\n")

    files = [report.verify_file(Path(path), progress=progress) for path in paths]
    machine = json.dumps([file.to_dict() for file in files], indent=2)
    at.session.host.print(machine if as_json else report.table(files))
    if any(file.differs for file in files):
        raise ResultsDiffer(report.summary(files))
    if any(file.changed for file in files):
        raise DocumentChanged(report.summary(files))
    return None if as_json else report.summary(files)


@COMMANDS.command("export FILE [RUN] FILE", FORCE, *flags_of("help"))
def export(at: Invocation, source: str, *words: str, force: bool = False) -> str:
    """Write the runs of a file to another kind of file.

    It takes notebooks, pages and recordings, and writes .html, .ipynb, .py, .md and .json: all runs
    unless a number says which.
    """
    from .runs.documents import runs_in
    from .runs.exports.export import ALL, export, written

    *numbers, file = words
    runs = runs_in(Path(source))
    number = numbers[0] if numbers else ALL
    if number != ALL:
        if not (number.isdecimal() and 0 < int(number) <= len(runs)):
            raise OptionError(f"there is no run {number!r}: {source!r} holds {len(runs)}")
        runs = [runs[int(number) - 1]]
    return f"{written(runs, number)} in {export(runs, file, force=force)}"


@COMMANDS.command("lessons check FOLDER", _JSON, *flags_of("help"))
def lessons_check(at: Invocation, folder: str, as_json: bool = False) -> str | None:
    """Run every lesson of a folder; exit status 1 if one fails."""
    from .runs.lesson_check import check

    checked = list(check(Path(folder)))
    if as_json:
        at.session.host.print(json.dumps([each.to_dict() for each in checked], indent=2))
    else:
        rows = [
            (
                short(Path(each.file).name),
                each.state,
                each.attempts,
                f"{each.seconds:.1f}",
                each.why,
            )
            for each in checked
        ]
        at.session.host.print(str(columns(("lesson", "state", "attempts", "seconds", ""), rows)))
    failed = sum(each.fails for each in checked)
    said = f"{count(len(checked), 'lesson')}, {failed} failed"
    if failed:
        raise LessonError(said)
    return None if as_json else said


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 1 if it failed, 130 if it was stopped."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _parser().parse_args(words[:1])
    host = Host()
    try:
        if said := COMMANDS.run_words(words, Invocation(Session(host))):
            host.tell(said)
        return _end(host.console)
    except GeminiError as exc:
        Console(sys.stderr).write(f"{type(exc).__name__}: {exc}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Watch a model write Python, run it and mend it.",
        epilog=f"`{PROGRAM} COMMAND --help` lists the flags of a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        # What follows the first word is read with the command's own words.
        commands.add_parser(command.name.split()[0], help=command.help, add_help=False)
    return parser


def _standard_input() -> str:
    try:
        return sys.stdin.read() if sys.stdin else ""
    except (OSError, ValueError) as exc:  # closed, or bytes that are not text
        raise RequestError(f"standard input cannot be read as a prompt: {exc}") from None


def _end(console: Console) -> int:
    """Return the exit status; say what could not be written, unless nobody reads it."""
    if console.lost is None:
        return 0
    # Python flushes standard output once more at its end, and would complain:
    # https://docs.python.org/3/library/signal.html#note-on-sigpipe
    with suppress(OSError, ValueError):  # a stream without a number has nothing to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(console.lost, BrokenPipeError):
        return 0
    why = getattr(console.lost, "strerror", None) or console.lost
    Console(sys.stderr).write(f"standard output cannot be written: {why}\n")
    return 1
