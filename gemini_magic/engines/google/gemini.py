"""Gemini itself, by google-genai: the Developer API and Vertex AI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...answer.parts import Event, Note
from ...errors import ConnectionLost, FileGone, KeyInvalid
from ...request.request import Request
from ..base import NO_FUNCTIONS, Caller
from ..models import Model
from ..retries import ATTEMPTS
from ..sealed import sealed
from .caches import foreseen, refuse_mixing, resolve_cache
from .capabilities import refuse_flags, thinking_note
from .clients import CLIENTS
from .config import call as call_of
from .config import http_options
from .connection import Connection
from .exchange import exchange
from .mime_types import refuse_unsendable
from .models import LISTING_SECONDS, models_of, names_of
from .preview import preview
from .sdk_errors import map_sdk_errors
from .target import Target
from .uploads import planned, uploaded

SDK = "google-genai"


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

    @sealed
    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield the parts of the answer as they come; raise a `GeminiError` if it breaks."""
        self._refuse(request)
        target = self._target(request.options.timeout)
        if note := thinking_note(request.options.thinking, self.model):
            yield Note(note)
        try:
            client = CLIENTS.client(self.connection)
            request = yield from resolve_cache(request, target, self.attempts)
            if not self.connection.vertex:  # which has no Files API
                request = yield from uploaded(client, request, target)
            yield from exchange(client, request, target, call, self.attempts)
        except FileGone:
            CLIENTS.uploads(self.connection).clear()
            raise
        except (KeyInvalid, ConnectionLost):
            # Only a new client reads credentials, proxies and certificates that were mended.
            CLIENTS.forget(self.connection)
            raise

    @sealed
    def preview(self, request: Request) -> str:
        """Return exactly what would be sent, without the key, and send nothing.

        What would be uploaded first is told by its size.
        """
        self._refuse(request)
        shown = request if self.connection.vertex else planned(request, self.connection)
        return preview(self.connection, self.model, foreseen(shown))

    @sealed
    def warm(self, request: Request) -> None:
        """Import the SDK, which takes a second, and make the client of a key."""
        self.preview(request)
        # The credentials of Vertex AI may be asked for over the network.
        if not self.connection.vertex:
            CLIENTS.client(self.connection)

    @sealed
    def tokens(self, request: Request) -> int:
        """Return how many tokens the prompt and its files have, as the server counts them.

        Instruction and tools are not counted. Raises a `GeminiError` if it breaks, and RequestError
        for files that would have to be uploaded first.
        """
        from google.genai.types import CountTokensConfig

        self._refuse(request)
        arguments = call_of(request, self.model, self.connection.vertex)
        timeout = LISTING_SECONDS
        config = CountTokensConfig(http_options=http_options(timeout, self.model))
        with map_sdk_errors(self._target(timeout)):
            counted = CLIENTS.client(self.connection).models.count_tokens(
                model=self.model, contents=arguments["contents"], config=config
            )
        return counted.total_tokens or 0

    @sealed
    def models(self) -> Sequence[Model]:
        """Return the models that can answer here; raise a `GeminiError` if need be."""
        with map_sdk_errors(self._target(LISTING_SECONDS)):
            return models_of(self.connection)

    def _refuse(self, request: Request) -> None:
        refuse_unsendable(request)
        refuse_mixing(request, self.model)
        refuse_flags(request, self.model)

    def _target(self, timeout: float) -> Target:
        return Target(self.connection, self.model, timeout, lambda: names_of(self.connection))
