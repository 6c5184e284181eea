"""Marks around the numbers of prose, put into Markdown that is parsed and not yet rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from .claim import Claim
from .prose import mentions_in, shown

if TYPE_CHECKING:
    from markdown_it.token import Token

Range = tuple[int, int, Mapping[str, str | int | float]]


def mark(
    tokens: Sequence[Token],
    markdown: str,
    claims: Iterable[Claim],
    attributes: Mapping[Claim, Mapping[str, str]],
) -> None:
    """Put a span around each number of `markdown` that has `attributes`, in its `tokens`.

    `claims` are all those of the part. Where they are not the numbers that stand there, in order
    and by their text, nothing is marked.
    """
    mentions = {mention.nth: mention for mention in mentions_in(markdown, 0)}
    ranges: dict[int, list[Range]] = {}
    for claim in claims:
        mention = mentions.get(claim.nth)
        if mention is None or mention.text != claim.text:
            return
        if claim in attributes:
            inline, start, end = mention.span
            ranges.setdefault(inline, []).append((start, end, {**attributes[claim]}))
    inlines = [token for token in tokens if token.type == "inline"]
    for place, wanted in ranges.items():
        if place < len(inlines):
            inlines[place].children = _marked(inlines[place].children or [], wanted)


def _marked(pieces: Sequence[Token], wanted: Sequence[Range]) -> list[Token]:
    """Return the pieces of a block with spans where a range lies within one of them."""
    found: list[Token] = []
    position = 0
    for piece in pieces:
        length = len(shown(piece))
        own = [
            (start - position, end - position, attrs)
            for start, end, attrs in wanted
            if position <= start and end <= position + length
        ]
        position += length
        found += _split(piece, own) if own else [piece]
    return found


def _split(piece: Token, own: Sequence[Range]) -> Iterable[Token]:
    """Yield a piece of text in pieces, with a span around each range; code has one around all."""
    if piece.type != "text":
        yield from _wrapped(piece, own[0][2])
        return
    at = 0
    for start, end, attrs in own:
        yield _text(piece.content[at:start])
        yield from _wrapped(_text(piece.content[start:end]), attrs)
        at = end
    yield _text(piece.content[at:])


def _wrapped(piece: Token, attrs: Mapping[str, str | int | float]) -> Iterable[Token]:
    from markdown_it.token import Token

    return (
        Token("claim_open", "span", 1, attrs=dict(attrs)),
        piece,
        Token("claim_close", "span", -1),
    )


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)
