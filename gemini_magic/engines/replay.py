"""A recording as an engine: a saved run, or what once came over the wire."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from .. import errors
from ..answer.parts import Note, Part, from_dict
from ..errors import EngineError, GeminiError, RecordingError
from ..request.build import Request
from .base import NO_FUNCTIONS, Caller
from .google.clients import Connection, client_over
from .google.exchange import exchange
from .google.sdk_errors import Target
from .sealed import sealed

# Seconds between two parts: a pace at which a class can follow.
PACE = 0.03
VERSION = 1

_MODEL = re.compile(r'"modelVersion":\s*"([^"\\]+)"')
_ERROR = re.compile(r'\s*\[?\s*{\s*"error"\s*:')


@dataclass(frozen=True)
class Replay:
    """Plays the file at `path`, whatever the prompt is.

    The file is a run (`Run.to_dict()` as JSON), or the body of an answer of Gemini: a stream
    (`streamGenerateContent?alt=sse`), a whole answer, or an error. It plays at once; with `pace`,
    30 ms pass before each part.
    """

    name: ClassVar[str] = "replay"
    path: Path
    pace: bool = False

    @property
    def model(self) -> str:
        """The model that was recorded, empty where the recording does not say."""
        if self._run is not None:
            return str(self._run.get("model", ""))
        found = _MODEL.search(self._text)
        return found[1] if found else ""

    @sealed
    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Part]:
        """Yield the recorded parts, and raise the error with which the recording ended.

        Raises RecordingError for a file that is missing or none of these.
        """
        parts = self._wire(request) if self._run is None else _saved(self._run, self.path)
        for part in parts:
            if self.pace:
                time.sleep(PACE)
            yield part

    @sealed
    def preview(self, request: Request) -> str:
        """Return what would be played. Raises RecordingError as `stream` does."""
        kind = "answer of Gemini" if self._run is None else "run"
        return f"replay engine: nothing is sent; the recorded {kind} in {self.path} would be played"

    @cached_property
    def _text(self) -> str:
        try:
            path = self.path.expanduser()
            # A device or a pipe must not even be opened: it may never end.
            if not stat.S_ISREG(path.stat().st_mode):
                raise RecordingError(
                    f"the recording {str(self.path)!r} is not an ordinary file: name one"
                )
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            why = "it is not text"
        except (OSError, ValueError, RuntimeError) as exc:  # RuntimeError: there is no such home
            why = getattr(exc, "strerror", None) or str(exc)
        raise RecordingError(f"the recording {str(self.path)!r} cannot be read: {why}")

    @cached_property
    def _run(self) -> Mapping[str, Any] | None:
        """The document of a saved run; None for what came over the wire."""
        try:
            document = json.loads(self._text)
        except (ValueError, RecursionError):
            document = None
        if isinstance(document, dict) and "parts" in document:
            if document.get("version") != VERSION:
                raise RecordingError(
                    f"the run in {str(self.path)!r} has version {document.get('version')!r}, and "
                    f"version {VERSION} is known: update gemini-magic"
                )
            return document
        known = isinstance(document, dict) and {"candidates", "promptFeedback"} & set(document)
        if not (known or _ERROR.match(self._text) or self._text.lstrip().startswith("data:")):
            raise RecordingError(
                f"{str(self.path)!r} is no recording: it takes a run, or the body of an answer "
                "of Gemini (.sse or .json)"
            )
        return None

    def _wire(self, request: Request) -> Iterator[Part]:
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


def _saved(run: Mapping[str, Any], path: Path) -> Iterator[Part]:
    try:
        parts = [from_dict(data) for data in run["parts"]]
    except (KeyError, TypeError, ValueError) as exc:
        raise RecordingError(f"the run in {str(path)!r} is damaged: {exc!r}") from exc
    yield from parts
    if run.get("state") == "stopped":
        yield Note("the recorded run was stopped here")
    if run.get("error"):
        raise _recorded(str(run["error"]))


def _recorded(line: str) -> GeminiError:
    """Return the error whose line a run kept: `QuotaExhausted: wait 3 s`."""
    name, _, text = line.partition(": ")
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, GeminiError):
        return kind(text)
    return EngineError(line)
