"""A run as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from .parts import Part
from .steps import Step


def write(prompt: str, blocks: Sequence[Part | Step]) -> str:
    """Return a run as Markdown."""
    return ""
