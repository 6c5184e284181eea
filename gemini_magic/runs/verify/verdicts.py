"""What was found when the attempts of a run were run again, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from ...errors import RecordingError

SAME, DIGITS, ORDER = "same", "digits", "order"
DIFFERENT, RANDOM, SHOWN, NOTHING = "different", "random", "shown", "nothing"
MODULE, TIME, SIZE, SYSTEM = "module", "time", "size", "system"
FILE, FUNCTION, VALUE, EARLIER = "file", "function", "value", "earlier"
SHELL, LANGUAGE = "shell", "language"

# What a user reads on a chip, by kind.
WORDS = {
    SAME: "same",
    DIGITS: "same but for the last digits",
    ORDER: "same but for order",
    DIFFERENT: "different",
    RANDOM: "random by nature",
    SHOWN: "same, by showing its last expression",
    NOTHING: "nothing to compare",
    MODULE: "cannot run here",
    TIME: "cannot run here",
    SIZE: "cannot run here",
    SYSTEM: "cannot run here",
    FILE: "needs a file that is not at hand",
    FUNCTION: "needs a function that is not at hand",
    VALUE: "needs a value that is not at hand",
    EARLIER: "needs an attempt that could not run here",
    SHELL: "shell commands, not run here",
    LANGUAGE: "not Python, not run here",
}
# Kinds of steps that did not run here to the end that was reported.
NOT_RUN = frozenset([MODULE, TIME, SIZE, SYSTEM, FILE, FUNCTION, VALUE, EARLIER, SHELL, LANGUAGE])
TOLERANCE = 1e-9  # of numbers, relative: libraries of mathematics differ in the last bit


@dataclass(frozen=True)
class Verdict:
    """What became of one attempt. `part` is the place of its code among the run's parts.

    `why` says more: the module that is missing, the tolerance, what is random. `here` is what the
    attempt printed here, where that differs in any way.
    """

    part: int
    kind: str
    why: str = ""
    here: str = ""

    @property
    def words(self) -> str:
        """The verdict as a user reads it."""
        words = WORDS.get(self.kind, self.kind)
        return f"{words}: {self.why}" if self.why else words


@dataclass(frozen=True)
class Verification:
    """The verdicts on a run, one an attempt, in order; and where the attempts were run again."""

    verdicts: tuple[Verdict, ...] = ()
    sandbox: str = ""

    @property
    def differs(self) -> bool:
        """Whether an attempt gave another result here, for no reason that is known."""
        return any(verdict.kind == DIFFERENT for verdict in self.verdicts)

    @property
    def summary(self) -> str:
        """One line: how many attempts have which verdict, the commonest first."""
        counts = Counter(WORDS.get(verdict.kind, verdict.kind) for verdict in self.verdicts)
        return " · ".join(f"{count} {words}" for words, count in counts.most_common())

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; fields without content are left out."""
        verdicts = [
            {name: value for name, value in asdict(verdict).items() if value != ""}
            for verdict in self.verdicts
        ]
        return {"verdicts": verdicts, "sandbox": self.sandbox}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verification:
        """Read what `to_dict` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        verdicts = data["verdicts"]
        if not isinstance(verdicts, list):
            raise TypeError(f"verdicts are a list, not {type(verdicts).__name__}")
        return cls(tuple(map(_read, verdicts)), _text(data.get("sandbox", "")))


def read_verification(data: Mapping[str, Any]) -> Verification:
    """Read that of a document; raise RecordingError, in one line, for anything else."""
    try:
        return Verification.from_dict(data)
    except (KeyError, TypeError, ValueError) as exc:
        raise RecordingError(f"this is not a run of gemini-magic: verification: {exc!r}") from exc


def _read(data: Mapping[str, Any]) -> Verdict:
    part = data["part"]
    if not isinstance(part, int) or isinstance(part, bool):
        raise TypeError(f"a part is a number, not {part!r}")
    texts = {f.name: _text(data.get(f.name, "")) for f in fields(Verdict) if f.name != "part"}
    if not texts["kind"]:
        raise ValueError("a verdict has a kind")
    return Verdict(part, **texts)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is expected, not {value!r}")
    return value
