"""A stream of text that may not take all of it: a console of few characters, a closed pipe."""

from __future__ import annotations

from typing import TextIO


class Console:
    """Writes to `out` what it can take.

    Characters that its encoding lacks become question marks. When it takes nothing any more, as a
    closed pipe or a full disk, `lost` is the error, and what follows is dropped: an answer that was
    paid for must not break because nobody can read it there.
    """

    def __init__(self, out: TextIO | None) -> None:
        self.out = out
        self.lost: Exception | None = None

    def write(self, text: str) -> None:
        """Write `text` at once, without waiting for more."""
        if self.out is None or self.lost:
            return
        try:
            self._write(self.out, text)
            self.out.flush()
        # A stream that was closed in Python raises ValueError.
        except (OSError, ValueError) as exc:
            self.lost = exc

    def _write(self, out: TextIO, text: str) -> None:
        try:
            out.write(text)
        except UnicodeEncodeError:
            encoding = out.encoding or "ascii"
            out.write(text.encode(encoding, "replace").decode(encoding))
