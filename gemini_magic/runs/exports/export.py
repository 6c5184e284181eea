"""Runs written to a file, in the form that the file's suffix names; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from ...errors import ExportError
from ...phrases import count, did_you_mean
from ...sanitize import writable
from ..run import Run
from .evidence import to_json
from .markdown import to_markdown
from .notebook import to_notebook
from .page import to_html
from .script import to_script

# What is typed in the place of a run's number.
ALL = "all"


def _notebook(*runs: Run) -> str:
    return json.dumps(to_notebook(*runs), indent=1, ensure_ascii=False) + "\n"


_FORMS: Mapping[str, Callable[..., str]] = {
    ".html": to_html,
    ".ipynb": _notebook,
    ".py": to_script,
    ".md": to_markdown,
    ".json": to_json,
}


def export(runs: Sequence[Run], file: str, *, force: bool = False) -> Path:
    """Write runs to `file` and return its path; a file that is there stays unless `force` is set.

    Raises ExportError, in one line, for a suffix that is not known and for what cannot be written.
    """
    suffix = Path(file).suffix.lower()
    if suffix not in _FORMS:
        hint = did_you_mean(suffix, _FORMS, f"it takes {', '.join(_FORMS)}")
        raise ExportError(f"the form of {file!r} is not known by its suffix: {hint}")
    if len(runs) != 1 and (suffix == ".py" or not runs):
        raise ExportError(
            f"{file!r} is to hold {count(len(runs), 'run')}: say which, by its number"
        )
    try:
        path = Path(file).expanduser()
        if path.exists() or path.is_symlink():
            _refuse(path, file, force)
        _put(writable(_FORMS[suffix](*runs)), path)
    except (OSError, RuntimeError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise ExportError(f"{file!r} cannot be written: {why}") from exc
    return path


def written(runs: Sequence[Run], number: str) -> str:
    """Return the beginning of what is said of runs that were written: "run 3 is", "2 runs are"."""
    if number != ALL:
        return f"run {number} is"
    return f"{count(len(runs), 'run')} {'is' if len(runs) == 1 else 'are'}"


def _refuse(path: Path, file: str, force: bool) -> None:
    if not path.is_file() or path.is_symlink():
        raise ExportError(f"{file!r} is not an ordinary file and is not written over: rename it")
    if not force:
        raise ExportError(f"{file!r} is there already: --force, in Python force=True, replaces it")


def _put(text: str, path: Path) -> None:
    # Beside its place, as only there it can be put into place in one go.
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
