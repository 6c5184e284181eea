"""Text in HTML."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from ..sanitize import sanitize


def escaped(text: str) -> Markup:
    """Return `text` sanitised and escaped to stand between tags.

    Quotes stay as they are: there they mean nothing, and code is full of them.
    """
    return Markup(escape(sanitize(text), quote=False))  # noqa: S704 (this is the escaping)
