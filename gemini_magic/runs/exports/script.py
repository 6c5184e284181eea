"""A run as Python that runs: what its answer needs, with its prose as comments.

A comment holds text of others: it neither ends early, nor is one that a tool acts on. Such are the
encoding in the first two lines (PEP 263), `# /// script` (PEP 723) and the magics of jupytext.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping

from ...answer.insertion import cells_of, choose
from ...answer.insertion.cells import without_future
from ...answer.parts import Data, Note, Text
from ...answer.steps import Step
from ...sanitize import sanitize, writable
from ..run import Run
from .facts import provenance_rows

_TITLE = "# A run of gemini-magic: the code that its answer needs, and its prose as comments.\n#"
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
# IPython's lines: a magic, a command, what asks for help.
_MAGIC = re.compile(
    r"^([ \t]*)(?:(\w[\w, ]*=[ \t]*)?([%!].*)|(\??\??[\w.]+\?\??)[ \t]*)$", re.MULTILINE
)
_TOGETHER = "it is Python by itself, and not in one file with the others"
_VARIABLES = (
    "# These files were variables of a notebook. If they are not in this folder, stage them there:"
)


def to_script(run: Run) -> str:
    """Return the run as a script; what is no Python in it, as commands of a shell, is a comment.

    So is code with characters that are not shown: what runs must be what a user reads.
    """
    codes = _codes(run)
    text = _joined(run, codes)
    if not _is_python(text):
        text = _joined(run, {part: _left_out(code, _TOGETHER) for part, code in codes.items()})
    return writable(text)


def _joined(run: Run, codes: Mapping[int, str]) -> str:
    future, texts = without_future(list(codes.values()))
    blocks = dict(zip(codes, texts, strict=True))
    pieces = [_TITLE, *_head(run), *future, *_staging(run.staging), *_body(run, blocks)]
    return "\n\n".join(pieces) + "\n"


def _head(run: Run) -> Iterator[str]:
    yield "\n".join(f"#   {name}: {value}".rstrip() for name, value in provenance_rows(run))
    yield _quoted(run.request.prompt, "Prompt")


def _body(run: Run, blocks: Mapping[int, str]) -> Iterator[str]:
    for block in run.blocks:
        if isinstance(block, Text | Data):
            yield _quoted(block.text)
        elif isinstance(block, Note):
            yield _quoted(block.text, "Note")
        elif isinstance(block, Step) and (text := blocks.get(block.index, "")):
            yield text.strip("\n")
    if run.error:
        yield _quoted(run.error, "Error")


def _codes(run: Run) -> dict[int, str]:
    """Return the code that the answer needs as Python, by the place of its attempt."""
    steps = run.steps
    pieces, cells = choose(steps, "needed"), cells_of(steps, "needed")
    return {
        piece.part: _python(cell) or _left_out(cell)
        for piece, cell in zip(pieces, cells, strict=True)
    }


def _python(cell: str) -> str:
    """Return a cell as Python, its magics as comments; nothing if it is none."""
    if cell.startswith("%%") or _hides(cell):
        return ""
    cell = cell.replace("\r\n", "\n")  # as Python reads it
    plain = _MAGIC.sub(_passed, cell)
    return next((text for text in (cell, plain) if _is_python(text)), "")


def _hides(code: str) -> bool:
    return sanitize(code) != code.replace("\r\n", "\n")


def _left_out(cell: str, why: str = "it is not Python") -> str:
    why = "it holds characters that are not shown" if _hides(cell) else why
    return f"# left out, as {why}:\n{_comment(cell)}"


def _passed(line: re.Match[str]) -> str:
    blank, target, magic, help_ = line.groups()
    return f"{blank}{target}None  # {magic}" if target else f"{blank}pass  # {magic or help_}"


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            # What Python warns of is the model's style.
            warnings.simplefilter("ignore")
            compile(text.encode(), "<run>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _staging(source: str) -> Iterator[str]:
    if "data={" in source:
        yield f"{_VARIABLES}\n{_comment(source)}"
    elif source:
        # The comments of a document that was read may be anybody's.
        lines = source.split("\n")
        yield "\n".join(_quoted(line) if line.startswith("#") else line for line in lines)


def _comment(text: str) -> str:
    return "\n".join(f"#   {line}".rstrip() for line in _lines(text))


def _quoted(text: str, label: str = "") -> str:
    """Return text as a comment; no tool acts on a line that begins like this."""
    lines = [f"# > {line}".rstrip() for line in _lines(text.strip("\n"))]
    return "\n".join([f"# {label}", *lines] if label else lines)


def _lines(text: str) -> list[str]:
    # A form feed ends no line for Python; what ends one for an editor is made to.
    return [
        line for each in _LINE_ENDS.split(text) for line in (sanitize(each).splitlines() or [""])
    ]
