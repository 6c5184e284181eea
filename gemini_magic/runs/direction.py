"""Where the lines of Markdown begin in HTML: a plugin of markdown-it.

A block with letters that are written from right to left takes its direction from its first word, as
in the browser (`labextension/src/text/markdown.ts`). The cells of a table begin where their lines
do: JupyterLab moves those of any output to the right.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_BLOCKS = {"paragraph", "heading", "blockquote", "list_item", "bullet_list", "ordered_list"}
_CELLS = {"th", "td"}


def direction(markdown: MarkdownIt) -> None:
    """Let `markdown` say where lines begin."""
    markdown.core.ruler.push("direction", _direct)


def _direct(state: StateCore) -> None:
    is_mixed = not state.src.isascii() and any(
        unicodedata.bidirectional(letter) in ("R", "AL") for letter in state.src
    )
    for token in state.tokens:
        name = token.type.removesuffix("_open")
        if name in _CELLS and not token.attrGet("style") and token.nesting == 1:
            token.attrSet("style", "text-align:start")
        if is_mixed and token.nesting == 1 and name in _BLOCKS | _CELLS:
            token.attrSet("dir", "auto")
        for child in (token.children or ()) if is_mixed else ():
            if child.type == "code_inline":
                child.attrSet("dir", "ltr")
