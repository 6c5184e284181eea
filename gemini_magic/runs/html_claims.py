"""The numbers of an answer in HTML: marks in its prose, and a list below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import htpy as h

from ..answer.claims.claim import Claim
from ..answer.claims.wording import Entry
from ..sanitize import sanitize_line
from .colours import AMBER, GREY
from .maths import literal

_MARK = "text-underline-offset:3px;text-decoration:underline"
_FOUND, _DOUBTFUL = f"{_MARK} dotted {GREY}", f"{_MARK} wavy {AMBER}"
# What was asked, and what stands anywhere, needs no mark.
_MARKED = ("computed", "derived", "code")


def marks(entries: Sequence[Entry]) -> dict[Claim, Mapping[str, str]]:
    """Return the attributes of the span around each number that has one."""
    return {
        entry.claim: {
            "title": sanitize_line(entry.title),
            "style": _DOUBTFUL if entry.is_doubtful else _FOUND,
        }
        for entry in entries
        if entry.is_doubtful or entry.claim.kind in _MARKED
    }


def claims_list(summary: str, entries: Sequence[Entry]) -> h.Node:
    """Return the list of all numbers under its summary: for a keyboard, a screen reader, print."""
    if not summary:
        return None
    style = f"margin:8px 0 0;color:{GREY}"
    return h.details(style=style)[
        h.summary(style="cursor:pointer")[h.small[literal(summary)]],
        h.ul(style="margin:4px 0")[(_row(entry) for entry in entries)],
    ]


def _row(entry: Entry) -> h.Node:
    return h.li[h.small[tuple(_cells(entry))]]


def _cells(entry: Entry) -> Iterator[h.Node]:
    text = h.strong[literal(entry.claim.text)]
    yield h.span(style=f"color:{AMBER}")[text] if entry.is_doubtful else text
    yield f" {entry.words}"
    yield f", {entry.where}" if entry.where else None
    if entry.line:
        line = literal(sanitize_line(entry.line))
        yield (": ", line) if entry.claim.kind == "absent" else (": ", h.code[line])
