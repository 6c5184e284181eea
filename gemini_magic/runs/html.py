"""A run as HTML that any notebook viewer shows: fixed tags, no script, no style sheet."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import htpy as h
from markupsafe import Markup

from ..answer.claims.wording import entries
from ..answer.parts import FAILED, TIMED_OUT, Text
from ..answer.shown import Block, Group, Picture, Prose, Shown, picture_of, shown_all
from ..answer.steps import Step
from ..phrases import count, short
from ..sanitize import sanitize_line
from .colours import AMBER, GREEN, GREY, RED
from .escaping import escaped
from .highlight import Highlighter
from .html_claims import claims_list, marks
from .html_prose import prose
from .html_shown import (
    BORDER,
    MOST_CHARS,
    Drawn,
    Room,
    coloured,
    draw,
    draw_group,
    draw_picture,
    joined,
)
from .maths import literal
from .run import Run
from .text import claims_line, recorded_line, summary_line, where

_STATES = {
    "running": ("◔", "Running", GREY),
    "done": ("✓", "Done", GREEN),
    "stopped": ("■", "Stopped", AMBER),
    "failed": ("✗", "Failed", RED),
    "blocked": ("✗", "Blocked", RED),
}
# Who sees this HTML in a notebook does not have the extension that draws the run instead.
_HINT = (
    "To take the code home as cells at a click, install the JupyterLab extension: ",
    h.code["pip install gemini-magic"],
)
# What outputs may take here, all attempts together: beyond it they lose their middle. The JSON
# beside it has all of them, and the notebook would hold them a second time.
_OUTPUT_CHARS = 200_000
# What code may have in colours where it may take more room than in a notebook.
_WHOLE_COLOURED_CHARS = 500_000
# What pictures may take that are shown a second time, as what others were made from.
_AGAIN_BYTES = 600_000
_TITLE_CHARS = 60
# Markdown ends an element of HTML at a blank line: https://spec.commonmark.org/0.31.2/#html-blocks
_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")

# Two hyphens may end a comment: https://html.spec.whatwg.org/multipage/syntax.html#comments
_HYPHENS = re.compile("-(?=-)")


def render(run: Run, *, stats: bool = True, watched: bool = False) -> str:
    """Return the run as one `<div>`; `stats` adds seconds and tokens, which differ each time.

    `watched` tells of a recording that nothing was sent.

    The comment before it is what a notebook shows of an output that is folded away. There is no
    blank line, so that an export to Markdown keeps it whole.
    """
    style = f"border:{BORDER};border-radius:8px;padding:8px 14px"
    drawn = h.div(".gemini-magic", style=style)[_rows(run, stats, watched)]
    return _BLANK_LINE.sub("&#10;", f"{comment(title(run, stats=stats))}\n{drawn}")


def render_shown(several: Sequence[Shown]) -> str:
    """Return some pieces of an answer, one below the other, as one `<div>`, named as runs are."""
    room = Room()
    drawn = h.div(".gemini-magic")[joined([draw(shown, room) for shown in several])]
    titles = ", ".join(each.title for each in several if isinstance(each, Group))
    named = comment(f"Gemini: {short(titles) or count(len(several), 'part')}")
    return _BLANK_LINE.sub("&#10;", f"{named}\n{drawn}")


def whole(run: Run) -> h.Node:
    """Return the run for a page of its own: all of its output, and no advice for a notebook."""
    return h.div(".gemini-magic")[_rows(run, stats=True, is_whole=True)]


def _rows(run: Run, stats: bool, watched: bool = False, is_whole: bool = False) -> Iterator[h.Node]:
    yield _head(run, stats, watched)
    steps = len(run.steps)
    room = Room(min(MOST_CHARS, _OUTPUT_CHARS // max(1, steps)))
    if is_whole:
        room = Room(sys.maxsize, Highlighter(_WHOLE_COLOURED_CHARS))
    verdicts = {each.part: each for each in run.verification.verdicts} if run.verification else {}
    listed = entries(run.claims, run)
    marked = marks(listed)
    places = (place for place, part in enumerate(run.parts) if isinstance(part, Text))
    everything = list(_bounded(shown_all(run.blocks, run.state, run.sent)))
    took = [each.before for shown in everything for each in _pictures(shown)]
    yield from (draw_picture(each) for each in map(picture_of, run.sent) if each not in took)
    for block, shown in zip(run.blocks, everything, strict=True):
        if isinstance(block, Step) and isinstance(shown, Group):
            yield draw_group(shown, room, verdicts.get(block.index))
        elif isinstance(shown, Prose):
            place = next(places)
            own = [claim for claim in run.claims if claim.part == place]
            yield prose(shown.text, room.code, own, marked)
        else:
            yield draw(shown, room)
    yield claims_list(claims_line(run), listed)
    if run.error:
        yield h.p(style=f"color:{RED}")[literal(run.error)]
    if steps and not is_whole:
        yield h.p(style=f"margin:8px 0 0;color:{GREY}")[h.small[_HINT]]


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
    facts = [run.state, count(steps, "attempt")]
    facts += [f"{run.seconds:.1f} s"] if stats and run.seconds >= 0.1 else []
    prompt = sanitize_line(run.request.prompt)
    about = prompt if len(prompt) <= _TITLE_CHARS else f"{prompt[:_TITLE_CHARS]}…"
    return f"Gemini: {', '.join(facts)}: {about}"


def comment(text: str) -> Markup:
    """Return `text` as a comment, which no page shows."""
    return Markup("<!-- {} -->").format(Markup(_HYPHENS.sub("- ", escaped(text))))  # noqa: S704


def _head(run: Run, stats: bool, watched: bool) -> Drawn:
    mark, word, colour = _STATES.get(run.state, ("", run.state, GREY))
    if run.state == "done" and run.steps and run.steps[-1].outcome in (FAILED, TIMED_OUT):
        mark, word, colour = "■", "Done · last attempt failed", AMBER
    rest = summary_line(run).partition(" · ")[2] if stats else where(run)
    rest = f"{rest} · {recorded_line(run)}" if watched and run.past else rest
    return h.p(style="margin:0 0 8px")[
        h.strong[coloured(mark, colour), " ", literal(word)], " ", coloured(rest, GREY)
    ]
