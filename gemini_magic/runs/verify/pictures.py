"""Holds one picture against another, by size and by pixels, never by bytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

from ...answer.parts import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
PIXELS = 40_000_000  # a picture of more is not unpacked
SIDE = 160  # what pictures of two sizes are brought to
SAME_SIZE, OTHER_SIZE = 0.02, 0.05  # mean difference of a pixel, of 1
STRETCH = 1.6  # how much wider or higher one may be: margins differ from sandbox to sandbox
_PNG = b"\x89PNG\r\n\x1a\n"


def compare(reported: Sequence[Image], here: Sequence[Image]) -> tuple[bool, str]:
    """Return whether the pictures agree, and a line that says how, or why not."""
    if len(reported) != len(here):
        return False, f"{_count(len(reported))} there, {len(here)} here"
    for number, (one, other) in enumerate(zip(reported, here, strict=True), start=1):
        agrees, why = _compare(one.data, other.data)
        if not agrees:
            return False, f"picture {number}: {why}"
    by_size = here and not _has_pillow()
    return True, "pictures by their size alone, as pillow is not installed" if by_size else ""


def _count(number: int) -> str:
    return "1 picture" if number == 1 else f"{number} pictures"


def _has_pillow() -> bool:
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        return False
    return True


def _compare(one: bytes, other: bytes) -> tuple[bool, str]:
    if one == other:
        return True, ""
    if not _has_pillow():
        sizes = png_size(one), png_size(other)
        alike = None not in sizes and sizes[0] == sizes[1]
        return alike, "" if alike else f"{_times(sizes[0])} there, {_times(sizes[1])} here"
    pictures = [opened(data) for data in (one, other)]
    if None in pictures:
        return False, "it cannot be read"
    first, second = pictures
    if first.size == second.size:
        share = difference(first, second)
        return share <= SAME_SIZE, f"{share:.0%} of its light differs"
    cut = [trimmed(picture) for picture in pictures]
    (w1, h1), (w2, h2) = (picture.size for picture in cut)
    if max(w1 / w2, w2 / w1, h1 / h2, h2 / h1) > STRETCH:
        return False, f"{_times(first.size)} there, {_times(second.size)} here"
    share = difference(*(picture.resize((SIDE, SIDE)) for picture in cut))
    return share <= OTHER_SIZE, f"{share:.0%} of its light differs"


def _times(size: tuple[int, int] | None) -> str:
    return f"{size[0]} by {size[1]} pixels" if size else "of no known size"


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG; None for anything else."""
    if not data.startswith(_PNG) or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def opened(data: bytes) -> Any:
    """Return a picture in grey on white; None for one that cannot be read or is too large."""
    from PIL import Image as Pillow

    try:
        picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
        if picture.size[0] * picture.size[1] > PIXELS:
            return None
        coloured = picture.convert("RGBA")
    except (
        Exception
    ):  # a damaged file can raise anything: https://github.com/python-pillow/Pillow/issues/4678
        return None
    ground = Pillow.new("RGBA", coloured.size, "white")
    return Pillow.alpha_composite(ground, coloured).convert("L")


def trimmed(picture: Any) -> Any:
    """Return a picture without its margins."""
    from PIL import Image as Pillow
    from PIL import ImageChops

    ground = Pillow.new("L", picture.size, picture.getpixel((0, 0)))
    box = ImageChops.difference(picture, ground).getbbox()
    return picture.crop(box) if box else picture


def difference(one: Any, other: Any) -> float:
    """Return the mean difference of two pictures of one size, 0 to 1, once blurred a little.

    Blurred, as fonts and their edges differ from one version of a library to the next.
    """
    from PIL import ImageChops, ImageFilter

    blur = ImageFilter.GaussianBlur(2)
    changed = ImageChops.difference(one.filter(blur), other.filter(blur))
    histogram = changed.histogram()
    total = sum(level * count for level, count in enumerate(histogram))
    return total / (255 * max(1, sum(histogram)))
