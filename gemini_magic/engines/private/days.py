"""Days as they may be written: what a table holds as one moment, code prints in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

_WRITTEN = re.compile(r"\s*(\d{1,4})\D(\d{1,2})\D(\d{1,4})(?!\d)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_UNITS = (1, 10**3, 10**6, 10**9)  # to the second
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400  # seconds
_THIS_CENTURY = 69  # two digits below it are of the 21st, as in POSIX


def spellings(day: date) -> Iterator[str]:
    """Yield the letters and digits of a day: numbers in each order, zeros or not; names; counts.

    `datetime.date(2031, 7, 9)`, which Python shows of one in a list, is among them.
    """
    year, month, number = day.year, day.month, day.day
    for y in (f"{year:04}", f"{year % 100:02}"):
        for m, d in ((f"{month:02}", f"{number:02}"), (f"{month}", f"{number}")):
            yield from (y + m + d, d + m + y, m + d + y)
    yield from (f"{day.toordinal()}", f"{day.toordinal() - _EPOCH}")
    yield f"{year:04}{day:%j}"
    _, week, nth = day.isocalendar()
    yield from (f"{day:%G}{w}{week:02}{nth}" for w in ("", "w"))
    yield from (f"{day:%G}{week}{nth}", f"year{day:%G}week{week}weekday{nth}")
    yield f"tmyear{year}tmmon{month}tmmday{number}"  # of `timetuple()`
    name, weekday = _MONTHS[month - 1], _WEEKDAYS[day.weekday()]
    for m in (name, name[:3]):
        for d in (f"{number:02}", f"{number}"):
            yield from (f"{d}{m}{year}", f"{m}{d}{year}", f"{weekday}{m}{d}")


def days_in(texts: Iterable[str]) -> Iterator[date]:
    """Yield the days that texts begin with; each that it may be, where that is not clear."""
    for text in texts:
        if found := _WRITTEN.match(text):
            first, second, third = map(int, found.groups())
            for year, month, day in (
                (first, second, third),
                (third, second, first),
                (third, first, second),
            ):
                century = 2000 if year < _THIS_CENTURY else 1900
                with suppress(ValueError):
                    yield date(year if year > 99 else century + year, month, day)


def seconds_in(texts: Iterable[str]) -> Iterator[int]:
    """Yield the seconds of times of day and of how long something lasted, and those since 1970.

    Moments are there as thousandths, millionths and billionths of a second too.
    """
    for text in texts:
        lasted = 0
        if clock := _CLOCK.search(text):
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            lasted = (hours * 60 + minutes) * 60 + seconds
            yield lasted
        for day in days_in([text]):
            moment = (day.toordinal() - _EPOCH) * _DAY + lasted
            yield from (moment * unit for unit in _UNITS)
