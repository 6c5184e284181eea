"""What is said of a number in an answer, as values."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("given", "computed", "derived", "code", "absent", "common")
FLAGS = ("", "failed", "replaced")
# Parts of a place that are not among the answer's: the prompt, and what went along with it.
PROMPT, ALONG = -1, -2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: a part of the answer, or `PROMPT` or `ALONG`, and a line of it.

    `line` and `column` count from 1. `turn` is how many turns of a chat back, 0 for this one.
    """

    part: int
    line: int
    column: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A number in the prose or the JSON of an answer, and where it comes from.

    `part` is the place among the answer's parts, `nth` counts the numbers of that part from 0.

    `kind` is one of
      given: it stands in what was asked, or in what went along
      computed: it was printed, or returned by a function
      derived: it follows from numbers near it, which are `of`, or from what is written out
      code: it stands in the code
      absent: it stands nowhere
      common: it is so short that it stands anywhere, and nothing says that it is meant

    `how` says how what stands there became the number: exact, rounded, percent, unit, sign, about,
    date, time; and of a derived one which operation it was. `flag` is failed if the attempt that
    printed it failed and another followed, replaced if a later one printed the same line with
    another number.
    """

    part: int
    nth: int
    text: str
    kind: str
    how: str = ""
    flag: str = ""
    place: Place | None = None
    of: tuple[str, ...] = ()
