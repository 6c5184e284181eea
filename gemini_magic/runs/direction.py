"""Where the lines of Markdown begin in HTML: a plugin of markdown-it.

In prose with letters that are written from right to left each block takes its direction from its
first word, with all that is in it, as in the browser (`direct` in
`labextension/src/text/markdown.ts`). The cells of a table begin where their lines
do: JupyterLab moves those of any output to the right.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_BLOCKS = {"paragraph", "heading", "blockquote", "bullet_list", "ordered_list", "table"}
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
        if is_mixed and token.nesting == 1 and token.level == 0 and name in _BLOCKS:
            # A page of nbconvert aligns all outputs at the left.
            token.attrs |= {"dir": "auto", "style": "text-align:start"}
        if is_mixed and name == "fence":
            token.attrs |= {"dir": "ltr", "style": "display:block"}
        for child in (token.children or ()) if is_mixed else ():
            if child.type == "code_inline":
                child.attrSet("dir", "ltr")
