"""What every engine is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..answer.parts import Event
from ..request.build import Request


class Engine(Protocol):
    """Where a request goes and its parts come from.

    `name` is what `--engine` calls it; `model` is the model that answers, empty where none does.
    """

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def stream(self, request: Request) -> Iterator[Event]:
        """Yield the answer as it comes, part by part; raise a `GeminiError` where it breaks."""
        ...

    def preview(self, request: Request) -> str:
        """Return what `stream` would do with the request, as text, and send nothing."""
        ...
