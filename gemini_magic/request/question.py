"""What a user asks, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..options.table import Options
from .characters import normalized


@dataclass(frozen=True)
class Cell:
    """Where a question is asked: the id of the cell, and of the time that it is run."""

    id: str = ""
    execution: str = ""

    @classmethod
    def of(cls, shell: Any) -> Self:
        """Return the cell that runs in `shell`, without an id where IPython has none for it."""
        request: Mapping[str, Any] = getattr(shell, "get_parent", dict)()
        cell = str(request.get("metadata", {}).get("cellId", ""))
        return cls(cell, str(request.get("header", {}).get("msg_id", "")))


NOWHERE = Cell()


@dataclass(frozen=True)
class Question:
    """A prompt as typed, and what goes with it.

    `names` holds the variables that `{name}` in the prompt and the options stand for. `data` holds
    values that go along and `tools` functions that are offered, both by name, besides those that
    the options name; `json` is what the answer must fit, in place of the one that they name.
    A `cell` that is run again replaces its own turns of a chat; from nowhere each asks one more.

    Line ends and blanks of other systems become plain ones, except with the option `raw`.
    """

    prompt: str
    options: Options = field(default_factory=Options)
    names: Mapping[str, Any] = field(default_factory=dict, repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tools: Mapping[str, Any] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    cell: Cell = NOWHERE

    def __post_init__(self) -> None:
        if not self.options.raw:
            object.__setattr__(self, "prompt", normalized(self.prompt))
