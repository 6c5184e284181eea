"""A recording in a list, and the few words of it that the store keeps for that."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ...phrases import short
from .recording import Recording


@dataclass(frozen=True)
class Summary:
    """A recording in a list: its number, and what a line says of it."""

    number: int
    time: str
    engine: str
    model: str
    prompt: str
    tokens: int
    size: int


def write_summary(recording: Recording) -> str:
    """Return what a list says of a recording, as JSON: `read_summary` reads it."""
    tokens = recording.usage.total if recording.usage else 0
    said = (recording.engine, recording.model, short(recording.prompt), tokens)
    return json.dumps(said, separators=(",", ":"))


def read_summary(number: int, time: str, said: str, size: int) -> Summary:
    """Return a recording in a list; `said` is what `write_summary` returned."""
    engine, model, prompt, tokens = json.loads(said)
    return Summary(number, time, engine, model, prompt, tokens, size)
