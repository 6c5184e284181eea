"""A run written to a file, in the form that the file's suffix names; whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

from ...errors import ExportError
from ...phrases import did_you_mean
from ...sanitize import writable
from ..run import Run
from .evidence import to_json
from .markdown import to_markdown


def _notebook(run: Run) -> str:
    return json.dumps(run.to_notebook(), indent=1, ensure_ascii=False) + "\n"


_FORMS: Mapping[str, Callable[[Run], str]] = {
    ".html": Run.to_html,
    ".ipynb": _notebook,
    ".py": Run.to_script,
    ".md": to_markdown,
    ".json": to_json,
}


def export(run: Run, file: str, *, force: bool = False) -> Path:
    """Write `run` to `file` and return its path; a file that is there stays unless `force` is set.

    Raises ExportError, in one line, for a suffix that is not known and for what cannot be written.
    """
    form = _FORMS.get(Path(file).suffix.lower())
    if form is None:
        kinds = f"it takes {', '.join(_FORMS)}"
        hint = did_you_mean(Path(file).suffix.lower(), _FORMS, kinds)
        raise ExportError(f"the form of {file!r} is not known by its suffix: {hint}")
    try:
        path = Path(file).expanduser()
        if path.exists() or path.is_symlink():
            _refuse(path, file, force)
        _put(writable(form(run)), path)
    except (OSError, RuntimeError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise ExportError(f"{file!r} cannot be written: {why}") from exc
    return path


def _refuse(path: Path, file: str, force: bool) -> None:
    if not path.is_file() or path.is_symlink():
        raise ExportError(f"{file!r} is not an ordinary file and is not written over: rename it")
    if not force:
        raise ExportError(f"{file!r} is there already: add --force to replace it")


def _put(text: str, path: Path) -> None:
    # Beside its place, as only there it can be put into place in one go.
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
