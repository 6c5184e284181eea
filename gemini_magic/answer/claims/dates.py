"""Dates and times, in whatever form they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .grammar import MONTH, MONTHS, YEAR

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR, _MONTH = re.compile(YEAR), re.compile(MONTH)
_DAY = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
_NAMES = [name[:3] for name in MONTHS]


@dataclass(frozen=True, slots=True)
class Date:
    """A date, of which a text may say only a part: May 5, or May 2026."""

    year: int | None
    month: int
    day: int | None

    @classmethod
    def of(cls, text: str) -> Date:
        """Read what the grammar calls a date."""
        if iso := _ISO.fullmatch(text):
            return cls(int(iso[1]), int(iso[2]), int(iso[3]))
        year, month = _YEAR.search(text), _MONTH.search(text)
        assert month  # noqa: S101 (the grammar has no other date without one)
        day = _DAY.search(text.replace(year[0], "") if year else text)
        return cls(
            int(year[0]) if year else None,
            1 + _NAMES.index(month[0][:3]),
            int(day[0]) if day else None,
        )

    def agrees(self, other: Date) -> bool:
        """Whether both say the same, as far as both say it."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(one is None or two is None or one == two for one, two in pairs)


def plain_time(text: str) -> str:
    """Return a time of the day as all its spellings have it: 8:05 for 08:05."""
    return text.lstrip("0")
