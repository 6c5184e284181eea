"""What an engine is asked, as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..options.table import Options
from .attachment import Attachment, staged_names
from .declarations import RUN_PYTHON, Declaration
from .kept import Kept
from .schemas import OutputSchema


@dataclass(frozen=True)
class Request:
    """What an engine is asked: a pure value, which can be compared, pickled and sent elsewhere.

    `notes` says what became of the prompt on the way: replaced names, hints.
    `history` is what a chat said before, as the wire has it; None for a prompt outside of a chat.
    `earlier` has the files that went along with each of the chat's turns, without their data, and
    `turns` a digest of each (`request.fingerprint`).
    `functions` are those that the model may call, and `output` is what its answer must fit.
    `kept` is data that stays on this machine, in words.
    """

    prompt: str
    options: Options = field(default_factory=Options)
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    history: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    earlier: tuple[tuple[Attachment, ...], ...] = ()
    turns: tuple[str, ...] = ()
    functions: tuple[Declaration, ...] = ()
    output: OutputSchema | None = None
    kept: tuple[Kept, ...] = ()

    def __hash__(self) -> int:
        return hash(json.dumps(self.canonical(), sort_keys=True))

    @property
    def first(self) -> int:
        """The number of the first file where the model's code runs, after those of the chat."""
        return sum(map(len, self.earlier))

    @property
    def staged_names(self) -> tuple[str, ...]:
        """What the files are called where the model's code runs."""
        return staged_names(self.attachments, self.first)

    @property
    def offered(self) -> tuple[Declaration, ...]:
        """What the model may call: the functions, and `run_python` if code runs here."""
        return (*self._running, *self.functions)

    @property
    def _running(self) -> tuple[Declaration, ...]:
        if not self.options.runs_here:
            return ()
        names = ", ".join(f"{each.name}()" for each in self.functions)
        if not names:
            return (RUN_PYTHON,)
        also = f"{RUN_PYTHON.description} The code may call {names} too."
        return (replace(RUN_PYTHON, description=also),)

    def canonical(self) -> dict[str, Any]:
        """Return all that is asked as JSON values: alike for requests that ask the same.

        Data is there by its SHA-256. What only says how the answer is shown is left out.
        """
        return {
            "prompt": self.prompt,
            "options": self.options.asked(),
            "attachments": [each.canonical() for each in self.attachments],
            "earlier": [[each.canonical() for each in turn] for turn in self.earlier],
            "history": None if self.history is None else [dict(each) for each in self.history],
            "functions": [asdict(each) for each in self.functions],
            "output": None if self.output is None else asdict(self.output),
            **({"kept": [asdict(each) for each in self.kept]} if self.kept else {}),
        }

    def needs(self) -> dict[str, str]:
        """Return what an engine must be able to do for it, each with the flag that asks for it."""
        brought = {
            "files": "--file" if self.attachments else "",
            "functions": "--tool" if self.functions else "",
            "schema": "--json" if self.output else "",
        }
        return {need: flag for need, flag in brought.items() if flag} | self.options.needs()
