"""One request and its answer, over any client of google-genai."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...answer.parts import Event, Note, TurnContents, Usage
from ...errors import CallMalformed
from ...request.request import Request
from ..base import Caller, Made, Ran, told
from ..loop import ModelCall, converse, rounds_of
from ..model_names import bare, is_another
from .config import call as call_of
from .retries import with_retries
from .sdk_errors import map_sdk_errors
from .target import Target
from .tools import reads_pictures
from .turns import Spoken, contents_of, keep_candidate, wire_of
from .wire import Answer

if TYPE_CHECKING:
    from google.genai import Client


def exchange(
    client: Client, request: Request, target: Target, call: Caller, attempts: int
) -> Iterator[Event]:
    """Yield the parts of the answer as they come; raise a `GeminiError` if it breaks.

    What came before the break was yielded before it. Functions that the model calls are run by
    `call`, and what they return is sent in a further request. A request of a chat ends with its
    `TurnContents`.
    """
    dialogue = _Dialogue(client, request, target, attempts)
    yield from converse(dialogue, call, rounds_of(request.options))
    if request.history is not None:
        yield dialogue.turn()


class _Dialogue:
    """What was said so far, as the SDK has it."""

    def __init__(self, client: Client, request: Request, target: Target, attempts: int) -> None:
        self._client = client
        self._request = request
        self._target = target
        self._attempts = attempts
        self._arguments = call_of(request, target.model, target.connection.vertex)
        self._begun = len(self._arguments["contents"]) - 1
        self._spoken = Spoken()
        self._used = Usage()
        self._others: set[str] = set()

    def ask(self) -> Iterator[Event]:
        """Yield one answer; ask once more if the first shows nothing at all."""
        spent = Usage()
        for is_last in (False, True):
            answer, self._spoken, self._used = Answer(self._request), Spoken(), Usage()
            with map_sdk_errors(self._target):
                for part in self._heard(answer):
                    yield spent + part if isinstance(part, Usage) else part
                if is_last or not answer.is_blank:
                    yield from answer.close()
                    return
            spent = self._used
            yield Note("the answer was empty: asking once more")

    def _heard(self, answer: Answer) -> Iterator[Event]:
        candidate: int | None = None
        for chunk in with_retries(self._send, attempts=self._attempts):
            if isinstance(chunk, Note):
                yield chunk
                continue
            candidate = keep_candidate(chunk, candidate)
            self._spoken.add(chunk)
            yield from self._another(chunk.model_version or "")
            for part in answer.parts(chunk):
                if isinstance(part, Usage):
                    self._used = part
                yield part

    def _another(self, answered: str) -> Iterator[Note]:
        """Say once which model answers, if it is not the one that was asked: before its words."""
        asked = self._target.model
        if is_another(asked, answered) and answered not in self._others:
            self._others.add(answered)
            yield Note(f"{bare(answered)} answers in place of {asked}, at its own price")

    def _send(self) -> Any:
        return self._client.models.generate_content_stream(**self._arguments)

    def calls(self) -> Sequence[ModelCall]:
        calls = self._spoken.calls()
        if calls and not self._request.offered:
            if self._request.history is None:
                return ()
            # With a call that nobody answers, the server refuses every later turn.
            raise CallMalformed(
                f"the model called {calls[0].name}(), which it was not offered: add --tool "
                f"{calls[0].name}, or run the cell again"
            )
        return [ModelCall(each.name or "", each.args or {}, each.id or "") for each in calls]

    def tell(self, made: Sequence[tuple[ModelCall, Made]]) -> None:
        parts = []
        for wanted, call in made:
            said = {"name": call.name, "response": told(call), **self._pictured(call)}
            parts.append({"functionResponse": {"id": wanted.id, **said} if wanted.id else said})
        self._add_answer()
        self._arguments["contents"] += contents_of([{"role": "user", "parts": parts}])

    def _pictured(self, made: Made) -> dict[str, Any]:
        """Return the pictures of a call as the wire has them, if this model reads any there."""
        if not isinstance(made, Ran) or not made.pictures or not reads_pictures(self._target.model):
            return {}
        # https://ai.google.dev/gemini-api/docs/function-calling#multimodal
        pictures = [(each.mime_type, b64encode(each.data).decode()) for each in made.pictures]
        return {"parts": [{"inlineData": {"mimeType": m, "data": d}} for m, d in pictures]}

    def turn(self) -> TurnContents:
        """Return the whole of it, for the next turn of the chat to begin with."""
        self._add_answer()
        contents = tuple(map(wire_of, self._arguments["contents"][self._begun :]))
        return TurnContents(contents, tokens=_length(self._used, self._request))

    def _add_answer(self) -> None:
        # What the model said may be what JSON cannot write: too deep, say.
        with map_sdk_errors(self._target):
            self._arguments["contents"] += contents_of([self._spoken.content()])


def _length(used: Usage, request: Request) -> int:
    """Return how many tokens of a request and its answer are sent again with the next turn.

    Thoughts are not, nor is what the server adds: a context, or pages that were read. There, what
    the code printed is left out too, as the server counts it together with the pages.
    """
    options = request.options
    added = used.cached_content if options.context else 0
    read = used.tool_use_prompt if options.search or options.url else 0
    return used.total - used.thoughts - added - read
