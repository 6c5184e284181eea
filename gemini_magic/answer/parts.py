"""The pieces of an answer, as values: they know nothing of engines, screens or files."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

OK = "OUTCOME_OK"
FAILED = "OUTCOME_FAILED"
TIMED_OUT = "OUTCOME_DEADLINE_EXCEEDED"
UNKNOWN = "OUTCOME_UNSPECIFIED"


@dataclass(frozen=True)
class Text:
    """Prose of the answer, Markdown. A fragment of a stream is itself a Text."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Thought:
    """A summary of what the model thought, Markdown; fragments as in `Text`."""

    kind: ClassVar[str] = "thought"
    text: str


@dataclass(frozen=True)
class Note:
    """A line by the engine or by us about the run, never by the model: a retry, a replaced name."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True)
class Code:
    """Python that the model wrote and its sandbox ran. `id` is empty where the wire has none."""

    kind: ClassVar[str] = "code"
    code: str
    language: str = "PYTHON"
    id: str = ""


@dataclass(frozen=True)
class Result:
    """What running a `Code` gave: all it printed, and the wire's word for how it ended.

    `id` is that of the code, empty where the wire has none.
    """

    kind: ClassVar[str] = "result"
    outcome: str = OK
    output: str = ""
    id: str = ""


@dataclass(frozen=True)
class Image:
    """A picture that code drew, as the bytes of a file of `mime_type`."""

    kind: ClassVar[str] = "image"
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Call:
    """A function of the notebook that the model called, and what it was told.

    `response` is what went back, `{"result": …}`, or None where the call gave none: then `error`
    says why. While the function runs both are None, and the finished call takes its place.
    """

    kind: ClassVar[str] = "call"
    name: str
    args: Mapping[str, Any]
    response: Mapping[str, Any] | None = None
    error: str | None = None

    @property
    def is_running(self) -> bool:
        return self.response is None and self.error is None


@dataclass(frozen=True)
class Data:
    """The answer in the shape that was asked for, JSON. Fragments as in `Text`."""

    kind: ClassVar[str] = "data"
    text: str


@dataclass(frozen=True)
class Query:
    """A search of the web that the model made."""

    kind: ClassVar[str] = "query"
    text: str


@dataclass(frozen=True)
class Source:
    """A page that the answer rests on."""

    kind: ClassVar[str] = "source"
    title: str
    uri: str


@dataclass(frozen=True)
class Usage:
    """Tokens of the whole request so far, as the server counts them. A later one replaces it."""

    kind: ClassVar[str] = "usage"
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

    kind: ClassVar[str] = "reply"
    response_id: str = ""
    model_version: str = ""


@dataclass(frozen=True)
class Turn:
    """What was sent and what came back, as the wire has it: the next turn of a chat begins with it.

    It holds the model's thought signatures, so it is neither shown nor stored with a run. `tokens`
    is how long the chat is with it, as the server counted, thoughts left out.
    """

    kind: ClassVar[str] = "turn"
    contents: tuple[Mapping[str, Any], ...] = field(repr=False)
    tokens: int = 0


@dataclass(frozen=True)
class Progress:
    """How far something that takes long has come, `done` of `total`; a later one replaces it.

    The last of them has `done` equal to `total`, which is 0 as long as nobody knows it. It is shown
    while it lasts, and not stored.
    """

    kind: ClassVar[str] = "progress"
    text: str
    done: int
    total: int


Part = (
    Text
    | Thought
    | Data
    | Note
    | Code
    | Result
    | Image
    | Call
    | Query
    | Source
    | Usage
    | Reply
    | Turn
    | Progress
)
# Those that can be stored.
KINDS: dict[str, type[Part]] = {
    cls.kind: cls
    for cls in (
        *(Text, Thought, Data, Note, Code, Result, Image, Call, Query, Source),
        *(Usage, Reply),
    )
}


# Half of a pair that JSON can name and UTF-8 cannot write:
# https://www.rfc-editor.org/rfc/rfc8259#section-8.2
_HALVES = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """Return `text` with what no file and no message could hold replaced by U+FFFD."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def to_dict(part: Part) -> dict[str, Any]:
    """Return `part` as JSON values, image data in base64."""
    data = {
        name: writable(value) if isinstance(value, str) else value
        for name, value in {"kind": part.kind, **asdict(part)}.items()
    }
    if isinstance(part, Image):
        data["data"] = b64encode(part.data).decode("ascii")
    return data


def from_dict(data: Mapping[str, Any]) -> Part:
    """Read a part that `to_dict` wrote. Fields of a later version are passed over.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    cls = KINDS[data["kind"]]
    known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
    if cls is Image:
        known["data"] = b64decode(known["data"], validate=True)
    return cls(**known)
