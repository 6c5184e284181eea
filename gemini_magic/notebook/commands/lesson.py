"""`%gemini lesson`: runs that become lessons."""

from __future__ import annotations

from pathlib import Path

from ...errors import OptionError
from ...phrases import count
from ...runs.lesson import goes_on, runs_of, save
from .answers import answer_of_one
from .command import Invocation
from .registry import command


@command("lesson save FILE [CHAT]")
def lesson_save(at: Invocation, file: str, chat: str = "") -> str:
    """Save the last run as a lesson, or the turns of a chat, each as one of its own."""
    path = Path(file)
    if chat:
        runs = runs_of(at.session.chats.get(chat))
        paths = [path.with_stem(f"{path.stem}-{number}") for number in range(1, len(runs) + 1)]
    else:
        runs, paths = [answer_of_one(run) for run in at.session.runs[-1:]], [path]
    if not runs:
        raise OptionError("there is no run yet to save as a lesson")
    for run, place in zip(runs, paths, strict=True):
        save(run, place)
    lines = [f"{count(len(runs), 'lesson')} saved: {', '.join(map(str, paths))}"]
    lines += [
        f"{place}: its last attempt failed; the prose after it is said only if it has {{{{error}}}}"
        for run, place in zip(runs, paths, strict=True)
        if not goes_on(run)
    ]
    return "\n".join(lines)
