"""A run as HTML that any notebook viewer shows: fixed tags, no script, no style sheet."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

import htpy as h
from markupsafe import Markup

from ..answer.claims.wording import entries
from ..answer.parts import FAILED, OK, STOPPED, TIMED_OUT, Text
from ..answer.pictures import unshowable
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
from ..answer.steps import Step
from ..phrases import count, short
from ..sanitize import sanitize, sanitize_line
from .escaping import escaped
from .highlight import Highlighter
from .html_claims import claims_list, marks
from .html_prose import LINKS, prose
from .maths import literal
from .run import Run
from .text import claims_line, recorded_line, summary_line, where, without_middle

if TYPE_CHECKING:
    from .verify import Verdict

# Inline and without variables, as sanitisers drop the rest; mid-tones, to be read on light and
# dark grounds alike.
_GREEN, _RED, _AMBER, _GREY = "#2b8a3e", "#d6453d", "#b26a00", "#808080"
_COLOURS = {OK: _GREEN, FAILED: _RED, STOPPED: _AMBER, TIMED_OUT: _AMBER}
_VERDICTS = {"same": _GREEN, "different": _AMBER}
_STATES = {
    "running": ("◔", "Running", _GREY),
    "done": ("✓", "Done", _GREEN),
    "stopped": ("■", "Stopped", _AMBER),
    "failed": ("✗", "Failed", _RED),
    "blocked": ("✗", "Blocked", _RED),
}
_LINE = "1px solid rgba(128,128,128,.35)"
_PRE = (
    f"margin:6px 0;padding:8px 10px;border:{_LINE};border-radius:6px;overflow:auto;"
    "font-family:monospace;"
)
_CODE = f"{_PRE}max-height:28em;background:rgba(128,128,128,.08)"
_OUTPUT = f"{_PRE}max-height:28em;background:none"
# Who sees this HTML in a notebook does not have the extension that draws the run instead.
_HINT = (
    "To take the code home as cells at a click, install the JupyterLab extension: ",
    h.code["pip install gemini-magic"],
)
# What outputs may take here, all attempts together: beyond it they lose their middle. The JSON
# beside it has all of them, and the notebook would hold them a second time.
_OUTPUT_CHARS = 200_000
_MOST_CHARS = 20_000
# What code may have in colours where it may take more room than in a notebook.
_WHOLE_COLOURED_CHARS = 500_000
# What pictures may take that are shown a second time, as what others were made from.
_AGAIN_BYTES = 600_000
_TITLE_CHARS = 60
# Markdown ends an element of HTML at a blank line: https://spec.commonmark.org/0.31.2/#html-blocks
_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")

# Two hyphens may end a comment: https://html.spec.whatwg.org/multipage/syntax.html#comments
_HYPHENS = re.compile("-(?=-)")

_RAISED = re.compile(
    r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Iteration|Warning|Expired)\b"
)
_EXCEPTION_CHARS = 60

_Drawn = h.Renderable | Markup | None


@dataclass(frozen=True)
class _Room:
    """What an output may take of the whole, and what draws code, of which much is plain."""

    chars: int = _MOST_CHARS
    code: Highlighter = field(default_factory=Highlighter)


def render(run: Run, *, stats: bool = True, watched: bool = False) -> str:
    """Return the run as one `<div>`; `stats` adds seconds and tokens, which differ each time.

    `watched` tells of a recording that nothing was sent.

    The comment before it is what a notebook shows of an output that is folded away. There is no
    blank line, so that an export to Markdown keeps it whole.
    """
    style = f"border:{_LINE};border-radius:8px;padding:8px 14px"
    drawn = h.div(".gemini-magic", style=style)[_rows(run, stats, watched)]
    return _BLANK_LINE.sub("&#10;", f"{comment(title(run, stats=stats))}\n{drawn}")


def render_shown(several: Sequence[Shown]) -> str:
    """Return some pieces of an answer, one below the other, as one `<div>`, named as runs are."""
    room = _Room()
    drawn = h.div(".gemini-magic")[_joined([_drawn(shown, room) for shown in several])]
    titles = ", ".join(each.title for each in several if isinstance(each, Group))
    named = comment(f"Gemini: {short(titles) or count(len(several), 'part')}")
    return _BLANK_LINE.sub("&#10;", f"{named}\n{drawn}")


def whole(run: Run) -> h.Node:
    """Return the run for a page of its own: all of its output, and no advice for a notebook."""
    return h.div(".gemini-magic")[_rows(run, stats=True, is_whole=True)]


def _rows(run: Run, stats: bool, watched: bool = False, is_whole: bool = False) -> Iterator[h.Node]:
    yield _head(run, stats, watched)
    steps = len(run.steps)
    room = _Room(min(_MOST_CHARS, _OUTPUT_CHARS // max(1, steps)))
    if is_whole:
        room = _Room(sys.maxsize, Highlighter(_WHOLE_COLOURED_CHARS))
    verdicts = {each.part: each for each in run.verification.verdicts} if run.verification else {}
    listed = entries(run.claims, run)
    marked = marks(listed)
    places = (place for place, part in enumerate(run.parts) if isinstance(part, Text))
    everything = list(_bounded(shown_all(run.blocks, run.state, run.sent)))
    took = [each.before for shown in everything for each in _pictures(shown)]
    yield from (_picture(each) for each in map(picture_of, run.sent) if each not in took)
    for block, shown in zip(run.blocks, everything, strict=True):
        if isinstance(block, Step) and isinstance(shown, Group):
            yield _group(shown, room, verdicts.get(block.index))
        elif isinstance(shown, Prose):
            place = next(places)
            own = [claim for claim in run.claims if claim.part == place]
            yield prose(shown.text, room.code, own, marked)
        else:
            yield _drawn(shown, room)
    yield claims_list(claims_line(run), listed)
    if run.error:
        yield h.p(style=f"color:{_RED}")[literal(run.error)]
    if steps and not is_whole:
        yield h.p(style=f"margin:8px 0 0;color:{_GREY}")[h.small[_HINT]]


def _pictures(shown: Shown) -> Iterator[Picture]:
    members = shown.members if isinstance(shown, Group) else (shown,)
    return (member for member in members if isinstance(member, Picture))


def _bounded(everything: Iterable[Shown]) -> Iterator[Shown]:
    """Yield all of it, but pictures no more as what another was made from once they weigh much.

    Each of those stands in the notebook once more: there is no other way to show it again.
    """
    room = _AGAIN_BYTES
    for shown in everything:
        if isinstance(shown, Group):
            weight = sum(len(each.before.data) for each in _pictures(shown) if each.before)
            if weight > room:
                shown = replace(shown, members=tuple(map(_without_before, shown.members)))
            else:
                room -= weight
        yield shown


def _without_before(member: Block | Picture) -> Block | Picture:
    return replace(member, before=None) if isinstance(member, Picture) else member


def title(run: Run, *, stats: bool = True) -> str:
    """Return what is said of a run where it is folded away, in one line."""
    steps = len(run.steps)
    facts = [run.state, "1 attempt" if steps == 1 else f"{steps} attempts"]
    facts += [f"{run.seconds:.1f} s"] if stats and run.seconds >= 0.1 else []
    prompt = sanitize_line(run.request.prompt)
    about = prompt if len(prompt) <= _TITLE_CHARS else f"{prompt[:_TITLE_CHARS]}…"
    return f"Gemini: {', '.join(facts)}: {about}"


def comment(text: str) -> Markup:
    """Return `text` as a comment, which no page shows."""
    return Markup("<!-- {} -->").format(Markup(_HYPHENS.sub("- ", escaped(text))))  # noqa: S704


def _head(run: Run, stats: bool, watched: bool) -> _Drawn:
    mark, word, colour = _STATES.get(run.state, ("", run.state, _GREY))
    if run.state == "done" and run.steps and run.steps[-1].outcome in (FAILED, TIMED_OUT):
        mark, word, colour = "■", "Done · last attempt failed", _AMBER
    rest = summary_line(run).partition(" · ")[2] if stats else where(run)
    rest = f"{rest} · {recorded_line(run)}" if watched and run.past else rest
    return h.p(style="margin:0 0 8px")[
        h.strong[_coloured(mark, colour), " ", literal(word)], " ", _coloured(rest, _GREY)
    ]


def _drawn(shown: Shown, room: _Room) -> _Drawn:
    match shown:
        case Prose():
            return prose(shown.text, room.code)
        case Aside():
            return _details(
                _coloured(shown.title, _GREY), prose(shown.text, room.code), is_open=False
            )
        case Line():
            return _line(shown)
        case Block():
            return _block(shown, room)
        case Picture():
            return _picture(shown)
        case Download():
            return _download(shown)
        case Group():
            return _group(shown, room)
        case _:
            assert_never(shown)


def _line(line: Line) -> _Drawn:
    if not line.label:
        return h.p(style=f"margin:4px 0;color:{_GREY}")[h.em[literal(line.text)]]
    text: _Drawn = literal(line.text)
    if line.link.startswith(LINKS):
        text = h.a(href=sanitize(line.link), rel="noopener noreferrer", target="_blank")[text]
    return h.p(style="margin:4px 0")[f"{line.label}: ", text]


def _group(group: Group, room: _Room, verdict: Verdict | None = None) -> _Drawn:
    why = _exception(group) if group.outcome == FAILED else ""
    words = " · ".join(filter(None, (group.word, why)))
    facts = [_coloured(words, _COLOURS.get(group.outcome, _GREY))] if group.word else []
    facts += [_coloured(group.detail, _GREY)] if group.detail else []
    if verdict:
        words = f"run again here: {verdict.words}"
        facts.append(_coloured(words, _VERDICTS.get(verdict.kind, _GREY)))
    summary = _joined([h.strong[literal(group.title)], *facts], " · ")
    body = _joined([_drawn(each, room) for each in group.members])
    return _details(summary, body, is_open=group.is_open)


def _exception(group: Group) -> str:
    """Return the line of an output that names the exception, as `KeyError: 'July'`, or nothing.

    By the rule of the browser: `exceptionLine` in `labextension/src/text/lines.ts`.
    """
    outputs = (e.text for e in group.members if isinstance(e, Block) and e.kind == "output")
    lines = (line.strip() for text in outputs for line in sanitize(text).split("\n"))
    named = [line for line in lines if _RAISED.match(line)]
    return short(named[-1], _EXCEPTION_CHARS) if named else ""


def _block(block: Block, room: _Room) -> _Drawn:
    text = block.text.strip("\n")
    if block.kind == "seen":
        seen = h.pre(style=_OUTPUT)[escaped(without_middle(sanitize(text), room.chars))]
        return _details(_coloured(block.title, _GREY), seen, is_open=False)
    if block.kind != "output":
        language = {"call": "python", "json": "json"}.get(block.kind, block.language)
        code = room.code.draw(text, language)
        return h.pre(style=_CODE)[h.code(style="background:none")[code]]
    text = without_middle(sanitize(text), room.chars)
    return h.pre(style=_OUTPUT)[escaped(text)] if text.strip() else None


def _picture(picture: Picture) -> _Drawn:
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


def _labelled(label: str, picture: Picture) -> _Drawn:
    words = " · ".join(filter(None, (label, picture.name)))
    return h.div(style="flex:0 1 auto;min-width:0")[
        h.small[_coloured(words, _GREY)], _picture(picture)
    ]


def _download(file: Download) -> _Drawn:
    name: _Drawn = literal(file.name)
    if file.data:
        data = b64encode(file.data).decode("ascii")
        # The type is one of a few that no browser runs.
        address = f"data:{file.mime_type};base64,{data}"
        name = h.a(href=address, download=sanitize_line(file.name))[name]
    line = h.p(style="margin:4px 0")["File: ", name, " ", _coloured(file.detail, _GREY)]
    lines = h.pre(style=_OUTPUT)[escaped(sanitize(file.preview))] if file.preview else None
    return h.div[line, lines]


def _details(summary: _Drawn, body: _Drawn, *, is_open: bool) -> _Drawn:
    return h.details(open=is_open, style="margin:6px 0")[
        h.summary(style="cursor:pointer")[summary], body
    ]


def _joined(pieces: Iterable[_Drawn], between: str = "") -> Markup:
    """Return the pieces as one, drawn: htpy takes its time to look into lists."""
    return Markup(between).join(filter(None, pieces))  # noqa: S704


def _coloured(text: str, colour: str) -> _Drawn:
    return h.span(style=f"color:{colour}")[literal(text)]
