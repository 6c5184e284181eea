"""Runs the attempts of a run again, in order and in one sandbox."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from ...answer.insertion import Piece, needed
from ...answer.insertion.blocks import is_failed, language, parse
from ...answer.parts import STOPPED, TIMED_OUT, Image, Result
from ...answer.steps import Step
from ...sandbox import RESTARTED, Sandbox, wants_science

SECONDS = 30.0  # that an attempt may take, as in Google's sandbox
LATE_SECONDS = 3.0  # that one may take which ran out of time before: to see what it prints
_OUTSIDE = frozenset(["Path", "glob", "open", "os", "pathlib", "shutil", "subprocess"])


@dataclass(frozen=True)
class Played:
    """What an attempt gave here."""

    outcome: str
    output: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Script:
    """The steps of a run, those that each of them needs, and the files that are at hand."""

    steps: Sequence[Step]
    needs: Sequence[Sequence[Piece]]
    files: Mapping[str, bytes]
    seconds: float = SECONDS
    progress: Callable[[str], None] | None = None

    @classmethod
    def of(
        cls,
        steps: Sequence[Step],
        files: Mapping[str, bytes],
        seconds: float = SECONDS,
        progress: Callable[[str], None] | None = None,
    ) -> Script:
        return cls(steps, needed(steps), files, seconds, progress)

    @property
    def is_science(self) -> bool:
        """Whether it takes the scientific sandbox: then all of it runs there, with one state."""
        return any(wants_science(step.code) for step in self.steps if is_played(step))

    def codes(self, place: int) -> list[str]:
        """Return the code of a step and of those that it needs."""
        parts = {piece.part for piece in self.needs[place]}
        return [step.code for step in self.steps if step.index in parts]

    def feels_shell(self, earlier: int, place: int) -> bool:
        """Whether a step, or one that it needs, may depend on an earlier one's lines for a shell.

        Such lines may change anything, so that all after them needs them: one that installs a
        package must not explain every difference. Code has what they change by a name that is
        bound beside them, or by looking at files, variables of the system or other programs.
        """
        shell = self.steps[earlier].code
        felt = names_of(shell, bound=True) | _OUTSIDE
        return any(felt & names_of(code) for code in self.codes(place) if code != shell)


def is_played(step: Step) -> bool:
    """Return whether a step can be run here: Python, without lines for a shell."""
    parsed = parse(step.code)
    has_magic = parsed is not None and parsed[1]
    return language(step) == "python" and not has_magic


def play(
    script: Script, shown: frozenset[int] = frozenset(), quiet: frozenset[int] = frozenset()
) -> list[Played | None]:
    """Run the steps, and return what each gave; None for one that is not run.

    Those at the places `shown` print the value of their last expression, those at `quiet` what goes
    to standard output alone.
    """
    played: list[Played | None] = []
    sandbox = Sandbox(
        seconds=script.seconds,
        files=script.files,
        progress=script.progress,
        science=script.is_science,
    )
    with sandbox:
        for place, step in enumerate(script.steps):
            if not is_played(step):
                played.append(None)
                continue
            code = dedent(step.code) if step.code[:1].isspace() else step.code
            if step.outcome in (STOPPED, TIMED_OUT):
                played.append(_hurry(script, place, code))
                _keep(sandbox, script, place)
                continue
            code = with_last_shown(code) if place in shown else code
            given = _run(sandbox, without_stderr(code) if place in quiet else code)
            played.append(given)
            if given.outcome == TIMED_OUT:
                _restore(sandbox, script, place)
    return played


def _hurry(script: Script, place: int, code: str) -> Played:
    """Run a step that did not end there, in a sandbox of its own, for some seconds."""
    seconds = min(script.seconds, LATE_SECONDS)
    with Sandbox(seconds=seconds, files=script.files, science=script.is_science) as sandbox:
        for earlier in range(place):
            _keep(sandbox, script, earlier)
        return _run(sandbox, code)


def _restore(sandbox: Sandbox, script: Script, end: int) -> None:
    """Bring back what the steps before `end` had left, after the sandbox began anew."""
    for place in range(end):
        _keep(sandbox, script, place)


def _keep(sandbox: Sandbox, script: Script, place: int) -> None:
    """Run as much of a step as leaves what later steps need, and forget what it prints."""
    step = script.steps[place]
    if not is_played(step):
        return
    if not is_failed(step):
        _run(sandbox, step.code)
        return
    kept = [p for pieces in script.needs for p in pieces[:-1] if p.part == step.index]
    if kept:
        lines = max(piece.lines or 0 for piece in kept)
        _run(sandbox, "\n".join(step.code.splitlines()[:lines]))


def _run(sandbox: Sandbox, code: str) -> Played:
    outcome, output, images = "", "", []
    for part in sandbox.run(code):
        if isinstance(part, Result):
            outcome, output = part.outcome, output + part.output
        else:
            images.append(part)
    return Played(outcome, output.removeprefix(RESTARTED), tuple(images))


def names_of(code: str, *, bound: bool = False) -> frozenset[str]:
    """Return the names that code has; or those alone that it binds, in any block of it."""
    names: set[str] = set()
    for statement in (parse(code) or ((), False))[0]:
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=name, ctx=context):
                    names |= {name} if not bound or isinstance(context, ast.Store) else set()
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    names.add(name)
                case ast.ImportFrom(module=str(module)) if not bound:
                    names.add(module.partition(".")[0])
                case ast.alias(name=name, asname=other):
                    names.add(other or name.partition(".")[0])
    return frozenset(names)


def with_last_shown(code: str) -> str:
    """Return code that prints the value of its last expression, as a notebook shows it."""
    *before, last = (parse(code) or ((), False))[0] or [None]
    if not isinstance(last, ast.Expr):
        return code
    show = ast.parse("if (_shown := None) is not None:\n    print(repr(_shown))").body[0]
    for node in ast.walk(show):
        if isinstance(node, ast.NamedExpr):
            node.value = last.value
    return ast.unparse(ast.Module([*before, show], []))


def without_stderr(code: str) -> str:
    """Return code that prints nothing of what goes to standard error."""
    statements = [*(parse(code) or ((), False))[0]]
    begin = 0
    while begin < len(statements) and _stands_first(statements[begin]):
        begin += 1
    hush = ast.parse("__import__('sys').stderr = __import__('io').StringIO()").body
    return ast.unparse(ast.Module([*statements[:begin], *hush, *statements[begin:]], []))


def _stands_first(statement: ast.stmt) -> bool:
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")


def shows_last(code: str) -> bool:
    """Return whether code ends with an expression that a notebook would show."""
    statements = (parse(code) or ((), False))[0]
    last = statements[-1] if statements else None
    is_print = (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and isinstance(last.value.func, ast.Name)
        and last.value.func.id == "print"
    )
    return isinstance(last, ast.Expr) and not is_print
