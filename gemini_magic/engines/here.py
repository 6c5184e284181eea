"""Code of the model that runs on this machine: offered as one function, played into a run's parts.

An engine offers what its request has `offered`, and hands each call to its `Caller`: that of
`CodeRunner` runs code, and passes calls of the notebook's functions on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from ..answer.parts import OK, TIMED_OUT, Call, Code, Event, Image, Note, Progress, Result
from ..errors import AnswerCut
from ..options.table import Options
from ..request.declarations import RUN_PYTHON, Declaration
from ..request.functions import REFUSED
from ..sandbox import Sandbox, prepare
from .base import Caller, Made, Ran, by_code, callable_by_code, told
from .private.mask import Mask
from .seen import bounded

# Code that does not end costs its 30 seconds each time.
MOST_TIMEOUTS = 3
# Figures of one block that go back. Each takes hundreds of tokens, and those of a chat are sent
# again with every turn; one of Matplotlib's has some 50,000 bytes.
MOST_PICTURES, LARGEST_PICTURE = 4, 2**20

ANEW = "the sandbox here starts anew: what earlier turns had defined is gone"
ELSEWHERE = (
    "code of earlier turns did not run in this sandbox, as they were replayed: what it had defined "
    "is not there"
)
KEPT = "you kept this result from the model"
# What a user is asked for, as a call.
TELL = "tell_the_model"
_KEPT = "the user keeps this result to themselves: go on without it"
_ROUND = "statistics are told if they are rounded to 3 digits"
_NO_CODE = "the call has no code: pass Python as the text `code`"
_LAST = "no more code is run after this: answer with what is known"


class CodeRunner:
    """Answers the calls of one run: runs code in `sandbox`, and hands other calls to `functions`.

    It is an engine's `Caller`. At most `max_code_calls` blocks are run, and none after
    `max_code_failures` in a row failed: the model is told, and may answer once more. With a `mask`,
    no value that it knows is told, and no figure; `approves` is asked before a result is. Code may
    call the functions that are `declared`, by their names.

    `earlier` is the code of the turns before, and `ran` what ran in this sandbox: it grows.
    """

    def __init__(
        self,
        options: Options,
        sandbox: Sandbox,
        functions: Caller,
        mask: Mask | None = None,
        approves: Callable[[Call], bool] = lambda _: True,
        declared: Iterable[Declaration] = (),
        earlier: Iterable[str] = (),
        ran: set[str] | None = None,
    ) -> None:
        self._options = options
        self._sandbox = sandbox
        self._functions = functions
        self._mask = mask
        self._approves = approves
        self._callable = callable_by_code(declared)
        self._earlier = frozenset(earlier)
        self._ran = set() if ran is None else ran
        self._told: dict[str, Any] = {}
        self._has_begun = False
        self._calls = 0
        self._failures = 0
        self._timeouts = 0

    def __call__(self, name: str, args: Mapping[str, Any]) -> Generator[Event, None, Made]:
        """Run what the model calls; yield what that gives and return what the model is told.

        Raises AnswerCut if the model calls on beyond a bound, SandboxError without a sandbox.
        """
        if name != RUN_PYTHON.name:
            return (yield from self._called(name, args))
        self._refuse_more()
        self._calls += 1
        code = args.get("code")
        if not isinstance(code, str) or not code.strip():
            self._failures += 1
            yield Note(f"the model called {name}() without code")
            return Ran(name, self._response({"error": _NO_CODE}))
        yield from self._missed()
        self._ran.add(code)
        yield Code(code)
        yield from prepared(science=self._sandbox.is_science)
        return (yield from self._run(code))

    def _missed(self) -> Iterator[Note]:
        """Say once, to the model too, that the sandbox has not what the chat speaks of."""
        if self._has_begun:
            return
        self._has_begun = True
        if self._sandbox.is_lost:
            yield Note(ANEW)  # which its output says by itself
        elif not self._earlier <= self._ran:
            self._told = {"note": ELSEWHERE}
            yield Note(ELSEWHERE)
        self._ran |= self._earlier

    def _called(self, name: str, args: Mapping[str, Any]) -> Generator[Event, None, Made]:
        made = yield from self._functions(name, args)
        response = told(made)
        if self._mask is not None:
            whole = json.dumps(response, ensure_ascii=False)
            # To look for values in megabytes takes minutes.
            said, masked = self._mask.applied(bounded(whole, self._options.max_seen_chars))
            if masked:
                yield Note(f"{_values(masked)} masked in what {name}() told the model")
            if len(whole) > self._options.max_seen_chars:
                yield Note(f"the model saw {len(said):,} of {len(whole):,} characters of {name}()")
            if said != whole:
                response = {"result": said}
        if response != {"error": REFUSED} and not self._approves(Call(TELL, response)):
            yield Note(KEPT)
            response = {"error": _KEPT}
        return made if response == told(made) else Ran(name, response)

    def _run(self, code: str) -> Generator[Event, None, Ran]:
        output, outcome, has_ended = "", OK, False
        pictures: list[Image] = []
        try:
            for part in self._sandbox.run_with(code, self._callable, by_code(self._functions)):
                if isinstance(part, Call):
                    yield part
                elif isinstance(part, Image):
                    pictures.append(part)
                else:
                    output, outcome, has_ended = output + part.output, part.outcome, True
        except KeyboardInterrupt:
            if has_ended:
                yield Result(outcome, output, seen="")  # as nothing is sent any more
                yield from pictures
            raise
        self._failures = 0 if outcome == OK else self._failures + 1
        self._timeouts = self._timeouts + 1 if outcome == TIMED_OUT else 0
        seen, masked = bounded(output, self._options.max_seen_chars), 0
        if self._mask is not None:
            seen, masked = self._mask.applied(seen)
        yield Result(outcome, output, seen=None if seen == output else seen, masked=masked)
        going = () if self._mask is not None else fitting(pictures)
        # First, as what is asked is cut to a line.
        figures = {"figures": len(going)} if going else {}
        if not self._approves(Call(TELL, {**figures, "output": seen})):
            yield Result(outcome, output, seen="")
            yield from pictures
            yield Note(KEPT)
            return Ran(RUN_PYTHON.name, self._response({"outcome": outcome, "error": _KEPT}))
        yield from pictures
        said = {"outcome": outcome, "output": seen, **self._told, **_beside(masked, len(pictures))}
        self._told = {}
        return Ran(RUN_PYTHON.name, self._response(said), going)

    def _response(self, said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "note": _LAST} if self._bound() else said

    def _bound(self) -> str:
        """Return which bound is reached, in words; empty while more code may be run."""
        most, failures = self._options.max_code_calls, self._options.max_code_failures
        if self._timeouts >= MOST_TIMEOUTS:
            return f"{self._timeouts} attempts in a row did not end in time"
        if self._failures >= failures:
            return (
                f"{self._failures} attempts in a row failed (GeminiMagic.max_code_failures is "
                f"{failures})"
            )
        if self._calls >= most:
            return f"the model ran code {self._calls} times (GeminiMagic.max_code_calls is {most})"
        return ""

    def _refuse_more(self) -> None:
        if why := self._bound():
            raise AnswerCut(f"{why} and it called for more instead of an answer: ask for less")


def fitting(pictures: Iterable[Image]) -> tuple[Image, ...]:
    """Return the `pictures` that go back to a model: the first few, if they are not large."""
    small = (each for each in pictures if len(each.data) <= LARGEST_PICTURE)
    return tuple(islice(small, MOST_PICTURES))


def _beside(masked: int, figures: int) -> dict[str, str]:
    """Return what the model is told beside an output: of values that are masked, and of figures."""
    said = {}
    if masked:
        said["masked"] = f"{_values(masked)} of the data masked: {_ROUND}"
    if figures:
        shown = "1 figure is" if figures == 1 else f"{figures} figures are"
        said["figures"] = f"{shown} shown to the user"
    return said


def _values(count: int) -> str:
    return "1 value is" if count == 1 else f"{count:,} values are"


def _waited(lines: SimpleQueue[str | None]) -> str | None:
    """Return the next line. In slices: an interrupt that comes as a wait begins ends none."""
    while True:
        with suppress(Empty):
            return lines.get(timeout=0.2)


def prepared(*, science: bool) -> Iterator[Progress]:
    """Prepare the sandbox, and say so the moment that there is something to prepare.

    A run on a machine that has one is the same run: what is said is shown and not stored.
    In a thread, as a callback cannot yield. An interrupt lets the thread finish for the next time.
    """
    lines: SimpleQueue[str | None] = SimpleQueue()
    pool = ThreadPoolExecutor(1)
    task = pool.submit(prepare, lines.put, science=science)
    task.add_done_callback(lambda _: lines.put(None))
    pool.shutdown(wait=False)
    line = ""
    for line in iter(partial(_waited, lines), None):
        yield Progress(line, 0, 0)
    task.result()
    if line:
        yield Progress(line, 1, 1)
