"""Puts a table into a guest as a variable: its columns as raw bytes, in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from .process import Worker

TABLES = Path(__file__).with_name("tables")
NAME = "_piece"
PIECE = 4 * 2**20  # bytes that are on their way at a time
SECONDS = 120.0  # for one piece to be taken in
# Bytes of cells up to which the light guest gets a table as a CSV file too.
SMALL = 2 * 2**20
_BEGIN = """
import sys, types
_made = sys.modules["_tables"] = types.ModuleType("_tables")
exec(compile({source!r}, "<tables>", "exec"), vars(_made))
del sys, types, _made
"""


class Encoded(Protocol):
    """A column: what its buffers mean, as JSON values, and they themselves."""

    @property
    def spec(self) -> dict[str, Any]: ...

    @property
    def buffers(self) -> Sequence[Any]: ...


class Columns(Protocol):
    """A table, its columns encoded one after the other."""

    @property
    def size(self) -> int: ...

    def spec(self) -> dict[str, Any]: ...

    def encoded(self) -> Iterator[Encoded]: ...


def fill(worker: Worker, name: str, columns: Columns, *, science: bool) -> bool:
    """Make the variable `name` of `columns` in the guest; return whether there is room for it."""
    if not _done(worker, _BEGIN.format(source=_source("science" if science else "light"))):
        return False
    for data, layout, specs in _pieces(columns):
        if not (worker.lend(NAME, data) and _call(worker, "take", layout, specs)):
            return False
    return _call(worker, "finish", name, {**columns.spec(), "csv": columns.size <= SMALL})


def _pieces(columns: Columns) -> Iterator[tuple[bytes, list[Any], list[Any]]]:
    """Yield the buffers of all columns, small ones together and large ones in several pieces.

    With each piece comes what it has of each buffer: how much, from where, of how much; and what
    the columns are that end in it.
    """
    held: list[Any] = []
    layout: list[tuple[int, int, int]] = []
    specs: list[dict[str, Any]] = []
    size = 0
    for column in columns.encoded():
        for buffer in column.buffers:
            view, start = memoryview(buffer), 0
            while True:
                part = view[start : start + PIECE - size]
                held.append(part)
                layout.append((len(part), start, len(view)))
                start += len(part)
                size += len(part)
                if start == len(view):
                    break
                yield b"".join(held), layout, specs
                held, layout, specs, size = [], [], [], 0
        specs.append(column.spec)
    if layout:
        yield b"".join(held), layout, specs


def _call(worker: Worker, function: str, *arguments: object) -> bool:
    # As JSON in a literal: what is written in Python itself would be compiled at length.
    told = f"__import__('json').loads({json.dumps(arguments)!r})"
    scope = "globals(), " if function == "finish" else ""
    return _done(worker, f"__import__('sys').modules['_tables'].{function}({scope}*{told})")


def _done(worker: Worker, code: str) -> bool:
    return worker.run(code, SECONDS).outcome == "ok"


@cache
def _source(guest: str) -> str:
    return (TABLES / f"{guest}.py").read_text(encoding="utf-8")
