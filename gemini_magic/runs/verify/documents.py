"""The runs that files hold: notebooks, pages and recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ...answer.document import MIME
from ...errors import RecordingError
from ..run import Run

LIMIT = 512 * 2**20  # bytes of a file


def runs_in(path: Path) -> list[Run]:
    """Return the runs of a file, in order: `.ipynb`, `.html`, or a run or several as `.json`.

    Raises RecordingError for a file that cannot be read or is none of these.
    """
    text = _read(path)
    if path.suffix.lower() in (".html", ".htm"):
        return [Run.from_dict(_parsed(data, path)) for data in _scripts(text)]
    return [Run.from_dict(document) for document in _documents(_parsed(text, path), path)]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LIMIT:
            raise RecordingError(f"{str(path)!r} has more than {LIMIT >> 20} MiB")
        return path.read_text("utf-8")
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or "it is not text"
        raise RecordingError(f"{str(path)!r} cannot be read: {why}") from exc


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise RecordingError(
            f"{str(path)!r} holds no JSON: name a .ipynb, .html or .json file"
        ) from exc


def _documents(value: Any, path: Path) -> Iterator[Any]:
    """Yield the documents of runs in a notebook, a list, or alone."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict) and isinstance(value.get("cells"), list):
        for cell in value["cells"]:
            yield from _of_cell(cell, path)
    else:
        yield value


def _of_cell(cell: Any, path: Path) -> Iterator[Any]:
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        if isinstance(data, dict) and MIME in data:
            document = data[MIME]
            # The notebook format lets JSON be text, or the lines of one.
            if isinstance(document, list):
                document = "".join(map(str, document))
            yield _parsed(document, path) if isinstance(document, str) else document


class _Scripts(HTMLParser):
    """Collects what `<script>` elements of our type hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_ours = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_ours = tag == "script" and ("type", MIME) in attrs
        if self._is_ours:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_ours = False

    def handle_data(self, data: str) -> None:
        if self._is_ours:
            self.found[-1] += data


def _scripts(page: str) -> list[str]:
    scripts = _Scripts()
    scripts.feed(page)
    scripts.close()
    return scripts.found
