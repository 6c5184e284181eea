"""What every engine is."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..answer.parts import Call, Event, Image
from ..request.declarations import Declaration
from ..request.functions import Functions, response_of
from ..request.request import Request


@dataclass(frozen=True)
class Ran:
    """What code of the model gave when it was run here, as far as the model is told.

    `name` is the function by which it asked, `response` what goes back, with the `pictures` that
    the code drew if its model reads any.
    """

    name: str
    response: Mapping[str, Any]
    pictures: tuple[Image, ...] = field(default=(), repr=False)


Made = Call | Ran
# Runs what the model calls, by name: yields the parts that this gives, as they come, and returns
# what the model is told of it.
Caller = Callable[[str, Mapping[str, Any]], Generator[Event, None, Made]]
# For a request without functions: whatever the model calls, it is told that there is none.
NO_FUNCTIONS: Caller = Functions().answer


def by_code(call: Caller) -> Callable[[str, Mapping[str, Any]], Generator[Call, None, str]]:
    """Return what runs a function that code calls: it yields the call, and returns JSON.

    That stays here: only what the code prints of it is told.
    """

    def answer(name: str, args: Mapping[str, Any]) -> Generator[Call, None, str]:
        making = call(name, args)
        try:
            while True:
                part = next(making)
                if isinstance(part, Call):
                    yield part
        except StopIteration as end:
            return json.dumps(told(end.value))

    return answer


def callable_by_code(declared: Iterable[Declaration]) -> dict[str, list[str]]:
    """Return the functions that code may call, each with the names of its parameters."""
    return {each.name: [*each.parameters.get("properties", ())] for each in declared}


def told(made: Made) -> Mapping[str, Any]:
    """Return what the model is told of a call, as JSON values."""
    return made.response if isinstance(made, Ran) else response_of(made)


class Engine(Protocol):
    """Where a request goes and its parts come from.

    `name` is what `--engine` calls it; `model` is the model that answers, empty if none does.
    """

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield the parts of the answer as they come; raise a `GeminiError` if it breaks.

        The functions that the model calls are run by `call`.
        """
        ...

    def preview(self, request: Request) -> str:
        """Return what `stream` would do with the request, as text, and send nothing."""
        ...

    def warm(self, request: Request) -> None:
        """Load what the first `stream` takes long to load; touch no network, and send nothing."""
        ...
