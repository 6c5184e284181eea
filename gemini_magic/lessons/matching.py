"""Which prompts ask the same: a lesson answers those, and no other.

A wrong answer is worse than none, so closeness is decided word by word: every word that carries
meaning must be there, in order, the same but for a slip of the pen, and every number exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from markdown_it import MarkdownIt

from .lesson import Lesson

_NUMBER = r"(?<![\w.])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.])-?\d+(?:\.\d+)?"
_TOKEN = re.compile(rf"{_NUMBER}|\w+")
_FILLERS = frozenset(
    "a an and are at by can code could for from give i in is it its me my number numbers of on "
    "please program python run s script show tell the then this to use using what with would "
    "write you your calculate compute execute find generate work".split()
)
# Below five letters a slip is as likely another word ("mean", "lean").
_SLIP_LENGTH, _SLIP_RATIO = 5, 0.85
# A lesson that shares less of its words with a prompt is about something else.
_NEAR = 0.1
_PYTHON = frozenset({"python", "python3", "py"})


@dataclass(frozen=True)
class Question:
    """A prompt as it is compared: its prose, and its fenced blocks as (language, text)."""

    prose: str
    fenced: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, prompt: str) -> Question:
        """Take a prompt apart. A fence that is not closed goes to the end, as in all Markdown."""
        lines = prompt.split("\n")
        fenced = []
        # Fences are blocks; what is inside a paragraph does not matter here.
        for token in MarkdownIt().disable("inline").parse(prompt):
            if token.type == "fence" and token.map:
                language = token.info.split()[0].lower() if token.info.split() else ""
                fenced.append((language, token.content.strip()))
                start, end = token.map
                lines[start:end] = [""] * (end - start)
        return cls("\n".join(lines), tuple(fenced))

    @property
    def python(self) -> tuple[str, ...]:
        """The fenced Python of the prompt."""
        return tuple(text for language, text in self.fenced if language in _PYTHON)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that carry meaning, numbers without their commas."""
        tokens = (token.replace(",", "") for token in _TOKEN.findall(self.prose.casefold()))
        return tuple(token for token in tokens if token not in _FILLERS)

    def asks_same(self, other: Question) -> bool:
        """Tell whether both want the same: the same words but for slips, and the same code."""
        return (
            self.fenced == other.fenced
            and len(self.words) == len(other.words)
            and all(_is_same(a, b) for a, b in zip(self.words, other.words, strict=True))
        )

    def nearness(self, other: Question) -> float:
        """Return from 0 to 1 how many words two questions share, for a suggestion only.

        A word in the plural is the same word here.
        """
        mine, others = set(map(_singular, self.words)), set(map(_singular, other.words))
        return len(mine & others) / max(1, len(mine | others))


def find(prompt: str, lessons: Iterable[Lesson]) -> Lesson | None:
    """Return the lesson that answers `prompt`, or None."""
    question = Question.of(prompt)
    for lesson in lessons:
        if any(question.asks_same(_known(each)) for each in lesson.prompts):
            return lesson
    return None


def nearest(prompt: str, lessons: Iterable[Lesson], count: int = 3) -> list[Lesson]:
    """Return the `count` lessons nearest to `prompt`."""
    question = Question.of(prompt)
    return sorted(lessons, key=lambda each: _nearness(question, each), reverse=True)[:count]


def near(prompt: str, lessons: Iterable[Lesson], count: int = 3) -> list[Lesson]:
    """Return at most `count` lessons that share words with `prompt`, the nearest first.

    One that shares less than half of what the nearest does, or hardly a word, is left out.
    """
    question = Question.of(prompt)
    found = [(_nearness(question, each), each) for each in nearest(prompt, lessons, count)]
    return [each for shared, each in found if shared > max(found[0][0] / 2, _NEAR)]


def _nearness(question: Question, lesson: Lesson) -> float:
    return max(question.nearness(_known(each)) for each in lesson.prompts)


@lru_cache(512)
def _known(prompt: str) -> Question:
    """Return the prompt of a lesson, taken apart once: each is compared with all of them."""
    return Question.of(prompt)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _SLIP_LENGTH or not (one + other).isalpha():
        return False
    return SequenceMatcher(None, one, other).ratio() >= _SLIP_RATIO
