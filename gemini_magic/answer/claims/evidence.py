"""All numbers that an answer can rest on, found by their size."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import chain

from .dates import Date, plain_time, spellings
from .grammar import MOST_DIGITS, PRINTED, WHEN, WORD
from .numbers import Reading, read
from .sources import MOST_CHARS, Source
from .words import words_of

# So many equal numbers are looked at: those printed first and last.
_MOST_EQUAL = 60
# Of a line, so much is seen on both sides of a number.
_SIDE = 200
# Where a row has few words, a line so far above it may name the rows.
_FEW_WORDS, _ROWS, _HEAD_CHARS = 3, 60, 400
_DIGIT = re.compile("[0-9]")
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """A number in the source of that place among the sources."""

    source: int
    start: int
    end: int
    value: Decimal = Decimal(0)
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a number, both counted from 0: `text` is around it, where it begins `at`."""

    number: int
    column: int
    text: str
    at: int


class Evidence:
    """The numbers of all sources, by size, and the lines that they stand in."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self.texts = [_separated(source) for source in sources]
        seen = [(abs(float(number.value)), number) for number in self._numbers()]
        seen.sort(key=lambda pair: pair[0])
        self._sizes = [size for size, _ in seen]
        self._seen = [number for _, number in seen]
        self._starts = [_line_starts(text) for text in self.texts]
        self._words: dict[tuple[int, int], frozenset[str]] = {}
        self._lines: dict[tuple[int, int], Line] = {}

    def _numbers(self) -> Iterator[Seen]:
        for at, (text, windows) in enumerate(zip(self.texts, _windows(self.texts), strict=True)):
            for start, end in windows:
                for match in PRINTED.finditer(text, start, end):
                    if seen := _seen(at, match):
                        yield seen

    @cached_property
    def _distinct(self) -> dict[str, list[float]]:
        """The sizes that stand in the sources of each kind, in order."""
        found: dict[str, set[float]] = {source.kind: set() for source in self.sources}
        for size, number in zip(self._sizes, self._seen, strict=True):
            found[self.sources[number.source].kind].add(size)
        return {kind: sorted(sizes) for kind, sizes in found.items()}

    def on(self, dates: Sequence[Date]) -> list[Seen]:
        """Return where one of these dates stands, or as much of it as a text says."""
        found = (seen for other, seen in self._dates.items() if any(d.agrees(other) for d in dates))
        return _ends(list(chain.from_iterable(found)))

    def at(self, times: Sequence[str]) -> list[Seen]:
        """Return where one of these times of the day stands."""
        found = (self._times.get(plain_time(time), []) for time in times)
        return _ends(list(chain.from_iterable(found)))

    @cached_property
    def _dates(self) -> dict[Date, list[Seen]]:
        dates: dict[Date, list[Seen]] = {}
        for seen, match in self._days_and_times:
            if match["date"]:
                for date in Date.readings(match["date"]):
                    dates.setdefault(date, []).append(seen)
        return dates

    @cached_property
    def _times(self) -> dict[str, list[Seen]]:
        times: dict[str, list[Seen]] = {}
        for seen, match in self._days_and_times:
            if match["time"]:
                for time in spellings(match["time"]):
                    times.setdefault(time, []).append(seen)
        return times

    @cached_property
    def _days_and_times(self) -> list[tuple[Seen, re.Match[str]]]:
        return [
            (Seen(at, match.start(), match.end()), match)
            for at, (text, windows) in enumerate(zip(self.texts, _windows(self.texts), strict=True))
            for start, end in windows
            for match in WHEN.finditer(text, start, end)
        ]

    def source_of(self, seen: Seen) -> Source:
        return self.sources[seen.source]

    def between(self, low: float, high: float) -> list[Seen]:
        """Return the numbers of such a size, whatever their sign."""
        slack = high * 1e-9 + 1e-300
        first = bisect_left(self._sizes, low - slack)
        last = bisect_left(self._sizes, high + slack)
        return _ends(self._seen, first, last)

    def line(self, seen: Seen) -> Line:
        """Return the line that a number stands in."""
        key = seen.source, seen.start
        if key not in self._lines:
            self._lines[key] = self._line(seen)
        return self._lines[key]

    def _line(self, seen: Seen) -> Line:
        starts, text = self._starts[seen.source], self.texts[seen.source]
        at = bisect_right(starts, seen.start) - 1
        begin = starts[at]
        end = starts[at + 1] - 1 if at + 1 < len(starts) else len(text)
        cut = max(begin, seen.start - _SIDE)
        shown = text[cut : min(end, seen.start + _SIDE)]
        return Line(at, seen.start - begin, shown, seen.start - cut)

    def words(self, seen: Seen, line: Line) -> frozenset[str]:
        """Return what a line is about; of a row with few words, with the names above the rows."""
        found = words_of(line.text)
        if len(found) >= _FEW_WORDS:
            return found
        key = seen.source, line.number
        if key not in self._words:
            self._words[key] = self._words_above(*key)
        return found | self._words[key]

    def _words_above(self, source: int, line: int) -> frozenset[str]:
        """Return the words of the last line above that has no number."""
        starts, text = self._starts[source], self.texts[source]
        for at in range(line - 1, max(-1, line - _ROWS), -1):
            above = text[starts[at] : starts[at] + _HEAD_CHARS].partition("\n")[0]
            if WORD.search(above) and not _DIGIT.search(above):
                return words_of(above)
        return _NOTHING

    def chance(self, reading: Reading, seen: Seen, *, exact: bool) -> float:
        """Return how many numbers of this size would be said alike by chance."""
        sizes = self._distinct[self.source_of(seen).kind]
        size = abs(float(seen.value)) or float(reading.unit)
        others = bisect_left(sizes, size * 2) - bisect_left(sizes, size / 2) - 1
        share = float(reading.unit / (abs(reading.value) or reading.unit))
        return others * share / 1.5 * (1 if exact else 2)

    def follows(self, first: Seen, second: Seen) -> bool:
        """Whether a number stands behind another in its line, or right below it."""
        if first.source != second.source:
            return False
        above, below = self.line(first), self.line(second)
        if above.number == below.number:
            return second.start > first.start
        return (
            below.number == above.number + 1
            and max(above.column, below.column) < _SIDE
            and _count_before(above) == _count_before(below)
        )


def _seen(source: int, match: re.Match[str]) -> Seen | None:
    """Return the number that was printed, of a date its year; None for what is no number."""
    if match["date"]:
        year = match.start() + len("2026")
        return Seen(source, match.start(), year, Decimal(match["date"][: len("2026")]))
    if not match["num"] or len(match[0]) > MOST_DIGITS:
        return None
    reading = next(read(match), None)
    if reading is None:
        return None
    return Seen(source, match.start(), match.end(), reading.value, bool(match["pct"]))


def _ends(seen: list[Seen], first: int = 0, last: int | None = None) -> list[Seen]:
    """Return what lies between two places, of too much the beginning and the end."""
    last = len(seen) if last is None else last
    if last - first <= _MOST_EQUAL:
        return seen[first:last]
    half = _MOST_EQUAL // 2
    return seen[first : first + half] + seen[last - half : last]


def _count_before(line: Line) -> int:
    """Return how many numbers stand before this one in its line."""
    return _count(line.text[: line.at])


@lru_cache(maxsize=4096)
def _count(text: str) -> int:
    return sum(1 for _ in PRINTED.finditer(text))


def _line_starts(text: str) -> list[int]:
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def _windows(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """Return the ranges of each text that are read: of too much, the beginning and the end."""
    total = sum(map(len, texts))
    if total <= MOST_CHARS:
        return [[(0, len(text))] for text in texts]
    half, before = MOST_CHARS // 2, 0
    windows = []
    for text in texts:
        head = max(0, min(len(text), half - before))
        tail = min(len(text), max(head, total - half - before))
        windows.append([(0, head), (tail, len(text))])
        before += len(text)
    return windows


def _separated(source: Source) -> str:
    """Return the text with semicolons where a comma parts two numbers: [60,100] in code."""
    if source.kind == "code":
        return _BETWEEN.sub(lambda match: match[1] or ";", source.readable)
    return _with_cells(source.readable)


def _with_cells(text: str) -> str:
    """Return `text` with semicolons in the rows of a CSV table: 1,523 there is two numbers."""
    if not _GROUP.search(text):
        return text
    lines, columns = text.split("\n"), 0
    for at, line in enumerate(lines):
        count = line.count(",")
        if columns and count == columns:
            lines[at] = line.replace(",", ";")
        else:
            columns = count if count and _HEADER.fullmatch(line) else 0
    return "\n".join(lines)


_GROUP = re.compile("[0-9],[0-9]{3}")
# Strings are left as they are: they may hold what was printed once.
_BETWEEN = re.compile(
    r"""("(?:[^"\\\n]|\\.){0,400}"|'(?:[^'\\\n]|\\.){0,400}')|(?<=[0-9]),(?=[0-9])"""
)
# Names without blanks beside their commas, and no number.
_HEADER = re.compile(r"[^\s,0-9][^,0-9]*(?:,[^\s,0-9][^,0-9]*)+")
