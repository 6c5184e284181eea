"""A run as a lesson, and where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..answer.parts import OK, Call, Code, Data, Part, Result, Text
from ..answer.steps import Step, blocks
from ..errors import LessonError
from ..lessons.lesson import literal, write
from ..phrases import short
from ..sanitize import writable
from .chats import Chat
from .run import Run
from .transcript import ordinary, put

SUFFIX = ".md"


def lesson_of(run: Run) -> str:
    """Return a run as a lesson that gives the same prose and runs the same code.

    Prose about an attempt that failed last quotes its error by a placeholder: a lesson goes on
    after such an attempt only then.
    """
    told = blocks([_literal(part) for part in _own(run.parts)])
    return write(run.request.prompt, _quoting(told), short(run.request.prompt))


def goes_on(run: Run) -> bool:
    """Return whether the lesson of `run` says all its prose: what follows a failure quotes it."""
    told = _quoting(blocks([_literal(part) for part in _own(run.parts)]))
    last = _last_step(told)
    after = [part.text for part in told[last + 1 :] if isinstance(part, Text)]
    return not after or _is_good(told[last]) or any("{{error}}" in text for text in after)


def _own(parts: Sequence[Part]) -> list[Part]:
    """Return the parts without the calls that code made: it makes them again when it is played."""
    own: list[Part] = []
    for part in parts:
        if isinstance(part, Result):
            codes = [place for place, each in enumerate(own) if isinstance(each, Code)]
            begun = codes[-1] if codes else len(own)
            own[begun:] = [each for each in own[begun:] if not isinstance(each, Call)]
        own.append(part)
    return own


def _literal(part: Part) -> Part:
    return replace(part, text=literal(part.text)) if isinstance(part, Text | Data) else part


def _last_step(told: Sequence[Part | Step]) -> int:
    return max((at for at, block in enumerate(told) if isinstance(block, Step)), default=-1)


def _is_good(block: Part | Step) -> bool:
    return not isinstance(block, Step) or block.outcome == OK


def _quoting(told: Sequence[Part | Step]) -> list[Part | Step]:
    last = _last_step(told)
    step = told[last] if last >= 0 else None
    if not isinstance(step, Step) or _is_good(step) or not step.output.strip():
        return list(told)
    error = literal(step.output.strip().splitlines()[-1].strip())
    after = [
        replace(block, text=block.text.replace(error, "{{error}}"))
        if isinstance(block, Text)
        else block
        for block in told[last + 1 :]
    ]
    return [*told[: last + 1], *after]


def runs_of(chat: Chat) -> list[Run]:
    """Return the runs that are the turns of a chat.

    Raises LessonError for a turn that is of another session.
    """
    runs = [turn.run for turn in chat.turns]
    for number, run in enumerate(runs, start=1):
        if run is None:
            raise LessonError(
                f"turn {number} of chat {chat.name!r} was asked in another session, "
                "and only its text is left"
            )
    return [run for run in runs if run is not None]


def save(run: Run, path: Path) -> None:
    """Write a run as a lesson, whole or not at all, in place of a lesson of that name.

    Raises LessonError where that cannot be, and for a file that is something else.
    """
    try:
        path = ordinary(path)
        if path.suffix.lower() != SUFFIX:
            raise LessonError(f"a lesson is a Markdown file: {str(path) + SUFFIX!r}")
        if path.exists() and not path.read_text(encoding="utf-8").startswith("+++\n"):
            raise LessonError(f"{str(path)!r} is there, and is no lesson: choose another name")
        put(writable(lesson_of(run)), path)
    except (OSError, RuntimeError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise LessonError(f"the lesson cannot be saved in {str(path)!r}: {why}") from exc
