"""A run as plain text: for a terminal, an e-mail, and hosts that show nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from textwrap import indent
from typing import TYPE_CHECKING, assert_never

from ..answer.claims.wording import summary
from ..answer.parts import Part
from ..answer.shown import Aside, Block, Download, Group, Line, Picture, Prose, Shown, shown_all
from ..sanitize import sanitize, sanitize_line
from .run import HERE, Run

if TYPE_CHECKING:
    from .verify import Verification

_LEAST_SECONDS = 0.1
ENGINES = {
    "gemini": "Gemini",
    "vertex": "Vertex AI",
    "local": "a local server",
    "offline": "offline engine, code run here",
    "replay": "replay of a recording",
}

RAN_HERE = "code ran here"


def to_text(run: Run) -> str:
    """Return the run as text that only grows at its end while the run grows.

    That lets a terminal print it as it comes: the text of a longer run begins with that of the
    shorter one.
    """
    # A call is told when it has ended: a terminal may ask the user about it before.
    parts = run.parts[:-1] if run.is_calling else run.parts
    again = [verified(run.verification)] if run.verification else []
    return "\n\n".join((*_paragraphs(parts, run.state), *again))


def verified(verification: Verification) -> str:
    """Return the verdicts on the attempts, a line each, under a line that counts them."""
    lines = [
        sanitize_line(f"attempt {attempt}: {verdict.words}")
        for attempt, verdict in enumerate(verification.verdicts, start=1)
    ]
    head = f"Run again here: {verification.summary or 'there was no code'}"
    return "\n".join((sanitize_line(head), *(f"    {line}" for line in lines)))


def summary_line(run: Run) -> str:
    """Return the last line of a run: its state, engine, seconds and tokens."""
    stats = [run.state, where(run)]
    # Less says nothing to a user.
    is_told = run.is_timed and run.seconds >= _LEAST_SECONDS
    stats += [f"{run.seconds:.1f} s"] if is_told else []
    if run.usage:
        cached = run.usage.cached_content
        stats.append(f"{run.usage.total:,} tokens" + (f", {cached:,} cached" if cached else ""))
    return sanitize_line(" · ".join(stats))


def recorded_line(run: Run) -> str:
    """Return when a run was recorded, and that nothing was sent; empty if it was asked for."""
    return f"recorded {run.recorded:%Y-%m-%d} · nothing sent" if run.recorded else ""


def where(run: Run) -> str:
    """Return who answered, and that code ran here if it did."""
    name = run.model or ENGINES.get(run.engine, run.engine)
    return f"{name} · {RAN_HERE}" if run.ran == HERE else name


def claims_line(run: Run) -> str:
    """Return where the numbers of the answer come from, in one line; empty if it has none."""
    return sanitize_line(summary(run.claims, run.parts))


def without_middle(text: str, limit: int = 20_000) -> str:
    """Return the first and the last lines of `text`, about `limit` characters in all.

    A notebook holds every run in full, as JSON; what else it holds may be shorter.
    """
    if len(text) <= limit:
        return text
    lines = text.split("\n")
    head = _fitting(lines, limit // 2)
    tail = _fitting(lines[len(head) :][::-1], limit // 2)[::-1]
    left_out = len(lines) - len(head) - len(tail)
    if left_out <= 0 or not (head or tail):
        half = limit // 2
        return f"{text[:half]}\n[… {len(text) - 2 * half:,} characters …]\n{text[-half:]}"
    return "\n".join([*head, f"[… {left_out:,} lines …]", *tail])


def _fitting(lines: list[str], limit: int) -> list[str]:
    """Return as many of `lines`, from the first, as have `limit` characters together."""
    sizes = accumulate(len(line) + 1 for line in lines)
    return [line for line, size in zip(lines, sizes, strict=True) if size <= limit]


def shown_to_text(several: Sequence[Shown]) -> str:
    """Return some pieces of an answer as plain text."""
    return "\n\n".join(filter(None, map(_paragraph, several)))


def _paragraphs(parts: Sequence[Part], state: str) -> Iterator[str]:
    # Part by part, as a step that grows would grow in its middle.
    return filter(None, map(_paragraph, shown_all(parts, state)))


def _paragraph(shown: Shown) -> str:
    match shown:
        case Prose():
            return sanitize(shown.text).strip("\n")
        case Aside():
            return indent(sanitize(shown.text).strip("\n"), "> ", lambda _: True)
        case Line():
            return _line(shown)
        case Block(kind="seen"):
            return f"    ({shown.title})"
        case Block():
            return indent(sanitize(shown.text).strip("\n"), "    ")
        case Picture():
            return sanitize_line(f"[{shown.mime_type}, {len(shown.data):,} bytes]")
        case Download():
            return sanitize_line(f"[file {shown.name}: {shown.detail}]")
        case Group():
            return _group(shown)
        case _:
            assert_never(shown)


def _line(line: Line) -> str:
    if not line.label:
        return f"({sanitize(line.text)})"
    return sanitize(" ".join(filter(None, (f"{line.label}:", line.text, line.detail))))


def _group(group: Group) -> str:
    if group.line:
        return sanitize(group.line)
    head = sanitize_line(f"{group.title}: {group.word}" if group.word else group.title)
    members = (_paragraph(member) for member in group.members)
    return "\n".join((head, *(member for member in members if member.strip())))
