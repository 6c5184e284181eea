"""`%gemini recordings`: what is kept to answer the same request again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ...engines.recordings import files
from ...engines.recordings.library import Place
from ...engines.recordings.nearest import ago
from ...engines.recordings.places import user_store
from ...engines.recordings.player import Player
from ...engines.recordings.recording import Recording
from ...engines.recordings.store import Store
from ...engines.recordings.summary import Summary, read_summary, write_summary
from ...errors import OptionError, RecordingError
from ...line import answer
from ...phrases import count
from ...request.request import Request
from ...runs.run import Run
from ...views.report import Table
from .columns import columns
from .command import Invocation
from .registry import LINE, command

PAGE = 20
_HEAD = ("recording", "when", "tokens", "bytes", "model", "prompt")


@command("recordings [PAGE]", aliases=("list",))
def recordings(at: Invocation, page: str = "1") -> str | Table:
    """List the runs that are kept, 20 a page, the newest first."""
    number = _number(page, "page")
    kept = _kept(at)
    if isinstance(kept, Store):
        total, rows = len(kept), kept.rows((number - 1) * PAGE, PAGE)
    else:
        found = list(kept)[::-1]
        total, rows = len(found), _rows(found)[(number - 1) * PAGE :][:PAGE]
    if not total:
        return f"no run is kept in {kept.path}"
    pages = -(-total // PAGE)
    if number > pages:
        there = f"there {'is' if pages == 1 else 'are'} {count(pages, 'page')}"
        raise OptionError(f"there is no page {number}: {there}")
    size = f", {kept.size:,} bytes" if isinstance(kept, Store) else ""
    more = f"; page {number} of {pages}: `{LINE} recordings PAGE`" if pages > 1 else ""
    after = f"{count(total, 'recording')}{size}, in {kept.path}{more}"
    return columns(_HEAD, [_line(row) for row in rows], after)


@command("recordings show RECORDING")
def show(at: Invocation, number: str) -> None:
    """Show a recording, by its number."""
    recording = _recording(at, number)
    player = Player(recording)
    run = Run(Request(recording.prompt), player.name, player.model, "none")
    run.past = player.past
    answer(run, player, lambda run: at.session.host.show(run, static=True))


@command("recordings export FILE")
def export(at: Invocation, file: str) -> str:
    """Write all recordings to a file, sorted, a line each; what it holds already stays."""
    path = _lines(file).expanduser()
    held = files.load(path) if path.exists() else []
    number = files.save([*held, *_kept(at)], path)
    return f"{count(number, 'recording')} in {file}: review it, it holds prompts and answers"


@command("recordings import FILE")
def import_(at: Invocation, file: str) -> str:
    """Keep the recordings of a file, or the runs of a notebook, too."""
    kept = _kept(at)
    found = files.load(Path(file))
    if not found:
        return f"{file} holds no recording: it takes what `{LINE} recordings export` writes"
    new = [
        each
        for each in found
        if (held := kept.find(each.fingerprint)) is None or held.time < each.time
    ]
    for each in new:
        kept.add(each)
    verb = "is" if len(new) == 1 else "are"
    return f"{count(len(new), 'recording')} of {len(found)} in {file} {verb} new here"


@command("recordings clear")
def clear(at: Invocation) -> str:
    """Forget all recordings of yours; files and notebooks keep theirs."""
    store = user_store()
    store.clear()
    return f"no run is kept in {store.path} any more"


def _kept(at: Invocation) -> Place:
    """Return where runs are kept, by the settings; raise RecordingError where they cannot be."""
    library = at.session.library(at.session.options().recordings)
    if library.keeps is None:
        raise RecordingError(library.why)
    return library.keeps


def _recording(at: Invocation, number: str) -> Recording:
    kept, place = _kept(at), _number(number, "recording")
    if isinstance(kept, Store):
        found = kept.get(place)
    else:
        found = dict(enumerate(kept, start=1)).get(place)
    if found is None:
        raise OptionError(f"there is no recording {number!r}: `{LINE} recordings` lists them")
    return found


def _rows(found: Sequence[Recording]) -> list[Summary]:
    """Return recordings of a file as rows, by their place in it: the newest first."""
    return [
        read_summary(len(found) - place, each.time, write_summary(each), len(each.to_line()))
        for place, each in enumerate(found)
    ]


def _line(row: Summary) -> tuple[object, ...]:
    when = ago(datetime.fromisoformat(row.time))
    tokens = f"{row.tokens:,}" if row.tokens else "–"
    return row.number, when, tokens, f"{row.size:,}", row.model or row.engine, row.prompt


def _lines(file: str) -> Path:
    path = Path(file)
    if path.suffix != ".jsonl":
        raise OptionError(
            f"recordings are lines of JSON, in a file like recordings.jsonl, not {file!r}"
        )
    return path


def _number(word: str, what: str) -> int:
    if not word.isdecimal() or not 0 < int(word) < 2**63:
        raise OptionError(f"{word!r} is not the number of a {what}: `{LINE} recordings` lists them")
    return int(word)
