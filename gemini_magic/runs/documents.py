"""The runs that files hold: notebooks, pages and recordings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import Any

from ..answer.document import MIME
from ..answer.rows import ROWS_MIME, documents_in
from ..errors import RecordingError
from .run import Run
from .seal import INTACT, PAGE_CHANGED, page_hash

LIMIT = 512 * 2**20  # bytes of a file
PAGES = (".html", ".htm")
# The attribute of a script that has the hash of the page around it.
PAGE_HASH = "data-page"
# A document, and the metadata beside it, None where the document holds it.
Stored = tuple[Any, Any]


def runs_in(path: Path) -> list[Run]:
    """Return the runs of a file, in order: `.ipynb`, `.html`, or a run or several as `.json`.

    Raises RecordingError for a file that cannot be read or is none of these.
    """
    return _of_page(path) if path.suffix.lower() in PAGES else _of_json(path)


def runs_of_page(path: Path) -> list[Run]:
    """Return the runs that a page holds in scripts of our type; raise RecordingError for none."""
    if not (found := _of_page(path)):
        raise RecordingError(f"{str(path)!r} holds no run: it takes a page that `export` wrote")
    return found


def runs_of_notebook(path: Path) -> list[Run]:
    """Return the runs in the outputs of a notebook; raise RecordingError for anything else."""
    value = _parsed(_read(path), path)
    if not _is_notebook(value):
        raise RecordingError(f"{str(path)!r} is not a notebook: it has no list of cells")
    return _read_all(_documents(value, path), path)


def _of_page(path: Path) -> list[Run]:
    page = _read(path)
    scripts = _Scripts(page)
    found = [(_parsed(script.text, path), None) for script in scripts.found]
    runs = _read_all(found, path)
    shown = page_hash(scripts.rest)
    for run, script in zip(runs, scripts.found, strict=True):
        if run.integrity == INTACT and script.page_hash not in (None, shown):
            run.integrity = PAGE_CHANGED
    return runs


def _of_json(path: Path) -> list[Run]:
    return _read_all(_documents(_parsed(_read(path), path), path), path)


def _read_all(stored: Iterator[Stored] | list[Stored], path: Path) -> list[Run]:
    try:
        return [Run.from_dict(document, metadata) for document, metadata in stored]
    except RecordingError as exc:
        raise RecordingError(f"{str(path)!r}: {exc}") from exc


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            # Reading from a pipe or a device may never end.
            raise RecordingError(f"{str(path)!r} cannot be read: it is not an ordinary file")
        if path.stat().st_size > LIMIT:
            raise RecordingError(f"{str(path)!r} has more than {LIMIT >> 20} MiB")
        return path.read_text("utf-8-sig")
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


def _is_notebook(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("cells"), list)


def _documents(value: Any, path: Path) -> Iterator[Stored]:
    """Yield the documents of runs in a notebook, a list, or alone."""
    if isinstance(value, list):
        yield from ((each, None) for each in value)
    elif _is_notebook(value):
        for cell in value["cells"]:
            yield from _of_cell(cell, path)
    else:
        yield value, None


def _of_cell(cell: Any, path: Path) -> Iterator[Stored]:
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    for output in outputs if isinstance(outputs, list) else ():
        yield from _of_output(output, path)
        for rows, beside in _held(output, ROWS_MIME, path):
            yield from _read_rows(rows, beside, path)


def run_of_output(output: Any, path: Path) -> Run | None:
    """Return the run in an output of a notebook, None if it holds none; a RecordingError names
    `path` if it cannot be read."""
    return next(iter(_read_all(_of_output(output, path), path)), None)


def _of_output(output: Any, path: Path) -> Iterator[Stored]:
    return _held(output, MIME, path)


def _held(output: Any, kind: str, path: Path) -> Iterator[Stored]:
    """Yield what an output holds of a MIME type, and the metadata beside."""
    data = output.get("data") if isinstance(output, dict) else None
    if isinstance(data, dict) and kind in data:
        document, beside = data[kind], output.get("metadata")
        # The notebook format lets JSON be text, or the lines of one.
        if isinstance(document, list):
            document = "".join(map(str, document))
        if isinstance(document, str):
            document = _parsed(document, path)
        yield document, beside.get(kind) if isinstance(beside, dict) else None


def _read_rows(rows: Any, beside: Any, path: Path) -> list[Stored]:
    try:
        return list(documents_in(rows, beside))
    except RecordingError as exc:
        raise RecordingError(f"{str(path)!r}: {exc}") from exc


@dataclass
class _Script:
    """What an element of our type holds, the hash of the page around it, and where it stands."""

    begin: int
    page_hash: str | None
    end: int = 0
    text: str = ""


class _Scripts(HTMLParser):
    """Collects the `<script>` elements of our type; `rest` is the page without them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[_Script] = []
        self._open: _Script | None = None
        self._pieces: list[str] = []
        self._lines = list(accumulate((len(line) + 1 for line in page.split("\n")), initial=0))
        self.feed(page)
        self.close()
        if self._open:  # it was cut off, and is none that was written
            self._close(len(page))
        ends = [0, *(script.end for script in self.found)]
        begins = [*(script.begin for script in self.found), len(page)]
        self.rest = "".join(page[end:begin] for end, begin in zip(ends, begins, strict=True))

    @property
    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and ("type", MIME) in attrs:
            self._open = _Script(self._place, dict(attrs).get(PAGE_HASH))

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._close(self._place + len("</script>"))

    def _close(self, end: int) -> None:
        if self._open:
            self._open.end, self._open.text = end, "".join(self._pieces)
            self.found.append(self._open)
        self._open, self._pieces = None, []

    def handle_data(self, data: str) -> None:
        if self._open:
            self._pieces.append(data)
