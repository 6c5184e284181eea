"""The models that the server has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..models import Model
from .clients import CLIENTS
from .connection import Connection

LISTING_SECONDS = 10
# Their servers list thousands, or without an end.
_MOST = 1_000


def models_of(connection: Connection, seconds: float = LISTING_SECONDS) -> Sequence[Model]:
    """Return the models in the order of the list; raise what the SDK raises.

    A list that takes more than so many `seconds` is given up.
    """
    listed = CLIENTS.client(connection).models.list(timeout=seconds)
    # What has no name cannot be asked.
    named = [each for each in (listed.data or ())[:_MOST] if isinstance(each.id, str) and each.id]
    return [Model(each.id, _tokens(each)) for each in named]


def names_of(connection: Connection, seconds: float = LISTING_SECONDS) -> Sequence[str]:
    """Return the names of the models that are listed, in so many seconds."""
    return [model.name for model in models_of(connection, seconds)]


def _tokens(listed: Any) -> int | None:
    """Return how many tokens a model takes, where a server says so by a field of its own."""
    more = listed.model_extra or {}
    meta = more.get("meta")
    found = (
        more.get("max_model_len"),  # vLLM
        more.get("max_context_length"),  # LM Studio
        more.get("context_length"),  # gateways
        meta.get("n_ctx_train") if isinstance(meta, dict) else None,  # llama.cpp
    )
    return next((number for number in found if isinstance(number, int)), None)
