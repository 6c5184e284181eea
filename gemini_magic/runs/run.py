"""One prompt and everything that came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import Any

from ..answer import parts as part_values
from ..answer.markdown import write
from ..answer.parts import (
    Call,
    Data,
    Image,
    Note,
    Part,
    Progress,
    Reply,
    Text,
    Thought,
    Turn,
    Usage,
)
from ..answer.steps import Step, blocks
from ..errors import Blocked, GeminiError, RecordingError
from ..request.attachments import announced, without_data
from ..request.build import Request
from ..request.staging import source_of

VERSION = 1
STATES = ("running", "done", "stopped", "failed", "blocked")


class Run:
    """A request, the parts that answered it, and how it ended.

    `state` is running, done, stopped (by the reader), failed, or blocked (by the engine's rules).
    `error` is the line that the reader met, or None. `started` and `times` are seconds on a
    monotonic clock: when the request went out, and when each part was last added to. `calls` has
    the seconds that each function ran, consent included, by the place of its part. `size` is about
    the number of characters to be shown, pictures left out. `insert` says which code a front end
    should put into cells when the run is done: none, last or all; empty leaves it to the front end.
    `staging` is the Python that makes the run's files exist for those cells, empty without files.
    `value` is the answer as an object, where one of a certain shape was asked for; it is not
    stored.
    """

    def __init__(
        self, request: Request, engine: str = "", model: str = "", insert: str = ""
    ) -> None:
        self.request = request
        self.engine = engine
        self.model = model
        self.insert = insert
        self.staging = source_of((*request.earlier, request.attachments))
        self.state = "running"
        self.error: str | None = None
        self.usage: Usage | None = None
        self.reply: Reply | None = None
        self.turn: Turn | None = None
        self.progress: Progress | None = None
        self.value: Any = None
        self.started = monotonic()
        self.ended: float | None = None
        self.times: list[float] = []
        self.calls: dict[int, float] = {}
        self.size = 0
        notes = (*request.notes, *announced(request.attachments, request.first))
        self._parts: list[Part] = [Note(note) for note in notes]
        self.times += [self.started] * len(self._parts)
        # The part that still grows, in pieces: joined only when somebody looks, so that
        # ten thousand fragments cost ten thousand appends and not as many copies.
        self._tail: list[str] = []
        # A view reads from a thread of its own while parts come in.
        self._lock = Lock()

    def __repr__(self) -> str:
        attempts = len(self.steps)
        return f"<Run {self.state}: {attempts} attempts, {len(self.parts)} parts, {self.engine}>"

    def add(self, part: Part) -> None:
        """Take a part in: grow the last one by it, replace what it is newer than, or append."""
        with self._lock:
            if isinstance(part, Usage):
                self.usage = part
            elif isinstance(part, Reply):
                self.reply = part
            elif isinstance(part, Turn):
                self.turn = part
            elif isinstance(part, Progress):
                self.progress = None if part.done >= part.total > 0 else part
            elif isinstance(part, Text | Thought | Data):
                self._grow(part)
            elif isinstance(part, Call) and self.is_calling:
                self._parts[-1] = part
                self.calls[len(self._parts) - 1] = monotonic() - self.times[-1]
                self.times[-1] = monotonic()
                self.size += _weight(part)
            elif not (isinstance(part, Image) and self._parts and self._parts[-1] == part):
                # The wire sends a saved and shown figure twice in a row.
                self._append(part)

    def _grow(self, part: Text | Thought | Data) -> None:
        if not part.text:
            return
        if self._parts and type(self._parts[-1]) is type(part):
            self._tail.append(part.text)
            self.times[-1] = monotonic()
            self.size += len(part.text)
        else:
            self._append(part)

    def _append(self, part: Part) -> None:
        self._settle()
        self._parts.append(part)
        self.times.append(monotonic())
        self.size += _weight(part)

    def _settle(self) -> None:
        if self._tail:
            last = self._parts[-1]
            assert isinstance(last, Text | Thought | Data)  # noqa: S101 (for the type checker)
            self._parts[-1] = type(last)("".join((last.text, *self._tail)))
            self._tail.clear()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Settle the state when the block ends, and let what ended it go on.

        A run that breaks half-way keeps its parts; the error that leaves carries the run.
        """
        self.started = monotonic()
        try:
            yield
        except KeyboardInterrupt:
            self._end("stopped")
            raise
        except (Exception, SystemExit) as exc:
            self._end("blocked" if isinstance(exc, Blocked) else "failed", exc)
            if isinstance(exc, GeminiError):
                exc.run = self
            raise
        self._end("done")

    def _end(self, state: str, exc: BaseException | None = None) -> None:
        self.state = state
        self.error = None if exc is None else f"{type(exc).__name__}: {exc}"
        self.ended = monotonic()
        self.progress = None
        # A session remembers its runs, and must not fill the memory with what they were given.
        self.request = replace(self.request, attachments=without_data(self.request.attachments))

    @property
    def is_calling(self) -> bool:
        """Whether a function that the model called runs now, or is about to."""
        last = self._parts[-1] if self._parts else None
        return self.state == "running" and isinstance(last, Call) and last.is_running

    @property
    def parts(self) -> list[Part]:
        with self._lock:
            self._settle()
            return list(self._parts)

    @property
    def steps(self) -> list[Step]:
        """The attempts in order, each code with its results and images."""
        return [block for block in self.blocks if isinstance(block, Step)]

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
        return [part for part in self.parts if isinstance(part, Image)]

    @property
    def seconds(self) -> float:
        """Wall-clock seconds from the request to the end, or until now."""
        return (monotonic() if self.ended is None else self.ended) - self.started

    def to_dict(self) -> dict[str, Any]:
        """Return the run as one JSON document: the same for the same answer, so no times in it."""
        return {
            "version": VERSION,
            "engine": self.engine,
            "model": self.model,
            "prompt": self.request.prompt,
            "state": self.state,
            "insert": self.insert,
            "parts": [part_values.to_dict(part) for part in self.parts],
            "error": self.error and part_values.writable(self.error),
            **({"staging": self.staging} if self.staging else {}),
        }

    def facts(self) -> dict[str, Any]:
        """Return what differs from one answer to the same prompt to the next, for output metadata.

        `times` has one entry a part: seconds from the start to when it was complete.
        """
        return {
            "seconds": round(self.seconds, 3),
            "times": [round(time - self.started, 3) for time in self.times],
            "calls": {str(place): round(time, 3) for place, time in self.calls.items()},
            "usage": part_values.to_dict(self.usage) if self.usage else None,
            "reply": part_values.to_dict(self.reply) if self.reply else None,
        }

    def to_markdown(self) -> str:
        """Return the run as Markdown, which is also the format of a lesson."""
        return write(self.request.prompt, self.blocks)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Run:
        """Read a document that `to_dict` wrote; raise RecordingError for anything else."""
        try:
            if data["version"] != VERSION:
                raise RecordingError(
                    f"this run has version {data['version']!r}, and version {VERSION} is known: "
                    "update gemini-magic"
                )
            run = cls(Request(str(data["prompt"])), str(data["engine"]), str(data["model"]))
            for item in data["parts"]:
                run.add(part_values.from_dict(item))
            run.state, run.error, run.insert = data["state"], data["error"], data["insert"]
            run.staging = str(data.get("staging", ""))
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise RecordingError(f"this is not a run of gemini-magic: {exc!r}") from exc
        run.ended = run.started
        return run


def _weight(part: Part) -> int:
    """Return about how many characters `part` adds to what is shown, pictures left out."""
    return 64 + sum(len(value) for value in vars(part).values() if isinstance(value, str))
