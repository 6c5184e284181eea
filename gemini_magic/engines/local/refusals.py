"""What a refusal of the server is about: the length of the prompt, or what a flag asked for."""

from __future__ import annotations

import re

# How servers say that a model reads no pictures.
SIGHT = r"\bimages?\b|image_url|\bvision\b|multi-?modal|mmproj"
# What a refusal is about, and the flag that asked for it.
_FLAGS = tuple(
    (re.compile(pattern, re.IGNORECASE), flag)
    for pattern, flag in (
        (r"reasoning_?effort|does not support thinking|\bthinking\b", "--thinking"),
        (SIGHT, "--file or --data with a picture"),
        (r"max_(?:completion_)?tokens", "--max-output-tokens"),
        (r"\btemperature\b", "--temperature"),
        (r"\bseed\b", "--seed"),
    )
)
_TOO_LONG = re.compile(r"context (?:length|size|window)|exceed\w* .*context|n_ctx", re.IGNORECASE)


def is_too_long(said: str) -> bool:
    """Return whether it is that the prompt is longer than the model takes."""
    return bool(_TOO_LONG.search(said))


def flag_named(said: str) -> str:
    """Return the flag that asked for what a refusal names, empty if it names nothing of a flag."""
    return next((flag for pattern, flag in _FLAGS if pattern.search(said)), "")


def is_refusal(said: str) -> bool:
    """Return whether it is about the request, so that the same is refused again."""
    return is_too_long(said) or bool(flag_named(said))
