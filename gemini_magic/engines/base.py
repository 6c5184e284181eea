"""What every engine is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any, Protocol

from ..answer.parts import Call, Event
from ..request.build import Request
from ..request.functions import Functions

# Runs a function by name: yields the call while it runs and when it has ended, returns the latter.
Caller = Callable[[str, Mapping[str, Any]], Generator[Call, None, Call]]
# For a request without functions: whatever the model calls, it is told that there is none.
NO_FUNCTIONS: Caller = Functions().answer


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
