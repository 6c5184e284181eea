"""Marks in streamed text: thoughts in tags, and Python in fences, told apart while they come."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPEN, _CLOSE = "<think>", "</think>"
# https://spec.commonmark.org/0.31.2/#fenced-code-blocks
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[^\s`]*)[^`]*\n?\Z")
_PYTHON = frozenset({"python", "python3", "py", "py3", "tool_code"})
_BLANK = re.compile(r" {0,3}\Z")


class ThinkTags:
    """Tells thoughts from text where an answer begins with them, in tags.

    Servers that do not know how a model marks its thoughts send them so.
    """

    def __init__(self) -> None:
        self._held = ""
        # Where the text is: before anything, among thoughts, between them and the answer, or in it.
        self._state = "start"

    def feed(self, text: str) -> Iterator[tuple[bool, str]]:
        """Yield what is decided of the text so far, each piece with whether it is a thought."""
        self._held += text
        if self._state == "start":
            begun = self._held.lstrip()
            if _OPEN.startswith(begun[: len(_OPEN)]) and len(begun) < len(_OPEN):
                return
            self._state = "thought" if begun.startswith(_OPEN) else "answer"
            if self._state == "thought":
                self._held = begun[len(_OPEN) :]
        if self._state == "thought":
            thought, closed, rest = self._held.partition(_CLOSE)
            kept = 0 if closed else _overlap(thought, _CLOSE)
            yield True, thought[: len(thought) - kept]
            self._held = rest if closed else thought[len(thought) - kept :]
            if not closed:
                return
            self._state = "gap"
        if self._state == "gap":
            self._held = self._held.lstrip()
            self._state = "answer" if self._held else "gap"
        yield False, self._held
        self._held = ""

    def rest(self) -> Iterator[tuple[bool, str]]:
        """Yield what was held back at the end of the text."""
        yield self._state == "thought", self._held
        self._held = ""


def _overlap(text: str, mark: str) -> int:
    """Return how many characters at the end of `text` may begin `mark`."""
    sizes = range(min(len(mark) - 1, len(text)), 0, -1)
    return next((size for size in sizes if mark.startswith(text[-size:])), 0)


class PythonFence:
    """Finds the first fence of Python in a text that comes in pieces.

    `code` is what is in it, None as long as there is none; `is_closed` is whether its end came.
    """

    def __init__(self) -> None:
        self.code: str | None = None
        self.is_closed = False
        self._mark = ""
        self._line = ""
        self._begun = True

    def feed(self, text: str) -> Iterator[str]:
        """Yield the text before the fence, as it comes; a line that may begin one is held."""
        for line in text.splitlines(keepends=True):
            if self.is_closed:
                return
            yield from self._take(line)

    def rest(self) -> Iterator[str]:
        """Yield what was held back at the end of the text."""
        if self._line and not self.is_closed:
            yield from self._decide(self._line)
        self._line = ""

    def _take(self, piece: str) -> Iterator[str]:
        self._line += piece
        is_whole = self._line.endswith("\n")
        if not is_whole and (self.code is not None or self._may_be_fence()):
            return
        yield from self._decide(self._line)
        self._line = ""
        self._begun = is_whole

    def _may_be_fence(self) -> bool:
        start = self._line.lstrip(" ")
        return self._begun and (bool(_BLANK.match(self._line)) or start[:1] in ("`", "~"))

    def _decide(self, line: str) -> Iterator[str]:
        fence = _FENCE.match(line) if self._begun else None
        if self._mark:
            closes = fence and fence["mark"].startswith(self._mark) and not fence["language"]
            if self.code is not None:
                self.is_closed = bool(closes)
                self.code += "" if closes else line
                return
            self._mark = "" if closes else self._mark
        elif fence:
            self._mark = fence["mark"]
            if fence["language"].lower() in _PYTHON:
                self.code = ""
                return
        yield line
