"""Some of an answer as JSON, shown by itself: attempts, pictures, files.

`labextension/src/contract/excerpt.ts` reads it. It is no document: what reads the runs of a
notebook must not take an attempt that is shown again for a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .document import VERSION, write_part
from .parts import File, Image, Part
from .steps import Step

EXCERPT_MIME = "application/vnd.gemini-magic.excerpt+json"

Excerpt = Step | Image | File


def write(several: Sequence[Excerpt]) -> dict[str, Any]:
    """Return them as JSON values, with the numbers that the attempts have in their run."""
    return {
        "version": VERSION,
        "attempts": [each.attempt for each in several if isinstance(each, Step)],
        "parts": [write_part(part) for each in several for part in _parts(each)],
    }


def _parts(each: Excerpt) -> Iterator[Part]:
    if isinstance(each, Step):
        yield each.part
        yield from each.results
        yield from each.images
    else:
        yield each
