"""The prompt and the settings of one request, ready for any engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """What an engine is asked. Values that are None are left to the engine.

    `timeout` is in seconds and bounds each silence of the server, not the whole answer.
    `notes` says what became of the prompt on the way: replaced names, hints.
    """

    prompt: str
    model: str = ""
    system: str | None = None
    temperature: float | None = 0.0
    thinking: str | int | None = None
    thoughts: bool = False
    code: bool = True
    max_output_tokens: int | None = None
    seed: int | None = None
    timeout: float = 180.0
    notes: tuple[str, ...] = ()
