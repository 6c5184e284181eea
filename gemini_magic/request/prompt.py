"""The prompt as typed, with the notebook's variables put in."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from ..phrases import short

# What is left alone, longest first: fenced code, inline code, doubled braces, maths, and a LaTeX
# command with its arguments. A dollar opens maths only where Pandoc says so (no blank inside, no
# digit behind), so that "$45,000 and {total}" stays prose:
# https://pandoc.org/MANUAL.html#extension-tex_math_dollars
_PIECE = re.compile(
    r"""
    (?P<fence>^[ ]{0,3}(?P<mark>`{3,}|~{3,})[^\n]*(?:\n.*?(?:^[ ]{0,3}(?P=mark)[`~]*[ \t]*$|\Z)|\Z))
  | (?P<ticks>(?<!`)`+)
  | (?P<open>\{\{|\$\$|\\\(|\\\[|\\begin\{(?P<env>[^{}\n]{1,99})\})
  | (?<![\\\w$])\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?![\d{])
  | (?P<command>\\[A-Za-z]++\*?(?:\[[^\]\n]{0,300}\])*(?:\{(?:[^{}]|\{[^{}]*\})*\})+)
  | \{(?P<path>[^\W\d][^{}\n]*)\}
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"\\[A-Za-z]++\*?(?:\[[^\]\n]{0,300}\])*(?:\{(?:[^{}]|\{[^{}]*\})*\})+")
_RUN_OF_TICKS = re.compile("`+")
# What ends a piece, by what opens it, and the fewest characters between the two.
_CLOSERS = {"{{": ("}}", 0), "$$": ("$$", 1), "\\(": ("\\)", 1), "\\[": ("\\]", 1)}


def fill(text: str, names: Mapping[str, Any], limit: int) -> tuple[str, tuple[str, ...]]:
    """Return `text` with each `{name}` of its prose replaced, and a note on each.

    Only a plain name or a path of attributes and literal indices counts (`{df.shape}`,
    `{rows[0]}`); code, maths and every other brace stay as typed, and so does a name that does
    not exist. A replacement is cut after `limit` characters.
    """
    notes: dict[str, None] = {}

    def replaced(match: re.Match[str]) -> str:
        path = match["path"]
        tree = _path(path) if path else None
        if tree is None:
            return match[0]
        try:
            value = str(_look_up(tree, names))
        except Exception as exc:  # the notebook's own attributes may raise anything
            notes[f"{match[0]} stays as typed: {_reason(exc)}"] = None
            return match[0]
        if len(value) > limit:
            value = f"{value[:limit]}… ({len(value) - limit:,} more characters)"
        notes[f"{match[0]} → {short(value)}"] = None
        return value

    ends = _Ends(text)
    filled: list[str] = []
    place = 0
    while match := _PIECE.search(text, place):
        filled.append(text[place : match.start()])
        place = ends.of(match)
        filled.append(replaced(match) if match["path"] else text[match.start() : place])
    filled.append(text[place:])
    return "".join(filled), tuple(notes)


class _Ends:
    """Where the pieces of a text end that are left alone.

    What is never closed is known from the last closer on, and not looked for from each opener anew:
    a hundred thousand of them would take long.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._last: dict[str, int] = {}
        self._ticks: dict[int, list[int]] = {}
        for run in _RUN_OF_TICKS.finditer(text) if "`" in text else ():
            self._ticks.setdefault(len(run[0]), []).append(run.start())

    def of(self, match: re.Match[str]) -> int:
        """Return where the piece that `match` opens ends; behind the opener if nothing ends it."""
        if match["ticks"]:
            return self._after_ticks(match.end(), len(match[0]))
        if match["env"]:
            end = self._after(f"\\end{{{match['env']}}}", match.end())
            command = _COMMAND.match(self._text, match.start())
            return end or (command or match).end()
        if match["open"]:
            closer, between = _CLOSERS[match["open"]]
            # Unclosed, one of two braces may still open a name.
            return self._after(closer, match.end() + between) or match.start() + 1
        return match.end()

    def _after(self, closer: str, start: int) -> int:
        """Return the place behind the next `closer`, 0 if there is none."""
        if closer not in self._last:
            self._last[closer] = self._text.rfind(closer)
        if self._last[closer] < start:
            return 0
        return self._text.index(closer, start) + len(closer)

    def _after_ticks(self, start: int, length: int) -> int:
        runs = self._ticks[length]
        place = bisect_right(runs, start)
        return runs[place] + length if place < len(runs) else start


def _path(text: str) -> ast.expr | None:
    """Parse a name with attributes and literal indices; None for anything else."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    node = tree
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Subscript) and not _is_literal(node.slice):
            return None
        node = node.value
    return tree if isinstance(node, ast.Name) and ast.unparse(tree) == _spaced(text) else None


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant)


def _spaced(text: str) -> str:
    # A path holds no blank outside its quotes: `{a .b}` is not one. Quotes are free.
    return text.replace('"', "'")


def _look_up(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Attribute):
        return getattr(_look_up(node.value, names), node.attr)
    if isinstance(node, ast.Subscript):
        return _look_up(node.value, names)[ast.literal_eval(node.slice)]
    assert isinstance(node, ast.Name)  # noqa: S101 (for the type checker)
    return names[node.id]


def _reason(exc: Exception) -> str:
    if isinstance(exc, KeyError):
        return f"{exc} does not exist"
    return f"{type(exc).__name__}: {short(str(exc))}"
