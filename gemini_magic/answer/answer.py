"""What the parts of an answer say all together."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .display import Displayed, DisplayedList
from .parts import Data, File, Image, Part, Text
from .steps import Step, blocks, steps


class Answer(Displayed, ABC):
    """Parts in order, and what is read off them: prose, code, output, pictures, files."""

    @property
    @abstractmethod
    def parts(self) -> list[Part]:
        """The parts as far as they have come."""

    @property
    def steps(self) -> list[Step]:
        """The attempts in order, each code with its results and images."""
        return steps(self.parts)

    @property
    def blocks(self) -> list[Part | Step]:
        """The answer as it reads: parts in order, code with its results and images as one step.

        A result goes to the code with its id; without one, to the code before it.
        """
        return blocks(self.parts)

    @property
    def text(self) -> str:
        """The prose of the answer, without thoughts, code and output."""
        return "\n\n".join(p.text.strip("\n") for p in self.parts if isinstance(p, Text))

    @property
    def data(self) -> str:
        """The answer of a certain shape, as the JSON that it came as; empty without one."""
        return next((part.text for part in reversed(self.parts) if isinstance(part, Data)), "")

    @property
    def code(self) -> str | None:
        """The code of the last attempt, or None."""
        return self.steps[-1].code if self.steps else None

    @property
    def output(self) -> str | None:
        """What the last attempt printed, or None."""
        return self.steps[-1].output if self.steps else None

    @property
    def outcome(self) -> str | None:
        """How the last attempt ended, in the wire's words, or None."""
        return self.steps[-1].outcome if self.steps else None

    @property
    def images(self) -> list[Image]:
        """The pictures of all attempts, and those that came without any code."""
        return DisplayedList(part for part in self.parts if isinstance(part, Image))

    @property
    def files(self) -> list[File]:
        """The files that came with the answer, pictures aside."""
        return DisplayedList(part for part in self.parts if isinstance(part, File))
