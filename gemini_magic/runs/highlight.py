"""Code as HTML in which keywords, names, strings, numbers and comments have colours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..sanitize import sanitize
from .escaping import escaped

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# By the names of Pygments: https://pygments.org/docs/tokens. The hues of the extension, of a
# lightness between light and dark grounds; short, as each word of code brings its own.
COLOURS = {
    "Keyword": "#283",
    "Operator.Word": "#283",
    "Name.Builtin": "#283",
    "Name.Tag": "#27e",
    "Name.Function": "#27e",
    "Name.Class": "#27e",
    "Literal.String": "#c44",
    "Literal.Number": "#b60",
    "Comment": "#488",
}
# What stands in an f-string is code.
_PLAIN = ("Literal.String.Interpol",)
_PYTHON = frozenset("py python python3 ipython".split())


# What code may have in colours, all attempts of a run together: they take twice its size.
_ROOM = 20_000


class Highlighter:
    """Draws code, in colours until `room` characters of it have them."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room

    def draw(self, code: str, language: str) -> Markup:
        """Return code as HTML; that of a language that is not known, and of too much, is plain."""
        text = sanitize(code)
        if len(text) > self._room or not (lexer := _lexer(language)):
            return escaped(text)
        self._room -= len(text)
        return _drawn(text, lexer)


def _drawn(text: str, lexer: Lexer) -> Markup:
    pieces: list[tuple[str, str]] = []
    for kind, word in lexer.get_tokens(text):
        colour = _colour(str(kind).removeprefix("Token."))
        if pieces and (word.isspace() or colour == pieces[-1][0]):
            colour, before = pieces.pop()
            word = before + word
        pieces.append((colour, word))
    if "".join(word for _, word in pieces) != text:
        return escaped(text)
    return Markup("").join(_span(colour, word) for colour, word in pieces)


def _span(colour: str, text: str) -> Markup:
    if not colour:
        return escaped(text)
    return Markup('<span style="color:{}">{}</span>').format(colour, escaped(text))


@cache
def _colour(kind: str) -> str:
    """Return the colour of a kind of word or of one that it is a part of, empty for none."""
    if not kind or kind in _PLAIN:
        return ""
    return COLOURS.get(kind) or _colour(kind.rpartition(".")[0])


@cache
def _lexer(language: str) -> Lexer | None:
    """Return what reads a language, None for one that the views do not colour either."""
    # Lines stay as they are.
    if language.lower() in _PYTHON:
        from pygments.lexers.python import PythonLexer

        return PythonLexer(stripnl=False, ensurenl=False)
    if language.lower() == "json":
        from pygments.lexers.data import JsonLexer

        return JsonLexer(stripnl=False, ensurenl=False)
    return None
