"""The numbers of an answer, each with what stands around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from .grammar import LETTER, MOST_DIGITS, POWERS, in_prose
from .numbers import Reading, read
from .words import has_decimal_commas, name_behind, words_beside, words_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Of one part; what comes after is left alone.
MOST_CLAIMS = 1000
# A claim is seen in its sentence, and a sentence without end must not cost its length each time.
_BEFORE, _AFTER, _AROUND = 160, 60, 400
_ABBREVIATED = r"(?<![0-9]!)(?<!i\.e\.)(?<!e\.g\.)(?<!vs\.)(?<!rox\.)"
_SENTENCE_END = re.compile(
    rf"(?<=[.!?;]){_ABBREVIATED}[\s)*\"”]+(?=[A-Z*\"(“\[0-9$])"
    r"|(?<=[.:;,!?])\n|\n(?=[^\n]{0,60}[:=])"
)
_ENUMERATOR = re.compile(r"\s*[(\[]?[0-9]{1,2}[.):](?=\s|$)")
_RANGE = re.compile(r"[\s*]*(?:to|and|or|bis|und|à|et|–|-|—)[\s*]*")
_NAMED = re.compile(rf"[{LETTER}_]")
_HIDDEN = "\ue000"
_JSON = re.compile(
    r'"(?P<string>(?:\\.|[^"\\])*)"(?P<key>\s*:)?|(?P<open>[{\[])|[}\]]|-?[0-9][0-9.eE+-]*'
)
# Names of what is in percent, in JSON and above a column.
_IN_UNIT = re.compile(
    rf"[(\[][^\w)\]]*([{LETTER}µ]{{1,3}})(?:/[^)\]]*)?[)\]]|\bin ([{LETTER}µ]{{1,3}})$"
)
_IN_PERCENT = re.compile("percent|pct|prozent|%", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number as an answer says it.

    `readings` has what its digits may mean, the likelier first, and is empty for a date or a time.
    `power` is that of ten which a word says: 6 of 1.9 million. `words` are those of its sentence,
    `close` those right beside it; `heading` has lines for its row and its column, `cell` the
    numbers of its table, from 1, and of its column. `scope` is the number of its block and of the
    sentence in it, `span` the place of its inline token, and where it begins and ends there.
    """

    part: int
    nth: int
    text: str
    readings: tuple[Reading, ...] = ()
    is_percent: bool = False
    power: int = 0
    before: str = ""
    after: str = ""
    sentence: str = ""
    words: frozenset[str] = frozenset()
    close: frozenset[str] = frozenset()
    unit: str = ""
    heading: str = ""
    cell: tuple[int, int] = (0, 0)
    scope: tuple[int, int] = (0, 0)
    span: tuple[int, int, int] = (0, 0, 0)

    @property
    def is_small(self) -> bool:
        """Whether it proves nothing by itself: 0 to 10, and 100 %."""
        value, unit = self.readings[0].value, self.readings[0].unit
        return unit >= 1 and (abs(value) <= 10 or (self.is_percent and abs(value) == 100))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or cell as rendered. The cells of a row have one `row` number.

    `inline` is its place among the document's inline tokens, `beside` has the names of the row and
    the column of a cell, `cell` the number of its table, from 1, and of its column, `in_percent`
    says whether that of the column says so, and `unit` has what
    the column counts in: ms of "Time (ms)".
    """

    row: int
    inline: int
    text: str
    beside: str = ""
    cell: tuple[int, int] = (0, 0)
    in_percent: bool = False
    unit: str = ""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def blocks_of(markdown: str) -> Iterator[Block]:
    """Yield the blocks of a text that are read: fences are not, and headings are."""
    row, inline, table = 0, -1, 0
    cells: list[Block] | None = None
    in_head = False
    header: list[str] = []
    for token in _parser().parse(markdown):
        if token.type == "thead_open":
            in_head, header, table = True, [], table + 1
        elif token.type == "thead_close":
            in_head = False
        elif token.type == "tr_open":
            row, cells = row + 1, []
        elif token.type == "inline":
            inline += 1
            row += cells is None
            block = Block(row, inline, text_of(token))
            if cells is None:
                yield block
            else:
                cells.append(block)
        elif token.type == "tr_close" and cells is not None:
            header = [cell.text for cell in cells] if in_head else header
            yield from cells if in_head else _named(cells, header, table)
            cells = None


def _named(cells: Sequence[Block], header: Sequence[str], table: int) -> Iterator[Block]:
    """Yield the cells of a row with what their row and column are called."""
    for at, cell in enumerate(cells):
        of_row = cells[0].text if at else ""
        of_column = header[at] if at < len(header) else ""
        in_percent = bool(_IN_PERCENT.search(of_column))
        unit = _IN_UNIT.search(of_column)
        yield replace(
            cell,
            beside=f"{of_row}\n{of_column}",
            cell=(table, at),
            in_percent=in_percent,
            unit=(unit[1] or unit[2]) if unit else "",
        )


def text_of(inline: Token) -> str:
    """Return the text of an inline token as rendered, each piece as long as its content."""
    return "".join(map(shown, inline.children or ()))


def shown(piece: Token) -> str:
    """Code that names something says no number; code that is nothing but numbers does."""
    if piece.type in ("softbreak", "hardbreak"):
        return "\n"
    if piece.type == "image":
        return ""
    if piece.type == "code_inline" and _NAMED.search(piece.content):
        return _HIDDEN * len(piece.content)
    return piece.content


def mentions_in(markdown: str, part: int) -> list[Mention]:
    """Return the numbers that a text says, in order."""
    comma = has_decimal_commas(markdown)
    found: list[Mention] = []
    for block in blocks_of(markdown):
        _add_block(found, block, part, comma)
        if len(found) >= MOST_CLAIMS:
            break
    return found


def _add_block(found: list[Mention], block: Block, part: int, comma: bool) -> None:
    text, pattern = block.text, in_prose(comma=comma)
    cuts = [0, *(end.end() for end in _SENTENCE_END.finditer(text)), len(text) + 1]
    enumerator = _ENUMERATOR.match(text)
    last = 0
    for match in pattern.finditer(text, enumerator.end() if enumerator else 0):
        if not _is_number(match):
            continue
        if len(found) >= MOST_CLAIMS:
            return
        mention = _in_block(match, block, cuts, part, len(found), comma)
        # 3 to 5 % says percent twice, and 187 or 15 % does not.
        is_range = match["pct"] and last and _RANGE.fullmatch(text[last : match.start()])
        if is_range and _are_near(found[-1], mention):
            found[-1] = replace(found[-1], is_percent=True)
        last = match.end()
        found.append(mention)


def _are_near(one: Mention, other: Mention) -> bool:
    """Whether the first is at most ten times as large as the other."""
    values = [abs(reading.value) for mention in (one, other) for reading in mention.readings[:1]]
    return len(values) == 2 and values[0] <= 10 * values[1]


def _in_block(
    match: re.Match[str], block: Block, cuts: Sequence[int], part: int, nth: int, comma: bool
) -> Mention:
    at = bisect_left(cuts, match.start() + 1)
    begin, end = cuts[at - 1], cuts[at]
    before = block.text[max(begin, match.start() - _BEFORE) : match.start()]
    after = block.text[match.end() : match.end() + _AFTER]
    sentence = block.text[max(begin, match.start() - _AROUND) : min(end, match.end() + _AROUND)]
    mention = _mention(match, part, nth, comma=comma)
    return replace(
        mention,
        is_percent=mention.is_percent or block.in_percent,
        before=before,
        after=after,
        sentence=sentence,
        unit=name_behind(after) or block.unit,
        words=words_of(f"{sentence} {block.beside}"),
        close=words_of(f"{words_beside(before, after)} {block.beside}"),
        heading=block.beside,
        cell=block.cell,
        scope=(block.row, at),
        span=(block.inline, match.start(), match.end()),
    )


def _is_number(match: re.Match[str]) -> bool:
    return match["skip"] is None and len(match[0]) <= MOST_DIGITS


def _mention(match: re.Match[str], part: int, nth: int, *, comma: bool = False) -> Mention:
    readings = tuple(read(match, comma=comma)) if match["num"] else ()
    power = POWERS.get(match["word"] or "", 0)
    return Mention(part, nth, match[0], readings, bool(match["pct"]), power)


def mentions_in_json(text: str, part: int) -> list[Mention]:
    """Return the numbers of a JSON answer, in order; its names are the words beside them."""
    found: list[Mention] = []
    parents, key = [""], ""
    for token in _JSON.finditer(text):
        if token["key"]:
            key = token["string"]
        elif token["open"]:
            parents.append(key)
        elif token[0] in "}]":
            key = parents.pop() if len(parents) > 1 else ""
        else:
            found += _in_json(token, parents[-1], key, part, len(found))
        if len(found) >= MOST_CLAIMS:
            break
    return found[:MOST_CLAIMS]


def _in_json(token: re.Match[str], parent: str, key: str, part: int, nth: int) -> Iterable[Mention]:
    content = token["string"] or token[0]
    numbers = filter(_is_number, in_prose().finditer(content))
    for at, match in enumerate(numbers):
        mention = _mention(match, part, nth + at)
        words = words_of(f"{parent} {key} {token['string'] or ''}")
        yield replace(
            mention,
            is_percent=mention.is_percent or bool(_IN_PERCENT.search(key)),
            sentence=key,
            words=words,
            close=words,
            scope=(token.start(), 0),
        )
