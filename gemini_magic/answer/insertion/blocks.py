"""An attempt's code as statements, and how far it came."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from textwrap import dedent

from ..parts import FAILED, STOPPED, TIMED_OUT
from ..steps import Step

# Beyond it the analysis is left out, as it would take seconds: about 5,000 lines.
LIMIT = 200_000
SHELLS = frozenset(["bash", "sh", "shell"])
PYTHON = frozenset(["", "python", "python3", "py", "language_unspecified"])

_FRAME = re.compile(
    r'^[ \t|]*(?:File "[^"\n]*", line (\d+), in <(?:module|cell line: \d+)>(?:\n[ \t]*(\S.*))?'
    r"|(?:Cell|Input) In ?\[\d+\], line (\d+))",
    re.MULTILINE,
)
_NOTHING_RAN = re.compile(r"^(?:SyntaxError|IndentationError|TabError): ", re.MULTILINE)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
# IPython's lines, where a statement may begin: magics, commands, and what asks for help.
_MAGIC = re.compile(
    r"^([ \t]*)(?:(\w[\w, ]*=[ \t]*)?[%!].*|\??\??[\w.]+\?\??[ \t]*)$", re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """What ran of a step: the statements that are `done`, then some of those on the failing line.

    `statements` is None where they cannot be told, `magic` says that lines are for IPython alone,
    and `is_vague` that the step failed at a place that is not known.
    """

    statements: tuple[ast.stmt, ...] | None
    done: tuple[ast.stmt, ...] = ()
    failing: tuple[ast.stmt, ...] = ()
    is_vague: bool = False
    magic: bool = False

    @property
    def partial(self) -> tuple[ast.stmt, ...]:
        """Return the failing statements if a part of them may have run."""
        compound = any(hasattr(statement, "body") for statement in self.failing)
        return self.failing if compound or len(self.failing) > 1 else ()


def language(step: Step) -> str:
    """Return `python`, `bash`, or another language's name in small letters."""
    name = step.part.language.lower()
    return "python" if name in PYTHON else "bash" if name in SHELLS else name


def is_failed(step: Step) -> bool:
    """Return whether the step ended badly; one whose end is unknown may have gone well."""
    return step.outcome in (FAILED, STOPPED, TIMED_OUT)


def block_of(step: Step) -> Block:
    """Return the statements of a step of Python, and which of them ran."""
    parsed = parse(step.code)
    if parsed is None:
        return Block(None, magic=not is_failed(step))
    statements, magic = parsed
    if not is_failed(step):
        return Block(statements, statements, magic=magic)
    line = failing_line(step)
    if line is not None:
        done = tuple(each for each in statements if (each.end_lineno or 0) < line)
        failing = tuple(s for s in statements[len(done) :] if first_line(s) <= line)
        return Block(statements, done, failing, magic=magic)
    nothing_ran = step.outcome == FAILED and _NOTHING_RAN.search(step.output)
    return Block(statements, is_vague=not nothing_ran, magic=magic)


def parse(code: str) -> tuple[tuple[ast.stmt, ...], bool] | None:
    """Return the statements of code and whether lines of it are IPython's; None if it has none."""
    if len(code) > LIMIT:
        return None
    plain = dedent(code) if code[:1] in " \t" else code
    if (tree := _tree(plain)) is not None:
        return tuple(tree.body), False
    tree = _tree(_MAGIC.sub(lambda m: f"{m[1]}{m[2] or ''}{'None' if m[2] else 'pass'}", plain))
    return None if tree is None else (tuple(tree.body), True)


def _tree(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def first_line(statement: ast.stmt) -> int:
    """Return the line where a statement begins, its decorators counted."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def lines_of(code: str) -> list[str]:
    """Return the lines of code as Python counts them: a form feed ends none."""
    return _LINE_ENDS.split(code)


def failing_line(step: Step) -> int | None:
    """Return the line of the step that its last traceback names, from 1; None without one."""
    lines = lines_of(step.code)
    found = _FRAME.search(step.output, max(0, step.output.rfind("Traceback (most recent")))
    if not found:
        return None
    quoted = (found[2] or "").strip()
    line = int(found[1] or found[3])
    if quoted and not (line <= len(lines) and lines[line - 1].strip() == quoted):
        # The code ran below lines of the sandbox's own.
        alike = [place for place, text in enumerate(lines, 1) if text.strip() == quoted]
        return alike[0] if len(alike) == 1 else None
    return line if 1 <= line <= len(lines) else None
