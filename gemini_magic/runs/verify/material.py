"""The files of a run that are still at hand, for its code to read."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...request.attachment import Attachment
from ...request.attachments import gather
from ...request.staging import files_of

if TYPE_CHECKING:
    from ..run import Run

LIMIT = 64 * 2**20  # bytes, which is what the sandbox holds


def files_of_run(run: Run, names: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Return the files of a run that are still at hand; `names` has the values of variables.

    Those that were sent in this process are read from wherever they were.
    """
    turns = (*run.request.earlier, run.request.attachments)
    own = [attachment.path for turn in turns for attachment in turn if attachment.path]
    return files_at_hand(run.staging, Path.cwd(), names, own)


def files_at_hand(
    staging: str,
    folder: Path,
    names: Mapping[str, Any] | None = None,
    own: Collection[str] = (),
) -> dict[str, bytes]:
    """Return the files that `staging`, as a run keeps it, would make, by each of their names.

    They are read from `folder`, or if they are among the user's `own`, and from nowhere else: a
    document must not choose what of a user's disk is read. `names` has the values of variables.
    What is gone or lies elsewhere is left out.
    """
    found: dict[str, bytes] = {}
    for data, files, first in _calls(staging):
        places = [(name, None) for name in data] + [(None, path) for path in files]
        for place, (name, path) in enumerate(places, start=first):
            for attachment in _attachment(name, path, folder, names or {}, own):
                found |= files_of([attachment], place)
            for staged in _staged(place, folder):
                found.setdefault(staged.name, staged.read_bytes())
    return found


def _attachment(
    name: str | None,
    path: str | None,
    folder: Path,
    names: Mapping[str, Any],
    own: Collection[str],
) -> Sequence[Attachment]:
    """Return a value of the notebook, or a file in `folder`, as what it was sent as; or nothing."""
    try:
        if name is not None:
            return gather({name: names[name]}, (), LIMIT) if name in names else ()
        inside = Path(str(path)) if path in own else _inside(str(path), folder)
        return gather({}, [str(inside)], LIMIT) if inside else ()
    except Exception:  # a value that has changed since, in any way: it is then not at hand
        return ()


def _inside(path: str, folder: Path) -> Path | None:
    """Return a file that is in `folder`, links followed; None for one that is not."""
    if "://" in path:
        return None
    try:
        found = (folder / path).resolve()
        return found if found.is_file() and found.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None


def _staged(place: int, folder: Path) -> Iterator[Path]:
    """Yield the file that `stage` has written for the attachment at a place."""
    for path in sorted(folder.glob(f"input_file_{place}.*")):
        inside = _inside(path.name, folder)
        if inside and inside.stat().st_size <= LIMIT:
            yield path


def _calls(staging: str) -> Iterator[tuple[list[str], list[str], int]]:
    """Yield names of data, paths, and the first number of each call of `gemini_magic.stage`."""
    try:
        nodes = list(ast.walk(ast.parse(staging)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "gemini_magic.stage"):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        data, files, first = (given.get(name) for name in ("data", "files", "first"))
        keys = data.keys if isinstance(data, ast.Dict) else []
        elements = files.elts if isinstance(files, ast.List) else []
        number = first.value if isinstance(first, ast.Constant) else 0
        yield (
            [str(key.value) for key in keys if isinstance(key, ast.Constant)],
            [str(item.value) for item in elements if isinstance(item, ast.Constant)],
            number if isinstance(number, int) else 0,
        )
