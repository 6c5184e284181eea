"""One request and its answer, over any client of google-genai."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from ...answer.parts import Event, Note, TurnContents, Usage
from ...errors import CallMalformed
from ...request.build import Request
from ...request.functions import Functions, response_of
from .config import call
from .retries import patiently
from .sdk_errors import Asked, fault
from .turns import Spoken, contents_of, wire_of
from .wire import Answer

if TYPE_CHECKING:
    from google.genai import Client, types

# How often the model may call functions before it must have answered.
ROUNDS = 10


def exchange(client: Client, request: Request, asked: Asked, attempts: int) -> Iterator[Event]:
    """Yield the parts of the answer as they come; raise a `GeminiError` where it breaks.

    What came before the break was yielded before it. Functions that the model calls are run here,
    and what they return is sent in a further request. A request of a chat ends with its
    `TurnContents`.
    """
    arguments = call(request, asked.model, asked.connection.vertex)
    begun = len(arguments["contents"]) - 1
    spent, last = Usage(), Usage()
    for rounds in count():
        answer, spoken, used = Answer(request), Spoken(), Usage()
        for chunk in _chunks(client, arguments, asked, attempts):
            if isinstance(chunk, Note):
                yield chunk
                continue
            spoken.hear(chunk)
            for part in answer.parts(chunk):
                if isinstance(part, Usage):
                    used = last = part
                yield spent + part if isinstance(part, Usage) else part
        yield from answer.close()
        spent += used
        said = [spoken.content()]
        calls = spoken.calls()
        if calls and request.functions:
            if rounds == ROUNDS:
                raise CallMalformed(
                    f"the model called functions {ROUNDS} times over without an answer: ask for "
                    "less"
                )
            said.append((yield from _answered(request.functions, calls)))
        elif calls and request.history is not None:
            # With a call that nobody answers, the server refuses every later turn.
            raise CallMalformed(
                f"the model called {calls[0].name}(), which it was not offered: add --tool "
                f"{calls[0].name}, or run the cell again"
            )
        arguments["contents"] += contents_of(said)
        if not (calls and request.functions):
            break
    if request.history is not None:
        contents = tuple(map(wire_of, arguments["contents"][begun:]))
        yield TurnContents(contents, tokens=_length(last, request))


def _length(used: Usage, request: Request) -> int:
    """Return how many tokens of a request and its answer are sent again with the next turn.

    Thoughts are not, nor is what the server adds: a context, or pages that were read. There, what
    the code printed is left out too, as the server counts it together with the pages.
    """
    added = used.cached_content if request.context else 0
    read = used.tool_use_prompt if request.search or request.url else 0
    return used.total - used.thoughts - added - read


def _answered(
    functions: Functions, calls: Sequence[types.FunctionCall]
) -> Generator[Event, None, dict[str, Any]]:
    """Make the calls, one after the other, and return what the model is told of them."""
    parts = []
    for wanted in calls:
        made = yield from functions.answer(wanted.name or "", wanted.args or {})
        said = {"name": made.name, "response": response_of(made)}
        parts.append({"functionResponse": {"id": wanted.id, **said} if wanted.id else said})
    return {"role": "user", "parts": parts}


def _chunks(
    client: Client, arguments: dict[str, Any], asked: Asked, attempts: int
) -> Iterator[types.GenerateContentResponse | Note]:
    with told(asked):
        yield from patiently(
            lambda: client.models.generate_content_stream(**arguments), attempts=attempts
        )


@contextmanager
def told(asked: Asked) -> Iterator[None]:
    """Raise the vendors' errors that happen inside as ours."""
    try:
        yield
    except Exception as exc:
        ours = fault(exc, asked)
        if ours is None:
            raise
        raise ours from exc
