"""The table of options in words: as `--help` prints it, and as Markdown for the docs."""

from __future__ import annotations

from collections.abc import Iterable

from .option import Option
from .table import FLAGS

PROGRAM = "%%gemini_exec"
# The names of the magic, of which the others are shorter ones.
PROGRAMS = (PROGRAM, "%%gemini")
DEFAULTS = "Defaults are settings: %config GeminiMagic lists them."


def told(flags: Iterable[Option]) -> list[tuple[str, str]]:
    """Return for each flag its names with what it takes, and what it does."""
    return [(", ".join(flag.names) + f" {flag.metavar}".rstrip(), flag.help) for flag in flags]


def listed(flags: Iterable[Option]) -> list[str]:
    """Return a line for each flag: its names, what it takes, and what it does."""
    rows = told(flags)
    width = max((len(left) for left, _ in rows), default=0)
    return [f"  {left:<{width}}  {right}" for left, right in rows]


def usage() -> str:
    """Return the table as text, as `--help` prints it."""
    return "\n".join(
        [
            f"{PROGRAM} [flags]      (or {PROGRAMS[1]} [flags])",
            "    the prompt, on the lines below",
            "",
            *listed(FLAGS),
            "",
            DEFAULTS,
        ]
    )


def table(flags: Iterable[Option] = FLAGS) -> str:
    """Return the table as Markdown, as the docs show it."""
    rows = ["| flag | what it does | setting |", "| --- | --- | --- |"]
    for flag in flags:
        names = ", ".join(f"`{name}`" for name in flag.names)
        takes = f" `{flag.metavar}` ({flag.takes.takes})" if flag.takes else ""
        setting = f"`GeminiMagic.{flag.field}`" if flag.setting else ""
        rows.append(f"| {names}{takes} | {flag.help} | {setting} |")
    return "\n".join(rows) + "\n"
