"""Texts of other systems: line ends, marks and blanks, and halves of characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# What ends a line to some system: https://www.unicode.org/reports/tr14/#BK
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Blanks that do not break, or have a width of their own (general category Zs).
_BLANKS = dict.fromkeys(map(ord, "\xa0\u1680\u202f\u205f\u3000"), " ")
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
# A byte-order mark, and what joins or parts words without being seen.
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"), "")
_INDENT = " \t" + "".join(map(chr, (*_BLANKS, *_UNSEEN)))
_HALVES = re.compile("[\ud800-\udfff]")


def normalized(text: str) -> str:
    """Return `text` with lines that end in a line feed, and with plain blanks for others.

    Fenced code keeps its characters, as they may stand in its strings, but for those that indent.
    """
    text = _LINE_ENDS.sub("\n", text)
    if text.isascii():
        return text
    return "\n".join(_plain_code(line) if code else _plain(line) for line, code in _read(text))


def fenced_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line of `text`, and whether it is code in a fence; a fence itself is not."""
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
            yield line, False
        elif mark and mark[1].startswith(fence) and not line.strip(" \t`~"):
            fence = ""
            yield line, False
        else:
            yield line, bool(fence)


def without_halves(text: str) -> str:
    """Return `text` with a replacement character for each half of a surrogate pair.

    Half a pair is no character, and cannot be sent. Two halves that belong together are joined.
    """
    if not _HALVES.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _read(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines as `fenced_lines` does: a fence may be hidden behind a mark or a blank."""
    plain = "\n".join(map(_plain, text.split("\n")))
    lines = zip(text.split("\n"), fenced_lines(plain), strict=True)
    return ((line, code) for line, (_, code) in lines)


def _plain(line: str) -> str:
    return line.translate(_UNSEEN).translate(_BLANKS)


def _plain_code(line: str) -> str:
    code = line.lstrip(_INDENT)
    return _plain(line[: len(line) - len(code)]) + code
