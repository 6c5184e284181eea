"""Claims in a document: rows by part, with those in one row that differ only by number and line.

    {"4": [[0, "5,117", "computed", "rounded", [3, 3, 29]],
           [1, ["12", "13"], "absent"],
           [3, "364", "derived", "difference", ["682", "318"]],
           [4, ["2", "3", "5"], "computed", "exact", [1, 1, [2, 5, 8]]],
           [7, ["8", "9"], "computed", "exact", [1, [2, 3], [4, 4]]]]}

The key is the place of the part that says the numbers. A row is `nth`, `text`, `kind`, `how`,
`place` or `of`, `flag`; what is empty at its end is left out. A place is part, line and column,
counted as in `Place`, and the turns back if that is not 0. A row whose text is a list stands for as
many claims one after the other, of which the first is the `nth` of its part; its columns are a list
too, and so are its lines if they are not all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from .claim import FLAGS, KINDS, Claim, Place

MOST_CLAIMS = 300
_MOST_TEXT = 400
# What a browser holds exactly.
_LARGEST = 2**53
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
    """Whether both differ only by their number, their line and their column."""
    if one.place and other.place:
        here = replace(other.place, line=one.place.line, column=one.place.column)
        if here != one.place:
            return False
    elif one.place or other.place:
        return False
    return other == replace(one, nth=one.nth + 1, text=other.text, place=other.place)


def _row(group: Sequence[Claim]) -> list[Any]:
    first = group[0]
    text: Any = first.text if len(group) == 1 else [claim.text for claim in group]
    places = [claim.place for claim in group if claim.place]
    where = _where(places) if places else list(first.of)
    row = [first.nth, text, first.kind, first.how, where, first.flag]
    while not row[-1]:
        row.pop()
    return row


def _where(places: Sequence[Place]) -> list[Any]:
    first, lines = places[0], [place.line for place in places]
    line: Any = lines if len(set(lines)) > 1 else first.line
    column: Any = [place.column for place in places] if len(places) > 1 else first.column
    return [first.part, line, column, *([first.turn] if first.turn else [])]


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
    if isinstance(text, list) and len(text) < 2:
        raise ValueError("a row of several numbers that has fewer than two")
    places, of = _places(_a(list, where), len(texts))
    for at, one, place in zip(count(_whole(nth)), texts, places, strict=False):
        yield Claim(part, at, _text(one), kind, _text(how), flag, place, of)


def _places(where: list[Any], many: int) -> tuple[list[Place | None], tuple[str, ...]]:
    """Return the place of each claim of a row, or the numbers that they follow from."""
    if not where or isinstance(where[0], str):
        return [None] * many, tuple(map(_text, where))
    if not 3 <= len(where) <= 4:
        raise ValueError(f"a place of {len(where)} values")
    part, line, column, turn = where if len(where) == 4 else [*where, 0]
    lines = line if isinstance(line, list) else [line] * many
    columns = column if isinstance(column, list) else [column]
    if many == 1 and (isinstance(line, list) or isinstance(column, list)):
        raise ValueError("a list of places for a single number")
    if not len(lines) == len(columns) == many:
        raise ValueError(f"{many} numbers in {len(lines)} lines and {len(columns)} columns")
    places = zip(lines, columns, strict=True)
    return [Place(_whole(part), _whole(a), _whole(b), _whole(turn)) for a, b in places], ()


def _a(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r:.60} where a {kind.__name__} belongs")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise ValueError("something else where a whole number belongs")
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
