"""Claims in a document: rows by part, with neighbours of one line in one row.

    {"4": [[0, "5,117", "computed", "rounded", [3, 3, 29]],
           [1, "12", "absent"],
           [2, "364", "derived", "difference", ["682", "318"]],
           [3, ["2", "3", "5"], "computed", "exact", [1, 1, [2, 5, 8]]]]}

The key is the place of the part that says the numbers. A row is `nth`, `text`, `kind`, `how`,
`place` or `of`, `flag`; what is empty at its end is left out. A place is part, line and column,
counted as in `Place`, and the turns back where that is not 0. Rows whose text and column are lists
stand for as many claims, of which the first is the `nth` of its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from .claim import FLAGS, KINDS, Claim, Place

MOST_CLAIMS = 300
_MOST_TEXT = 400
# What to keep of too many: first what a reader must know, last what claims nothing.
_WEIGHTS = {"absent": 0, "common": 2}


def bounded(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return at most `MOST_CLAIMS` of the claims, in order: what was not found is kept first."""
    if len(claims) <= MOST_CLAIMS:
        return tuple(claims)
    by_weight = sorted(range(len(claims)), key=lambda at: _weight(claims[at]))
    return tuple(claims[at] for at in sorted(by_weight[:MOST_CLAIMS]))


def _weight(claim: Claim) -> int:
    return 0 if claim.flag else _WEIGHTS.get(claim.kind, 1)


def claims_to_json(claims: Iterable[Claim]) -> dict[str, list[list[Any]]]:
    """Return claims as they stand in a document; empty where there are none."""
    rows: dict[str, list[list[Any]]] = {}
    group: list[Claim] = []
    for claim in claims:
        if group and not _is_neighbour(group[-1], claim):
            rows.setdefault(str(group[0].part), []).append(_row(group))
            group = []
        group.append(claim)
    if group:
        rows.setdefault(str(group[0].part), []).append(_row(group))
    return rows


def _is_neighbour(one: Claim, other: Claim) -> bool:
    """Whether both differ only by their number and their column."""
    if one.place is None or other.place is None:
        return False
    place = replace(other.place, column=one.place.column)
    return other == replace(one, nth=one.nth + 1, text=other.text, place=other.place) and (
        place == one.place
    )


def _row(group: Sequence[Claim]) -> list[Any]:
    first = group[0]
    text: Any = first.text if len(group) == 1 else [claim.text for claim in group]
    where: list[Any] = list(first.of)
    if first.place:
        columns = [claim.place.column for claim in group if claim.place]
        column = columns[0] if len(group) == 1 else columns
        where = [first.place.part, first.place.line, column]
        where += [first.place.turn] if first.place.turn else []
    row = [first.nth, text, first.kind, first.how, where, first.flag]
    while not row[-1]:
        row.pop()
    return row


def claims_from_json(value: Any) -> tuple[Claim, ...]:
    """Read what `claims_to_json` wrote; raise ValueError for anything else."""
    found: list[Claim] = []
    for key, rows in _a(dict, value).items():
        part = _number(key)
        for row in _a(list, rows):
            found += _claims(part, _a(list, row))
            if len(found) > MOST_CLAIMS:
                raise ValueError(f"more than {MOST_CLAIMS} claims")
    return tuple(found)


def _claims(part: int, row: Sequence[Any]) -> Iterator[Claim]:
    """Yield the claims of a row."""
    if not 3 <= len(row) <= 6:
        raise ValueError(f"a claim of {len(row)} values")
    nth, text, kind = row[:3]
    rest: list[Any] = [*row[3:], *("", [], "")[len(row) - 3 :]]
    how, where, flag = rest
    if kind not in KINDS or flag not in FLAGS:
        raise ValueError(f"a claim of kind {kind!r}, {flag!r}")
    texts = text if isinstance(text, list) else [text]
    places, of = _places(_a(list, where), len(texts))
    for at, one, place in zip(count(_whole(nth)), texts, places, strict=False):
        yield Claim(part, at, _text(one), kind, _text(how), flag, place, of)


def _places(where: list[Any], many: int) -> tuple[list[Place | None], tuple[str, ...]]:
    """Return the place of each claim of a row, or the numbers that they follow from."""
    if not where or isinstance(where[0], str):
        return [None] * many, tuple(map(_text, where))
    part, line, column, turn = where if len(where) == 4 else (*_three(where), 0)
    columns = column if isinstance(column, list) else [column]
    if len(columns) != many:
        raise ValueError(f"{many} numbers in {len(columns)} columns")
    return [Place(_whole(part), _whole(line), _whole(one), _whole(turn)) for one in columns], ()


def _three(where: list[Any]) -> Sequence[Any]:
    if len(where) != 3:
        raise ValueError(f"a place of {len(where)} values")
    return where


def _a(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r:.60} where a {kind.__name__} belongs")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r:.60} where a whole number belongs")
    return value


def _number(key: Any) -> int:
    if not isinstance(key, str) or not key.isdecimal() or len(key) > 9:
        raise ValueError(f"{key!r:.60} where the place of a part belongs")
    return int(key)


def _text(value: Any) -> str:
    text: str = _a(str, value)
    if len(text) > _MOST_TEXT:
        raise ValueError(f"a number of {len(text)} characters")
    return text
