"""Marks around the numbers of prose, put into Markdown that is parsed and not yet rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .claim import Claim
from .prose import Mention, blocks_of, mentions_in, shown, text_of

if TYPE_CHECKING:
    from markdown_it.token import Token

Attributes = Mapping[str, str]
# Blocks in a row that only one of two parsers has.
_AHEAD = 4

Range = tuple[int, int, Attributes]


def mark(
    tokens: Sequence[Token],
    markdown: str,
    claims: Sequence[Claim],
    attributes: Mapping[Claim, Attributes],
) -> None:
    """Put a span around each number of `markdown` that has `attributes`, in its `tokens`.

    `claims` are all those of the part. If they are not the numbers that stand there, in order and
    by their text, nothing is marked; nor is a number in a formula.
    """
    mentions = {mention.nth: mention for mention in mentions_in(markdown, 0)}
    if not all(_is_said(claim, mentions.get(claim.nth)) for claim in claims):
        return
    ranges: dict[int, list[Range]] = {}
    for claim in claims:
        if claim in attributes:
            inline, start, end = mentions[claim.nth].span
            ranges.setdefault(inline, []).append((start, end, attributes[claim]))
    for inline, token in _inlines(tokens, markdown).items():
        if inline in ranges:
            token.children = list(_marked(token.children or (), ranges[inline]))


def _is_said(claim: Claim, mention: Mention | None) -> bool:
    return mention is not None and mention.text == claim.text


def _inlines(tokens: Iterable[Token], markdown: str) -> dict[int, Token]:
    """Return the tokens with the text of a block, by its place among the blocks that are read.

    Another parser, one that knows formulas, may have more blocks or fewer: they meet by their text.
    """
    drawn = [token for token in tokens if token.type == "inline"]
    found: dict[int, Token] = {}
    at = 0
    for block in blocks_of(markdown):
        for ahead in range(at, min(at + _AHEAD, len(drawn))):
            if text_of(drawn[ahead]) == block.text:
                found[block.inline], at = drawn[ahead], ahead + 1
                break
    return found


def _marked(pieces: Iterable[Token], wanted: Sequence[Range]) -> Iterator[Token]:
    """Yield the pieces of a block with spans where a range lies within one of them."""
    position = 0
    for piece in pieces:
        length = len(shown(piece))
        own = [
            (start - position, end - position, attributes)
            for start, end, attributes in wanted
            if position <= start and end <= position + length
        ]
        position += length
        yield from _split(piece, own) if own else (piece,)


def _split(piece: Token, own: Sequence[Range]) -> Iterator[Token]:
    """Yield a piece of text with a span around each range; code has one around all of it."""
    if piece.type != "text":
        yield from _wrapped(piece, own[0][2]) if piece.type == "code_inline" else (piece,)
        return
    at = 0
    for start, end, attributes in own:
        yield _text(piece.content[at:start])
        yield from _wrapped(_text(piece.content[start:end]), attributes)
        at = end
    yield _text(piece.content[at:])


def _wrapped(piece: Token, attributes: Attributes) -> Iterator[Token]:
    from markdown_it.token import Token

    yield Token("claim_open", "span", 1, attrs={**attributes})
    yield piece
    yield Token("claim_close", "span", -1)


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)
