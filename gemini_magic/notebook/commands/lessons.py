"""`%gemini lessons`: what can be asked without a key."""

from __future__ import annotations

from ...phrases import count
from ..lesson_cells import LessonList, by_theme, known
from .command import Invocation
from .registry import command


@command("lessons")
def lessons(at: Invocation) -> LessonList:
    """List the lessons, which need no key, by theme; a click writes the cell."""
    found, unread = known(at.session.options().lessons)
    return LessonList(
        f"{count(len(found), 'lesson')} that need no key",
        "Their prose is written ahead; their code really runs, in a sandbox on this machine. The "
        "offline engine answers a cell with one of these prompts, and Gemini where there is a key.",
        by_theme(found),
        "\n\n".join(unread),
    )
