"""One request and its answer, over any client of google-genai."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..parts import Note, Part, Turn
from ..request import Request
from .config import call
from .faults import Asked, fault
from .retries import patiently
from .turns import Spoken, wire_of
from .wire import Answer

if TYPE_CHECKING:
    from google.genai import Client, types

LISTING_SECONDS = 10


def exchange(client: Client, request: Request, asked: Asked, attempts: int) -> Iterator[Part]:
    """Yield the parts of the answer as they come; raise a `GeminiError` where it breaks.

    What came before the break was yielded before it. A request of a chat ends with its `Turn`.
    """
    answer, spoken = Answer(), Spoken()
    arguments = call(request, asked.model)
    for chunk in _chunks(client, arguments, asked, attempts):
        if isinstance(chunk, Note):
            yield chunk
        else:
            spoken.hear(chunk)
            yield from answer.parts(chunk)
    yield from answer.close()
    if request.history is not None:
        yield Turn((wire_of(arguments["contents"][-1]), spoken.content()))


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


def models_of(client: Client) -> Sequence[str]:
    """Return the names of the models that can answer a prompt here."""
    from google.genai.types import HttpOptions, ListModelsConfig

    config = ListModelsConfig(
        page_size=1000, http_options=HttpOptions(timeout=LISTING_SECONDS * 1000)
    )
    # Vertex AI does not say what a model can do.
    return [
        (model.name or "").rpartition("/")[2]
        for model in client.models.list(config=config)
        if not model.supported_actions or "generateContent" in model.supported_actions
    ]
