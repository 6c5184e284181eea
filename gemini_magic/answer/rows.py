"""Many rows as JSON, the format `ROWS_MIME`: written here only.

`labextension/src/contract/rows.ts` reads it. It is bounded: what it leaves out is in the variable
that holds the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .document import storable

ROWS_MIME = "application/vnd.gemini-magic.rows+json"
VERSION = 1
ROW_STATES = ("done", "recorded", "failed", "blocked", "stopped", "running", "waits")
# Rows of a document.
MOST_ROWS = 200


@dataclass(frozen=True)
class Row:
    """One row: what went into the prompt, how it stands, and its `run` as a document if it is here.

    `text`, `answer` and `error` are cut; the run has them whole.
    """

    number: int
    state: str
    text: str
    answer: str = ""
    error: str = ""
    run: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Rows:
    """The rows that are shown, of `total` if that is known, by rising numbers.

    `key` finds the runs in the session that asked them, empty if it keeps none, and `name` is the
    variable that has them, empty if nobody knows. `columns` are those that go into the prompt,
    `workers` how many rows are asked at a time, `said` what they wait for. `counts` has how many
    stand how, of all of them.
    """

    key: str
    name: str
    state: str
    total: int | None
    columns: str
    workers: int
    said: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


def write(rows: Rows) -> dict[str, Any]:
    """Return `rows` as JSON values."""
    held = {name: value for name, value in vars(rows).items() if name != "rows"}
    return {"version": VERSION, **storable(held), "rows": [_written(row) for row in rows.rows]}


def _written(row: Row) -> dict[str, Any]:
    held = {name: value for name, value in vars(row).items() if value not in ("", None)}
    run = held.pop("run", None)
    # A run is JSON already, and may be nested as deep as any is alone.
    return {**storable(held), **({"run": run} if run else {})}
