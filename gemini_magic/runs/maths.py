"""Formulas in Markdown, told apart from dollars that are money: a plugin of markdown-it.

The rule is that of `labextension/src/text/maths.ts`, so that a saved run reads as the live one. A
formula stays TeX between `\\(` and `\\)`, or `\\[` and `\\]`, for the notebook to typeset; other
text is kept from the typesetter (`literal`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .escaping import escaped

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_CLOSINGS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
# Pandoc's rule: no blank inside the dollars, no digit behind them
# (https://pandoc.org/MANUAL.html#extension-tex_math_dollars).
_DOLLARS = re.compile(r"\$(?![\s$])(?:\\[^\n]|[^$\n\\`])*?(?<!\s)\$(?![\d{])")
# An amount, and words that no command of TeX begins: "$5) and ($".
_MONEY = re.compile(r"\$\d[\d.,]*(?![\w^\\{])[^\\]*?[^\W\d_]{3}[^\\]*")
# No formula is longer, and looking further for an end that is not there would take seconds.
_LONGEST = 5_000
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_BEFORE_MONEY = re.compile(r"[\\\w$]")


def maths(markdown: MarkdownIt) -> None:
    """Let `markdown` know formulas."""
    markdown.inline.ruler.before("escape", "formula", _inline)
    markdown.block.ruler.before(
        "fence", "formula", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.add_render_rule("formula", _render_formula)
    markdown.add_render_rule("text", _render_text)


def formula_at(text: str, start: int) -> str:
    """Return the formula that begins at `start`, with what encloses it, or nothing."""
    opening = text[start : start + 2]
    closing = _CLOSINGS.get(opening)
    if closing is None and (environment := _ENVIRONMENT.match(text, start)):
        closing = f"\\end{{{environment[1]}}}"
    if closing is not None:
        end = text.find(closing, start + 2, start + _LONGEST)
        found = text[start : end + len(closing)] if end >= 0 else ""
        is_empty = not found[2 : -len(closing)].strip()
        return "" if is_empty or _EMPTY_LINE.search(found) else found
    if start and _BEFORE_MONEY.match(text[start - 1]):
        return ""
    dollars = _DOLLARS.match(text, start, start + _LONGEST)
    return dollars[0] if dollars and not _MONEY.fullmatch(dollars[0]) else ""


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = formula_at(state.src, state.pos)
    if found and not silent:
        state.push("formula", "span", 0).content = found
    state.pos += len(found)
    return bool(found)


def _block(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """Take lines that are one display formula, whose own lines may look like lists or headings."""
    if state.is_code_block(line):
        return False
    begin = state.bMarks[line] + state.tShift[line]
    if state.src[begin : begin + 2] not in ("$$", "\\[", "\\b"):
        return False
    # In a quote or a list the lines have marks of their own, which are not of the formula.
    if state.parentType != "root" and state.blkIndent + state.level > 0:
        return False
    found = formula_at(state.src, begin)
    rest = state.src[begin + len(found) :].partition("\n")[0]
    if not found or rest.strip(" \t"):
        return False
    if not silent:
        token = state.push("formula", "div", 0)
        token.content, token.block = found, True
        state.line = line + found.count("\n") + 1
    return True


def _render_formula(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    token = tokens[place]
    formula = escaped(_enclosed(token.content))
    # No class of its own: sanitisers keep the tags, and the typesetter needs no more.
    return f"<{token.tag}>{formula}</{token.tag}>" + "\n" * token.block


def _enclosed(formula: str) -> str:
    """Return a formula between brackets, which no host takes for money."""
    if formula.startswith("$$"):
        return f"\\[{formula[2:-2]}\\]"
    return f"\\({formula[1:-1]}\\)" if formula.startswith("$") else formula


def _render_text(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    # Plain text: older versions of markdown-it add up what they get, and Markup would escape it.
    return str(literal(tokens[place].content))


_TYPESET = re.compile(r"\$|\\(?=[()\[\]]|begin\b)")


def literal(text: str) -> Markup:
    """Return `text` escaped, and without anything that a typesetter takes for a formula.

    It looks for both ends of a formula in one text, never across elements.
    """
    return Markup(_TYPESET.sub(lambda mark: f"<span>{mark[0]}</span>", escaped(text)))  # noqa: S704
