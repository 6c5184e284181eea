"""Which pictures can be shown, told from their first bytes: nothing is decoded."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from zlib import crc32

# A browser takes four bytes a pixel, whatever a file weighs. More than any screen shows.
MOST_PIXELS = 50_000_000
# What a document may name as the type of a picture, and would stand in an attribute.
_TYPE = re.compile(r"image/[a-z0-9.+-]+")
_EXTENSION, _FRAME = 0x21, 0x2C  # blocks of a GIF
_JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def unshowable(mime_type: str, data: bytes) -> str:
    """Return why a picture cannot be shown, to be added to its type; empty if it can.

    The files that browsers decode into pixels are checked, whatever their type says they are:
    https://developer.mozilla.org/docs/Web/Media/Guides/Formats/Image_types
    """
    if not _TYPE.fullmatch(mime_type):
        return ", which is not a picture"
    if mime_type == "image/svg+xml":
        return ""
    size = size_of(data)
    if size is None:
        return ", which cannot be read as a picture"
    width, height = size
    if width * height > MOST_PIXELS:
        return f", {width:,} × {height:,} pixels, which is too large to show"
    return ""


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return the width and height of a PNG, JPEG, GIF or WebP; None for anything else."""
    read = _READERS.get(pixels_type(data))
    try:
        size = read(data) if read else None
    except struct.error:
        return None
    return size if size and min(size) > 0 else None


def pixels_type(data: bytes) -> str:
    """Return the type of a PNG, JPEG, GIF or WebP by its first bytes; empty for anything else."""
    found = (kind for kind, signature in _SIGNATURES.items() if signature.match(data))
    return next(found, "")


def _png(data: bytes) -> tuple[int, int] | None:
    """https://www.w3.org/TR/png-3/#5DataRep"""
    chunks = list(_chunks(data))
    names = [name for name, _ in chunks]
    if not (names[:1] == [b"IHDR"] and b"IDAT" in names and names[-1] == b"IEND"):
        return None
    width, height = struct.unpack_from(">II", chunks[0][1])
    return width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG as far as they are whole."""
    place = 8
    while place < len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if crc32(body, crc32(name)) != check:
            return
        yield name, body
        place += 12 + length


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1"""
    place = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, place)
        if mark != 0xFF:
            return None
        if kind in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 1 if kind == 0xFF else 2 + length


def _gif(data: bytes) -> tuple[int, int]:
    """https://www.w3.org/Graphics/GIF/spec-gif89a.txt"""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    first_wide, first_high = _first_frame(data, 13 + _table_size(flags))
    return max(width, first_wide), max(height, first_high)


def _first_frame(data: bytes, place: int) -> tuple[int, int]:
    """Return how far a GIF's first frame reaches, which browsers make room for; (0, 0) for none."""
    while place < len(data) and data[place] == _EXTENSION:
        place += 2
        while length := struct.unpack_from("B", data, place)[0]:
            place += 1 + length
        place += 1
    if place >= len(data) or data[place] != _FRAME:
        return 0, 0
    left, top, width, height = struct.unpack_from("<HHHH", data, place + 1)
    return left + width, top + height


def _table_size(flags: int) -> int:
    """Return the bytes of the colours that follow a GIF's screen descriptor."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(data: bytes) -> tuple[int, int] | None:
    """https://developers.google.com/speed/webp/docs/riff_container"""
    kind = data[12:16]
    if kind == b"VP8X":
        low_wide, high_wide, low_high, high_high = struct.unpack_from("<HBHB", data, 24)
        return 1 + low_wide + (high_wide << 16), 1 + low_high + (high_high << 16)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_READERS: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
}
