"""The models that the server has."""

from __future__ import annotations

from collections.abc import Sequence

from ..model_names import bare
from ..models import Model
from .clients import client_of
from .connection import Connection

LISTING_SECONDS = 10


def models_of(connection: Connection) -> Sequence[Model]:
    """Return the models that can answer a prompt here; raise what the SDK raises."""
    from google.genai.types import HttpOptions, ListModelsConfig

    config = ListModelsConfig(
        page_size=1000, http_options=HttpOptions(timeout=LISTING_SECONDS * 1000)
    )
    client = client_of(connection)
    # Vertex AI does not say what a model can do.
    return [
        Model(bare(model.name), model.input_token_limit, model.output_token_limit)
        for model in client.models.list(config=config)
        if not model.supported_actions or "generateContent" in model.supported_actions
    ]


def names_of(connection: Connection) -> Sequence[str]:
    """Return the names of the models that can answer a prompt here."""
    return [model.name for model in models_of(connection)]
