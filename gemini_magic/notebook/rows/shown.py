"""Many rows as a notebook stores them: for the extension, as a table of HTML, and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import htpy as h
from markupsafe import Markup

from ...answer.display import Bundle
from ...answer.rows import ROWS_MIME, write
from ...phrases import count, short
from ...runs.colours import AMBER, GREEN, RED
from ...runs.maths import literal
from ...runs.run import Run
from ...sanitize import sanitize
from .listed import DisplayOptions, OpenedRow, answer, chosen, listed, measured, opened

if TYPE_CHECKING:
    from .runs import Runs

_LIVE = 10
_TEXT_ROWS = 20
_COLOURS = {"done": GREEN, "recorded": GREEN, "stopped": AMBER}
_LATER = "If no more rows come, run the cell again: what is recorded is not asked"
_CELL = "text-align:left;vertical-align:top;padding:2px 8px"


def bundle(runs: Runs, display: DisplayOptions) -> Bundle:
    """Return the rows that are there as a notebook stores them, and the metadata beside."""
    rows = chosen(runs, display)
    opens = {} if display.growing else opened(rows, display)
    came = sum(runs.states.values())
    line = " · ".join(filter(None, (summary(display.counts(runs), runs.total), display.said)))
    table = _Table(display, opens)
    html = h.div(".gemini-magic")[
        h.p[
            h.strong[literal(line)],
            " ",
            h.progress(value=str(came), max=str(runs.total))
            if display.growing and runs.total
            else None,
        ],
        table.html(rows, came, where="in the variable" if runs.key else "not here"),
    ]
    data = {
        ROWS_MIME: write(listed(runs, rows, opens, display)),
        "text/html": str(html),
        "text/plain": sanitize(table.text(runs, rows, line)),
    }
    return data, {ROWS_MIME: measured(runs, rows, opens, display)}


def summary(states: Mapping[str, int], total: int | None) -> str:
    """Return how many rows ended how, in words."""
    said = [f"{number:,} {state}" for state, number in states.items()]
    of = f" of {count(total, 'row')}" if total is not None else ""
    return (", ".join(said) or "none asked yet") + of


@dataclass(frozen=True)
class _Table:
    display: DisplayOptions
    opens: Mapping[int, OpenedRow]

    def text(self, runs: Runs, rows: Mapping[int, Run], line: str) -> str:
        # All of them are too many to be put in order each time while they grow.
        came = rows if self.display.growing else runs.came
        lines = [line]
        for number, run in islice(came.items(), _TEXT_ROWS):
            lines.append(f"{number}  {self.display.state(run)}  {short(answer(run))}")
        if not self.display.growing and len(came) > _TEXT_ROWS:
            lines.append(f"… {count(len(came) - _TEXT_ROWS, 'more row')}")
        return "\n".join(lines)

    def html(self, rows: Mapping[int, Run], came: int, *, where: str) -> h.Renderable:
        growing = self.display.growing
        shown = dict(list(rows.items())[-_LIVE:]) if growing else rows
        left = 0 if growing else max(0, came - len(shown))
        names = ("row", "run", "state", *(["s"] if self.display.stats else []))
        return h.fragment[
            h.table[
                h.thead[h.tr[(h.th(style=_CELL)[name] for name in names)]],
                h.tbody[self._lines(shown)],
            ],
            h.p[f"{count(left, 'more row')} {'is' if left == 1 else 'are'} {where}"]
            if left
            else None,
            # It may be saved so: the kernel died.
            h.p[_LATER] if growing else None,
        ]

    def _lines(self, rows: Mapping[int, Run]) -> Iterator[h.Renderable]:
        for number, run in rows.items():
            texts = literal(short(run.request.prompt)), literal(short(answer(run)))
            head = h.fragment[texts[0], h.br, texts[1]]
            said = self.display.state(run)
            whole = self.opens.get(number)
            # What `render` gives is HTML, with all of others escaped.
            cell = h.details[h.summary[head], Markup(whole.html)] if whole else head  # noqa: S704
            yield h.tr[
                h.td(style=_CELL)[f"{number:,}"],
                h.td(style=_CELL)[cell],
                h.td(style=f"{_CELL};color:{_COLOURS.get(said, RED)}")[said],
                self.display.stats and h.td(style=_CELL)[f"{run.seconds:.1f}"],
            ]
