"""The pieces of an answer as HTML: fixed tags, and no style but their own."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

import htpy as h
from markupsafe import Markup

from ..answer.parts import FAILED, OK, STOPPED, TIMED_OUT
from ..answer.pictures import unshowable
from ..answer.shown import Aside, Block, Download, Group, Line, Picture, Prose, Shown
from ..phrases import short
from ..sanitize import sanitize, sanitize_line
from .colours import AMBER, GREEN, GREY, RED
from .escaping import escaped
from .highlight import Highlighter
from .html_prose import LINKS, prose
from .maths import literal
from .text import without_middle

if TYPE_CHECKING:
    from .verify import Verdict

# Inline and without variables, as sanitisers drop the rest.
_COLOURS = {OK: GREEN, FAILED: RED, STOPPED: AMBER, TIMED_OUT: AMBER}
_VERDICTS = {"same": GREEN, "different": AMBER}
BORDER = "1px solid rgba(128,128,128,.35)"
_PRE = (
    f"margin:6px 0;padding:8px 10px;border:{BORDER};border-radius:6px;overflow:auto;"
    "font-family:monospace;"
)
_CODE = f"{_PRE}max-height:28em;background:rgba(128,128,128,.08)"
_OUTPUT = f"{_PRE}max-height:28em;background:none"
# Characters of one output, at most.
MOST_CHARS = 20_000

_RAISED = re.compile(
    r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Iteration|Warning|Expired)\b"
)
_EXCEPTION_CHARS = 60

Drawn = h.Renderable | Markup | None


@dataclass(frozen=True)
class Room:
    """What an output may take of the whole, and what draws code, of which much is plain."""

    chars: int = MOST_CHARS
    code: Highlighter = field(default_factory=Highlighter)


def draw(shown: Shown, room: Room) -> Drawn:
    """Return a piece of an answer as HTML, None if there is nothing to be seen."""
    match shown:
        case Prose():
            return prose(shown.text, room.code)
        case Aside():
            return _details(
                coloured(shown.title, GREY), prose(shown.text, room.code), is_open=False
            )
        case Line():
            return _line(shown)
        case Block():
            return _block(shown, room)
        case Picture():
            return draw_picture(shown)
        case Download():
            return _download(shown)
        case Group():
            return draw_group(shown, room)
        case _:
            assert_never(shown)


def _line(line: Line) -> Drawn:
    if not line.label:
        return h.p(style=f"margin:4px 0;color:{GREY}")[h.em[literal(line.text)]]
    text: Drawn = literal(line.text)
    if line.link.startswith(LINKS):
        text = h.a(href=sanitize(line.link), rel="noopener noreferrer", target="_blank")[text]
    return h.p(style="margin:4px 0")[f"{line.label}: ", text]


def draw_group(group: Group, room: Room, verdict: Verdict | None = None) -> Drawn:
    """Return an attempt, open or closed, with the verdict on it."""
    why = _exception(group) if group.outcome == FAILED else ""
    words = " · ".join(filter(None, (group.word, why)))
    facts = [coloured(words, _COLOURS.get(group.outcome, GREY))] if group.word else []
    facts += [coloured(group.detail, GREY)] if group.detail else []
    if verdict:
        words = f"run again here: {verdict.words}"
        facts.append(coloured(words, _VERDICTS.get(verdict.kind, GREY)))
    summary = joined([h.strong[literal(group.title)], *facts], " · ")
    body = joined([draw(each, room) for each in group.members])
    return _details(summary, body, is_open=group.is_open)


def _exception(group: Group) -> str:
    """Return the line of an output that names the exception, as `KeyError: 'July'`, or nothing.

    By the rule of the browser: `exceptionLine` in `labextension/src/text/lines.ts`.
    """
    outputs = (e.text for e in group.members if isinstance(e, Block) and e.kind == "output")
    lines = (line.strip() for text in outputs for line in sanitize(text).split("\n"))
    named = [line for line in lines if _RAISED.match(line)]
    return short(named[-1], _EXCEPTION_CHARS) if named else ""


def _block(block: Block, room: Room) -> Drawn:
    text = block.text.strip("\n")
    if block.kind == "seen":
        seen = h.pre(style=_OUTPUT)[escaped(without_middle(sanitize(text), room.chars))]
        return _details(coloured(block.title, GREY), seen, is_open=False)
    if block.kind != "output":
        language = {"call": "python", "json": "json"}.get(block.kind, block.language)
        code = room.code.draw(text, language)
        return h.pre(style=_CODE)[h.code(style="background:none")[code]]
    text = without_middle(sanitize(text), room.chars)
    return h.pre(style=_OUTPUT)[escaped(text)] if text.strip() else None


def draw_picture(picture: Picture) -> Drawn:
    if why := unshowable(picture.mime_type, picture.data):
        return h.p[h.em[literal(f"{picture.mime_type}, {len(picture.data):,} bytes{why}")]]
    if picture.before:
        pair = (
            _labelled("before", picture.before),
            _labelled("after", replace(picture, before=None)),
        )
        return h.div(style="display:flex;flex-wrap:wrap;gap:8px 16px")[pair]
    data = b64encode(picture.data).decode("ascii")
    source = f"data:{sanitize(picture.mime_type)};base64,{data}"
    name = sanitize_line(f"{picture.name}, sent") if picture.name else "Figure drawn by the code"
    return h.p[h.img(src=source, alt=name, style="max-width:100%")]


def _labelled(label: str, picture: Picture) -> Drawn:
    words = " · ".join(filter(None, (label, picture.name)))
    return h.div(style="flex:0 1 auto;min-width:0")[
        h.small[coloured(words, GREY)], draw_picture(picture)
    ]


def _download(file: Download) -> Drawn:
    name: Drawn = literal(file.name)
    if file.data:
        data = b64encode(file.data).decode("ascii")
        # The type is one of a few that no browser runs.
        address = f"data:{file.mime_type};base64,{data}"
        name = h.a(href=address, download=sanitize_line(file.name))[name]
    line = h.p(style="margin:4px 0")["File: ", name, " ", coloured(file.detail, GREY)]
    lines = h.pre(style=_OUTPUT)[escaped(sanitize(file.preview))] if file.preview else None
    return h.div[line, lines]


def _details(summary: Drawn, body: Drawn, *, is_open: bool) -> Drawn:
    return h.details(open=is_open, style="margin:6px 0")[
        h.summary(style="cursor:pointer")[summary], body
    ]


def joined(pieces: Iterable[Drawn], between: str = "") -> Markup:
    """Return the pieces as one, drawn: htpy takes its time to look into lists."""
    return Markup(between).join(filter(None, pieces))  # noqa: S704


def coloured(text: str, colour: str) -> Drawn:
    return h.span(style=f"color:{colour}")[literal(text)]
