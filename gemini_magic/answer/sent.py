"""Pictures that were sent with a prompt, as its run keeps them, and which attempt took which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .parts import Image, Part
from .steps import Step

# A notebook holds each of them, and is read and compared as text.
MOST_BYTES = 256_000
MOST_PICTURES = 16


@dataclass(frozen=True)
class Sent:
    """A picture that was sent: what the user calls it, and its name where the model's code runs."""

    name: str
    staged: str
    mime_type: str
    data: bytes = field(repr=False)


def taken(blocks: Sequence[Part | Step], sent: Sequence[Sent]) -> Mapping[int, Image | Sent]:
    """Return for attempts that took a picture and gave one, by their place, the one they took.

    That is the sent picture whose name their code has, else the last one that an attempt before
    gave, else the one that was sent. Without a sent picture nothing says that they took any.
    """
    found: dict[int, Image | Sent] = {}
    last: Image | Sent | None = sent[0] if len(sent) == 1 else None
    for block in blocks if sent else ():
        if isinstance(block, Step) and block.images:
            named = next((each for each in sent if _is_in(block.code, each)), last)
            if named is not None:
                found[block.index] = named
            last = block.images[-1]
    return found


def _is_in(code: str, sent: Sent) -> bool:
    return any(name and name in code for name in (sent.staged, sent.name))
