"""Markdown as HTML that holds no markup, pictures or scripts of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import htpy as h
from markupsafe import Markup

from ..answer.claims.claim import Claim
from ..answer.claims.marks import mark
from ..sanitize import sanitize
from .direction import direction
from .highlight import Highlighter
from .maths import literal, maths

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LINKS = ("https://", "http://", "mailto:")
# Markdown of this size and more is shown as typed: rendering it would cost seconds.
_MOST_CHARS = 100_000


def prose(
    text: str,
    code: Highlighter | None = None,
    claims: Sequence[Claim] = (),
    marked: Mapping[Claim, Mapping[str, str]] = MappingProxyType({}),
) -> Markup:
    """Return Markdown as HTML, with a mark around those of its numbers that have one.

    `code` draws its fences.
    """
    if len(text) >= _MOST_CHARS:
        return Markup(h.div(style="white-space:pre-wrap")[literal(text)])  # noqa: S704
    from markdown_it.utils import OptionsDict

    markdown, text = _markdown(), sanitize(text)
    tokens = markdown.parse(text)
    if claims:
        mark(tokens, text, claims, marked)
    drawing: Any = {**markdown.options, "highlight": partial(_fenced, code or Highlighter())}
    # The renderer escapes all that it does not make itself.
    return Markup(markdown.renderer.render(tokens, OptionsDict(drawing), {}))  # noqa: S704


def _fenced(highlighter: Highlighter, code: str, language: str, _: str) -> str:
    return str(highlighter.draw(code, language))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class WebLinks(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
            return url.lower().startswith(LINKS)

    # No raw HTML, and no images: a remote one would carry data out.
    plain = WebLinks("commonmark", {"html": False}).enable("table").disable("image")
    return plain.use(maths).use(direction)
