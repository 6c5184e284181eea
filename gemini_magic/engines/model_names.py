"""Names of models: which of them are one model, and which only stand for others."""

from __future__ import annotations

import re

# A version or a stage behind a name: `-001`, `-preview-05-06`, `-exp`, `@20260901`.
_SUFFIX = re.compile(r"(?:-(?:preview|exp|experimental|\d{2,}))+$|@.*$")


def bare(name: str | None) -> str:
    """Return the name of a model without the path that the server puts before it."""
    return (name or "").rpartition("/")[2]


def stem(name: str) -> str:
    """Return the name of a model without its path, its version and its stage."""
    return _SUFFIX.sub("", bare(name))


def is_alias(name: str) -> bool:
    """Return whether `name` stands for whichever model is the latest."""
    return bare(name).endswith("-latest")


def is_another(asked: str, answered: str) -> bool:
    """Return whether another model answered than the one asked, versions and aliases aside."""
    if not asked or not answered or is_alias(asked):
        return False
    return stem(asked) != stem(answered)
