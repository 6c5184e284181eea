"""A recording in a list, and the few words of it that the store keeps for that."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ...phrases import short
from .recording import Recording


@dataclass(frozen=True)
class Row:
    """A recording in a list: its number, and what a line says of it."""

    number: int
    time: str
    engine: str
    model: str
    prompt: str
    tokens: int
    size: int


def summary_of(recording: Recording) -> str:
    """Return what a list says of a recording, as JSON: `row_of` reads it."""
    tokens = recording.usage.total if recording.usage else 0
    said = (recording.engine, recording.model, short(recording.prompt), tokens)
    return json.dumps(said, separators=(",", ":"))


def row_of(number: int, when: str, summary: str, size: int) -> Row:
    """Return the row of a recording by its number, time, summary and size."""
    engine, model, prompt, tokens = json.loads(summary)
    return Row(number, when, engine, model, prompt, tokens, size)
