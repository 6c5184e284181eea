"""The text of the cells that an answer becomes."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from textwrap import dedent, indent

from ..parts import OK, Source
from ..steps import Step
from .blocks import is_failed, language, lines_of, parse
from .needed import Piece, needed

_ODD = re.compile(r"[^ -~]+")

CHOICES = ("needed", "last", "all")


def choose(steps: Sequence[Step], choice: str) -> list[Piece]:
    """Return what to insert of the steps, in order; nothing for a choice that is none of these.

    `needed`: the last step that succeeded and those that it needs, or all where none did.
    `last`: the last one with those. `all`: each one.
    """
    lists = needed(steps) if choice in CHOICES else []
    if choice == "last" and lists:
        return lists[-1]
    good = [pieces for step, pieces in zip(steps, lists, strict=False) if step.outcome == OK]
    good = [pieces for pieces in good if pieces]
    if choice == "needed" and good:
        return good[-1]
    own = [pieces[-1] for pieces in lists if pieces]
    failed = {step.index for step in steps if is_failed(step)}
    return [_most(piece, good) if piece.part in failed else piece for piece in own]


def _most(piece: Piece, lists: Sequence[Sequence[Piece]]) -> Piece:
    """Return as much of a failed step as any step that succeeded needs of it."""
    same = [p for pieces in lists for p in pieces if p.part == piece.part]
    return max(same, key=lambda p: (p.lines or 0, len(p.rest)), default=Piece(piece.part, 0))


def text_of(step: Step, attempt: int, piece: Piece, *, keeps_rest: bool = False) -> str:
    """Return the cell of a piece, under a comment with the number of the attempt.

    With `keeps_rest`, what is left out of a failed attempt stays, commented out.
    """
    code = step.code.strip("\n")
    if piece.lines is None:
        return _whole(step, attempt, code)
    lines = lines_of(step.code)
    kept = "\n".join(lines[: piece.lines]).strip("\n")
    left = "\n".join(lines[piece.lines :]).strip("\n")
    head = f"# attempt {attempt}, up to the statement that failed" if kept or piece.rest else ""
    tail = f"# attempt {attempt} failed here" if head else f"# attempt {attempt} failed"
    if keeps_rest or not head:
        tail += "\n" + indent(left, "# ", lambda _: True).replace("# \n", "#\n")
    return "\n".join(part for part in (head, kept, piece.rest, tail) if part)


def _whole(step: Step, attempt: int, code: str) -> str:
    if language(step) == "bash":
        return f"%%bash\n# attempt {attempt}\n{code}"
    if code.startswith("%%"):
        return code  # which must be the first line of its cell
    return f"# attempt {attempt}\n{dedent(code) if code[:1].isspace() else code}"


def cells_of(steps: Sequence[Step], choice: str) -> list[str]:
    """Return the cells that a choice puts into a notebook, in order."""
    numbered = {step.index: (step, number) for number, step in enumerate(steps, start=1)}
    cells = []
    for piece in choose(steps, choice):
        step, number = numbered[piece.part]
        text = text_of(step, number, piece, keeps_rest=choice == "all")
        cells.append(_with_licences(text, step.recited))
    return cells


def _with_licences(text: str, recited: Sequence[Source]) -> str:
    """Return a cell with a comment on each source that the answer recites, and its licence."""
    if text.startswith("%%") and not text.startswith("%%bash"):
        return text  # What a comment is there, only the magic knows.
    comments = (
        # Both are the server's words, and must not end the line.
        f"# recites {_ODD.sub('_', source.uri or source.title)} "
        f"(licence: {_ODD.sub('_', source.licence)})"
        for source in recited
    )
    return "\n".join((text, *dict.fromkeys(comments)))


def joined(steps: Sequence[Step], choice: str, staging: str = "") -> str:
    """Return those cells as one, after `staging`, for hosts that can ask for one only."""
    texts = [_inline(text) for text in cells_of(steps, choice)]
    if not texts:
        return ""
    future, texts = without_future(texts)
    return "\n\n".join([*future, *([staging] if staging else []), *texts])


def _inline(text: str) -> str:
    """Return a cell that begins with a magic as a call, as only a cell's first line can be one."""
    if not text.startswith("%%"):
        return text
    line, _, body = text.partition("\n")
    name, _, rest = line[2:].partition(" ")
    return f"get_ipython().run_cell_magic({name!r}, {rest!r}, {body + chr(10)!r})"


def without_future(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Take what Python wants at the beginning out of the texts, and return it apart."""
    found: dict[str, None] = {}
    left = []
    for text in texts:
        lines = text.splitlines()
        for node in (parse(text) or ((), False))[0]:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                found[ast.unparse(node)] = None
                for line in range(node.lineno - 1, node.end_lineno or node.lineno):
                    lines[line] = ""
        left.append("\n".join(lines) if found else text)
    return list(found), left
