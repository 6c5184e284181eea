"""The loop of calls, of functions and of code that runs here: the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from ..answer.parts import Event, Usage
from ..errors import CallMalformed
from ..options.table import Options
from .base import Caller, Made

# How often the model may call functions of the notebook before it must have answered.
ROUNDS = 10


@dataclass(frozen=True)
class ModelCall:
    """A call that the model asks for. `id` is empty if the wire has none."""

    name: str
    args: Mapping[str, Any]
    id: str = ""


class Dialogue(Protocol):
    """How one engine asks its model, and asks again with what the calls gave."""

    def ask(self) -> Iterator[Event]:
        """Send what was said so far and yield the answer; raise a `GeminiError` if it breaks."""
        ...

    def calls(self) -> Sequence[ModelCall]:
        """Return the functions that the last answer asks to call."""
        ...

    def tell(self, made: Sequence[tuple[ModelCall, Made]]) -> None:
        """Add what the calls gave to what is sent next."""
        ...


def rounds_of(options: Options) -> int:
    """Return how often the model may call before it must have answered."""
    return ROUNDS + (options.max_code_calls if options.runs_here else 0)


def converse(dialogue: Dialogue, call: Caller, most: int = ROUNDS) -> Iterator[Event]:
    """Yield the answer, and run what the model calls, `most` times over, until it has answered.

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
        if rounds == most:
            raise CallMalformed(
                f"the model called functions {most} times over without an answer: ask for less"
            )
        made = []
        for each in wanted:
            made.append((each, (yield from call(each.name, each.args))))
        dialogue.tell(made)
