"""The prompt as typed, with the notebook's variables put in."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

# What is left alone, longest first: fenced code, inline code, doubled braces, maths, and a LaTeX
# command with its arguments. A dollar opens maths only where Pandoc says so (no blank inside, no
# digit behind), so that "$45,000 and {total}" stays prose:
# https://pandoc.org/MANUAL.html#extension-tex_math_dollars
_PROTECTED = r"""
    (?P<fence>^[ ]{0,3}(?P<mark>`{3,}|~{3,})[^\n]*(?:\n.*?(?:^[ ]{0,3}(?P=mark)[`~]*[ \t]*$|\Z)|\Z))
  | (?P<ticks>(?<!`)(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`))
  | \{\{.*?\}\}
  | \$\$.+?\$\$
  | \\\(.+?\\\) | \\\[.+?\\\]
  | \\begin\{(?P<env>[^{}\n]+)\}.*?\\end\{(?P=env)\}
  | (?<![\\\w$])\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?![\d{])
  | \\[A-Za-z]+\*?(?:\[[^\]\n]*\])*(?:\{(?:[^{}]|\{[^{}]*\})*\})+
  | \{(?P<path>[^\W\d][^{}\n]*)\}
"""
_PIECES = re.compile(_PROTECTED, re.VERBOSE | re.MULTILINE | re.DOTALL)
_SHOWN = 60


def fill(text: str, names: Mapping[str, Any], limit: int) -> tuple[str, tuple[str, ...]]:
    """Return `text` with each `{name}` of its prose replaced, and a note on each.

    Only a plain name or a path of attributes and literal indices counts (`{df.shape}`,
    `{rows[0]}`); code, maths and every other brace stay as typed, and so does a name that does
    not exist. A replacement is cut after `limit` characters.
    """
    notes: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
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
        notes[f"{match[0]} → {_short(value)}"] = None
        return value

    return _PIECES.sub(replace, text), tuple(notes)


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
    return f"{type(exc).__name__}: {_short(str(exc))}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
