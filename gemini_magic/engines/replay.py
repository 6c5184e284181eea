"""A file as an engine: a saved run, what once came over the wire, or the runs of a notebook."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar

from .. import errors
from ..answer import document
from ..answer.document import Document
from ..answer.parts import Event, Note
from ..errors import EngineError, GeminiError, NotRecorded, RecordingError
from ..request.attachment import announced
from ..request.fingerprint import ENGINE, Facts, facts_of
from ..request.request import Request
from .base import NO_FUNCTIONS, Caller, Engine
from .google.clients import client_over
from .google.connection import Connection
from .google.exchange import exchange
from .google.target import Target
from .recordings.files import RecordingsFile
from .recordings.nearest import differences, nearest
from .recordings.player import Player
from .recordings.recording import Recording
from .sealed import sealed

# Seconds between two parts: a pace at which a class can follow.
PACE = 0.03
# Files that hold several runs, each of which answers its own request.
SEVERAL = (".ipynb", ".jsonl")
_LOOKED_AT = 50
# Bytes: pictures of the longest runs included.
_LARGEST = 256 * 2**20

_MODEL = re.compile(r'"modelVersion":\s*"([^"\\]+)"')
_ERROR = re.compile(r'\s*\[?\s*{\s*"error"\s*:')


@dataclass(frozen=True)
class Replay:
    """Plays the file at `path`.

    A notebook (`.ipynb`), or a file of recordings (`.jsonl`), answers what was asked in it. Any
    other is played whatever the prompt is. It is a run (`Run.to_dict()` as JSON), or the body of an
    answer of Gemini: a stream (`streamGenerateContent?alt=sse`), a whole answer, or an error. It
    plays at once; with `pace`, 30 ms pass before each part.
    """

    name: ClassVar[str] = "replay"
    path: Path | str
    pace: bool = False

    @property
    def model(self) -> str:
        """The model that was recorded, empty if the recording does not say."""
        if Path(self.path).suffix.lower() in SEVERAL:
            return ""
        if self._run is not None:
            return self._run.model
        found = _MODEL.search(self._text)
        return found[1] if found else ""

    @property
    def ran(self) -> str:
        """Where the code of the recorded run ran, as `Run.ran` says it."""
        if Path(self.path).suffix.lower() in SEVERAL or self._run is None:
            return ""
        return self._run.ran

    def answering(self, request: Request) -> Engine:
        """Return what plays the recording of `request`, if the file holds those of several.

        Raises NotRecorded, which says what differs, if it has none.
        """
        if Path(self.path).suffix.lower() not in SEVERAL:
            return self
        file = _file(Path(self.path).expanduser())
        if not file.path.is_file():
            raise RecordingError(f"the recording {str(self.path)!r} cannot be read: no such file")
        facts = facts_of(request)
        if found := _nearest(facts, file):
            return Player(found, plays_as=self.name)
        then = nearest(facts, request.prompt, file.asked(facts["prompt"], _LOOKED_AT))
        why = f"nearest in it: {differences(facts, then)}" if then else "it holds no run"
        raise NotRecorded(f"{str(self.path)!r} does not answer this: {why}")

    @sealed
    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield the recorded parts, and raise the error with which the recording ended.

        Raises RecordingError for a file that is missing or none of these.
        """
        if (engine := self.answering(request)) is not self:
            parts = engine.stream(request)
        elif self._run is None:
            parts = self._wire(request)
        else:
            parts = _saved(self._run, request)
        for part in parts:
            if self.pace:
                time.sleep(PACE)
            yield part

    @sealed
    def preview(self, request: Request) -> str:
        """Return what would be played. Raises RecordingError as `stream` does."""
        if (engine := self.answering(request)) is not self:
            return f"replay engine: {engine.preview(request)}"
        kind = "answer of Gemini" if self._run is None else "run"
        return f"replay engine: nothing is sent; the recorded {kind} in {self.path} would be played"

    def warm(self, request: Request) -> None:
        """Do nothing: what it needs is there at once."""

    @cached_property
    def _text(self) -> str:
        try:
            path = Path(self.path).expanduser()
            found = path.stat()
            # A device or a pipe must not even be opened: it may never end.
            if not stat.S_ISREG(found.st_mode):
                raise RecordingError(
                    f"the recording {str(self.path)!r} is not an ordinary file: name one"
                )
            if found.st_size > _LARGEST:
                raise RecordingError(
                    f"the recording {str(self.path)!r} has {found.st_size:,} bytes and may have "
                    f"{_LARGEST:,}: name another"
                )
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            why = "it is not text"
        except (OSError, ValueError, RuntimeError) as exc:  # RuntimeError: there is no such home
            why = getattr(exc, "strerror", None) or str(exc)
        raise RecordingError(f"the recording {str(self.path)!r} cannot be read: {why}")

    @cached_property
    def _run(self) -> Document | None:
        """The document of a saved run; None for what came over the wire."""
        try:
            held = json.loads(self._text)
        except (ValueError, RecursionError):
            held = None
        if isinstance(held, dict) and "parts" in held:
            try:
                return document.read(held)
            except RecordingError as exc:
                raise RecordingError(f"{str(self.path)!r} cannot be played: {exc}") from exc
        known = isinstance(held, dict) and {"candidates", "promptFeedback"} & set(held)
        if not (known or _ERROR.match(self._text) or self._text.lstrip().startswith("data:")):
            raise RecordingError(
                f"{str(self.path)!r} is no recording: it takes a run, or the body of an answer "
                "of Gemini (.sse or .json)"
            )
        return None

    def _wire(self, request: Request) -> Iterator[Event]:
        """Serve the file to the real SDK, which alone knows how to read it."""
        import httpx2

        # A stream, as from a server: it is read by the same rules.
        body = httpx2.ByteStream(self._text.encode())
        status = _status(self._text)
        transport = httpx2.MockTransport(lambda _: httpx2.Response(status, stream=body))
        connection = Connection(key="recorded", key_name="the recorded request")
        target = Target(connection, self.model or "recorded", request.options.timeout)
        # A recording answers once: nobody waits for what a function returns.
        request = replace(request, functions=())
        client = client_over(transport, connection)
        yield from exchange(client, request, target, NO_FUNCTIONS, attempts=1)


@lru_cache(maxsize=8)
def _file(path: Path) -> RecordingsFile:
    """Return the file of several runs, which is read again only when it has changed."""
    return RecordingsFile(path)


def _nearest(facts: Facts, recordings: Iterable[Recording]) -> Recording | None:
    """Return the newest recording that was asked the same.

    One that another model was asked will do if there is no better, and of a run of before there
    were recordings nothing is known but its prompt.
    """
    rest = {name: fact for name, fact in facts.items() if not name.startswith(ENGINE)}
    found: dict[int, Recording] = {}
    for each in recordings:
        then = {name: fact for name, fact in each.facts.items() if not name.startswith(ENGINE)}
        if then == rest:
            found[0] = each
        elif {**then, "model": rest["model"]} == rest and "model" in then:
            found[1] = each
        elif then == {"prompt": rest["prompt"]}:
            found[2] = each
    return found[min(found)] if found else None


def _status(text: str) -> int:
    """Return the HTTP status under which the recorded body was sent."""
    if not _ERROR.match(text):
        return 200
    try:
        body = json.loads(text)
        code = (body[0] if isinstance(body, list) else body)["error"]["code"]
    except (ValueError, LookupError, TypeError):
        return 500
    return code if isinstance(code, int) and 400 <= code < 600 else 500


def _saved(run: Document, request: Request) -> Iterator[Event]:
    """Yield the parts of a saved run, without notes that are said of the same files now."""
    said = (*request.notes, *announced(request.attachments, request.first))
    yield from (part for part in run.parts if not (isinstance(part, Note) and part.text in said))
    if run.state == "stopped":
        yield Note("the recorded run was stopped here")
    if run.error:
        raise _recorded(run.error)


def _recorded(line: str) -> GeminiError:
    """Return the error whose line a run kept: `QuotaExhausted: wait 3 s`."""
    name, _, text = line.partition(": ")
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, GeminiError):
        return kind(text)
    return EngineError(line)
