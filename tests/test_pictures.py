"""Pictures are checked by their first bytes, and shown if a browser can bear them."""

import io
import struct
import zlib

import pytest
from PIL import Image as Drawing
from test_html import render, run_of

from gemini_magic.answer.parts import Image
from gemini_magic.answer.pictures import MOST_PIXELS, size_of, unshowable

FORMATS = ["PNG", "JPEG", "GIF", "WEBP"]


def file(kind, size=(160, 90), **options):
    data = io.BytesIO()
    Drawing.new("RGB", size, "teal").save(data, kind, **options)
    return data.getvalue()


def bomb(width, height):
    """A small PNG that says it is large."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("kind", FORMATS)
def test_the_size_of_a_picture_is_found_without_decoding_it(kind):
    assert size_of(file(kind)) == (160, 90)
    assert size_of(file(kind, (1, 3))) == (1, 3)


def test_every_kind_of_webp_has_a_size():
    assert size_of(file("WEBP", lossless=True)) == (160, 90)
    assert size_of(file("WEBP", exif=b"Exif\0\0")) == (160, 90)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_is_shown(kind):
    assert unshowable(f"image/{kind.lower()}", file(kind)) == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"png",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        file("PNG")[:-5],
        file("PNG").replace(b"IDAT", b"IDOT"),
        file("JPEG")[:12],
        b"\xff\xd8\xff" + b"\xff" * 1000,
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"<script>",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_only_begins_like_a_picture_is_named_and_not_shown(data):
    assert unshowable("image/png", data) == ", which cannot be read as a picture"
    html = render(run_of(Image("image/png", data)))
    assert "<img" not in html
    assert f"image/png, {len(data):,} bytes, which cannot be read" in html


def test_a_picture_of_too_many_pixels_is_named_with_them():
    data = bomb(20_000, 20_000)
    assert len(data) < 200
    html = render(run_of(Image("image/png", data)))
    assert "<img" not in html
    assert "20,000 × 20,000 pixels, which is too large to show" in html


def test_a_picture_as_large_as_may_be_is_shown():
    assert unshowable("image/png", bomb(MOST_PIXELS // 1000, 1000)) == ""
    assert unshowable("image/png", bomb(MOST_PIXELS // 1000 + 1, 1000)) != ""


@pytest.mark.parametrize("mime_type", ["text/html", "image/", "image/png\n", 'image/png" x="', ""])
def test_another_type_is_no_picture(mime_type):
    assert unshowable(mime_type, file("PNG")) == ", which is not a picture"


@pytest.mark.parametrize("version", [b"GIF87a", b"GIF89a"])
@pytest.mark.parametrize("colours", [b"\x80\0\0" + bytes(6), bytes(3)])
@pytest.mark.parametrize("before", [b"", b"\x21\xf9\x04\0\0\0\0\0", b"\x21\xfe\x03one\x02no\0"])
def test_a_gif_is_as_large_as_its_first_frame(version, colours, before):
    """Browsers enlarge the screen that a GIF says it has to what it holds."""
    frame = b"\x2c" + struct.pack("<HHHHB", 5, 7, 20_000, 20_000, 0)
    data = version + struct.pack("<HH", 1, 1) + colours + before + frame
    assert size_of(data) == (20_005, 20_007)
    assert "too large to show" in unshowable("image/gif", data)
    assert size_of(data[: 15 + len(colours)]) in {(1, 1), None}
