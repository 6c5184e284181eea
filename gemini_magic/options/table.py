"""The flags of `%%gemini_exec`: one table, from which parsing, help, docs and completion come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .converters import THINKING, chat_name, name, number_in, one_of, thinking, whole, word
from .settings import GeminiMagic

PROGRAM = "%%gemini_exec"


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


# The flags that take a variable of the notebook.
VARIABLES = ("--data", "--tool", "--json")
# The chat of `--chat` without a name.
NOTEBOOK = "notebook"
ENGINES = ("gemini", "vertex", "offline", "replay:")
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
        word,
        "a model's name",
        "NAME",
        MODELS,
    ),
    Flag(
        ("-t", "--temperature"),
        "temperature",
        "How freely the model chooses its words; 0 gives the steadiest code.",
        number_in(0, 2),
        "a number from 0 to 2",
        "NUMBER",
    ),
    Flag(
        ("--engine",),
        "engine",
        "Where the prompt goes: Gemini, Vertex AI, the offline lessons, or a recording. "
        "Without it: the first that has credentials, else offline.",
        word,
        "gemini, vertex, offline or replay:PATH",
        "ENGINE",
        ENGINES,
    ),
    Flag(("--system",), "system", "A system instruction.", str, "a text", "TEXT"),
    Flag(
        ("--thinking",),
        "thinking",
        "How much the model thinks: a level, or a number of tokens.",
        thinking,
        "off, low, medium, high or a number of tokens",
        "LEVEL",
        THINKING,
    ),
    Flag(("--thoughts",), "thoughts", "Show summaries of the model's thoughts."),
    Flag(
        ("--max-output-tokens",),
        "max_output_tokens",
        "Bound of the answer, in tokens; 0 is the model's own.",
        whole(0),
        "a whole number",
        "N",
    ),
    Flag(("--seed",), "seed", "Seed of the model's sampling.", whole(0), "a whole number", "N"),
    Flag(
        ("--timeout",),
        "timeout",
        "Seconds of silence before the request is given up.",
        number_in(0.001, 86_400),
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
        name,
        "a variable's name",
        "NAME",
        in_cell=True,
        many=True,
    ),
    Flag(
        ("--file",),
        "files",
        "Give the model this file, or what is at a gs:// or Files API URI. May be given again.",
        word,
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
    Flag(
        ("--tool",),
        "tools",
        "Offer the model this function of the notebook; it needs annotations, and its docstring "
        "tells the model what it does. May be given again.",
        name,
        "a function's name",
        "NAME",
        in_cell=True,
        many=True,
    ),
    Flag(("--search",), "search", "Let the model search the web; sources are shown."),
    Flag(("--url",), "url", "Let the model read the pages whose addresses are in the prompt."),
    Flag(
        ("--json",),
        "json",
        "Ask for JSON that fits this pydantic model or JSON schema; the value is in `run.value`.",
        name,
        "a variable's name",
        "NAME",
        in_cell=True,
    ),
    Flag(
        ("--cache-context",),
        "context",
        "Ask on top of what `%gemini context create NAME` has cached at the server.",
        chat_name,
        "a name of letters, digits, '.', '_' and '-', at most 64",
        "NAME",
    ),
    Flag(("--raw",), "raw", "Send the prompt as typed: no {name} is replaced.", in_cell=True),
    Flag(
        ("--out",),
        "out",
        "The variable that gets the run.",
        name,
        "a variable's name",
        "NAME",
        in_cell=True,
    ),
    Flag(
        ("--insert",),
        "insert",
        "Put the last code, or that of every attempt, into cells below when the run is done.",
        one_of("none", "last", "all"),
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


def listed(flags: Iterable[Flag]) -> list[str]:
    """Return a line for each flag: its names, what it takes, and what it does."""
    rows = [(", ".join(flag.names) + f" {flag.metavar}".rstrip(), flag.help) for flag in flags]
    width = max((len(left) for left, _ in rows), default=0)
    return [f"  {left:<{width}}  {right}" for left, right in rows]


def usage() -> str:
    """Return the table as text, as `--help` prints it."""
    return "\n".join(
        [
            f"{PROGRAM} [flags]",
            "    the prompt, on the lines below",
            "",
            *listed(FLAGS),
            "",
            "Defaults are settings: %config GeminiMagic lists them.",
        ]
    )


def table(flags: Iterable[Flag] = FLAGS) -> str:
    """Return the table as Markdown, as the docs show it."""
    rows = ["| flag | what it does | setting |", "| --- | --- | --- |"]
    for flag in flags:
        names = ", ".join(f"`{name}`" for name in flag.names)
        takes = f" `{flag.metavar}` ({flag.takes})" if flag.metavar else ""
        known = GeminiMagic.class_traits(config=True)
        setting = f"`GeminiMagic.{flag.field}`" if flag.field in known else ""
        rows.append(f"| {names}{takes} | {flag.help} | {setting} |")
    return "\n".join(rows) + "\n"
