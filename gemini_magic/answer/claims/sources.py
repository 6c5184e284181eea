"""The texts that an answer can rest on: never what the model itself said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..parts import OK, Call, Code, Part, Result
from .claim import ALONG, PROMPT

# Of more than this, all sources together, the first and the last half are read.
MOST_CHARS = 500_000

_COMMENT = re.compile(r"#.*")
# The lines of a traceback that name files: their numbers are of no concern to a reader.
_TRACE = re.compile(r'^\s*File ".*$|^\s*[~^]+\s*$', re.MULTILINE)


class HasPrompt(Protocol):
    """A request, as far as its prompt."""

    @property
    def prompt(self) -> str: ...


class Answered(Protocol):
    """A prompt and what came back: a `Run`, or a turn of a chat."""

    @property
    def request(self) -> HasPrompt: ...

    @property
    def parts(self) -> Sequence[Part]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A text that numbers stand in. `kind` is given, code, output or call.

    `part` is its place among the parts, or `PROMPT` or `ALONG`. `attempt` counts from 1; `turn` is
    how many turns of a chat back.
    """

    kind: str
    part: int
    text: str
    attempt: int = 0
    failed: bool = False
    turn: int = 0

    @property
    def is_evidence(self) -> bool:
        """Whether something was printed or returned here."""
        return self.kind in ("output", "call") and bool(self.text.strip())

    @property
    def readable(self) -> str:
        """The text with blanks where its numbers mean nothing, so that all stays in its place."""
        if self.kind == "code":
            return _blanked(_COMMENT, self.text)
        return _blanked(_TRACE, self.text) if self.failed else self.text


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def sources_of(run: Answered, given: Iterable[str], earlier: Sequence[Answered]) -> list[Source]:
    """Return what a run can rest on: prompt, what went along, its own parts, the turns before."""
    found = [Source("given", PROMPT, run.request.prompt)]
    found += [Source("given", ALONG, text) for text in given]
    found += _own(run, 0)
    for back, other in enumerate(reversed(earlier), 1):
        found += [Source("given", PROMPT, other.request.prompt, turn=back), *_own(other, back)]
    return found


def _own(run: Answered, turn: int) -> Iterator[Source]:
    attempt = 0
    attempts: dict[str, int] = {}
    for at, part in enumerate(run.parts):
        if isinstance(part, Code):
            attempt += 1
            if part.id:
                attempts[part.id] = attempt
            yield Source("code", at, part.code, attempt, turn=turn)
        elif isinstance(part, Result):
            own = attempts.get(part.id, attempt)
            yield Source("output", at, part.output, own, part.outcome != OK, turn)
        elif isinstance(part, Call) and part.response is not None:
            yield Source("call", at, text_of(part), attempt, turn=turn)


def text_of(call: Call) -> str:
    """Return what a function returned as the text whose lines a claim names."""
    response: Any = call.response
    wrapped = isinstance(response, Mapping) and "result" in response
    value = response["result"] if wrapped else response
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=str, indent=1)
    except (RecursionError, TypeError, ValueError):
        # What is nested too deep, or holds itself, was not sent to the model either.
        return ""
