"""Models on this machine or elsewhere, by OpenAI's chat completions; their code runs here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...answer.parts import Event, Note
from ...errors import ConnectionLost, KeyInvalid, ModelNotFound
from ...options.table import MODELS
from ...request.request import Request
from ..base import NO_FUNCTIONS, Caller
from ..model_names import bare
from ..models import Model
from ..retries import ATTEMPTS
from ..sealed import sealed
from ..vendor_errors import listed
from .clients import CLIENTS
from .connection import Connection
from .exchange import exchange
from .models import LISTING_SECONDS, models_of, names_of
from .preview import preview
from .sdk_errors import map_sdk_errors
from .target import Target


@dataclass(frozen=True)
class Local:
    """Asks `model` at the server of `connection`; without a name, the one that the server has.

    `attempts` is how often a request is sent while nothing comes back but failures that pass.
    """

    name: ClassVar[str] = "local"
    connection: Connection
    model: str = ""
    attempts: int = ATTEMPTS

    @sealed
    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield the parts of the answer as they come; raise a `GeminiError` if it breaks."""
        try:
            client = CLIENTS.client(self.connection)
            model = self.model or self._only_model(request.options.timeout)
            if not self.model:
                yield Note(f"{bare(model)} answers: the server has no other, and -m names one")
            target = self._target(model, request.options.timeout)
            yield from exchange(client, request, target, call, self.attempts)
        except (KeyInvalid, ConnectionLost):
            # Another server may listen there next time, and only a new client reads proxies anew.
            CLIENTS.forget(self.connection)
            raise

    @sealed
    def preview(self, request: Request) -> str:
        """Return exactly what would be sent, without the key, and send nothing."""
        return preview(self.connection, self.model or "(the server's only model)", request)

    @sealed
    def warm(self, request: Request) -> None:
        """Import the SDK and make the client."""
        self.preview(request)
        CLIENTS.client(self.connection)

    @sealed
    def models(self) -> Sequence[Model]:
        """Return the models that the server lists; raise a `GeminiError` if need be."""
        with map_sdk_errors(self._target("", LISTING_SECONDS)):
            return models_of(self.connection)

    def _only_model(self, timeout: float) -> str:
        """Return the model that answers if the user named none; raise ModelNotFound if none does.

        The setting begins with a model of Gemini's, which a gateway may have. A list takes no
        longer than the user's `timeout`.
        """
        seconds = min(timeout, LISTING_SECONDS)
        with map_sdk_errors(self._target("", seconds)):
            known = names_of(self.connection, seconds)
        if MODELS[0] in known:
            return MODELS[0]
        if len(known) == 1:
            return known[0]
        if not known:
            raise ModelNotFound(
                f"{self.connection.shown} has no model: load one, with Ollama by `ollama pull NAME`"
            )
        raise ModelNotFound(
            f"say which model is to answer, -m NAME: the server has {', '.join(listed(known))}"
        )

    def _target(self, model: str, timeout: float) -> Target:
        return Target(self.connection, model, timeout, lambda: names_of(self.connection))
