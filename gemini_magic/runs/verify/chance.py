"""What code reads that is never the same twice: chance, the clock, the order of a set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ...answer.insertion.blocks import parse
from ...answer.insertion.calls import last_name, module_path
from ...answer.insertion.known import Known

_CHANCE = ("random.", "secrets.", "uuid.uuid", "numpy.random.", "os.urandom", "os.getpid")
_CHANCE_METHODS = frozenset(["rvs", "sample"])
_CHANCE_BUILTINS = frozenset(["hash", "id"])
_SOURCES = frozenset(["Generator", "Random", "RandomState", "default_rng"])
_CLOCK = ("time.", "timeit.", "datetime.datetime.", "datetime.date.", "pandas.Timestamp.")
_CLOCK_NAMES = frozenset(
    "asctime clock_gettime ctime default_timer gmtime localtime monotonic monotonic_ns now"
    " perf_counter perf_counter_ns process_time process_time_ns repeat strftime thread_time time"
    " time_ns timeit today utcnow".split()
)
_UNORDERED = frozenset(
    "difference frozenset glob iglob intersection iterdir listdir rglob scandir set"
    " symmetric_difference union unique_everseen walk".split()
)
_JOINS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)
_DIGITS = re.compile(r"\d+")
_DAYS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[ap]m)\b",
    re.IGNORECASE,
)


def chance(codes: Sequence[str]) -> str:
    """Return the first call that draws by chance, where nothing seeds it; empty without one."""
    drawn = ""
    for node, path, last in _calls(codes):
        seeded = any(k.arg in ("random_state", "seed") for k in node.keywords)
        if seeded or last == "seed" or (last in _SOURCES and (node.args or node.keywords)):
            return ""
        is_method = isinstance(node.func, ast.Attribute) and last in _CHANCE_METHODS
        is_builtin = isinstance(node.func, ast.Name) and last in _CHANCE_BUILTINS
        if not drawn and (path.startswith(_CHANCE) or is_method or is_builtin):
            drawn = f"{path or last}()"
    return drawn


def clock(codes: Sequence[str]) -> str:
    """Return the first call that reads the clock; empty without one."""
    for _, path, last in _calls(codes):
        if last in _CLOCK_NAMES and path.startswith(_CLOCK):
            return f"{path}()"
    return ""


def without_times(output: str) -> str:
    """Return an output without what a clock may have put in: numbers, names of days and months."""
    return _DAYS.sub("…", _DIGITS.sub("0", output))


def is_unordered(codes: Sequence[str]) -> bool:
    """Return whether code uses what has no order of its own: sets, views of a folder."""
    for code in codes:
        for node in _nodes(code):
            if isinstance(node, ast.Set | ast.SetComp) or _joins_views(node):
                return True
            if isinstance(node, ast.Call) and last_name(node) in _UNORDERED:
                return True
    return False


def _joins_views(node: ast.AST) -> bool:
    """Return whether views of dicts make a set: `one.keys() & other.keys()`."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, _JOINS)):
        return False
    sides = [side for side in (node.left, node.right) if isinstance(side, ast.Call)]
    return any(last_name(side) in ("items", "keys") for side in sides)


def _calls(codes: Sequence[str]) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield the calls with the dotted path of what they call, and its last name."""
    known = Known()
    nodes = [node for code in codes for node in _nodes(code)]
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                known.modules[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                known.modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in nodes:
        if isinstance(node, ast.Call):
            yield node, module_path(node.func, known), last_name(node)


def _nodes(code: str) -> Iterator[ast.AST]:
    for statement in (parse(code) or ((), False))[0]:
        yield from ast.walk(statement)
