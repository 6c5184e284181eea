"""Holds one output against another: the same, nearly, in another order, or not."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter

from .verdicts import DIFFERENT, DIGITS, ORDER, SAME, TOLERANCE

# Beyond it lines are not taken apart: it would take seconds.
LIMIT = 300_000
NOISE = 1e-12  # a number this small stands for none: 2.2e-16 where another has 0.0

# Errors of code that never begins to run.
UNREADABLE = frozenset(["IndentationError", "SyntaxError", "TabError"])

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d[\d,]*\d|\d)(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\w.])")
_SPACE = re.compile(r"[ \t]+")
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)
_ERROR = re.compile(
    r"^[\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Iteration)\b.*", re.MULTILINE
)


def compare(one: str, other: str) -> str:
    """Return `same`, `digits`, `order` or `different`, for what was printed, errors included.

    Spaces at the ends of lines, addresses of objects and the frames of a traceback do not count.
    """
    first, second = normal(one), normal(other)
    if first == second:
        return SAME
    if max(len(first), len(second)) > LIMIT:
        return DIFFERENT
    if is_close(first, second):
        return DIGITS
    if Counter(map(_ordered, _lines(first))) == Counter(map(_ordered, _lines(second))):
        return ORDER
    return DIFFERENT


def normal(output: str) -> str:
    """Return the output without what differs from one sandbox to the next."""
    text = _ADDRESS.sub("0x…", without_frames(output.replace("\r\n", "\n")))
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def without_frames(output: str) -> str:
    """Return the output with a traceback at its end cut to the line that names the error."""
    found = [match.start() for match in _TRACEBACK.finditer(output)]
    if not found:
        return output
    printed, last = output[: found[0]], output[found[-1] :]
    error = _ERROR.search(last, last.find("\n") + 1)
    return printed + (last[error.start() :] if error else last.rstrip().rpartition("\n")[2])


def error_line(output: str) -> str:
    """Return the line that names the error at the end of an output; empty without one."""
    lines = [match[0] for match in _ERROR.finditer(output)]
    return lines[-1] if lines else ""


def is_close(one: str, other: str) -> bool:
    """Return whether two texts differ in numbers alone, and in those hardly."""
    if _shape(one) != _shape(other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(a == b or _is_near(a, b) for a, b in pairs)


def _shape(text: str) -> str:
    # The width of a number moves what stands beside it.
    return _SPACE.sub(" ", _NUMBER.sub("0", text))


def _is_near(one: str, other: str) -> bool:
    if not any(mark in one + other for mark in ".eE"):
        return False  # whole numbers are exact
    a, b = (float(text.replace(",", "")) for text in (one, other))
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=NOISE)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _ordered(line: str) -> str:
    """Return a line with what stands in it in a row brought into an order of its own."""
    head, mark, rest = (
        line.rpartition(": ") if "{" not in line and "[" not in line else ("", "", line)
    )
    literal = _literal(rest.strip())
    if literal is not None:
        return head + mark + literal
    separator = ", " if ", " in rest else " "
    return head + mark + separator.join(sorted(rest.split(separator)))


_WRAPPED = re.compile(
    r"(.*?)((?:dict_\w+|frozenset|set|OrderedDict)\()?([\[{(].*[\]})])(.*)", re.DOTALL
)


def _literal(text: str) -> str | None:
    """Return a text that holds a list, set, tuple or dict with its entries in order."""
    match = _WRAPPED.fullmatch(text)
    if not match:
        return None
    try:
        value = ast.literal_eval(match[3].removesuffix(")") if match[2] else match[3])
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    return f"{match[1]}{match[2] or ''}{_sorted(value)}{match[4]}"


def _sorted(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(f"{k!r}: {_sorted(v)}" for k, v in value.items())) + "}"
    if isinstance(value, set | list | tuple):
        return f"{type(value).__name__}({', '.join(sorted(map(_sorted, value)))})"
    return repr(value)
