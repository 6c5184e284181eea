"""Lessons of a user's own: folders of Markdown files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import LessonError
from ..sanitize import sanitize_line
from .lesson import Lesson, read

LARGEST = 2**20  # bytes of a lesson
MOST = 1000  # lessons of a folder
README = "readme.md"


@dataclass(frozen=True)
class Found:
    """A file of a folder, and the lesson in it, or in a line why there is none."""

    path: Path
    lesson: Lesson | None = None
    why: str = ""


def lessons_of(folders: Iterable[str]) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
    """Return the lessons in `folders`, and a line for each folder or file that has none to give."""
    found = [each for folder in folders for each in files_of(Path(folder))]
    lessons = tuple(each.lesson for each in found if each.lesson is not None)
    return lessons, tuple(each.why for each in found if each.why)


def files_of(folder: Path) -> list[Found]:
    """Return the Markdown files of a folder by name, but for its README; not those below it.

    A folder that cannot be read is one that says why.
    """
    try:
        folder = folder.expanduser()
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".md")
    except (OSError, RuntimeError, ValueError) as exc:
        return [Found(folder, why=f"no lessons in {_shown(folder)}: {_reason(exc)}")]
    return list(_read_all([path for path in paths if path.name.lower() != README][:MOST]))


def _read_all(paths: Iterable[Path]) -> Iterator[Found]:
    for path in paths:
        try:
            yield Found(path, _read(path))
        except LessonError as exc:
            yield Found(path, why=sanitize_line(str(exc)))
        except (OSError, ValueError) as exc:
            yield Found(path, why=f"{_shown(path)}: {_reason(exc)}")


def _read(path: Path) -> Lesson:
    if not path.is_file():
        raise ValueError("it is no ordinary file")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"it has more than {LARGEST >> 20} MiB")
    return read(data.decode("utf-8").replace("\r\n", "\n"), _shown(path))


def _shown(path: Path) -> str:
    return sanitize_line(str(path))


def _reason(exc: Exception) -> str:
    if isinstance(exc, UnicodeDecodeError):
        return "it is not UTF-8"
    return sanitize_line(str(getattr(exc, "strerror", None) or exc))
