"""The turns before, read from what a chat sent and got, as the wire has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..parts import Call, Code, Part, Result


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked in a turn."""

    prompt: str


@dataclass(slots=True)
class Turn:
    """A turn of a chat, as far as its numbers count: not what the model said."""

    request: Question
    parts: list[Part] = field(default_factory=list)


def turns_of(history: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """Return the turns of a history, the oldest first. What is damaged in it counts as nothing."""
    turns: list[Turn] = []
    for content in history:
        parts = [part for part in content.get("parts") or () if isinstance(part, Mapping)]
        said = [part["text"] for part in parts if isinstance(part.get("text"), str)]
        if content.get("role") == "user" and said:
            turns.append(Turn(Question("\n".join(said))))
        if turns:
            turns[-1].parts.extend(_parts(parts))
    return turns


def _parts(parts: Iterable[Mapping[str, Any]]) -> Iterator[Part]:
    for part in parts:
        match part:
            case {"executableCode": {"code": str(code), **rest}}:
                yield Code(code, id=str(rest.get("id") or ""))
            case {"codeExecutionResult": {"outcome": str(outcome), **rest}}:
                yield Result(outcome, str(rest.get("output") or ""), str(rest.get("id") or ""))
            case {"functionResponse": {"name": str(name), "response": dict(response)}}:
                yield Call(name, {}, response)
