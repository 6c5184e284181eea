"""Lessons of a folder, each run as a class would: which work, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..answer.parts import Data, Note, Text
from ..engines.offline import ENDED, Offline
from ..errors import GeminiError, LessonError, SandboxError
from ..lessons.folders import Found, files_of
from ..lessons.lesson import MISSING, Lesson
from ..lessons.matching import find
from ..options.table import Options
from ..phrases import short
from ..request.attachment import Attachment
from ..request.attachments import gather
from ..request.request import Request
from .run import Run
from .verify import verify_steps
from .verify.verdicts import DIFFERENT, RANDOM

LIMIT = 64 * 2**20  # bytes of a lesson's files, which is what the sandbox holds
GOOD, VARIES, SKIPPED, BAD = "ok", "varies", "not run", "fails"


@dataclass(frozen=True)
class Checked:
    """What came of a lesson: `state` is ok, varies, not run or fails, and `why` says more."""

    file: str
    title: str
    state: str
    attempts: int = 0
    seconds: float = 0.0
    why: str = ""

    @property
    def fails(self) -> bool:
        return self.state == BAD

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def check(folder: Path) -> Iterator[Checked]:
    """Run the lessons of a folder, in the order of their names, and yield what came of each.

    A lesson finds its files in the folder of its own name beside it: `squares.md` those in
    `squares`. Raises LessonError for a folder without lessons, SandboxError where the sandbox
    cannot run.
    """
    found = files_of(folder)
    if not found or found[0].path == folder.expanduser():
        raise LessonError(found[0].why if found else f"no lessons in {folder}: it has no *.md")
    lessons = [each.lesson for each in found if each.lesson is not None]
    for each in found:
        if each.lesson is None:
            yield Checked(str(each.path), "", BAD, why=each.why)
        else:
            yield _checked(each, each.lesson, lessons)


def _checked(found: Found, lesson: Lesson, lessons: Sequence[Lesson]) -> Checked:
    file, title = str(found.path), short(lesson.title)
    if why := _needs(found, lesson):
        return Checked(file, title, SKIPPED, why=why)
    for prompt in lesson.prompts:
        other = find(prompt, lessons)
        if other is not lesson:
            name = f"the lesson {short(other.title)!r}" if other else "no lesson"
            return Checked(file, title, BAD, why=f"{name} answers its prompt {short(prompt)!r}")
    try:
        run = _run(lesson, _attachments(found, lesson))
    except SandboxError:
        raise
    except GeminiError as exc:
        return Checked(file, title, BAD, why=str(exc))
    state, why = _judged(run)
    return Checked(file, title, state, len(run.steps), round(run.seconds, 3), why)


def _needs(found: Found, lesson: Lesson) -> str:
    """Return what a lesson needs that a check has not: functions of a notebook, files."""
    if lesson.functions:
        return f"it calls {sorted(lesson.functions)[0]}(), a function of the notebook"
    absent = [path for path in _paths(found, lesson) if not path.is_file()]
    return f"it reads a file: put it there as {absent[0]}" if absent else ""


def _paths(found: Found, lesson: Lesson) -> list[Path]:
    return [found.path.with_suffix("") / name for name in sorted(lesson.files)]


def _attachments(found: Found, lesson: Lesson) -> tuple[Attachment, ...]:
    return tuple(gather({}, [str(path) for path in _paths(found, lesson)], LIMIT))


def _run(lesson: Lesson, attachments: tuple[Attachment, ...]) -> Run:
    engine = Offline(lessons=(lesson,))
    run = Run(Request(lesson.prompts[0], Options(), attachments=attachments), engine.name)
    with run.tracking():
        for part in engine.stream(run.request):
            run.add(part)
    return run


def _judged(run: Run) -> tuple[str, str]:
    """Return the state of a lesson that was run, and why it is not ok."""
    if any(isinstance(part, Note) and part.text == ENDED for part in run.parts):
        last = next(line for line in reversed(f"-\n{run.output}".splitlines()) if line.strip())
        return BAD, f"its code fails, and what follows rests on it: {short(last)}"
    if any(isinstance(part, Text | Data) and MISSING in part.text for part in run.parts):
        return BAD, "it quotes what is not printed"
    again = verify_steps(run.steps, {}) if run.steps and not run.request.attachments else None
    for number, verdict in enumerate(again.verdicts if again else (), start=1):
        if verdict.kind in (DIFFERENT, RANDOM):
            return VARIES, f"attempt {number} prints something else each time: {verdict.words}"
    return GOOD, ""
