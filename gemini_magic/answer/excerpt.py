"""Some of an answer as JSON, shown by itself: attempts, pictures, files.

`labextension/src/contract/excerpt.ts` reads it. It is no document: what reads the runs of a
notebook must not take an attempt that is shown again for a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import RecordingError
from . import document
from .document import VERSION, write_part
from .parts import File, Image, Part
from .steps import Step, blocks

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


def read(data: object) -> list[Part | Step]:
    """Read what `write` wrote, pictures behind an attempt as its own; raise RecordingError."""
    held = data if isinstance(data, Mapping) else {}
    nothing = dict.fromkeys(("engine", "model", "prompt", "error"), "")
    parts = document.read({**held, **nothing, "state": "done", "insert": "none"}).parts
    numbers, several = held.get("attempts"), blocks(parts)
    steps = [each for each in several if isinstance(each, Step)]
    if not isinstance(numbers, list) or not _count(numbers, steps):
        raise RecordingError("this is not an excerpt of a run: its attempts have no numbers")
    left = iter(numbers)
    return [
        replace(each, attempt=next(left)) if isinstance(each, Step) else each for each in several
    ]


def _count(numbers: Sequence[object], steps: Sequence[Step]) -> bool:
    are_numbers = all(type(number) is int and number > 0 for number in numbers)
    return are_numbers and len(numbers) == len(steps)
