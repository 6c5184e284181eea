"""A run as Markdown for exports: what a notebook holds for converters that do not take HTML.

nbconvert makes LaTeX and PDF of it. Unlike a lesson it holds pictures, and what the model wrote can
neither load a page nor run TeX when it is converted. Where pictures must be files, as in LaTeX, it
comes in pieces.
"""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from ..answer.markdown import fenced, quoted
from ..answer.pictures import pixels_type, unshowable
from ..answer.shown import (
    Aside,
    Block,
    Download,
    Group,
    Line,
    Picture,
    Prose,
    Shown,
    picture_of,
    shown_all,
)
from ..sanitize import sanitize, sanitize_line
from .maths import formula_at
from .run import Run
from .text import claims_line, summary_line, without_middle

# The notebook holds all of it as JSON: what would weigh much is shortened or named here.
_OUTPUT_CHARS = 50_000
_MOST_CHARS = 20_000
_PICTURE_BYTES = 100_000

# What may begin something other than text, a run of backticks or a formula first.
_MARKS = re.compile(
    r"(?P<ticks>`+)|(?P<formula>\$|\\(?:[(\[]|begin\{))|\\[!-/:-@\[-`{-~]|\\|<|!(?=\[)|&(?=[\w#])"
    # The address of a link that is not to the web, now or defined elsewhere.
    r"|\](?=:|\(\s*(?!https?://|mailto:))",
    re.IGNORECASE,
)
# As entities: what is behind a backslash may be TeX to one converter and Markdown to another.
_LITERALS = {
    "\\": "&#92;",
    "\\\\": "&#92;",
    "<": "&lt;",
    "\\<": "&lt;",
    "&": "&amp;",
    "!": "\\!",
    "]": "\\]",
}
_ENVIRONMENTS = "align alignat cases equation gather matrix bmatrix pmatrix multline split".split()
# Commands of TeX that do more than to typeset.
_COMMANDS = re.compile(
    r"\\(?=(?:input|include\w*|open\w+|read\w*|write\w*|immediate|special|catcode|csname|usepackage"
    r"|\w*def|let|href|url|html\w*|unicode|style|class|require|lstinputlisting|verbatim\w*|end)"
    r"(?![a-zA-Z])(?!\{(?:" + "|".join(_ENVIRONMENTS) + r")\*?\}))"
)

_OPENINGS = re.compile(r"!(?=\[)|\](?=[(:])")


def to_markdown(run: Run, *, stats: bool = True) -> str:
    """Return the run as Markdown; `stats` adds seconds and tokens, which differ each time."""
    return _drawn(run, _Room(len(run.steps)), stats)


def whole(run: Run) -> str:
    """Return the run as Markdown with all of its output and its pictures."""
    room = _Room(1)
    room.chars = room.bytes = sys.maxsize
    return _drawn(run, room, stats=True)


def apart(run: Run, types: Container[str], *, stats: bool = True) -> Iterator[str | Picture]:
    """Yield Markdown and pictures by turns, in the order in which the run reads.

    Pictures whose bytes are of one of `types` are whole, whatever they weigh, and have that type;
    others are named in the Markdown.
    """
    return _apart(_pieces(run, _Room(len(run.steps)), stats), types)


def shown_apart(several: Sequence[Shown], types: Container[str]) -> Iterator[str | Picture]:
    """Yield some pieces of an answer as `apart` does a run."""
    return _apart(_drawn_all(several, _Room(1)), types)


def _apart(pieces: Iterable[str | Picture], types: Container[str]) -> Iterator[str | Picture]:
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif _why_not(piece) or (mime_type := pixels_type(piece.data)) not in types:
            words.append(_named(piece))
        else:
            yield from ["\n\n".join(words)] if words else []
            yield replace(piece, mime_type=mime_type)
            words.clear()
    yield from ["\n\n".join(words)] if words else []


def _drawn(run: Run, room: _Room, stats: bool) -> str:
    return room.joined(_pieces(run, room, stats))


def _pieces(run: Run, room: _Room, stats: bool) -> Iterator[str | Picture]:
    yield from [neutral_line(summary_line(run))] if stats else []
    shown = (*map(picture_of, run.sent), *shown_all(run.blocks, run.state))
    yield from _drawn_all(shown, room)
    yield from [neutral_line(line)] if (line := claims_line(run)) else []
    yield from [neutral_line(run.error)] if run.error else []


def shown_to_markdown(several: Sequence[Shown]) -> str:
    """Return some pieces of an answer as Markdown."""
    room = _Room(1)
    return room.joined(_drawn_all(several, room))


def _drawn_all(several: Iterable[Shown], room: _Room) -> Iterator[str | Picture]:
    for shown in several:
        yield from room.draw(shown)


class _Room:
    """What outputs and pictures may still take of the whole."""

    def __init__(self, steps: int) -> None:
        self.chars = min(_MOST_CHARS, _OUTPUT_CHARS // max(1, steps))
        self.bytes = _PICTURE_BYTES

    def joined(self, pieces: Iterable[str | Picture]) -> str:
        drawn = (self._picture(each) if isinstance(each, Picture) else each for each in pieces)
        return "\n\n".join(drawn)

    def draw(self, shown: Shown) -> Iterator[str | Picture]:
        match shown:
            case Prose():
                yield from filter(None, [neutral(shown.text).strip("\n")])
            case Aside():
                yield quoted(neutral(shown.text))
            case Line():
                yield quoted(neutral_line(" ".join(filter(None, _line(shown)))))
            case Block():
                yield from self._block(shown)
            case Picture():
                yield shown
            case Download():
                yield quoted(neutral_line(f"[file {shown.name}: {shown.detail}]"))
                if shown.preview:
                    yield fenced("text", sanitize(shown.preview))
            case Group():
                title = f"{shown.title}: {shown.word}" if shown.word else shown.title
                yield f"**{neutral_line(title)}**"
                for member in shown.members:
                    yield from self.draw(member)
            case _:
                assert_never(shown)

    def _block(self, block: Block) -> Iterator[str]:
        text = sanitize(block.text).strip("\n")
        if block.kind == "seen":
            yield quoted(neutral_line(block.title))
            return
        if block.kind == "output":
            text = without_middle(text, self.chars)
        if text.strip():
            info = {"code": block.language, "call": "python", "json": "json", "output": "text"}
            yield fenced(info[block.kind], text)

    def _picture(self, picture: Picture) -> str:
        if _why_not(picture) or len(picture.data) > self.bytes:
            return _named(picture)
        self.bytes -= len(picture.data)
        data = b64encode(picture.data).decode("ascii")
        return f"![{neutral_line(alt(picture))}](data:{picture.mime_type};base64,{data})"


def alt(picture: Picture) -> str:
    """Return what is said of a picture where it is not seen."""
    return f"{picture.name}, sent with the prompt" if picture.name else "Figure drawn by the code"


def _why_not(picture: Picture) -> str:
    return unshowable(picture.mime_type, picture.data)


def _named(picture: Picture) -> str:
    size = f"{len(picture.data):,} bytes{_why_not(picture)}"
    return quoted(neutral_line(f"[{picture.name or picture.mime_type}, {size}]"))


def _line(line: Line) -> tuple[str, ...]:
    return (f"{line.label}:" if line.label else "", line.text, line.detail)


def neutral_line(text: str) -> str:
    """Return plain text as Markdown that shows it."""
    return re.sub(r"([\\`*_\[\]<>!$|~#&])", r"\\\1", sanitize_line(text))


def neutral(markdown: str) -> str:
    """Return Markdown without markup of HTML, pictures from elsewhere and TeX outside of formulas.

    Formulas stand between dollars, which every converter knows, and other dollars are escaped.
    """
    from markdown_it import MarkdownIt

    text = sanitize(markdown)
    lines = text.split("\n")
    pieces: list[str] = []
    done = 0
    # A fence that is not of the outermost level may end with what is around it.
    for token in MarkdownIt("commonmark", {"html": False}).disable("inline").parse(text):
        if token.type == "fence" and token.level == 0 and token.map:
            begin, end = token.map
            pieces.append(_neutral("\n".join(lines[done:begin])))
            info = re.sub(r"\W.*", "", token.info.strip())
            pieces.append(fenced(info, token.content.removesuffix("\n")))
            done = end
    pieces.append(_neutral("\n".join(lines[done:])))
    return "\n".join(piece for piece in pieces if piece)


def _neutral(text: str) -> str:
    pieces: list[str] = []
    done = 0
    while mark := _MARKS.search(text, done):
        pieces.append(text[done : mark.start()])
        found, shown = _marked(text, mark)
        pieces.append(shown)
        done = mark.start() + len(found)
    pieces.append(text[done:])
    return "".join(pieces)


def _marked(text: str, mark: re.Match[str]) -> tuple[str, str]:
    """Return what begins at `mark`, and what is to stand in its place."""
    found = mark[0]
    if mark["ticks"]:
        line = text[mark.start() : text.find("\n", mark.end()) % (len(text) + 1)]
        # Of one line and one cell: what is on the next may not be in the same block.
        span = re.match(rf"{found}(?!`)[^|\n]*?(?<!`){found}(?!`)", line)
        return (span[0], span[0]) if span else (found, "\\`" * len(found))
    if mark["formula"] and (formula := formula_at(text, mark.start())):
        return formula, _formula(formula)
    if mark["formula"]:
        return found, "\\$" if found == "$" else f"&#92;{found[1:]}"
    return found, _LITERALS.get(found, found)


def _formula(formula: str) -> str:
    inside, mark = formula[1:-1], "$"
    if formula.startswith("\\begin"):
        inside, mark = formula, "$$"
    elif formula.startswith(("\\", "$$")):
        inside, mark = formula[2:-2], "$$" if formula[1] in "[$" else "$"
    tex = _COMMANDS.sub("", inside.replace("^^", "^{}^")).replace("<", "\\lt ")
    # A converter that knows no formulas would find links and pictures; TeX does not see the blank.
    tex = _OPENINGS.sub(r"\g<0> ", tex)
    return f"{mark}{tex.strip()}{mark}"
