"""Many rows as JSON, the format `ROWS_MIME`: written and read here only.

`labextension/src/contract/rows.ts` reads it the same way. It can come from anywhere, so every field
is checked, and what cannot be read is refused in one line. It is bounded: what it leaves out is in
the variable that holds the runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ..errors import RecordingError
from ..phrases import short
from .document import storable

ROWS_MIME = "application/vnd.gemini-magic.rows+json"
VERSION = 1
STATES = ("open", "running", "done", "stopped", "failed")
ROW_STATES = ("done", "recorded", "failed", "blocked", "stopped", "running", "waits")
# Rows of a document, and characters of a text that is read.
MOST_ROWS = 200
LONGEST = 4000
_MOST = 2**53


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


def read(data: object) -> Rows:
    """Read what `write` wrote; fields of a later version are passed over.

    Raises RecordingError for anything else.
    """
    held = _mapping(data, "the document")
    if held.get("version") != VERSION or isinstance(held["version"], bool):
        raise RecordingError(
            f"these rows have version {short(repr(held.get('version')))}, and version {VERSION} "
            "is known: update gemini-magic"
        )
    total = held.get("total")
    return Rows(
        _text(held, "key"),
        _text(held, "name"),
        _word(held, STATES),
        None if total is None else _count(total, "total"),
        _text(held, "columns"),
        _count(held.get("workers"), "workers"),
        _text(held, "said"),
        _counts(held.get("counts")),
        _rows(held.get("rows")),
    )


def documents_in(data: object, beside: object) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield the documents of the runs that rows open to, each with its stats of those `beside`.

    Raises RecordingError for what are no rows.
    """
    stats = beside.get("rows") if isinstance(beside, Mapping) else None
    for row in read(data).rows:
        if row.run is not None:
            yield row.run, stats.get(str(row.number)) if isinstance(stats, Mapping) else None


def _rows(data: object) -> tuple[Row, ...]:
    if not isinstance(data, list) or len(data) > MOST_ROWS:
        raise _refusal(f"rows is not a list of at most {MOST_ROWS}")
    rows = tuple(_row(_mapping(each, "a row")) for each in data)
    numbers = [row.number for row in rows]
    if any(after <= before for before, after in pairwise(numbers)):
        raise _refusal("the numbers of its rows do not rise")
    return rows


def _row(held: Mapping[str, Any]) -> Row:
    run = held.get("run")
    return Row(
        _count(held.get("number"), "number"),
        _word(held, ROW_STATES),
        _text(held, "text"),
        _text(held, "answer"),
        _text(held, "error"),
        None if run is None else _mapping(run, "run"),
    )


def _counts(data: object) -> dict[str, int]:
    counts = _mapping(data, "counts")
    if unknown := [word for word in counts if word not in ROW_STATES]:
        raise _refusal(f"counts holds {short(repr(unknown[0]))}")
    return {word: _count(number, word) for word, number in counts.items()}


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _refusal(f"{name} is {short(repr(value))}, and not an object")
    return value


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name, "")
    if not isinstance(value, str):
        raise _refusal(f"{name} is {short(repr(value))}, and not a text")
    return value[:LONGEST]


def _word(held: Mapping[str, Any], known: tuple[str, ...]) -> str:
    word: object = held.get("state")
    if not isinstance(word, str) or word not in known:
        raise _refusal(f"state is {short(repr(word))}, and not one of {', '.join(known)}")
    return word


def _count(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
        raise _refusal(f"{name} is {short(repr(value))}, and not a count")
    return value


def _refusal(why: str) -> RecordingError:
    return RecordingError(f"these rows cannot be read: {why}")
