"""A recording as an engine: what was asked before is answered at once, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...answer.parts import Call, Code, Data, Event, Past, Reply, Result, Text, TurnContents
from ...request.request import Request
from ..base import NO_FUNCTIONS, Caller
from .contents import attached, inline
from .recording import Recording


@dataclass(frozen=True)
class Player:
    """Answers a request with the recording of the same one. `name` and `model` are those of then.

    No function is called: what they returned then is in the recording.
    """

    recording: Recording
    plays_as: str = ""

    @property
    def name(self) -> str:
        return self.plays_as or self.recording.engine

    @property
    def model(self) -> str:
        return self.recording.model

    @property
    def past(self) -> Past:
        return self.recording.past

    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield what came then."""
        recording = self.recording
        yield recording.past
        yield from recording.parts
        if recording.usage:
            yield recording.usage
        if reply := recording.stats.get("reply"):
            yield Reply(str(reply.get("response_id", "")), str(reply.get("model_version", "")))
        if request.history is not None and recording.turn:
            contents = _contents(recording, request)
            yield TurnContents(contents, recording.turn.tokens, recording.turn.digest)

    def preview(self, request: Request) -> str:
        """Return what would be played."""
        return f"nothing is sent; the run that was recorded at {self.recording.time} answers"

    def warm(self, request: Request) -> None:
        """Do nothing: what it needs is there at once."""


def _contents(recording: Recording, request: Request) -> tuple[Mapping[str, Any], ...]:
    turn = recording.turn
    held = turn.contents if turn else None
    whole = None if held is None else attached(held, recording.parts, request)
    return _rebuilt(recording, request) if whole is None else whole


def _rebuilt(recording: Recording, request: Request) -> tuple[Mapping[str, Any], ...]:
    """Return the turn as far as it shows, for a chat that goes on from its notebook."""
    said = [found for part in recording.parts if (found := _wire(part, request))]
    files = [
        {"inlineData": inline(each.data, each.mime_type)}
        for each in request.attachments
        if each.data is not None
    ]
    return (
        {"role": "user", "parts": [*files, {"text": recording.prompt}]},
        {"role": "model", "parts": said or [{"text": "…"}]},
    )


def _wire(part: object, request: Request) -> dict[str, Any] | None:
    """Return a part as the model may know it: of what ran here, that is not all the user sees."""
    if isinstance(part, Text | Data):
        return {"text": part.text}
    if isinstance(part, Code):
        return {"executableCode": {"code": part.code, "language": part.language}}
    if isinstance(part, Result):
        output = part.output if part.seen is None else part.seen
        return {"codeExecutionResult": {"outcome": part.outcome, "output": output}}
    if isinstance(part, Call):
        gave = "" if request.options.runs_here else f" and gave {part.response or part.error}"
        return {"text": f"{part.name}() was called{gave}"}
    return None
