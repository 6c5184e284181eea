"""
What can go wrong, as a tree.

* GeminiError              every error that a person meets as one line
  x OptionError            a flag or a setting cannot be read
  x RequestError           the prompt, or what goes with it, cannot be sent
  x KeyMissing             the engine needs credentials and finds none
  x LessonMissing          the offline engine has nothing for this prompt
  x LessonError            a lesson cannot be read or saved, or failed
  x RecordingError         a recording cannot be read
  x NotRecorded            `--replay only`, and no recording answers the request
  x BudgetSpent            the request would pass what a session may use
  x ChatError              a chat cannot go on as asked, be kept, or be read
  x SandboxError           the sandbox cannot run on this machine
  x ResultsDiffer          an attempt gave another result when it was run again
  x DocumentChanged        a stored run is not what was written
  x ExportError            a run cannot be written as a file
  x EngineError            the engine was asked, and failed
    + KeyInvalid           it does not accept the credentials
    + AccessDenied         the credentials are good, but not for this
    + ModelNotFound        it does not know the model, or not for this key
    + RequestRefused       it does not accept the request
      - FileGone           a file that was uploaded is not there any more
    + QuotaExhausted       too many requests, or too much of them
    + Blocked              it refuses the prompt, or its own answer
      - Recited            the answer would have quoted its sources
    + CallMalformed        the model called a tool wrongly
    + AnswerCut            the answer ends before its end
    + AnswerUnreadable     what came back is not an answer
    + EngineTimeout        nothing came for too long
    + ConnectionLost       it could not be reached, or the line broke
    + ServerError          it failed by itself

Stopped is not among them: it is a KeyboardInterrupt, told in one line.
"""

from __future__ import annotations

from typing import Any

from .sanitize import sanitize_line


class GeminiError(Exception):
    """An error with one line for the person who ran the cell.

    `run` is the `Run` with what had arrived when it happened, or None when nothing was sent.
    `is_shown` says that a user has the line in front of them, below what had arrived.
    """

    run: Any = None
    is_shown = False

    def __str__(self) -> str:
        # What a server said is in some of them, and must not steer a terminal.
        return sanitize_line(super().__str__())

    def _render_traceback_(self) -> list[str]:
        # IPython's hook: the frames of this package tell the user nothing.
        said = "see the run above" if self.is_shown else str(self)
        return [f"{type(self).__name__}: {said}"]


class OptionError(GeminiError):
    """A flag or a setting cannot be read."""


class RequestError(GeminiError):
    """The prompt, or what goes with it, cannot be sent as it stands."""


class KeyMissing(GeminiError):
    """The engine needs credentials and finds none."""


class LessonMissing(GeminiError):
    """The offline engine has nothing for this prompt."""


class LessonError(GeminiError):
    """A lesson cannot be read, or its code failed where JSON was asked for."""


class RecordingError(GeminiError):
    """A recording cannot be read."""


class NotRecorded(GeminiError):
    """No recording answers the request, and `--replay only` sends none."""


class BudgetSpent(GeminiError):
    """The request would pass what a session may use, and was not sent."""


class ChatError(GeminiError):
    """A chat cannot go on as asked, be kept, or be read."""


class SandboxError(GeminiError):
    """The sandbox cannot run on this machine."""


class ResultsDiffer(GeminiError):
    """An attempt gave another result when it was run again."""


class DocumentChanged(GeminiError):
    """A stored run is not what was written: its hash is that of something else."""


class ExportError(GeminiError):
    """A run cannot be written as a file."""


class EngineError(GeminiError):
    """The engine was asked, and failed."""


class KeyInvalid(EngineError):
    """The engine does not accept the credentials."""


class AccessDenied(EngineError):
    """The credentials are good, but not for this."""


class ModelNotFound(EngineError):
    """The engine does not know the model, or not for this key."""


class RequestRefused(EngineError):
    """The engine does not accept the request."""


class FileGone(RequestRefused):
    """A file that was uploaded is not there any more."""


class QuotaExhausted(EngineError):
    """Too many requests, or too much of them."""


class Blocked(EngineError):
    """The engine refuses the prompt, or its own answer."""


class Recited(Blocked):
    """The answer would have quoted its sources."""


class CallMalformed(EngineError):
    """The model called a tool wrongly."""


class AnswerCut(EngineError):
    """The answer ends before its end."""


class AnswerUnreadable(EngineError):
    """What came back is not an answer."""


class EngineTimeout(EngineError):
    """Nothing came for too long."""


class ConnectionLost(EngineError):
    """The engine could not be reached, or the line broke."""


class ServerError(EngineError):
    """The engine failed by itself."""


NOTHING_SENT = "by you; nothing was sent"


class Stopped(KeyboardInterrupt):
    """The user stopped the run. `run` keeps what had arrived, and is None if nothing was sent."""

    def __init__(self, message: str = "by you", run: Any = None) -> None:
        super().__init__(message)
        self.run = run

    def _render_traceback_(self) -> list[str]:
        return [f"Stopped: {self}"]
