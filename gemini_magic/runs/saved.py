"""What a notebook saves of a run."""

from __future__ import annotations

from typing import Any

from ..answer.document import MIME
from ..sanitize import sanitize_line
from .html import render
from .markdown import to_markdown
from .run import Run
from .text import claims_line, summary_line, to_text, without_middle


def mimebundle(run: Run, *, stats: bool = True) -> dict[str, Any]:
    """Return the saved form of a run: for our renderer, for any viewer, for exports, and for none.

    JupyterLab and others take the first of these that they know.
    """
    return {
        MIME: run.to_dict(),
        "text/html": render(run, stats=stats),
        "text/markdown": to_markdown(run, stats=stats),
        "text/plain": _plain(run, stats),
    }


def _plain(run: Run, stats: bool) -> str:
    pieces = [without_middle(to_text(run))]
    if stats:
        pieces.append(summary_line(run))
    if claims := claims_line(run):
        pieces.append(claims)
    if run.error:
        pieces.append(sanitize_line(run.error))
    return "\n\n".join(pieces)
