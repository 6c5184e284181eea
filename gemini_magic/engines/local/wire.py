"""What comes over the wire, as parts; and at its end, what was wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...answer.parts import Code, Event, Note, Part, Reply, Text, Thought, Usage
from ...errors import AnswerCut, AnswerUnreadable, Blocked, CallMalformed, EngineError
from ...phrases import short
from ...request.declarations import RUN_PYTHON
from ...request.request import Request
from ..loop import ModelCall
from ..shaping import Shaping
from .marks import PythonFence, ThinkTags
from .messages import FENCED

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta, ChoiceDeltaToolCall

_FINE = ("stop", "tool_calls", "function_call", "")
_FINISHES: dict[str, tuple[type[EngineError], str]] = {
    "length": (
        AnswerCut,
        "the answer reached its bound of tokens: raise --max-output-tokens, lower --thinking, or "
        "give the model a larger context at its server",
    ),
    "content_filter": (Blocked, "the answer was stopped by a filter: say it differently"),
}
_OTHER = (AnswerUnreadable, "the model ended its answer for a reason of its own: run it again")
# Of a model whose calls have no end, and of one whose words have none: small models repeat theirs,
# and many servers let them. Characters, thoughts and code among them.
_MOST_CALLS = 64
_LONGEST = 1_000_000
# In a row, without anything in them: many gateways send one for each word that a model thinks.
_MOST_EMPTY = 100_000
_SHOWN = 80


@dataclass
class _Call:
    """A call while its fragments come."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


class Answer:
    """One answer while it comes: what each chunk adds to it.

    With `fences` the first fence of Python is a call, and ends the answer: what the model would say
    behind it, it would say without having seen the result.
    """

    def __init__(self, request: Request, *, fences: bool = False) -> None:
        self._request = request
        self._tags = ThinkTags()
        self._fence = PythonFence() if fences else None
        self._shaping = Shaping(request)
        self._calls: list[_Call] = []
        self._choice: int | None = None
        self._finish = ""
        self._refusal = ""
        self._said: list[str] = []
        self._thought = False
        self._size = 0
        self._empty = 0
        self._reply = Reply()

    def parts(self, chunk: ChatCompletionChunk) -> Iterator[Event]:
        """Yield what `chunk` adds; raise AnswerCut if there is no end to it."""
        size = self._size
        for choice in self._chosen(chunk):
            if choice.delta:
                yield from self._delta(choice.delta)
            self._finish = _word(choice.finish_reason) or self._finish
        self._empty = self._empty + 1 if self._size == size else 0
        if self._empty > _MOST_EMPTY:
            raise AnswerCut(
                f"the server sent {_MOST_EMPTY:,} chunks without anything in them and no end: run "
                "the cell again"
            )
        if (usage := usage_of(chunk.usage)) and usage.total:
            yield usage
        reply = Reply(_text(chunk.id) or self._reply.response_id, _text(chunk.model))
        if reply != self._reply:
            self._reply = reply
            yield reply

    def _chosen(self, chunk: ChatCompletionChunk) -> Sequence[Choice]:
        """Return the one choice that is read: the least one of the first chunk that has any.

        A server may answer with more choices than were asked for, each in chunks of its own.
        """
        places = [
            choice.index if isinstance(choice.index, int) else 0 for choice in chunk.choices or ()
        ]
        if self._choice is None and places:
            self._choice = min(places)
        return chunk.choices[places.index(self._choice) :][:1] if self._choice in places else ()

    def _delta(self, delta: ChoiceDelta) -> Iterator[Part]:
        more = delta.model_extra or {}
        # Servers have two names for it, and none is OpenAI's.
        thought = _text(more.get("reasoning_content")) or _text(more.get("reasoning"))
        self._bound(thought, _text(delta.content), _text(delta.refusal))
        yield from self._thoughts(thought)
        for is_thought, text in self._tags.feed(_text(delta.content)):
            yield from self._thoughts(text) if is_thought else self._text(text)
        self._refusal += _text(delta.refusal)
        for sent in delta.tool_calls or ():
            self._add(sent)

    def _bound(self, *texts: str) -> None:
        self._size += sum(map(len, texts))
        if self._size > _LONGEST:
            raise AnswerCut(
                f"the answer has more than {_LONGEST:,} characters and no end: ask for less, or "
                "bound it by --max-output-tokens"
            )

    def _thoughts(self, text: str) -> Iterator[Part]:
        self._thought = self._thought or bool(text.strip())
        if text and self._request.options.thoughts:
            yield self._shaping.shaped(Thought(text))

    def _text(self, text: str) -> Iterator[Part]:
        for piece in self._fence.feed(text) if self._fence else (text,):
            yield from self._prose(piece)

    def _prose(self, text: str) -> Iterator[Part]:
        if text:
            self._said.append(text)
            yield self._shaping.shaped(Text(text))

    def _add(self, sent: ChoiceDeltaToolCall) -> None:
        """Take in a fragment of a call: it belongs to the one with its place, or begins one.

        A server may give every call the same place; their ids then tell them apart.
        """
        index = sent.index if isinstance(sent.index, int) else 0
        id_, made = _text(sent.id), sent.function
        name = _text(made.name) if made else ""
        found = next((call for call in reversed(self._calls) if call.index == index), None)
        if found is None or (id_ and found.id and id_ != found.id):
            if len(self._calls) == _MOST_CALLS:
                raise CallMalformed("the model called functions without an end: ask for less")
            self._calls.append(found := _Call(index))
        found.id = found.id or id_
        found.name = found.name or name
        # Some servers send them as what they stand for.
        given: object = made.arguments if made else ""
        arguments = json.dumps(given) if isinstance(given, dict) else _text(given)
        self._bound(arguments)
        found.arguments += arguments

    @property
    def is_complete(self) -> bool:
        """Whether nothing more of it is wanted."""
        return self._fence is not None and self._fence.is_closed and not self._calls

    @property
    def text(self) -> str:
        """What the model said, without its thoughts and calls."""
        return "".join(self._said)

    @property
    def is_blank(self) -> bool:
        """Whether it ended well and nothing of it can be shown, not even why."""
        fine = self._finish in _FINE and not self._refusal
        return fine and not (self.text.strip() or self._calls or self._thought or self._code)

    @property
    def _code(self) -> str:
        return (self._fence.code or "") if self._fence else ""

    def calls(self, first: int) -> Sequence[ModelCall]:
        """Return the functions that the model asks to call; `first` numbers those without an id."""
        if self._code.strip() and not self._calls:
            code = {"code": self._code.strip("\n")}
            return [ModelCall(RUN_PYTHON.name, code, f"{FENCED}{first}")]
        return [
            ModelCall(call.name, _arguments(call), call.id or f"call_{first + place}")
            for place, call in enumerate(self._calls)
        ]

    def close(self) -> Iterator[Part]:
        """Yield what is left to say at the end of the stream, or raise what was wrong."""
        yield from self._held()
        if self.is_complete:
            return
        if self._refusal:
            raise Blocked(f"the model refuses to answer: {short(self._refusal, 200)}")
        if self._finish not in _FINE:
            kind, words = _FINISHES.get(self._finish, _OTHER)
            raise kind(f"{words} ({short(str(self._finish))})")
        self._refuse_cut_calls()
        if not (self.text.strip() or self._calls or self._code.strip()):
            what = "only what the model thought" if self._thought else "empty"
            raise AnswerUnreadable(
                f"the answer is {what}, without text or code: run the cell again"
            )
        if not self._finish:
            yield Note("the stream ended without saying that the answer is complete")

    def unrun(self) -> Iterator[Part]:
        """Yield what was held back of an answer that broke: its fence, which cannot run."""
        yield from self._held()
        if self._code.strip():
            yield Code(self._code)

    def _held(self) -> Iterator[Part]:
        for is_thought, text in self._tags.rest():
            yield from self._thoughts(text) if is_thought else self._text(text)
        for piece in self._fence.rest() if self._fence else ():
            yield from self._prose(piece)

    def _refuse_cut_calls(self) -> None:
        """Refuse calls that are not whole: their code must not run as far as it came."""
        for call in self._calls:
            if self._finish or _is_json(call.arguments):
                continue
            raise AnswerCut(
                f"the stream ended in the middle of a call of {short(call.name)}(): run the cell "
                "again"
            )


def _arguments(call: _Call) -> dict[str, Any]:
    """Return the arguments of a call; raise CallMalformed for what is no JSON object."""
    if not call.arguments.strip():
        return {}
    try:
        found = json.loads(call.arguments)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CallMalformed(
            f"the model called {short(call.name)}() with arguments that are no JSON object "
            f"({short(call.arguments, _SHOWN)}): run the cell again, or ask a larger model"
        )
    return found


def _is_json(text: str) -> bool:
    try:
        json.loads(text or "{}")
    except (ValueError, RecursionError):
        return False
    return True


def _text(value: object) -> str:
    """Return what a server sent where a text belongs: the SDK does not look."""
    return value if isinstance(value, str) else ""


def _word(value: object) -> str:
    """Return why an answer ended, whatever a server takes for a word."""
    return value if isinstance(value, str) else str(value or "")


def usage_of(sent: Any) -> Usage | None:
    """Return the server's count of tokens, None if it gives none."""
    if sent is None:
        return None
    thoughts = _count(sent.completion_tokens_details, "reasoning_tokens")
    candidates = _count(sent, "completion_tokens") - thoughts
    return Usage(
        prompt=_count(sent, "prompt_tokens"),
        candidates=max(0, candidates),
        thoughts=thoughts,
        cached_content=_count(sent.prompt_tokens_details, "cached_tokens"),
        total=_count(sent, "total_tokens")
        or _count(sent, "prompt_tokens") + _count(sent, "completion_tokens"),
    )


def _count(sent: Any, name: str) -> int:
    number = getattr(sent, name, 0)
    return number if isinstance(number, int) and number > 0 else 0
