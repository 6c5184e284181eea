"""Which rows are shown, and how much of them: the document that the extension draws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...answer.rows import MOST_ROWS, ROW_STATES, Row, Rows
from ...phrases import short
from ...runs.html import render
from ...runs.recorded import note_of
from ...runs.run import Run
from ...sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from .dispatcher import Pending
    from .runs import Runs

# While it grows: rows that came last, those that one drawing adds at most, and those on their way.
_LAST = 12
_MOST_NEW = 50
_MOST_PENDING = 20
# Characters of an answer: in a table that grows, and in one that stays, whose rows open.
_GROWING_CHARS = 200
_CHARS = 1000
# Bytes of the runs that open, as documents and as HTML: the others are in the variable.
_RUN_BYTES = 1_000_000
# Runs that were made and did not fit before no other is tried: to colour code takes a while.
_MISSES = 5
# What of a run's stats is shown where it opens.
_SHOWN = ("seconds", "times", "calls", "usage")


@dataclass(frozen=True)
class DisplayOptions:
    """How rows are shown.

    `growing` shows the last ones only, at least as many as came `new`, and what is `said` of the
    wait. Without `stats` there are no seconds. Those that nobody `watched` are the same when
    recordings answer them.
    """

    growing: bool = False
    said: str = ""
    watched: bool = True
    stats: bool = True
    new: int = 0

    def state(self, run: Run) -> str:
        """Return how a row ended, in a word; that nothing was sent, only to a user who display."""
        return "recorded" if run.past and self.watched else run.state

    def counts(self, runs: Runs) -> dict[str, int]:
        """Return how many rows ended how."""
        counts: dict[str, int] = {}
        for state, number in runs.states.items():
            word = "done" if state == "recorded" and not self.watched else state
            counts[word] = counts.get(word, 0) + number
        # Side by side they come in any order.
        return {word: counts[word] for word in ROW_STATES if word in counts}


@dataclass(frozen=True)
class OpenedRow:
    """What a row opens to: its run as a document, and as HTML."""

    document: Mapping[str, Any]
    html: str


def answer(run: Run) -> str:
    """Return the answer of a run, or why there is none."""
    return run.error or _answer(run)


def _answer(run: Run) -> str:
    return run.data or run.text or run.output or ""


def chosen(runs: Runs, display: DisplayOptions) -> dict[int, Run]:
    """Return the rows that are shown: if they are too many, those that failed come first."""
    if display.growing:
        most = min(max(display.new, _LAST), _MOST_NEW)
        return _bounded(dict(islice(runs.latest(), max(display.new, most))), most)
    return _bounded(runs.came, MOST_ROWS)


def _bounded(came: Mapping[int, Run], most: int) -> dict[int, Run]:
    kept = sorted(came, key=lambda number: came[number].state == "done")[:most]
    return {number: came[number] for number in sorted(kept)}


def opened(rows: Mapping[int, Run], display: DisplayOptions) -> dict[int, OpenedRow]:
    """Return what the rows open to, as far as there is room: those that failed come first."""
    room, missed = _RUN_BYTES, 0
    found = {}
    for number in sorted(rows, key=lambda number: rows[number].state == "done"):
        document = rows[number].to_dict()
        size = len(json.dumps(document, ensure_ascii=False).encode())
        # HTML is seldom shorter.
        if 2 * size > room:
            continue
        html = render(rows[number], stats=display.stats, watched=display.watched)
        size += len(html.encode())
        if size <= room:
            found[number] = OpenedRow(document, html)
            room -= size
        else:
            missed += 1
        if missed == _MISSES:
            break
    return found


def listed(
    runs: Runs, rows: Mapping[int, Run], opens: Mapping[int, OpenedRow], display: DisplayOptions
) -> Rows:
    """Return the document of `rows`, each with the run that it opens to."""
    pending = runs.pending() if display.growing else []
    counts = display.counts(runs)
    for _, _, seconds in pending:
        state = "waits" if seconds is None else "running"
        counts[state] = counts.get(state, 0) + 1
    every = [*_ended(runs, rows, opens, display), *_pending(pending)]
    return Rows(
        runs.key,
        runs.name,
        "running" if display.growing else runs.state,
        runs.total,
        sanitize_line(runs.columns),
        runs.workers,
        sanitize_line(display.said),
        counts,
        tuple(sorted(every, key=lambda row: row.number)),
    )


def _ended(
    runs: Runs, rows: Mapping[int, Run], opens: Mapping[int, OpenedRow], display: DisplayOptions
) -> Iterator[Row]:
    most = _GROWING_CHARS if display.growing else _CHARS
    for number, run in rows.items():
        whole = opens.get(number)
        yield Row(
            number,
            display.state(run),
            sanitize_line(runs.text_of(number)),
            _cut(_answer(run), most),
            short(sanitize(run.error or ""), most),
            whole.document if whole else None,
        )


def _pending(pending: Pending) -> Iterator[Row]:
    for number, text, seconds in pending[:_MOST_PENDING]:
        yield Row(number, "waits" if seconds is None else "running", sanitize_line(text))


def _cut(text: str, most: int) -> str:
    """Return `text` with its lines, cut."""
    said = sanitize(text[: 2 * most]).strip()
    return said if len(said) <= most and len(text) <= 2 * most else f"{said[:most]}…"


def measured(
    runs: Runs, rows: Mapping[int, Run], opens: Mapping[int, OpenedRow], display: DisplayOptions
) -> dict[str, Any]:
    """Return what differs from one time to the next, for the metadata of the output.

    The seconds of all rows and their tokens, the seconds of each, and of those that open their
    stats and what makes them recordings.
    """
    if not display.stats:
        return {}
    each = {str(number): _stats(run, opened=number in opens) for number, run in rows.items()}
    if display.growing:
        for number, _, seconds in runs.pending()[:_MOST_PENDING]:
            each[str(number)] = {"seconds": None if seconds is None else round(seconds, 1)}
    return {**_of_all(runs, display), "rows": each}


def _of_all(runs: Runs, display: DisplayOptions) -> dict[str, Any]:
    # Nobody looks: as if all had been asked, and it differs each time how long that took.
    if not display.watched:
        return {"tokens": runs.tokens(recorded=True)}
    left = None if runs.total is None else runs.pace.left(runs.total - sum(runs.states.values()))
    return {
        "seconds": round(runs.pace.seconds, 1),
        "tokens": runs.tokens(),
        **({"left": round(left)} if display.growing and left is not None else {}),
    }


def _stats(run: Run, *, opened: bool) -> dict[str, Any]:
    if not opened:
        return {"seconds": round(run.seconds, 3) if run.is_timed else None}
    stats = run.stats(seal=False)
    return {name: stats[name] for name in _SHOWN} | note_of(run)
