"""Numbers as exact values, with what their last digit stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation

from .grammar import POWERS

# As many digits as a number that is read may have, twice.
WIDE = Context(prec=400)
_ONE = Decimal(1)
_SEPARATORS = re.compile(r"[ \u00a0\u2009\u202f'’_]|\{,\}")
_LONE_GROUP = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_CENTS = re.compile(r"[0-9.]+,[0-9]{2}")
_POWER_OF_TEN = re.compile(r"(?:10(?:\^|\*\*)?\{?|[eE]|^(?:\^|\*\*)?\{?)([-+]?[0-9]{1,3})\}?$")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


@dataclass(frozen=True, slots=True)
class Reading:
    """What digits may mean: the value, and the unit of the last digit shown (0.01 of 2.50)."""

    value: Decimal
    unit: Decimal

    @property
    def zeros(self) -> int:
        """How many zeros a whole number ends in: 2 of 1,200."""
        if self.unit != 1 or not self.value:
            return 0
        digits = str(int(self.value))
        return len(digits) - len(digits.rstrip("0"))

    @property
    def shown(self) -> int:
        """How many digits were written."""
        return len(self.value.as_tuple().digits)


def read(match: re.Match[str], *, comma: bool = False) -> Iterator[Reading]:
    """Yield what a match of the grammar may mean, the likelier first; `comma` as in 1.234,5."""
    power = _power(match)
    for form in _forms(match["num"], comma):
        try:
            value = Decimal(form).scaleb(power, WIDE)
        except InvalidOperation:
            continue
        signed = value.copy_negate() if match["sign"] in ("-", "−") else value
        yield Reading(signed, _ONE.scaleb(int(value.as_tuple().exponent)))


def _forms(digits: str, comma: bool) -> list[str]:
    plain = _SEPARATORS.sub("", digits)
    english, other = plain.replace(",", ""), plain.replace(".", "").replace(",", ".")
    if plain.count(".") > 1:
        return [other]
    if not comma and _CENTS.fullmatch(plain):
        return [other]
    both = comma and ("," in plain or _LONE_GROUP.fullmatch(plain))
    return [other, english] if both else [english]


def _power(match: re.Match[str]) -> int:
    """Return the power of ten by which the digits are multiplied."""
    power = POWERS.get(match["word"] or "", 0)
    written = (match["exp"] or "").translate(_RAISED)
    if not (found := _POWER_OF_TEN.search(written)):
        return power
    # Of 10^6 the digits are the 10: one of the six is there already.
    is_bare = written[0] not in " ×x*·\\eE" or written.startswith("**")
    return power + int(found[1]) - is_bare


def rounds_to(exact: Decimal, reading: Reading) -> bool:
    """Whether `exact`, rounded half up or half even to the digits shown, is the reading."""
    try:
        steps = WIDE.divide(exact, reading.unit)
        return any(
            WIDE.multiply(steps.quantize(_ONE, how, WIDE), reading.unit) == reading.value
            for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)
        )
    except InvalidOperation:
        return False
