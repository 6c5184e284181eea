"""`gemini-magic`: the same line in a terminal."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from . import __version__
from .engines import connect
from .errors import GeminiError, OptionError
from .flags import usage
from .options import Options, parse
from .request import build
from .runs import Run
from .settings import GeminiMagic
from .view import Terminal

DEMO = "What is the sum of the first 50 prime numbers? Generate and run code."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 0, 1 when it failed, 130 when it was stopped."""
    parser = _parser()
    typed, flags = parser.parse_known_args(arguments)
    if flags and typed.command not in ("run", "demo"):
        parser.error(f"unrecognized arguments: {' '.join(flags)}")
    try:
        if typed.command == "prepare":
            _prepare(typed.science)
        elif typed.command == "demo":
            _run(DEMO, parse(shlex.join(["--engine", "offline", *flags]), GeminiMagic()))
        else:
            _run(typed.prompt, parse(shlex.join(flags), GeminiMagic()))
    except GeminiError as exc:
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gemini-magic",
        description="Watch a model write Python, run it and mend it.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ask = commands.add_parser("run", help="send a prompt; takes the flags of %%%%gemini_exec")
    ask.add_argument("prompt", help="the prompt, or - to read it from standard input")
    commands.add_parser("demo", help="sum the first 50 primes, offline")
    ready = commands.add_parser("prepare", help="compile the sandbox ahead, once a machine")
    ready.add_argument("--science", action="store_true", help="that with numpy and pandas too")
    return parser


def _run(prompt: str, options: Options) -> None:
    if options.help:
        print(usage())
        return
    if options.chat:
        raise OptionError("--chat is for notebooks and Python: a command remembers no chat")
    text = sys.stdin.read() if prompt == "-" else prompt
    request = build(options, text, {})
    engine = connect(options.engine, options.model)
    if options.dry_run:
        print(engine.preview(request))
        return
    print(f"› {request.prompt}\n")
    run = Run(request, engine.name, engine.model)
    with Terminal(run) as view, run.recording():
        for part in engine.stream(request):
            run.add(part)
            view.redraw()


def _prepare(science: bool) -> None:
    from .sandbox import prepare

    prepare(print)
    if science:
        prepare(print, science=True)
    print("the sandbox is ready")
