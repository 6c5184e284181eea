"""Tables that the model typed into its code, where a file was given for the code to read."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ..answer.insertion.blocks import language, parse
from ..answer.steps import Step
from ..request.attachment import Attachment, staged_names
from ..request.request import Request
from ..request.resent import resent

_TABLES = {"text/csv": ",;\t", "text/tab-separated-values": "\t"}
# A file may be one line.
_MOST_BYTES = 99_999
# The rows that are looked for, and how many cells of them a program must hold to have been typed.
_ROWS = 20
_FEWEST_ROWS, _FEWEST_CELLS, _MOST_OF = 3, 6, 0.8
_CELLS = re.compile(r"[^,;\t\n]+")


def typed_tables(steps: Sequence[Step], request: Request) -> Iterator[str]:
    """Yield a line for each attempt that holds the cells of a given table and does not read it."""
    given = [
        (attachment.name, staged, cells)
        for attachment, staged in _given(request)
        if (cells := _cells(attachment))
    ]
    for attempt, step in enumerate(steps if given else (), start=1):
        literals = _literals(step) if language(step) == "python" else frozenset()
        for name, staged, cells in given:
            reads = staged in step.code or name in step.code
            if not reads and len(cells & literals) >= _MOST_OF * len(cells):
                yield f"attempt {attempt}: the model typed the table instead of reading {staged}"


def _given(request: Request) -> Iterator[tuple[Attachment, str]]:
    """Yield the files that the code may read, with their names there: those of the chat first."""
    earlier = staged_names([attachment for turn in request.earlier for attachment in turn])
    for attachment, number in resent(request, "text/", _MOST_BYTES):
        yield attachment, earlier[number]
    yield from zip(request.attachments, request.staged_names, strict=True)


def _cells(attachment: Attachment) -> frozenset[str]:
    """Return the cells of the first rows of a table; nothing for what is too small to be told."""
    separators = _TABLES.get(attachment.mime_type)
    if not separators or attachment.data is None:
        return frozenset()
    text = attachment.data[:_MOST_BYTES].decode("utf-8-sig", "replace")
    separator = max(separators, key=text.partition("\n")[0].count)
    try:
        read = csv.reader(io.StringIO(text), delimiter=separator)
        rows = [row for row in islice(read, 1, _ROWS + 1) if row]
    except csv.Error:
        return frozenset()
    cells = frozenset(_plain(cell) for row in rows for cell in row if cell.strip())
    is_enough = len(rows) >= _FEWEST_ROWS and len(cells) >= _FEWEST_CELLS
    return cells if is_enough else frozenset()


def _literals(step: Step) -> frozenset[str]:
    """Return the numbers and texts that code holds, and what a table in a text of it does."""
    statements, _ = parse(step.code) or ((), False)
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
                operand = node.operand
                if isinstance(operand, ast.Constant) and isinstance(operand.value, int | float):
                    found.add(_plain(f"-{operand.value}"))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {_plain(node.value), *map(_plain, _CELLS.findall(node.value))}
            elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
                found.add(_plain(str(node.value)))
    return frozenset(found)


def _plain(cell: str) -> str:
    """Return a cell so that numbers are alike that are written differently."""
    text = cell.strip()
    try:
        return repr(float(text))
    except ValueError:
        return text
