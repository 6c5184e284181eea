"""What an attempt wants that is not here: a module, a file, a function, threads, memory, time."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator

from ...answer.insertion.blocks import parse
from ...answer.parts import OK, TIMED_OUT
from ...answer.steps import Step
from ...sandbox import has_science
from ...sandbox.packages import BY_MODULE, is_installed
from ...sandbox.science import ONLY_HERE
from . import outputs
from .again import Played
from .verdicts import FILE, FUNCTION, MODULE, SIZE, SYSTEM, TIME, VALUE, Verdict

# What models are given under these names, and no one else has.
GIVEN_FUNCTIONS = frozenset(["concise_search", "default_api", "google_search", "tool_code"])

_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_NO_FILE = re.compile(r"No such file or directory: b?'([^'\n]+)'")
_NO_NAME = re.compile(r"name '(\w+)' is not defined")
# Names that only files have which go along with a prompt.
_GIVEN_FILE = re.compile(r"(?:[^\n]*/)?(input_file_\d+\.\w+)")
# What WASI lacks, by what Python then says.
_NO_SYSTEM = {
    "this sandbox has no threads": "needs threads",
    "this sandbox has no network": "needs a network",
    "does not support processes": "starts processes",
    "this sandbox has no": "needs what this sandbox lacks",
    "EOF when reading a line": "asks for input",
}
# The sandbox counts in 32 bits.
_TOO_LARGE = (
    "MemoryError",
    "[stopped: more than",
    "[the sandbox broke down",
    "[the code ended",
    "OverflowError: cannot fit 'int' into an index-sized integer",
    "OverflowError: Python int too large to convert to C ssize_t",
)


def wanting(step: Step, given: Played, files: Collection[str]) -> Verdict | None:
    """Return the verdict on a step that gave something else for want of something; None if it did
    not. `files` are the names of those at hand."""
    if given.outcome == OK:
        return _caught(step, given.output, files)
    text = given.output
    error = outputs.error_line(text)
    if given.outcome == TIMED_OUT:
        return Verdict(step.index, TIME, text.rstrip().rpartition("\n")[2].strip("[]"))
    if any(mark in text for mark in _TOO_LARGE):
        return Verdict(step.index, SIZE, "it takes more memory or output than the sandbox gives")
    if found := _named(step, error):
        return found
    name = _NO_NAME.search(error)
    if name and error.startswith("NameError"):
        is_function = name[1] in GIVEN_FUNCTIONS or _is_called(step.code, name[1])
        return Verdict(step.index, FUNCTION if is_function else VALUE, name[1])
    return None


def _is_called(code: str, name: str) -> bool:
    calls = [node.func for node in _nodes(code) if isinstance(node, ast.Call)]
    return any(isinstance(called, ast.Name) and called.id == name for called in calls)


def _nodes(code: str) -> list[ast.AST]:
    statements = (parse(code) or ((), False))[0]
    return [node for statement in statements for node in ast.walk(statement)]


def _named(step: Step, text: str) -> Verdict | None:
    """Return the verdict by what an error says that is wanting."""
    if lacks := [words for mark, words in _NO_SYSTEM.items() if mark in text]:
        return Verdict(step.index, SYSTEM, lacks[0])
    if module := _NO_MODULE.search(text):
        return _no_module(step, module[1].partition(".")[0])
    if file := _NO_FILE.search(text):
        return Verdict(step.index, FILE, file[1])
    return None


def _no_module(step: Step, module: str) -> Verdict:
    if module in GIVEN_FUNCTIONS:
        return Verdict(step.index, FUNCTION, module)
    package = BY_MODULE.get(module)
    remedy = ""
    if package is not None and not is_installed(package):
        remedy = f": pip install {package.distribution}"
    return Verdict(step.index, MODULE, f"needs {module}{remedy}")


def _caught(step: Step, output: str, files: Collection[str]) -> Verdict | None:
    """Return the verdict on a step that went on without something, and may have said so."""
    nodes = _nodes(step.code)
    for node in nodes:
        text = node.value if isinstance(node, ast.Constant) else None
        name = _GIVEN_FILE.fullmatch(text) if isinstance(text, str) else None
        if name and name[1] not in files:
            return Verdict(step.index, FILE, name[1])
    guarded = [node for node in nodes if isinstance(node, ast.Try)]
    for module in _imported(guarded):
        if not _may_be_there(module):
            return _no_module(step, module)
    new = [line for line in output.splitlines() if line not in step.output]
    return _named(step, "\n".join(new)) if guarded else None


def _imported(guarded: list[ast.Try]) -> Iterator[str]:
    """Yield the modules that are imported where a failure would be caught."""
    for node in (each for attempt in guarded for part in attempt.body for each in ast.walk(part)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def _may_be_there(module: str) -> bool:
    """Whether a sandbox may have a module: where it does not, what fails says so."""
    package = BY_MODULE.get(module)
    is_granted = package is not None and is_installed(package)
    return (
        module in sys.stdlib_module_names or is_granted or (has_science() and module in ONLY_HERE)
    )
