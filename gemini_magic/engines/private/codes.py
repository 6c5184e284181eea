"""Codes for bytes and characters, as base64 and escapes, and what a piece of text is in each."""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import unquote_to_bytes

MOST = 200_000  # characters of what is decoded
_LONGEST_NUMBER = 2_000  # digits
_MEMORY = 2**27  # bytes to unpack it
_PACKED: tuple[tuple[bytes, str, Callable[[Any], Any]], ...] = (
    (b"BZh", "bz2", lambda bz2: bz2.BZ2Decompressor()),
    (b"\xfd7zXZ", "lzma", lambda lzma: lzma.LZMADecompressor(memlimit=_MEMORY)),
)
ESCAPE = re.compile(
    r"\\(?:(?P<hex>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?P<octal>[0-7]{1,3})"
    r"|N\{(?P<name>[A-Z0-9 -]{1,100})\})"
)
# With the byte of each sign that is the same for an alphabet: that of blanks is another.
_WIDE = (("utf-16-le", 2, 1), ("utf-16-be", 2, 0), ("utf-32-le", 4, 1), ("utf-32-be", 4, 2))
_ALPHABETS = 3
# What no text has in one byte a sign.
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")


def sign_of(escape: re.Match[str]) -> str:
    """Return what one escape stands for, a blank if it is none."""
    with suppress(ValueError, KeyError):
        if escape["name"]:
            return unicodedata.lookup(escape["name"])
        return chr(int(escape["octal"], 8) if escape["octal"] else int(escape["hex"][1:], 16))
    return " "


def _text(data: bytes) -> str:
    """Return bytes as text, on lines where they may be several; empty where they are none."""
    data = _unpacked(data)
    found = []
    with suppress(UnicodeDecodeError):
        found.append(data.decode())
    if not found and sum(32 <= byte < 127 for byte in data) * 2 > len(data):
        found.append(data.decode("latin-1"))
    if not found or _BINARY.search(data):
        found += _wide(data)
    return "\n".join(found)


def _unpacked(data: bytes) -> bytes:
    """Return the beginning of what was compressed; bytes that were not as they are."""
    with suppress(zlib.error):
        if data[:1] in (b"\x78", b"\x1f"):
            return zlib.decompressobj(47).decompress(data, MOST)
    for mark, name, opened in _PACKED:
        if data.startswith(mark):
            # A Python may be built without these, and each has an error of its own.
            with suppress(Exception):
                return bytes(opened(import_module(name)).decompress(data, MOST))
    return data


def _wide(data: bytes) -> Iterator[str]:
    """Yield bytes as text of two or four bytes a sign, where all of it is of one alphabet."""
    for encoding, width, high in _WIDE:
        if len(data) >= 4 * width and len(set(data[high::width])) <= _ALPHABETS:
            yield data.decode(encoding, "replace")


def _base64(piece: str) -> Iterator[str]:
    letters = re.sub(r"[\s=]", "", piece).replace("-", "+").replace("_", "/")
    for start in range(4):
        part = letters[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        with suppress(binascii.Error, ValueError):
            yield _text(base64.b64decode(part + "=" * (-len(part) % 4)))


def _base32(piece: str) -> Iterator[str]:
    letters = re.sub(r"[\s=]", "", piece).upper()
    for decode in (base64.b32decode, base64.b32hexdecode):
        for start in range(8):
            yield _text(_in_groups(letters[start:], 8, "=", decode))


def _base85(piece: str) -> Iterator[str]:
    for decode in (base64.b85decode, base64.a85decode):
        for start in range(5):
            yield _text(_in_groups(piece[start:], 5, "", decode))


def _in_groups(letters: str, size: int, fill: str, decode: Callable[[str], bytes]) -> bytes:
    """Return what groups of letters stand for, each by itself; a blank for those that are none.

    What stands before may be of the same letters, and no code at all.
    """
    found = []
    for at in range(0, len(letters), size):
        group = letters[at : at + size]
        try:
            found.append(decode(group + fill * (size - len(group))))
        except ValueError:
            found.append(b" ")
    return b"".join(found)


def _hex(piece: str) -> Iterator[str]:
    digits = re.sub(r"\\x|0x|\\u00|%|[^0-9a-fA-F]", "", piece)
    for start in (0, 1):
        part = digits[start:]
        yield _text(bytes.fromhex(part[: len(part) // 2 * 2]))


def _float(piece: str) -> Iterator[str]:
    with suppress(ValueError, OverflowError):
        yield repr(float.fromhex(piece))


def _integer(piece: str) -> Iterator[str]:
    with suppress(ValueError):
        yield str(int(piece, 0))


def _numbers(piece: str) -> Iterator[str]:
    for base in (10, 8):
        with suppress(ValueError, OverflowError):
            yield "".join(chr(int(each, base)) for each in re.findall(r"\d+", piece))


def _numbered(piece: str) -> Iterator[str]:
    """Yield the characters whose codes every second number is, as where each has its place."""
    numbers = re.findall(r"\d+", piece)
    with suppress(ValueError, OverflowError):
        yield "".join(chr(int(each)) for each in numbers[1::2])


def _literals(piece: str) -> Iterator[str]:
    with suppress(ValueError, OverflowError):
        yield "".join(chr(int(each, 0)) for each in re.findall(r"0[xXbBoO][0-9a-fA-F]+", piece))


def _points(piece: str) -> Iterator[str]:
    with suppress(ValueError, OverflowError):
        yield "".join(chr(int(each, 2)) for each in re.findall(r"[01]+", piece))


def _packed(piece: str) -> Iterator[str]:
    """Yield what a whole number is as bytes."""
    number = int(piece[:_LONGEST_NUMBER])
    yield _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _bits(piece: str) -> Iterator[str]:
    digits = re.sub(r"0b|[^01]", "", piece)
    for width in (8, 7):
        yield "".join(
            chr(int(digits[at : at + width], 2)) for at in range(0, len(digits) - width + 1, width)
        )


def _percent(piece: str) -> Iterator[str]:
    with suppress(ValueError):
        yield _text(unquote_to_bytes(piece.replace("+", " ")))


def _escaped(piece: str) -> Iterator[str]:
    yield ESCAPE.sub(sign_of, piece)


def _entities(piece: str) -> Iterator[str]:
    yield html.unescape(piece)


def _quoted_printable(piece: str) -> Iterator[str]:
    yield _text(quopri.decodestring(piece.encode("utf-8", "replace")))


# From the beginning of a word on: a search from each letter of a long one takes minutes.
CODES: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[str]]], ...] = (
    (re.compile(r"[A-Za-z0-9+/_-]{6,}(?:\s*\n\s*[A-Za-z0-9+/_-]{6,})*={0,2}"), _base64),
    (re.compile(r"[A-Za-z2-7]{7,}={0,6}|[0-9A-Va-v]{7,}={0,6}"), _base32),
    (re.compile(r"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{6,}"), _base85),
    (re.compile(r"[!-u]{6,}"), _base85),
    (re.compile(r"(?:(?:\\x|0x|\\u00|%)?[0-9a-fA-F]{2}[^0-9a-zA-Z%\\]{0,3}){4,}"), _hex),
    (re.compile(r"[0-9a-fA-F]{9,}"), _hex),
    (re.compile(r"0x1\.[0-9a-f]+p[+-]\d+"), _float),
    (re.compile(r"0(?:[xX][0-9a-fA-F]{2,16}|[bB][01]{4,64}|[oO][0-7]{2,22})"), _integer),
    (re.compile(r"(?:\d{2,6}\D{1,3}){4,}\d{2,6}"), _numbers),
    (re.compile(r"(?:\b\d{1,6}\D{1,6}\d{2,6}\D{1,6}){4,}"), _numbered),
    (re.compile(r"(?:0[xXbBoO][0-9a-fA-F]{2,21}[^0-9a-zA-Z]{1,4}){4,}\w+"), _literals),
    (re.compile(r"[0-9]{12,}"), _packed),
    (re.compile(r"(?:(?:0b)?[01]{7,8}[^01a-z]{0,3}){4,}"), _bits),
    (re.compile(r"(?:[01]{7,21}[^0-9a-zA-Z]{1,4}){4,}[01]{7,21}"), _points),
    (re.compile(r"(?<!\S)\S*%[0-9a-fA-F]{2}\S*"), _percent),
    (re.compile(r"(?<!\S)\S*\\[xuUN0-7]\S*"), _escaped),
    (re.compile(r"(?<!\S)\S*&#?\w+;\S*"), _entities),
    (re.compile(r"(?<!\S)\S*=[0-9A-F]{2}\S*"), _quoted_printable),
)
