"""Gemini itself, by google-genai: the Developer API and Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...answer.parts import Event
from ...errors import FileGone, KeyInvalid
from ...request.build import Request
from .caches import foreseen, grounded, refuse_mixing
from .clients import Connection, client_of
from .exchange import exchange, told
from .models import LISTING_SECONDS, Model, models_of, names_of
from .preview import preview
from .retries import ATTEMPTS
from .sdk_errors import Asked
from .uploads import forget, planned, uploaded


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

    def stream(self, request: Request) -> Iterator[Event]:
        """Yield the parts of the answer as they come; raise a `GeminiError` where it breaks."""
        refuse_mixing(request, self.model)
        asked = self._asked(request.timeout)
        try:
            with told(asked):
                client = client_of(self.connection)
            request = yield from grounded(request, asked, self.attempts)
            if not self.connection.vertex:  # which has no Files API
                request = yield from uploaded(client, request, asked)
            yield from exchange(client, request, asked, self.attempts)
        except FileGone:
            forget(self.connection)
            raise
        except KeyInvalid:
            # Only a new client reads credentials that were renewed meanwhile.
            client_of.cache_clear()
            raise

    def preview(self, request: Request) -> str:
        """Return exactly what would be sent, without the key, and send nothing.

        What would be uploaded first is told by its size.
        """
        refuse_mixing(request, self.model)
        shown = request if self.connection.vertex else planned(request, self.connection)
        return preview(self.connection, self.model, foreseen(shown))

    def models(self) -> Sequence[Model]:
        """Return the models that can answer here; raise a `GeminiError` if need be."""
        with told(self._asked(LISTING_SECONDS)):
            return models_of(self.connection)

    def _asked(self, timeout: float) -> Asked:
        return Asked(self.connection, self.model, timeout, lambda: names_of(self.connection))
