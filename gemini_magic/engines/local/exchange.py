"""One request and its answer, and further ones while the model calls functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...answer.parts import Event, Note, TurnContents, Usage
from ...errors import ChatError, EngineError, RequestRefused
from ...request.request import Request
from ..base import Caller, Made, Ran, told
from ..loop import ModelCall, converse, rounds_of
from ..model_names import bare, is_another
from ..retries import Transient, with_retries
from . import abilities
from .abilities import PICTURES
from .config import arguments_of
from .messages import FENCED, content_of, drawn_in, inline, messages_of
from .retries import transient
from .sdk_errors import map_sdk_errors
from .sight import reads_pictures
from .target import Target
from .wire import Answer

if TYPE_CHECKING:
    from openai import OpenAI


def exchange(
    client: OpenAI, request: Request, target: Target, call: Caller, attempts: int
) -> Iterator[Event]:
    """Yield the parts of the answer as they come; raise a `GeminiError` if it breaks.

    What came before the break was yielded before it. Functions and code that the model asks for are
    run by `call`, and what they give is sent in a further request. A request of a chat ends with
    its `TurnContents`.
    """
    dialogue = _Dialogue(client, request, target, attempts)
    yield from converse(dialogue, call, rounds_of(request.options))
    if request.history is not None:
        yield dialogue.turn()


class _Dialogue:
    """What was said so far, in the form in which chats are kept."""

    def __init__(self, client: OpenAI, request: Request, target: Target, attempts: int) -> None:
        self._client = client
        self._request = request
        self._target = target
        self._attempts = attempts
        # Of this run alone: a server may be started anew with what it lacks now.
        self._lacks: set[str] = set()
        self._contents: list[Any] = [*_history(request), content_of(request)]
        self._begun = len(self._contents) - 1
        # As its server says, asked when something is drawn; the setting says it at once.
        self._reads: bool | None = request.options.local_reads_pictures
        if any(map(drawn_in, self._contents)) and not self._reads_pictures():
            self._lacks.add(PICTURES)
        self._answer = Answer(request)
        self._wanted: Sequence[ModelCall] = ()
        self._used = Usage()
        self._others: set[str] = set()

    def ask(self) -> Iterator[Event]:
        """Yield one answer; of one that breaks, also the fence that was to be run."""
        try:
            yield from self._asked()
        except EngineError:
            yield from self._answer.unrun()
            raise

    def _asked(self) -> Iterator[Event]:
        """Yield one answer; ask once more if the first shows nothing at all."""
        spent = Usage()
        for is_last in (False, True):
            self._used = Usage()
            for event in self._heard():
                yield spent + event if isinstance(event, Usage) else event
            if is_last or not self._answer.is_blank:
                yield from self._answer.close()
                self._wanted = self._answer.calls(len(self._contents))
                return
            spent = self._used
            yield Note("the answer was empty: asking once more")

    def _heard(self) -> Iterator[Event]:
        """Yield what comes; a request that asks too much of the server is made again with less."""
        while True:
            self._answer = Answer(self._request, fences=self._fences)
            try:
                with map_sdk_errors(self._target):
                    yield from self._chunks()
                return
            except _Lacking as exc:
                self._lacks.add(exc.lack)
                yield Note(exc.line)

    @property
    def _fences(self) -> bool:
        """Whether a fence of Python is to be run.

        Also where tools were offered, until the model has called one: many servers pass over tools
        that their model does not know, and say nothing.
        """
        ids = (str(call.get("id")) for call in _calls_in(self._contents))
        has_called = any(not each.startswith(FENCED) for each in ids)
        return self._request.options.runs_here and ("tools" in self._lacks or not has_called)

    def _chunks(self) -> Iterator[Event]:
        target = self._target
        arguments = arguments_of(
            self._contents, self._request, target.model, target.connection, self._lacks
        )
        stream: Any = None

        def begin() -> Iterator[Any]:
            nonlocal stream
            try:
                stream = self._client.chat.completions.create(**arguments)
            except Exception as exc:
                self._refuse_lack(exc, arguments)
                raise
            return iter(stream)

        def passes(exc: Exception) -> Transient | None:
            return None if isinstance(exc, _Lacking) else transient(exc)

        try:
            for chunk in with_retries(begin, passes, self._attempts):
                if isinstance(chunk, Note):
                    yield chunk
                    continue
                yield from self._parts(chunk)
                if self._answer.is_complete:
                    return
        finally:
            # A server stops to think when nobody listens.
            if stream is not None:
                stream.close()

    def _parts(self, chunk: Any) -> Iterator[Event]:
        yield from self._another(chunk.model)
        for part in self._answer.parts(chunk):
            if isinstance(part, Usage):
                self._used = part
            yield part

    def _refuse_lack(self, exc: Exception, arguments: dict[str, Any]) -> None:
        """Raise _Lacking if the server refuses only what can be done without."""
        shows = PICTURES not in self._lacks and any(map(drawn_in, self._contents))
        lack = abilities.lacked(exc, arguments, drawn=shows)
        if not lack:
            return
        model = self._target.model
        if lack == "tools" and self._request.functions:
            raise RequestRefused(
                f"{model} calls no functions here ({abilities.said_by(exc)}): leave --tool out, "
                "or ask a model that calls functions"
            ) from exc
        raise _Lacking(lack, abilities.told(lack, model, exc)) from exc

    def _another(self, answered: object) -> Iterator[Note]:
        """Say once which model answers, if it is not the one that was asked: before its words."""
        asked = self._target.model
        if not isinstance(answered, str) or answered in self._others:
            return
        if is_another(asked, answered):
            self._others.add(answered)
            yield Note(f"{bare(answered)} answers in place of {asked}")

    def calls(self) -> Sequence[ModelCall]:
        return self._wanted

    def tell(self, made: Sequence[tuple[ModelCall, Made]]) -> None:
        parts: list[Any] = [
            {"functionResponse": {"id": wanted.id, "name": call.name, "response": told(call)}}
            for wanted, call in made
        ]
        drawn = [picture for _, call in made if isinstance(call, Ran) for picture in call.pictures]
        if drawn and self._reads_pictures():
            parts += [inline(each.data, each.mime_type) for each in drawn]
        self._add_answer()
        self._contents.append({"role": "user", "parts": parts})

    def _reads_pictures(self) -> bool:
        if self._reads is None:
            self._reads = reads_pictures(self._target.connection, self._target.model)
        return self._reads and PICTURES not in self._lacks

    def turn(self) -> TurnContents:
        """Return the whole of it, for the next turn of the chat to begin with."""
        self._add_answer()
        # Thoughts are not sent again.
        tokens = self._used.total - self._used.thoughts
        return TurnContents(tuple(self._contents[self._begun :]), tokens=tokens)

    def _add_answer(self) -> None:
        text = self._answer.text
        calls = [
            {"functionCall": {"id": each.id, "name": each.name, "args": dict(each.args)}}
            for each in self._wanted
        ]
        self._contents.append(
            {"role": "model", "parts": [*([{"text": text}] if text else []), *calls]}
        )


def _calls_in(contents: Iterable[Any]) -> list[Any]:
    """Return the calls that the model made."""
    made = (part.get("functionCall") for content in contents for part in content["parts"])
    return [call for call in made if call]


def _history(request: Request) -> Sequence[Any]:
    """Return what the chat said before; raise ChatError if that is damaged, as a file may be."""
    try:
        _calls_in(request.history or ())
        messages_of(request.history or (), request, set())
    except (AttributeError, KeyError, TypeError) as exc:
        raise ChatError(
            "the history of this chat cannot be sent, it is damaged: `%gemini chat reset` "
            "forgets it"
        ) from exc
    return request.history or ()


class _Lacking(Exception):
    """The server lacks what a request can do without; `line` says so."""

    def __init__(self, lack: str, line: str) -> None:
        super().__init__(line)
        self.lack = lack
        self.line = line
