"""The lessons that come with the package, one Markdown file each."""

from __future__ import annotations

from importlib.resources import files

from .lesson import Lesson, read


def shipped() -> tuple[Lesson, ...]:
    """Read all lessons of the package, in the order of their file names."""
    found = (file for file in files(__package__).iterdir() if file.name.endswith(".md"))
    by_name = sorted(found, key=lambda file: file.name)
    return tuple(read(file.read_text(encoding="utf-8"), file.name) for file in by_name)
