"""One prompt and everything that came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..answer import document
from ..answer.answer import Answer
from ..answer.claims.claim import Claim
from ..answer.document import Document
from ..answer.parts import (
    Event,
    Note,
    Part,
    Past,
    Progress,
    Reply,
    TurnContents,
    Usage,
    Waiting,
)
from ..answer.sent import Sent
from ..errors import Blocked, GeminiError, RecordingError, SandboxError
from ..lessons.lesson import write
from ..phrases import count
from ..request.attachment import announced, without_data
from ..request.fingerprint import Facts
from ..request.request import Request
from ..request.staging import is_source, source_of
from ..sanitize import sanitize_line
from .growth import Growth
from .provenance import Asked, answering_model, hashed, provenance, unknown
from .seal import integrity, sealed
from .stats import Stats, read_stats, replayed, write_stats

if TYPE_CHECKING:
    from .verify import Verification


# In `Run.ran`: the model's code ran on this machine.
HERE = "here"


class Run(Answer):
    """A request, the parts that answered it, and how it ended.

    `state` is running, done, stopped (by the user), failed, or blocked (by the engine's rules).
    `error` is the line that the user met, or None. `started` and `times` are seconds on a
    monotonic clock: when the request went out, and when each part was last added to. `calls` has
    the seconds that each function ran, by the place of its part. `waiting` is what the user is
    asked now, or None. `size` is about the number of characters to be shown, pictures left out.
    `insert` says which code a front end should put into cells when the run is done: none, last or
    all; empty leaves it to the front end.
    `staging` is the Python that makes the run's files exist for those cells, empty without files.
    `verification` is what `verify` found, None until then.
    `ran` is "here" if the model's code ran on this machine, else empty.
    `value` is the answer as an object, if one of a certain shape was asked for; it is not stored.
    `is_timed` says whether anybody knows its seconds: not of a run that was stored without them.
    `sent` are the pictures that were sent with the prompt, as the notebook keeps them.
    `shown_in` is the execution of a cell that has shown the run already, empty if none has.
    `claims` says where each number of the answer comes from, once the run is over.
    `integrity` says of a run that was read whether it is as it was written: intact, changed, page
    changed (what a page shows beside it) or no hash; it is empty for one that was made here.
    `step` says how a page is to present the run, which it does once; empty, as most are.
    `past` is there if nothing was sent, as the answer was recorded; `recorded` says when.
    `display` is the name under which a notebook shows it. `facts` are what was asked
    (`request.fingerprint`), None if the run is not to be kept.

    A run can be copied and pickled, as far as its request and its value can. A notebook shows it as
    its cell did, where a cell ends with it; `print` gives its text.
    """

    def __init__(
        self, request: Request, engine: str = "", model: str = "", insert: str = ""
    ) -> None:
        self.request = request
        self.engine = engine
        self.model = model
        self.insert = insert
        self.ran = HERE if request.options.runs_here else ""
        files = (each.attachment() for each in request.kept if each.path)
        self.staging = source_of((*request.earlier, (*request.attachments, *files)))
        self.state = "running"
        self.error: str | None = None
        self.usage: Usage | None = None
        self.replies: list[Reply] = []
        self.turn: TurnContents | None = None
        self.progress: Progress | None = None
        self.waiting: Waiting | None = None
        self.value: Any = None
        self.verification: Verification | None = None
        self.claims: tuple[Claim, ...] = ()
        self.step = ""
        self.sent: tuple[Sent, ...] = ()
        self.past: Past | None = None
        self.facts: Facts | None = None
        self.display = uuid4().hex
        self.shown_in = ""
        self.started = monotonic()
        self.moment = datetime.now(UTC)
        self.ended: float | None = None
        self.is_timed = True
        self.integrity = ""
        self._asked: Asked | None = None
        self._stored_provenance: Mapping[str, Any] | None = None
        notes = (*request.notes, *announced(request.attachments, request.first))
        # The parts that the engine gave: what is said before and after is worked out anew.
        self.answered = slice(len(notes), None)
        self._growth = Growth(map(Note, notes), self.started)

    def __repr__(self) -> str:
        what = f"{count(len(self.steps), 'attempt')}, {count(len(self.parts), 'part')}"
        return sanitize_line(f"<Run {self.state}: {what}, {self.engine}>")

    def __str__(self) -> str:
        from .text import to_text

        return to_text(self)

    def view(self) -> Any:
        """Return a widget that shows the run, for layouts: `HBox([run.view(), plot])`.

        It follows a run that grows in another thread. A notebook that is saved with it shows
        nothing without its kernel: for that, let the cell end with the run itself.
        """
        from .. import view_of

        return view_of(self)

    def add(self, event: Event) -> None:
        """Take in what an engine yields: a part of the answer, or something that is said of it."""
        match event:
            case Usage():
                self.usage = event
            case Reply():
                self.replies.append(event)
            case TurnContents():
                self.turn = event
            case Progress():
                self.progress = None if event.done >= event.total > 0 else event
            case Past():
                self.past = event
            case Waiting():
                self.waiting = event if event.question else None
                self._growth.wait(begins=bool(event.question))
            case _:
                self._growth.add(event)

    def until(self, count: int) -> Run:
        """Return the run as it was when it had `count` parts."""
        shown = copy(self)
        shown._growth = Growth(self.parts[:count], self.started)
        shown.state, shown.error, shown.ended = "running", None, None
        shown.claims, shown.verification = (), None
        return shown

    @contextmanager
    def tracking(self) -> Iterator[None]:
        """Settle the state when the block ends, and let the exception that ended it go on.

        A run that breaks half-way keeps its parts; the error that leaves carries the run.
        """
        self.started, self.moment = monotonic(), datetime.now(UTC)
        self._growth.begin(self.started)
        try:
            yield
        except KeyboardInterrupt:
            self.stop()
            raise
        except (Exception, SystemExit) as exc:
            self._end("blocked" if isinstance(exc, Blocked) else "failed", exc)
            if isinstance(exc, GeminiError):
                exc.run = self
            raise
        self._end("done")

    def stop(self) -> None:
        """End the run as the user's interrupt does."""
        self._end("stopped")

    def _end(self, state: str, exc: BaseException | None = None) -> None:
        self.state = state
        self.error = None if exc is None else f"{type(exc).__name__}: {exc}"
        self.ended = monotonic()
        self.progress = self.waiting = None
        # Reading numbers needs a Markdown parser and large patterns, which an import must not cost.
        from .claimed import claims_of

        self.claims = claims_of(self)
        self._asked = hashed(self.request)
        # A session remembers its runs, and must not fill the memory with what they were given.
        self.request = replace(self.request, attachments=without_data(self.request.attachments))

    @property
    def is_calling(self) -> bool:
        """Whether a function that the model called runs now, or is about to."""
        return self.state == "running" and self._growth.is_calling

    @property
    def parts(self) -> list[Part]:
        return self._growth.parts

    @property
    def times(self) -> list[float]:
        return self._growth.times

    @property
    def calls(self) -> dict[int, float]:
        return self._growth.calls

    @property
    def size(self) -> int:
        return self._growth.size

    def verify(
        self, files: Mapping[str, bytes] | None = None, *, seconds: float | None = None
    ) -> Verification:
        """Run every attempt again in the sandbox here; return and keep a verdict on each.

        `files` are what the code reads, by name; without them it finds those of the run that are
        still where they were, or in the current folder. An attempt may take `seconds`, 30 unless
        said otherwise. Raises SandboxError where the sandbox cannot run.
        """
        from .verify.again import SECONDS
        from .verify.material import files_of_run
        from .verify.verify import verify_steps

        variables = [each.name for each in self.request.kept if not each.path]
        if variables and files is None:
            raise SandboxError(
                f"its data ({', '.join(variables)}) is not kept with the run: run the cell again"
            )
        given = files_of_run(self) if files is None else files
        self.verification = verify_steps(self.steps, given, seconds=seconds or SECONDS)
        return self.verification

    @property
    def reply(self) -> Reply | None:
        """Which answer this is, the last one if the model was asked again; None if nobody says."""
        return self.replies[-1] if self.replies else None

    @property
    def answered_by(self) -> str:
        """The model that answered, which may be another than `model`, the one that was asked."""
        return answering_model(self.model, self.reply)

    @property
    def recorded(self) -> datetime | None:
        """When the answer was recorded, in UTC; None if it was asked for now."""
        return datetime.fromisoformat(self.past.time) if self.past else None

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Where the answer comes from: the model asked and the one that answered, the server's ids,
        the versions of what asked, when, and hashes of what was asked and, as `content`, of all
        that is stored. It is no part of the document; that of a run that was read is as stored."""
        found: Mapping[str, Any] = self.stats()["provenance"]
        return found

    @property
    def seconds(self) -> float:
        """Wall-clock seconds from the request to the end, or until now; of a recording, then."""
        if self.past:
            return float(self.past.stats["seconds"])
        # As they are stored: what is shown of a run is shown of its recording.
        return round((monotonic() if self.ended is None else self.ended) - self.started, 3)

    def to_dict(self) -> dict[str, Any]:
        """Return the run as one JSON document: the same for the same answer, so no times in it."""
        return document.write(self._document())

    def _document(self) -> Document:
        return Document(
            engine=self.engine,
            model=self.model,
            prompt=self.request.prompt,
            state=self.state,
            insert=self.insert,
            parts=tuple(self.parts),
            error=self.error,
            staging=self.staging,
            verification=self.verification.to_dict() if self.verification else None,
            claims=self.claims,
            sent=self.sent,
            ran=self.ran,
        )

    def stats(self, *, seal: bool = True) -> dict[str, Any]:
        """Return what differs from one answer to the same prompt to the next, for output metadata.

        `times` has one entry a part: seconds from the start to when it was complete. Those of a
        recording are of then. With `seal` they have the hash of all that is stored, which takes a
        while for a long run.
        """
        if self.past:
            stats = replayed(self.past, self.answered.start, len(self.parts))
            stats["provenance"] = self._provenance(read_stats(self.past.stats).provenance)
        else:
            stats = write_stats(self._measured())
        if self.step:
            stats["step"] = self.step
        # The hash of a run that was read is as it was stored.
        if seal and self.ended is not None and self._stored_provenance is None:
            return sealed(document.write(self._document(), needed=False), stats)
        return stats

    def _measured(self) -> Stats:
        return Stats(
            seconds=self.seconds if self.is_timed else None,
            times=tuple(time - self.started for time in self.times),
            calls=self.calls,
            usage=self.usage,
            reply=self.reply,
            provenance=self._provenance(self._stored_provenance),
        )

    def _provenance(self, stored: Mapping[str, Any] | None) -> dict[str, Any]:
        if stored is not None:
            return {**unknown(self.engine, self.model), **stored}
        asked = self._asked or hashed(self.request)
        return provenance(self.engine, self.model, self.replies, self.moment, asked)

    def to_markdown(self) -> str:
        """Return the run as Markdown, which is also the format of a lesson."""
        return write(self.request.prompt, self.blocks)

    def to_html(self) -> str:
        """Return the run as one page that needs nothing else, with its document in it."""
        from .exports.page import to_html

        return to_html(self)

    def to_notebook(self) -> dict[str, Any]:
        """Return the run as a notebook: its prompt with what came, and the code that the answer
        needs. It is a dict of JSON values, and one that nbformat writes where that is installed."""
        from .exports.notebook import as_node, to_notebook

        return as_node(to_notebook(self))

    def to_script(self) -> str:
        """Return what the answer needs as Python that runs, with the prose as comments."""
        from .exports.script import to_script

        return to_script(self)

    def export(self, file: str | PathLike[str], *, force: bool = False) -> Path:
        """Write the run to a file by its suffix, .html, .ipynb, .py, .md or .json; return its path.

        A file that is there stays unless `force` is set. Raises ExportError, in one line, for that
        and for what cannot be written.
        """
        from .exports.export import export

        return export([self], str(file), force=force)

    @staticmethod
    def from_notebook(path: str | PathLike[str]) -> list[Run]:
        """Return the runs in the outputs of a notebook; raise RecordingError, in one line, for a
        file that cannot be read or is none."""
        from .documents import runs_of_notebook

        return runs_of_notebook(Path(path).expanduser())

    @staticmethod
    def from_html(path: str | PathLike[str]) -> list[Run]:
        """Return the runs that a page holds, as `to_html` writes them; raise RecordingError, in one
        line, for a file that cannot be read or holds none."""
        from .documents import runs_of_page

        return runs_of_page(Path(path).expanduser())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], metadata: object = None) -> Run:
        """Read a document that `to_dict` wrote; raise RecordingError for anything else.

        `metadata` is what `stats` gave, if the document does not hold it, as files of evidence do.
        What of it cannot be read is left out.
        """
        held = document.read(data)
        beside = data.get("metadata") if metadata is None else metadata
        run = cls(Request(held.prompt), held.engine, held.model, held.insert)
        run._growth = Growth(held.parts, run.started)
        run.state, run.error = held.state, held.error
        if not is_source(held.staging):
            raise RecordingError("this is not a run of gemini-magic: its staging is other code")
        run.ran = held.ran
        run.staging, run.claims, run.sent = held.staging, held.claims, held.sent
        if held.verification is not None:
            from .verify.verdicts import read_verification

            run.verification = read_verification(held.verification)
        run._take(read_stats(beside))
        run.integrity = integrity(data, beside)
        return run

    def _take(self, stats: Stats) -> None:
        """End as the stored stats say."""
        self.ended = self.started + (stats.seconds or 0)
        self.is_timed = stats.seconds is not None
        self.usage, self.replies = stats.usage, [stats.reply] if stats.reply else []
        self._stored_provenance = stats.provenance
        self._growth.calls = dict(stats.calls)
        if len(stats.times) == len(self._growth.times):
            self._growth.times = [self.started + time for time in stats.times]
