"""The models that a server has, as every engine that has any tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class Model:
    """A model that can answer a prompt, and how many tokens it takes and gives.

    Both are None if the server does not say.
    """

    name: str
    input_tokens: int | None = None
    output_tokens: int | None = None


@runtime_checkable
class HasModels(Protocol):
    """An engine whose server can be asked for its models."""

    def models(self) -> Sequence[Model]:
        """Return the models that can answer here; raise a `GeminiError` if need be."""
        ...
