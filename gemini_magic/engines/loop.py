"""The loop of function calls: the same for every engine whose model calls functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from ..answer.parts import Call, Event, Usage
from ..errors import CallMalformed
from .base import Caller

# How often the model may call functions before it must have answered.
ROUNDS = 10


@dataclass(frozen=True)
class Wanted:
    """A call that the model asks for. `id` is empty if the wire has none."""

    name: str
    args: Mapping[str, Any]
    id: str = ""


class Dialogue(Protocol):
    """How one engine asks its model, and asks again with what the calls gave."""

    def ask(self) -> Iterator[Event]:
        """Send what was said so far and yield the answer; raise a `GeminiError` if it breaks."""
        ...

    def calls(self) -> Sequence[Wanted]:
        """Return the functions that the last answer asks to call."""
        ...

    def tell(self, made: Sequence[tuple[Wanted, Call]]) -> None:
        """Add what the calls gave to what is sent next."""
        ...


def converse(dialogue: Dialogue, call: Caller) -> Iterator[Event]:
    """Yield the answer, and run the functions that the model calls until it has answered.

    The tokens of all its requests are counted together.
    """
    spent = Usage()
    for rounds in count():
        used = Usage()
        for part in dialogue.ask():
            if isinstance(part, Usage):
                used = part
                yield spent + part
            else:
                yield part
        spent += used
        wanted = dialogue.calls()
        if not wanted:
            return
        if rounds == ROUNDS:
            raise CallMalformed(
                f"the model called functions {ROUNDS} times over without an answer: ask for less"
            )
        made = []
        for each in wanted:
            made.append((each, (yield from call(each.name, each.args))))
        dialogue.tell(made)
