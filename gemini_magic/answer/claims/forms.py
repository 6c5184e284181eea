"""The ways in which a printed number agrees with one that is said: rounded, in another unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .numbers import WIDE, Reading, rounds_to
from .prose import Mention

_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|nearly|almost|some|over|more than|less than|close to"
    r"|circa|etwa|rund|fast|environ|[~≈])[ *$€£]*$",
    re.IGNORECASE,
)
_UNITS = {
    "cent": Decimal("0.01"),
    "cents": Decimal("0.01"),
    "ct": Decimal("0.01"),
    "Cent": Decimal("0.01"),
    "cm": Decimal("0.01"),
    "ms": Decimal("0.001"),
    "mm": Decimal("0.001"),
    "µs": Decimal("0.000001"),
    "km": Decimal(1000),
    "kg": Decimal(1000),
    "kB": Decimal(1000),
    "MB": Decimal(1_000_000),
    "GB": Decimal(1_000_000_000),
}
# Said in a larger unit than the one that is printed behind the number: 0.84 s of 841.5 ms.
_LARGER = {
    "s": {"ms": 1000, "µs": 1_000_000},
    "seconds": {"ms": 1000, "µs": 1_000_000},
    "m": {"cm": 100, "mm": 1000},
}
_LETTER = re.compile(r"[ \u00a0\u202f]?([sm])\b(?!/)")
_ONE, _HUNDRED, _HUNDREDTH = Decimal(1), Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Form:
    """A way to agree: what was printed is `factor` times what is said, to a digit of `unit`.

    With `by_words` it counts only where a word of the line says that the number is meant, with
    `printed` only right before that unit.
    """

    unit: Decimal
    factor: Decimal
    how: str
    cost: float
    by_words: bool = False
    printed: str = ""

    def range(self, size: Decimal) -> tuple[float, float]:
        """Return between which sizes a number must lie to agree."""
        middle = float(WIDE.multiply(size, self.factor))
        half = float(WIDE.multiply(self.unit, self.factor)) * (1 if self.how == "about" else 0.5)
        return middle - half, middle + half

    def fits(self, scaled: Decimal, size: Decimal) -> bool:
        if self.how == "about":
            return abs(scaled - size) < self.unit
        return rounds_to(scaled, Reading(size, self.unit))


def says_about(mention: Mention) -> bool:
    """Whether the answer says that the number is not exact."""
    return bool(_ABOUT.search(mention.before))


def forms(mention: Mention, reading: Reading) -> Iterator[Form]:
    """Yield the ways in which a number may agree with a reading of one that is said."""
    yield Form(reading.unit, _ONE, "", 0.0)
    if mention.is_percent:
        yield Form(reading.unit, _HUNDREDTH, "percent", 0.4)
    else:
        yield Form(reading.unit, _HUNDRED, "percent", 0.8)
    if mention.unit in _UNITS:
        yield Form(reading.unit, _UNITS[mention.unit], "unit", 0.8)
    letter = _LETTER.match(mention.after)
    for printed, factor in _LARGER.get(letter[1] if letter else mention.unit, {}).items():
        yield Form(reading.unit, Decimal(factor), "unit", 0.8, printed=printed)
    if mention.power:
        # Printed in millions, and said with that word.
        yield Form(reading.unit, _ONE.scaleb(-mention.power), "unit", 0.9, by_words=True)
    if reading.zeros and says_about(mention):
        yield Form(Decimal(10) ** reading.zeros, _ONE, "about", 1.2)
