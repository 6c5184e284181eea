"""The attempts of an answer, found among its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .display import Displayed, DisplayedList, DisplayedTuple
from .parts import UNKNOWN, Code, Image, Part, Result, Source


@dataclass(frozen=True)
class Step(Displayed):
    """An attempt: one code part with the results and images that belong to it.

    Computed from the parts, never stored. `index` is the place of the code among the run's parts.
    `recited` are the sources that the answer recites under a licence: the wire does not say where.
    `attempt` is its number among the run's attempts, from 1.
    """

    part: Code
    results: tuple[Result, ...]
    images: tuple[Image, ...]
    index: int
    recited: tuple[Source, ...] = ()
    attempt: int = field(default=0, compare=False)

    @property
    def code(self) -> str:
        return self.part.code

    @property
    def output(self) -> str:
        """Everything the code printed, errors included, in the order it came."""
        return "".join(result.output for result in self.results)

    @property
    def outcome(self) -> str | None:
        """The wire's word for how it ended: that of the last result; None without a result."""
        return self.results[-1].outcome or UNKNOWN if self.results else None


def blocks(parts: Sequence[Part]) -> list[Part | Step]:
    """Return the answer as it reads: parts in order, code with its results and images as a step.

    A result goes to the code with its id; without one, to the code before it.
    """
    order: list[Part | int] = []
    codes: dict[int, Code] = {}
    results: dict[int, list[Result]] = {}
    images: dict[int, list[Image]] = {}
    by_id: dict[str, int] = {}
    last: int | None = None
    for index, part in enumerate(parts):
        if isinstance(part, Code):
            last, codes[index] = index, part
            order.append(index)
            if part.id:
                by_id[part.id] = index
        elif isinstance(part, Result) and last is not None:
            results.setdefault(by_id.get(part.id, last), []).append(part)
        elif isinstance(part, Image) and last is not None:
            images.setdefault(last, []).append(part)
        else:
            order.append(part)
    recited = tuple(part for part in parts if isinstance(part, Source) and part.licence)
    attempts = {index: number for number, index in enumerate(codes, start=1)}
    return [
        Step(
            codes[item],
            tuple(results.get(item, ())),
            DisplayedTuple(images.get(item, ())),
            item,
            recited,
            attempts[item],
        )
        if isinstance(item, int)
        else item
        for item in order
    ]


def steps(parts: Sequence[Part]) -> list[Step]:
    """Return the attempts in order, each code with its results and images."""
    return DisplayedList(block for block in blocks(parts) if isinstance(block, Step))
