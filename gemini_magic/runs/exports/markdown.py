"""A run as Markdown that travels: all of it, pictures too, with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ...answer.claims.wording import entries
from ...answer.markdown import fenced
from ...sanitize import sanitize
from ..markdown import neutral_line, whole
from ..run import Run
from .facts import provenance_rows, verified


def to_markdown(*runs: Run) -> str:
    """Return runs as Markdown, in which nothing acts: neither markup, nor TeX, nor a page."""
    return "\n\n".join(piece for run in runs for piece in _pieces(run)) + "\n"


def _pieces(run: Run) -> list[str]:
    pieces = ["# Prompt", fenced("text", sanitize(run.request.prompt)), "# Answer", whole(run)]
    for title, lines in (
        ("Numbers", _numbers(run)),
        ("Run again", _again(run)),
        ("Where it comes from", _provenance(run)),
    ):
        if found := "\n".join(lines):
            pieces += [f"# {title}", found]
    return pieces


def _numbers(run: Run) -> Iterator[str]:
    for entry in entries(run.claims, run):
        yield f"- **{neutral_line(entry.claim.text)}** {neutral_line(entry.title)}"


def _again(run: Run) -> Iterator[str]:
    for each in verified(run):
        yield f"- {neutral_line(each.words)}"
        if each.difference:
            yield f"\n{fenced('diff', chr(10).join(each.difference))}\n"


def _provenance(run: Run) -> Iterator[str]:
    for name, value in provenance_rows(run):
        yield f"- {name}: {neutral_line(value)}"
