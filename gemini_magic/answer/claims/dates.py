"""Dates and times, in whatever form they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .grammar import MONTH, MONTHS, YEAR

_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})[/.]([0-9]{4})")
_MONTHS = _NOON = 12
_HALF = re.compile(r"[ \u00a0\u202f]?([aApP])\.?[mM]\b")
_AND = r"[\s,]*(?:and|und|et|y)?[\s]*"
# 4 h 45 min 10 s: minutes, and what stands beside them.
_DURATION = re.compile(
    rf"""(?:(?P<h>[0-9]{{1,3}})\s?(?:h|hrs?|hours?|Stunden?|heures?|horas?)\b{_AND})?
      (?P<m>[0-9]{{1,2}})\s?(?:m|mins?|minutes?|Minuten?|minutos?)\b
      (?:{_AND}(?P<s>[0-9]{{1,2}})\s?(?:s|secs?|seconds?|Sekunden?|secondes?|segundos?)\b)?""",
    re.VERBOSE,
)
_YEAR, _MONTH = re.compile(YEAR), re.compile(MONTH)
_DAY = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_NAMES = [re.compile(names) for names in MONTHS]


@dataclass(frozen=True, slots=True)
class Date:
    """A date, of which a text may say only a part: May 5, or May 2026."""

    year: int | None
    month: int
    day: int | None

    @classmethod
    def readings(cls, text: str) -> tuple[Date, ...]:
        """Read what the grammar calls a date: 3/4/2024 may be one of March or of April."""
        if iso := _ISO.fullmatch(text):
            return (cls(int(iso[1]), int(iso[2]), int(iso[3])),)
        if numbers := _NUMBERS.fullmatch(text):
            one, two, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
            orders = ((one, two),) if numbers[2] == "." else ((two, one), (one, two))
            return tuple(cls(year, month, day) for day, month in orders if month <= _MONTHS)
        return (cls._named(text),)

    @classmethod
    def _named(cls, text: str) -> Date:
        year, month = _YEAR.search(text), _MONTH.search(text)
        assert month  # noqa: S101 (the grammar has no other date without one)
        day = _DAY.search(text.replace(year[0], "") if year else text)
        return cls(
            int(year[0]) if year else None,
            next(at for at, names in enumerate(_NAMES, 1) if names.fullmatch(month[0].rstrip("."))),
            int(day[0]) if day else None,
        )

    def agrees(self, other: Date) -> bool:
        """Whether both say the same, as far as both say it."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(one is None or two is None or one == two for one, two in pairs)


def plain_time(text: str) -> str:
    """Return a time of the day as all its spellings have it: 8:05 for 08:05."""
    return text.lstrip("0")


def clock_times(text: str, after: str) -> tuple[str, ...]:
    """Return what may be printed for a time that is said, by what stands behind it: am or pm."""
    half = _HALF.match(after)
    hour, _, rest = text.partition(":")
    if not half or not 1 <= int(hour) <= _NOON:
        return (text,)
    is_afternoon = half[1] in "pP"
    return text, f"{int(hour) % _NOON + _NOON * is_afternoon}:{rest}"


def durations(text: str, before: str, after: str) -> tuple[str, ...]:
    """Return what may be printed for a number of hours, minutes or seconds: 4:45 for both of 4 h
    45 min, 0:45 of 45 minutes."""
    if not text.isdecimal():
        return ()
    for match in _DURATION.finditer(before + text + after):
        if match.start() <= len(before) < match.end():
            hours, minutes, seconds = match.group("h", "m", "s")
            rest = f"{minutes:0>2}" + (f":{seconds:0>2}" if seconds else "")
            whole = f"{hours or 0}:{rest}"
            return (whole, rest) if seconds and not hours else (whole,)
    return ()


def spellings(text: str) -> tuple[str, ...]:
    """Return what may be said of a time that was printed: 8:05:59 and 8:05 of 08:05:59.7 too."""
    exact = plain_time(text)
    seconds = exact.partition(".")[0]
    minutes = seconds.rpartition(":")[0] if seconds.count(":") > 1 else seconds
    return tuple(dict.fromkeys((exact, seconds, minutes)))
