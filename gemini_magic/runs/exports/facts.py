"""What every file says of a run beside its answer: where it comes from, and its verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...sanitize import sanitize_line
from ..run import Run
from ..seal import CHANGED, INTEGRITY_WORDS
from ..verify.report import difference
from ..verify.verdicts import DIFFERENT

# More of them tell a user nothing.
_MOST = 50


@dataclass(frozen=True)
class Verified:
    """The verdict on one attempt, in one line, and the lines that differ."""

    words: str
    difference: tuple[str, ...] = ()


def provenance_rows(run: Run) -> list[tuple[str, str]]:
    """Return where the answer comes from, as names and values of one line each."""
    return [(name, sanitize_line(value)) for name, value in _rows(run) if value]


def _rows(run: Run) -> Iterator[tuple[str, str]]:
    held = run.provenance
    yield "Model asked", held["model_asked"]
    yield "Model that answered", held["model_answered"]
    yield "Engine", held["engine"]
    yield "Responses", ", ".join(held["response_ids"][:_MOST])
    yield "Asked at", held["time"]
    python = f"Python {held['python']}" if held["python"] else ""
    yield "Software", ", ".join(filter(None, (held["package"], held["sdk"], python)))
    yield "Request", held["request"]
    for file in held["files"][:_MOST]:
        yield "File", _file(file)
    if content := held.get("content"):
        yield "Document", f"{content} (it proves that the document is whole, not who wrote it)"
    if run.integrity == CHANGED:
        yield "Attention", f"the document was {INTEGRITY_WORDS[CHANGED]}"


def _file(file: Mapping[str, Any]) -> str:
    size = file.get("bytes")
    facts = (
        file.get("name"),
        f"{size:,} bytes" if isinstance(size, int) else None,
        f"sha256:{file['sha256']}" if file.get("sha256") else None,
        file.get("uri"),
    )
    return ", ".join(str(fact) for fact in facts if fact)


def verified(run: Run) -> list[Verified]:
    """Return the verdict on each attempt; nothing for a run that was not run again."""
    if run.verification is None:
        return []
    reported = {step.index: step.output for step in run.steps}
    return [
        Verified(
            sanitize_line(f"attempt {attempt}: {verdict.words}"),
            tuple(difference(reported.get(verdict.part, ""), verdict.here))
            if verdict.kind == DIFFERENT
            else (),
        )
        for attempt, verdict in enumerate(run.verification.verdicts, start=1)
    ]
