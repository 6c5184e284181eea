"""Many rows as a table: a line each, which opens to the whole run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import htpy as h
from markupsafe import Markup

from ..phrases import short
from ..runs.html import render
from ..runs.maths import literal
from ..runs.run import Run
from ..sanitize import sanitize

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


def state(run: Run) -> str:
    """Return how a row ended, in a word."""
    return "recorded" if run.past else run.state


def answer(run: Run) -> str:
    """Return the answer of a run, or why there is none."""
    return run.error or run.data or run.text or run.output or ""


def bundle(runs: Runs, *, growing: bool = False) -> dict[str, Any]:
    """Return the rows that are there as a notebook stores them; `growing`, the last ones only."""
    came = runs.came
    return {"text/plain": sanitize(_text(runs, came)), "text/html": _html(runs, came, growing)}


def _text(runs: Runs, came: Mapping[int, Run]) -> str:
    lines = [runs.summary]
    for number, run in list(came.items())[:_TEXT_ROWS]:
        lines.append(f"{number}  {state(run)}  {short(answer(run))}")
    if len(came) > _TEXT_ROWS:
        lines.append(f"… {len(came) - _TEXT_ROWS:,} more rows")
    return "\n".join(lines)


def _html(runs: Runs, came: Mapping[int, Run], growing: bool) -> str:
    chosen = list(came.items())[-_LIVE:] if growing else _chosen(came)
    left = len(came) - len(chosen)
    more = f"{left:,} more rows are in the variable" if left and not growing else ""
    bar = h.progress(value=str(len(came)), max=str(runs.total)) if growing and runs.total else None
    return str(
        h.div(".gemini-magic")[
            h.p[h.strong[literal(runs.summary)], " ", bar],
            h.table[
                h.thead[h.tr[(h.th(style=_CELL)[name] for name in ("row", "run", "state", "s"))]],
                h.tbody[_lines(chosen, growing)],
            ],
            more and h.p[more],
        ]
    )


def _chosen(came: Mapping[int, Run]) -> list[tuple[int, Run]]:
    """Return the rows of the table: if they are too many, those that failed come first."""
    if len(came) <= _SHOWN:
        return list(came.items())
    bad = [each for each in came.items() if each[1].state != "done"][:_SHOWN]
    good = [each for each in came.items() if each[1].state == "done"]
    return sorted([*bad, *good[: _SHOWN - len(bad)]], key=lambda each: each[0])


def _lines(chosen: list[tuple[int, Run]], growing: bool) -> Iterator[h.Renderable]:
    room = _RUN_CHARS
    for number, run in chosen:
        whole = "" if growing else render(run)
        opens = bool(whole) and len(whole) <= room
        room -= len(whole) if opens else 0
        texts = literal(short(run.request.prompt)), literal(short(answer(run)))
        head = h.fragment[texts[0], h.br, texts[1]]
        colour = _COLOURS.get(state(run), _RED)
        yield h.tr[
            h.td(style=_CELL)[f"{number:,}"],
            h.td(style=_CELL)[
                h.details[h.summary[head], Markup(whole)] if opens else head  # noqa: S704
            ],
            h.td(style=f"{_CELL};color:{colour}")[state(run)],
            h.td(style=_CELL)[f"{run.seconds:.1f}"],
        ]
