"""Where recordings are: in the user's own file, beside a notebook, in it, or where a path says."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

from ...errors import RecordingError
from .files import RecordingsFile
from .library import Library, Place
from .store import Store

USER, BESIDE = "user", "file"
_SUFFIX = ".recordings.jsonl"


def library(where: str, notebook: Path | None) -> Library:
    """Return the places that the setting `where` means, for runs of `notebook` if it is known.

    What a notebook shows itself answers too, wherever runs are kept.
    """
    own: list[Place] = [RecordingsFile(notebook)] if notebook else []
    try:
        return Library([_kept(where, notebook), *own])
    except RecordingError as exc:
        return Library(own, f"not recorded: {exc}", keeps=False)


def _kept(where: str, notebook: Path | None) -> Place:
    if where == USER:
        return user_store()
    if where != BESIDE:
        return RecordingsFile(_lines(where))
    if notebook is None:
        raise RecordingError(
            'GeminiMagic.recordings = "file" keeps runs beside a notebook, and nobody tells its '
            'path here: name a file, as "recordings.jsonl"'
        )
    return RecordingsFile(notebook.with_suffix(_SUFFIX))


def _lines(where: str) -> Path:
    path = Path(where)
    if path.suffix != ".jsonl":
        raise RecordingError(
            f"GeminiMagic.recordings takes user, file or the path of a .jsonl file, not {where!r}"
        )
    return path.expanduser()


def user_store() -> Store:
    """Return the store of the user; raise RecordingError where there is no folder for it."""
    try:
        folder = user_data_path("gemini-magic", appauthor=False)
    except RuntimeError:  # neither HOME nor an entry in the system's list of users
        folder = Path()
    if not folder.is_absolute():
        raise RecordingError("there is no folder for a user's data here: set XDG_DATA_HOME")
    return Store(folder / "recordings.sqlite3")
