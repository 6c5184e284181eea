"""Which numbers are near one that may follow from two of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from .prose import Mention
from .words import words_of

# How many numbers before it are looked at, the nearest first; and how many of rows that it names.
_NEAREST = (2, 3, 4, 6, 10)
_SUMMED = (3, 4)
# A sentence with more numbers is a list, and what stands before it is near what stands behind.
_MOST_APART = 8
_MOST_NAMED, _MOST_IN_SENTENCE = 16, 24
# Of the last table: more are not compared.
_MOST_COLUMNS, _MOST_ROWS = 12, 16
_MOST_TOTALS, _MOST_ANCHORS, _MOST_FAR = 4, 3, 40
_TOTAL = re.compile(r"\b(?:total|overall|altogether|in all|insgesamt|out of|sum of|all)\b", re.I)


@dataclass(frozen=True, slots=True)
class Known:
    """A number that was found, as it is said and as it stands there, which may have more digits.

    `is_loose` if it stands anywhere, or follows itself: then it counts only in its own sentence.
    """

    mention: Mention
    said: float
    printed: float
    is_loose: bool = False


Pair = tuple[Known, Known]


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs of numbers that are compared together, and for how much chance they may count.

    Of `most` times the numbers that the digits could say, so many results may be tried. `how` has
    the only operation that is tried, or nothing.
    """

    pairs: Sequence[Pair]
    most: float = 2.0
    how: str = ""


def groups(
    mention: Mention, known: Sequence[Known], reasons: Sequence[tuple[Mention, Pair, str]]
) -> Iterator[Group]:
    """Yield the pairs of which one may give a number, those of the same sentence first.

    `reasons` are those of other numbers of the part: whose, of which pair, by which operation.
    """
    beside = _in_scope(mention, known)[-_MOST_IN_SENTENCE:]
    known = [other for other in known if not other.is_loose]
    before = [other for other in known if other.mention.nth < mention.nth]
    yield Group(_pairs(other for other in beside if other.mention.nth < mention.nth))
    yield Group(_pairs(beside))
    own = [pair for whose, pair, _ in reasons if whose.scope == mention.scope][:2]
    yield Group(own, 0.5)
    members = [other for pair in own for other in pair]
    yield Group(list(product(members, beside)), 0.3)
    for count in _NEAREST:
        yield Group(_pairs(before[-count:]))
    scopes = Counter(other.mention.scope for other in before)
    apart = [other for other in before if scopes[other.mention.scope] <= _MOST_APART]
    yield Group(_pairs(apart[-_NEAREST[2] :]), 1.0)
    named = [other for other in known if _is_row_named(other.mention, mention)]
    yield Group(_pairs(named[-_MOST_NAMED:]))
    yield from _of_totals(mention, known, beside, named, reasons)
    yield from _of_table(before, beside, mention)
    yield Group(_pairs(before[-2 * _NEAREST[-1] :]), 0.02)
    anchors = [other for other in beside if other.mention.nth != mention.nth]
    yield Group(list(product(anchors, before[-_MOST_FAR:])), 0.02)


def _pairs(pool: Iterable[Known]) -> list[Pair]:
    return list(combinations({other.said: other for other in pool}.values(), 2))


def _in_scope(mention: Mention, known: Sequence[Known]) -> list[Known]:
    """Return the numbers of the same sentence, or of the same row of a table."""
    is_cell = bool(mention.cell[0])
    return [
        other
        for other in known
        if other.mention.scope == mention.scope
        or (is_cell and other.mention.scope[0] == mention.scope[0])
    ]


def _is_row_named(other: Mention, mention: Mention) -> bool:
    return other.scope[0] != mention.scope[0] and bool(other.close & mention.words)


def _of_totals(
    mention: Mention,
    known: Sequence[Known],
    beside: Sequence[Known],
    named: Sequence[Known],
    reasons: Sequence[tuple[Mention, Pair, str]],
) -> Iterator[Group]:
    """Yield shares of what was a total before: 369 (0.8%) below 45,107 (93.6%) of 48,213."""
    if not mention.is_percent:
        return
    anchors = [other for other in beside if other.mention.nth < mention.nth][-_MOST_ANCHORS:]
    shared = {
        whole.said: whole
        for _, pair, how in reasons
        if how == "share"
        for whole in [max(pair, key=lambda other: other.said)]
    }
    yield Group(list(product(anchors[-1:], list(shared.values())[-_MOST_TOTALS:])), 1.0, "share")
    said = {
        other.said: other
        for other in known
        if not other.mention.is_percent and _TOTAL.search(other.mention.sentence)
    }
    totals = list(said.values())[-_MOST_TOTALS:]
    yield Group(list(product(anchors[-1:], totals)), 0.5, "share")
    yield Group(list(product(named[-_MOST_NAMED:], totals)), 0.3, "share")


def _of_table(
    before: Sequence[Known], beside: Sequence[Known], mention: Mention
) -> Iterator[Group]:
    """Yield pairs of cells of one column, or of one row, of the last table before a number."""
    table = max((other.mention.cell[0] for other in before), default=0)
    cells = [other for other in before if table and other.mention.cell[0] == table]
    if mention.cell[0] == table or not cells:
        return
    yield Group(_of_columns([cell for cell in cells if _is_of_row(cell, mention)]), 1.0)
    said = {other.said for other in beside if other.mention.nth != mention.nth}
    held = [cell for cell in cells if cell.said in said][:_MOST_ANCHORS]
    mates = [
        (one, two)
        for one in held
        for two in cells
        if two.said != one.said
        and (one.mention.cell[1] == two.mention.cell[1] or one.mention.scope == two.mention.scope)
    ]
    yield Group(mates[: _MOST_COLUMNS * _MOST_ROWS], 0.5)
    yield Group(_of_columns(cells), 0.5)


def _is_of_row(cell: Known, mention: Mention) -> bool:
    """Whether the sentence of a number has the name of a cell's row."""
    return bool(_words_of_row(cell.mention.heading) & mention.words)


@lru_cache(maxsize=1024)
def _words_of_row(heading: str) -> frozenset[str]:
    return words_of(heading.partition("\n")[0])


def _of_columns(cells: Sequence[Known]) -> list[Pair]:
    columns: dict[int, list[Known]] = {}
    for cell in cells:
        columns.setdefault(cell.mention.cell[1], []).append(cell)
    kept = [column[-_MOST_ROWS:] for column in list(columns.values())[:_MOST_COLUMNS]]
    return [pair for column in kept for pair in _pairs(column)]


def named_series(mention: Mention, known: Sequence[Known]) -> Iterator[Sequence[Known]]:
    """Yield the cells of each column in rows that the sentence names: wind, solar and hydro."""
    before = [other for other in known if other.mention.nth < mention.nth]
    table = max((other.mention.cell[0] for other in before), default=0)
    if not table or mention.cell[0]:
        return
    columns: dict[int, list[Known]] = {}
    for other in before:
        if other.mention.cell[0] == table and _is_of_row(other, mention):
            columns.setdefault(other.mention.cell[1], []).append(other)
    yield from list(columns.values())[:_MOST_COLUMNS]


def series(mention: Mention, known: Sequence[Known]) -> Iterator[Sequence[Known]]:
    """Yield numbers of which all together may give one: of its sentence, or of a column."""
    before = [other for other in known if other.mention.nth < mention.nth]
    yield [other for other in before if other.mention.scope == mention.scope]
    yield from (before[-count:] for count in _SUMMED)
    table, column = mention.cell
    if table:
        yield [other for other in before if other.mention.cell == (table, column)]
        return
    table = max((other.mention.cell[0] for other in before), default=0)
    columns: dict[int, list[Known]] = {}
    for other in before:
        if table and other.mention.cell[0] == table:
            columns.setdefault(other.mention.cell[1], []).append(other)
    yield from list(columns.values())[:_MOST_COLUMNS]
