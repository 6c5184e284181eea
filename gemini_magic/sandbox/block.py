"""What came of a block of code, and how it ended."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PICTURES = 10  # of a block, of 4 MiB each
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class BlockEnd:
    """How a block ended: "ok", "failed", "late", "stopped", and in a line or a traceback why.

    `pictures` are what it drew, PNG. After an `interrupt` it may have come to its own end.
    """

    outcome: str
    output: str
    why: str
    dead: bool
    pictures: tuple[bytes, ...] = ()
    interrupt: KeyboardInterrupt | None = None


@dataclass
class BlockOutput:
    """What came of a block so far: what it printed and drew, and the frame of its end."""

    output: list[str] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    end: Mapping[str, Any] | None = None

    def take(self, frame: Mapping[str, Any]) -> None:
        """Add what a frame of the worker holds."""
        if frame["kind"] == "output":
            self.output.append(frame["text"])
        elif frame["kind"] == "image":
            self.pictures.append(b64decode(frame["data"]))
        elif frame["kind"] == "end":
            self.end = frame

    def ended(
        self, outcome: str, why: str, *, dead: bool, interrupt: KeyboardInterrupt | None = None
    ) -> BlockEnd:
        """Return how the block ended: as its last frame says, else with this `outcome`."""
        if self.end is not None:
            outcome, why = self.end["outcome"], self.end["why"]
        good = tuple(data for data in self.pictures[:PICTURES] if data.startswith(SIGNATURE))
        return BlockEnd(outcome, "".join(self.output), why, dead, good, interrupt)
