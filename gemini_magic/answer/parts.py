"""The pieces of an answer, as values: they know nothing of engines, screens or files.

A new kind of part is a class here and its case in `shown`; the document and the views follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Self, get_args

from .display import Displayed

OK = "OUTCOME_OK"
FAILED = "OUTCOME_FAILED"
TIMED_OUT = "OUTCOME_DEADLINE_EXCEEDED"
UNKNOWN = "OUTCOME_UNSPECIFIED"
# Ours: no server says it of code that its user stopped.
STOPPED = "OUTCOME_STOPPED"


class _Whole(Displayed):
    """A part that comes in one piece."""

    kind: ClassVar[str]

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing, so that it need not be kept."""
        return False

    def merged(self, newer: Part) -> Self | None:
        """Return this part with `newer` taken in; None if `newer` is a part of its own.

        This is how an answer grows, in a `Run` and in every view of it. Merging is associative:
        pieces may be merged with each other first.
        """
        return None

    def since(self, older: Part) -> Self | None:
        """Return the piece that makes this part of `older` when merged; None if nothing is new."""
        return None if older == self else self


@dataclass(frozen=True)
class _Growing(_Whole):
    """A part that comes in fragments, each of its own kind."""

    text: str

    @property
    def is_empty(self) -> bool:
        return not self.text

    def merged(self, newer: Part) -> Self | None:
        if not isinstance(newer, type(self)):
            return None
        return type(self)(self.text + newer.text)

    def since(self, older: Part) -> Self | None:
        if not isinstance(older, type(self)):
            return self
        return type(self)(grown) if (grown := self.text[len(older.text) :]) else None


@dataclass(frozen=True)
class Text(_Growing):
    """Prose of the answer, Markdown. A fragment of a stream is itself a Text."""

    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Thought(_Growing):
    """A summary of what the model thought, Markdown; fragments as in `Text`."""

    kind: ClassVar[str] = "thought"


@dataclass(frozen=True)
class Note(_Whole):
    """A line by the engine or by us about the run, never by the model: a retry, a replaced name."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class Code(_Whole):
    """Python that the model wrote and its sandbox ran. `id` is empty if the wire has none."""

    kind: ClassVar[str] = "code"
    code: str
    language: str = "PYTHON"
    id: str = ""


@dataclass(frozen=True)
class Result(_Whole):
    """What running a `Code` gave: all it printed, and the wire's word for how it ended.

    `id` is that of the code, empty if the wire has none. `seen` is what the model was told of the
    output where that is not all of it: code that ran here may print more than the model may see,
    and `masked` values of the user's data among it.
    """

    kind: ClassVar[str] = "result"
    outcome: str = OK
    output: str = ""
    id: str = ""
    seen: str | None = None
    masked: int = 0

    def merged(self, newer: Part) -> Self | None:
        # Shown before the user is asked whether the model may see it, and kept from it then.
        is_kept = isinstance(newer, type(self)) and newer.seen == "" != self.seen
        return newer if is_kept and newer == replace(self, seen="", masked=0) else None


@dataclass(frozen=True)
class Image(_Whole):
    """A picture that code drew, as the bytes of a file of `mime_type`."""

    kind: ClassVar[str] = "image"
    mime_type: str
    data: bytes = field(repr=False)

    def merged(self, newer: Part) -> Self | None:
        # The wire sends a saved and shown figure twice in a row.
        return self if newer == self else None


@dataclass(frozen=True)
class File(_Whole):
    """A file that came with the answer and is no picture: a table, a sheet, a PDF.

    `size` is in bytes. `data` is empty in a run that was saved and read again if the file was too
    large to be stored.
    """

    kind: ClassVar[str] = "file"
    name: str
    mime_type: str
    size: int
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Call(_Whole):
    """A function of the notebook that the model called, and what it was told.

    `response` is what went back, `{"result": …}`, or None if the call gave none: then `error` says
    why. While the function runs both are None, and the finished call takes its place.
    """

    kind: ClassVar[str] = "call"
    name: str
    args: Mapping[str, Any]
    response: Any = None
    error: str | None = None

    @property
    def is_running(self) -> bool:
        return self.response is None and self.error is None

    def merged(self, newer: Part) -> Self | None:
        return newer if self.is_running and isinstance(newer, type(self)) else None


@dataclass(frozen=True)
class Data(_Growing):
    """The answer in the shape that was asked for, JSON. Fragments as in `Text`."""

    kind: ClassVar[str] = "data"


@dataclass(frozen=True)
class Query(_Whole):
    """A search of the web that the model made."""

    kind: ClassVar[str] = "query"
    text: str


@dataclass(frozen=True)
class Source(_Whole):
    """A page that the answer rests on, or recites: then its `licence`, empty if none is said."""

    kind: ClassVar[str] = "source"
    title: str
    uri: str
    licence: str = ""


# What is stored and shown. Each kind is named, and not their base classes, so that mypy tells
# what a new one is missing.
Part = Text | Thought | Data | Note | Code | Result | Image | File | Call | Query | Source
KINDS: Mapping[str, type[Part]] = {cls.kind: cls for cls in get_args(Part)}


@dataclass(frozen=True)
class Usage:
    """Tokens of the whole request so far, as the server counts them. A later one replaces it."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    tool_use_prompt: int = 0
    cached_content: int = 0
    total: int = 0

    def __add__(self, other: Usage) -> Usage:
        counts = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return Usage(**counts)


@dataclass(frozen=True)
class Reply:
    """Which answer this is: the server's id for it, and the model's exact version."""

    response_id: str = ""
    model_version: str = ""


@dataclass(frozen=True)
class TurnContents:
    """What was sent and what came back, as the wire has it: the next turn of a chat begins with it.

    It holds the model's thought signatures, so it is neither shown nor stored with a run. `tokens`
    is how long the chat is with it, as the server counted, thoughts left out. `digest` stands for
    contents that are not all there any more; empty where they are.
    """

    contents: tuple[Mapping[str, Any], ...] = field(repr=False)
    tokens: int = 0
    digest: str = ""


@dataclass(frozen=True)
class Progress:
    """How far something that takes long has come, `done` of `total`; a later one replaces it.

    The last of them has `done` equal to `total`, which is 0 as long as nobody knows it. It is shown
    while it lasts, and not stored.
    """

    text: str
    done: int
    total: int


@dataclass(frozen=True)
class Past:
    """What is played now was recorded at `time`, and nothing is sent: the run has its `stats`.

    `first` is the place of the engine's first part in the run as it was then.
    """

    time: str
    stats: Mapping[str, Any] = field(repr=False)
    first: int = 0


@dataclass(frozen=True)
class Waiting:
    """The user is asked `question`, and all waits for the answer; without one, the wait is over.

    `key` tells one question from another where buttons answer it; empty where the answer is typed.
    It is shown while it lasts, and not stored.
    """

    question: str = ""
    key: str = ""


# What an engine yields: parts, and what says something of the answer as a whole.
Event = Part | Usage | Reply | TurnContents | Progress | Waiting | Past
