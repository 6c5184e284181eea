"""Many rows as a table: a line each, which opens to the whole run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import htpy as h
from markupsafe import Markup

from ...phrases import count, short
from ...runs.html import render
from ...runs.maths import literal
from ...runs.run import Run
from ...sanitize import sanitize

if TYPE_CHECKING:
    from .runs import Runs

# Rows in a table, and characters of the runs that open in it: the others are in the variable.
_SHOWN = 200
_LIVE = 10
_RUN_CHARS = 1_000_000
_TEXT_ROWS = 20
_COLOURS = {"done": "#2b8a3e", "recorded": "#2b8a3e", "stopped": "#b26a00"}
_RED = "#d6453d"
_CELL = "text-align:left;vertical-align:top;padding:2px 8px"


def state(run: Run, *, watched: bool = True) -> str:
    """Return how a row ended, in a word; that nothing was sent, only to a user who looks."""
    return "recorded" if run.past and watched else run.state


def answer(run: Run) -> str:
    """Return the answer of a run, or why there is none."""
    return run.error or run.data or run.text or run.output or ""


def bundle(
    runs: Runs,
    *,
    growing: bool = False,
    said: str = "",
    watched: bool = True,
    stats: bool = True,
) -> dict[str, Any]:
    """Return the rows that are there as a notebook stores them.

    `growing` shows the last ones only, and what is `said` of the wait. Without `stats` there are no
    seconds. One that nobody watches is the same when recordings answer it.
    """
    came = runs.came
    states = Counter(state(run, watched=watched) for run in came.values())
    line = " · ".join(filter(None, (summary(states, runs.total), said)))
    table = _Table(growing, watched, stats)
    html = h.div(".gemini-magic")[
        h.p[
            h.strong[literal(line)],
            " ",
            growing and runs.total and h.progress(value=str(len(came)), max=str(runs.total)),
        ],
        table.html(came),
    ]
    return {"text/plain": sanitize(table.text(came, line)), "text/html": str(html)}


def summary(states: Mapping[str, int], total: int | None) -> str:
    """Return how many rows ended how, in words."""
    said = [f"{number:,} {state}" for state, number in states.items()]
    of = f" of {count(total, 'row')}" if total is not None else ""
    return (", ".join(said) or "none asked yet") + of


@dataclass(frozen=True)
class _Table:
    growing: bool
    watched: bool
    stats: bool

    def text(self, came: Mapping[int, Run], line: str) -> str:
        lines = [line]
        for number, run in list(came.items())[:_TEXT_ROWS]:
            lines.append(f"{number}  {state(run, watched=self.watched)}  {short(answer(run))}")
        if len(came) > _TEXT_ROWS:
            lines.append(f"… {len(came) - _TEXT_ROWS:,} more rows")
        return "\n".join(lines)

    def html(self, came: Mapping[int, Run]) -> h.Renderable:
        chosen = list(came.items())[-_LIVE:] if self.growing else _chosen(came)
        left = 0 if self.growing else len(came) - len(chosen)
        names = ("row", "run", "state", *(["s"] if self.stats else []))
        return h.fragment[
            h.table[
                h.thead[h.tr[(h.th(style=_CELL)[name] for name in names)]],
                h.tbody[self._lines(chosen)],
            ],
            left and h.p[f"{left:,} more rows are in the variable"],
        ]

    def _lines(self, chosen: list[tuple[int, Run]]) -> Iterator[h.Renderable]:
        room = _RUN_CHARS
        for number, run in chosen:
            whole = "" if self.growing else render(run, stats=self.stats, watched=self.watched)
            opens = bool(whole) and len(whole) <= room
            room -= len(whole) if opens else 0
            texts = literal(short(run.request.prompt)), literal(short(answer(run)))
            head = h.fragment[texts[0], h.br, texts[1]]
            # What `render` gives is HTML, with all of others escaped.
            opened = h.details[h.summary[head], Markup(whole)]  # noqa: S704
            said = state(run, watched=self.watched)
            yield h.tr[
                h.td(style=_CELL)[f"{number:,}"],
                h.td(style=_CELL)[opened if opens else head],
                h.td(style=f"{_CELL};color:{_COLOURS.get(said, _RED)}")[said],
                self.stats and h.td(style=_CELL)[f"{run.seconds:.1f}"],
            ]


def _chosen(came: Mapping[int, Run]) -> list[tuple[int, Run]]:
    """Return the rows of the table: if they are too many, those that failed come first."""
    if len(came) <= _SHOWN:
        return list(came.items())
    bad = [each for each in came.items() if each[1].state != "done"][:_SHOWN]
    good = [each for each in came.items() if each[1].state == "done"]
    return sorted([*bad, *good[: _SHOWN - len(bad)]], key=lambda each: each[0])
