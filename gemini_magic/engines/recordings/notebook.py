"""The recordings that a notebook carries: its runs, with what was asked in their metadata.

Of many rows those that open have theirs too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...answer import document
from ...answer.document import MIME
from ...answer.rows import ROWS_MIME, documents_in
from ...errors import RecordingError
from ...request.fingerprint import digest
from .recording import Recording, Turn, checked_facts, checked_stats, moment_of, turn_of

# What stands beside a run in the metadata of its output.
KEY = "recording"


def note(
    facts: Mapping[str, Any], time: str, parts: slice, turn: Turn | None = None
) -> dict[str, Any]:
    """Return what makes a run in a notebook a recording: it stands beside the run's stats.

    `parts` are those that the engine gave. Wire contents are not there: they hold the model's
    thought signatures.
    """
    return {
        "facts": dict(facts),
        "time": time,
        "parts": [parts.start, parts.stop],
        **({"turn": {"digest": turn.digest, "tokens": turn.tokens}} if turn else {}),
    }


def recordings_in(text: str, path: Path) -> list[Recording]:
    """Return the recordings in the text of a notebook, in order; what is none is passed over.

    Raises RecordingError if it is not a notebook.
    """
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        notebook = None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise RecordingError(f"{str(path)!r} is not a notebook")
    shown = (each for data, beside in _outputs(notebook) for each in _runs(data, beside))
    return [found for run, stats in shown if (found := _recording(run, stats))]


def _outputs(notebook: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    for cell in notebook["cells"]:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            data, metadata = (
                output.get(name) if isinstance(output, dict) else None
                for name in ("data", "metadata")
            )
            if isinstance(data, dict):
                yield data, metadata if isinstance(metadata, dict) else {}


def _runs(data: Mapping[str, Any], beside: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the runs of an output as JSON values, and what stands beside each."""
    if MIME in data:
        yield _json(data[MIME]), beside.get(MIME)
    if ROWS_MIME in data:
        with suppress(RecordingError):
            yield from documents_in(_json(data[ROWS_MIME]), beside.get(ROWS_MIME))


def _json(value: Any) -> Any:
    # The notebook format lets JSON be text, or the lines of one.
    if isinstance(value, list):
        value = "".join(map(str, value))
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def _recording(data: Any, metadata: Any) -> Recording | None:
    try:
        run = document.read(data)
        if run.state != "done":
            return None
        stats = {k: v for k, v in (metadata or {}).items() if k not in (KEY, *_OF_THE_OUTPUT)}
        beside = metadata.get(KEY) if isinstance(metadata, dict) else None
        if beside is None:
            return _of_before(run, stats)
        facts, (first, last) = checked_facts(beside["facts"]), beside["parts"]
        if facts.get("prompt") != digest(run.prompt):
            return None
        turn = turn_of(beside["turn"]) if "turn" in beside else None
        return Recording(
            facts,
            moment_of(beside["time"]).isoformat(timespec="microseconds"),
            run.engine,
            run.model,
            run.prompt,
            run.parts[first:last],
            checked_stats(stats),
            len(run.parts[:first]),
            turn,
        )
    except (RecordingError, AttributeError, KeyError, TypeError, ValueError):
        return None


# What belongs to one showing of a run, and not to the run.
_OF_THE_OUTPUT = ("display", "recorded", "ended", "earlier")


def _of_before(run: document.Document, stats: Mapping[str, Any]) -> Recording:
    """Return a run of before there were recordings as one: its prompt is all that is known."""
    time = (stats.get("provenance") or {}).get("time", "1970-01-01T00:00:00+00:00")
    seconds = {"seconds": 0, "times": [], **stats}
    return Recording(
        {"prompt": digest(run.prompt)},
        moment_of(time).isoformat(timespec="microseconds"),
        run.engine,
        run.model,
        run.prompt,
        run.parts,
        checked_stats(seconds),
    )
