"""A run as plain text: for a terminal, an e-mail, and hosts that show nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from textwrap import indent

from ..answer.markdown import returned, written
from ..answer.parts import (
    FAILED,
    OK,
    TIMED_OUT,
    UNKNOWN,
    Call,
    Code,
    Data,
    Image,
    Note,
    Part,
    Query,
    Result,
    Source,
    Text,
    Thought,
    writable,
)
from .run import Run

WORDS = {OK: "ok", FAILED: "failed", TIMED_OUT: "timed out", UNKNOWN: "no result"}
ENGINES = {
    "gemini": "Gemini",
    "vertex": "Vertex AI",
    "offline": "offline engine, code run here",
    "replay": "replay of a recording",
}

# Terminal escapes, whole or cut off at the end of a fragment, and control characters: a model's
# text must not move the cursor, set the title or ring (ECMA-48, 5.4 and 8.3).
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|\Z)|[\]PX^_].*?(?:\x07|\x1b\\|\Z)|[ -/]*(?:[0-~]|\Z))"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]",
    re.DOTALL,
)
# Marks that reorder what is read: https://trojansource.codes
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return `text` without terminal escapes, and with reordering marks made visible."""
    text = _ESCAPES.sub("", writable(text).replace("\r\n", "\n"))
    return _REORDERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def outcome_words(outcome: str | None) -> str:
    """Return how an attempt ended, in words; an outcome that is not known, as the wire has it."""
    return WORDS.get(outcome or UNKNOWN, outcome or "")


def plain(run: Run) -> str:
    """Return the run as text that only grows at its end while the run grows.

    That lets a terminal print it as it comes: `plain` of a longer run begins with `plain` of the
    shorter one.
    """
    # A call is told when it has ended: a terminal may ask the reader about it before.
    parts = run.parts[:-1] if run.is_calling else run.parts
    return "\n\n".join(_paragraphs(parts))


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


def closing(run: Run) -> str:
    """Return the last line of a run: its state, engine, seconds and tokens."""
    facts = [run.state, run.model or ENGINES.get(run.engine, run.engine), f"{run.seconds:.1f} s"]
    if run.usage:
        cached = run.usage.cached_content
        facts.append(f"{run.usage.total:,} tokens" + (f", {cached:,} cached" if cached else ""))
    return " · ".join(facts)


def _paragraphs(parts: list[Part]) -> Iterator[str]:
    attempt = 0
    for part in parts:
        attempt += isinstance(part, Code)
        if text := _paragraph(part, attempt):
            yield text


def _paragraph(part: Part, attempt: int) -> str:
    match part:
        case Text():
            return printable(part.text).strip("\n")
        case Thought():
            return indent(printable(part.text).strip("\n"), "> ", lambda _: True)
        case Note():
            return f"({printable(part.text)})"
        case Code():
            return f"Attempt {attempt}\n{_block(part.code)}"
        case Result():
            head = f"Output: {outcome_words(part.outcome)}"
            return f"{head}\n{_block(part.output)}" if part.output.strip() else head
        case Image():
            return printable(f"[{part.mime_type}, {len(part.data):,} bytes]")
        case Call():
            return printable(f"Called {written(part)}{_ended(part)}")
        case Data():
            return _block(part.text)
        case Query():
            return printable(f"Searched: {part.text}")
        case Source():
            return printable(f"Source: {part.title} <{part.uri}>")
    return ""


def _block(text: str) -> str:
    return indent(printable(text).strip("\n"), "    ")


def _ended(call: Call) -> str:
    if call.is_running:
        return ""
    return f": failed: {call.error}" if call.error else f": {returned(call)!r}"
