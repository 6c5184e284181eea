"""Gemini itself, by google-genai: the Developer API and Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import KeyInvalid
from ..parts import Part
from ..request import Request
from .clients import Connection, client_of
from .exchange import LISTING_SECONDS, exchange, models_of, told
from .faults import Asked
from .preview import preview
from .retries import ATTEMPTS
from .uploads import planned, uploaded


@dataclass(frozen=True)
class Gemini:
    """Asks `model` over `connection`; the code that it writes runs in Google's sandbox.

    `attempts` is how often a request is sent while nothing comes back but failures that pass.
    """

    connection: Connection
    model: str
    attempts: int = ATTEMPTS

    @property
    def name(self) -> str:
        return "vertex" if self.connection.vertex else "gemini"

    def stream(self, request: Request) -> Iterator[Part]:
        """Yield the parts of the answer as they come; raise a `GeminiError` where it breaks."""
        asked = Asked(self.connection, self.model, request.timeout, self._models)
        try:
            with told(asked):
                client = client_of(self.connection)
            if not self.connection.vertex:  # which has no Files API
                request = yield from uploaded(client, request, asked)
            yield from exchange(client, request, asked, self.attempts)
        except KeyInvalid:
            # Only a new client reads credentials that were renewed meanwhile.
            client_of.cache_clear()
            raise

    def preview(self, request: Request) -> str:
        """Return exactly what would be sent, without the key, and send nothing.

        What would be uploaded first is told by its size.
        """
        shown = request if self.connection.vertex else planned(request)
        return preview(self.connection, self.model, shown)

    def models(self) -> Sequence[str]:
        """Return the names of the models that can answer here; raise a `GeminiError` if need be."""
        with told(Asked(self.connection, self.model, LISTING_SECONDS)):
            return self._models()

    def _models(self) -> Sequence[str]:
        return models_of(client_of(self.connection))
