"""Lessons as cells that can be taken into a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..answer.parts import Code
from ..lessons import shipped
from ..lessons.folders import lessons_of
from ..lessons.lesson import Lesson
from ..options.help import PROGRAM
from ..phrases import short
from ..sanitize import sanitize_line
from ..views.report import Report

if TYPE_CHECKING:
    import htpy as h

# Drawn by the labextension, where a click writes the cell.
MIME = "application/vnd.gemini-magic.lessons+json"
VERSION = 1
_PRE = "margin:4px 0 8px;padding:6px 10px;border:1px solid rgba(128,128,128,.35);border-radius:6px"


@dataclass(frozen=True)
class LessonList(Report):
    """Lessons in groups, each with its heading, between a `head` with some Markdown and more of it.

    They are prompts to be taken into cells; nothing is run by that.
    """

    head: str
    before: str
    groups: tuple[tuple[str, tuple[Lesson, ...]], ...]
    after: str = ""

    def __str__(self) -> str:
        lines = [self.head, self.before, ""]
        for heading, lessons in self.groups:
            lines += [heading, *(f"  {line}" for each in lessons for line in _lines(each)), ""]
        return "\n".join([*lines, self.after] if self.after else lines[:-1])

    def html(self) -> h.Renderable:
        import htpy as h

        from ..runs.html_prose import prose
        from ..runs.maths import literal

        def shown(lesson: Lesson) -> h.Renderable:
            return h.details[
                h.summary(style="cursor:pointer")[literal(_titled(lesson))],
                h.pre(style=_PRE)[literal(cell_of(lesson))],
            ]

        return h.div[
            h.p[h.strong[literal(self.head)]],
            prose(self.before),
            (
                h.div(style="margin:8px 0")[h.strong[literal(heading)], map(shown, lessons)]
                for heading, lessons in self.groups
            ),
            prose(self.after),
        ]

    def bundle(self) -> dict[str, Any]:
        return {MIME: self.to_dict(), **super().bundle()}

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `labextension/src/contract/lessons.ts` reads."""
        return {
            "version": VERSION,
            "head": self.head,
            "before": self.before,
            "groups": [
                {
                    "heading": heading,
                    "lessons": [
                        {"title": each.title, "needs": needs_of(each), "cell": cell_of(each)}
                        for each in lessons
                    ],
                }
                for heading, lessons in self.groups
            ],
            "after": self.after,
        }


def known(folders: Iterable[str]) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
    """Return the lessons in `folders`, then ours, and a line for each that cannot be read."""
    own, unread = lessons_of(folders)
    return (*own, *shipped()), unread


def by_theme(lessons: Iterable[Lesson]) -> tuple[tuple[str, tuple[Lesson, ...]], ...]:
    """Return the lessons by theme; themes whose lessons need nothing of the user come first."""
    themes: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        themes.setdefault(lesson.theme or "Others", []).append(lesson)
    found = sorted(themes.items(), key=lambda each: all(map(_needs_of_user, each[1])))
    return tuple((theme, tuple(members)) for theme, members in found)


def cell_of(lesson: Lesson) -> str:
    """Return the cell that asks for a lesson, with the flags that it needs."""
    flags = [f"--tool {name}" for name in sorted(lesson.functions)]
    flags += ["--file PATH"] if lesson.files else []
    return "\n".join((" ".join((PROGRAM, *flags)), lesson.prompts[0].strip("\n")))


def needs_of(lesson: Lesson) -> str:
    """Return what a lesson needs before its cell can run; empty if nothing."""
    return "; ".join(filter(None, (_needs_of_user(lesson), _needs_installed(lesson))))


def _needs_of_user(lesson: Lesson) -> str:
    needs = [f"a function {name}() of yours" for name in sorted(lesson.functions)]
    needs += [f"a {name.rpartition('.')[2].upper()} file in place of PATH" for name in lesson.files]
    return ", ".join(needs)


def _needs_installed(lesson: Lesson) -> str:
    from ..sandbox import science

    if science.is_installed():
        return ""
    codes = (part.code for part in lesson.parts if isinstance(part, Code))
    return f"`{science.INSTALL}`" if any(map(science.is_needed, codes)) else ""


def _titled(lesson: Lesson) -> str:
    needs = needs_of(lesson)
    return f"{lesson.title} (needs {needs})" if needs else lesson.title


def _lines(lesson: Lesson) -> list[str]:
    """Return a lesson as text: its title, and the shortest cell that asks for it."""
    first = cell_of(lesson).split("\n", 1)[0]
    prompt = short(min(lesson.prompts, key=len), 200)
    return [sanitize_line(_titled(lesson)), f"    {first}", f"    {prompt}"]
