"""A run as a recording of it: for a store, and for the notebook that shows it."""

from __future__ import annotations

from typing import Any

from ..engines.recordings import notebook
from ..engines.recordings.contents import detached
from ..engines.recordings.recording import Recording, Turn
from ..request.fingerprint import turn_digest
from .run import Run


def recording_of(run: Run) -> Recording:
    """Return what is kept of a run that is done, to answer the same request again.

    Without what is worked out anew from the request: notes on it, claims, how code is inserted.
    """
    parts = tuple(run.parts[run.answered])
    turn = _turn(run)
    if turn and run.turn:
        turn = Turn(turn.digest, turn.tokens, detached(run.turn.contents, parts))
    return Recording(
        facts=run.facts or {},
        time=_time(run),
        engine=run.engine,
        model=run.model,
        prompt=run.request.prompt,
        parts=parts,
        stats=run.stats(seal=False),
        first=run.answered.start,
        turn=turn,
    )


def metadata_of(run: Run) -> dict[str, Any]:
    """Return what stands beside a run in a notebook: its stats, and what makes it a recording."""
    return run.stats() | note_of(run)


def note_of(run: Run) -> dict[str, Any]:
    """Return what makes a run in a notebook a recording, by its key; nothing if it is not one."""
    if run.facts is None or run.state != "done":
        return {}
    return {notebook.KEY: notebook.note(run.facts, _time(run), run.answered, _turn(run))}


def _time(run: Run) -> str:
    return run.past.time if run.past else run.moment.isoformat(timespec="microseconds")


def _turn(run: Run) -> Turn | None:
    if not run.turn or not run.turn.contents:
        return None
    return Turn(run.turn.digest or turn_digest(run.turn.contents), run.turn.tokens)
