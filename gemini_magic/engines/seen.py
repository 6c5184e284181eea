"""What the model sees of what its code printed here."""

from __future__ import annotations


def bounded(text: str, most: int) -> str:
    """Return `text` in about `most` characters, without its middle if need be."""
    if len(text) <= most:
        return text
    head, tail = most - most // 3, most // 3
    left_out = len(text) - head - tail
    return f"{text[:head]}\n[{left_out:,} characters are left out]\n{text[len(text) - tail :]}"
