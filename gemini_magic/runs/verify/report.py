"""What verifying files gave, for a terminal, and as JSON for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from ...phrases import count
from ...sanitize import sanitize
from ..documents import runs_in
from ..run import Run
from ..seal import CHANGED, INTEGRITY_WORDS, PAGE_CHANGED
from .again import SECONDS
from .material import files_at_hand
from .verdicts import DIFFERENT, Verification
from .verify import verify_steps

_PROMPT = 68  # characters of a prompt that are shown
_DIFF = 20  # lines of a difference that are shown


@dataclass(frozen=True)
class Verified:
    """A run of a file, and the verdicts on its attempts."""

    run: Run
    verification: Verification

    @property
    def changed(self) -> bool:
        """Whether the run, or the page that shows it, is not what was written."""
        return self.run.integrity in (CHANGED, PAGE_CHANGED)


@dataclass(frozen=True)
class File:
    """A file and its runs, verified."""

    path: str
    runs: tuple[Verified, ...]

    @property
    def differs(self) -> bool:
        return any(verified.verification.differs for verified in self.runs)

    @property
    def changed(self) -> bool:
        """Whether a run, or the page that shows it, is not what was written."""
        return any(verified.changed for verified in self.runs)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        runs = [
            {
                "prompt": verified.run.request.prompt,
                "document": verified.run.integrity,
                **verified.verification.to_dict(),
            }
            for verified in self.runs
        ]
        facts = {"differs": self.differs, "changed": self.changed}
        return {"file": self.path, **facts, "runs": runs}


def verify_file(
    path: Path, *, seconds: float = SECONDS, progress: Callable[[str], None] | None = None
) -> File:
    """Verify every run in a file; their own files are looked for beside it.

    Raises RecordingError for a file that holds no runs that can be read, SandboxError where the
    sandbox cannot run.
    """
    found = []
    for run in runs_in(path):
        files = files_at_hand(run.staging, path.parent)
        verification = verify_steps(run.steps, files, seconds=seconds, progress=progress)
        found.append(Verified(run, verification))
    return File(str(path), tuple(found))


def table(files: Sequence[File]) -> str:
    """Return the verdicts as lines of text, with what differs."""
    return "\n".join(line for file in files for line in _lines(file))


def _lines(file: File) -> Iterator[str]:
    yield sanitize(file.path)
    if not file.runs:
        yield "  no runs in it"
    for number, verified in enumerate(file.runs, start=1):
        verification = verified.verification
        yield f"  {number}. {_short(verified.run.request.prompt)}"
        yield f"     document   {INTEGRITY_WORDS[verified.run.integrity]}"
        if not verification.verdicts:
            yield "     no code in it"
        steps = verified.run.steps
        for attempt, verdict in enumerate(verification.verdicts, start=1):
            yield sanitize(f"     attempt {attempt}  {verdict.words}")
            if verdict.kind == DIFFERENT:
                for line in difference(steps[attempt - 1].output, verdict.here):
                    yield f"       {line}"


def _short(prompt: str) -> str:
    line = sanitize(" ".join(prompt.split()))
    return line if len(line) <= _PROMPT else f"{line[:_PROMPT]}…"


def difference(reported: str, here: str) -> list[str]:
    """Return the lines that differ, `-` for what was reported and `+` for what came here."""
    one, other = (sanitize(text).splitlines() for text in (reported, here))
    # The first two lines name files.
    lines = list(unified_diff(one, other, n=0, lineterm=""))[2:]
    changed = [line for line in lines if not line.startswith("@@ ")]
    more = len(changed) - _DIFF
    return [*changed[:_DIFF], *([f"… {more} more lines"] if more > 0 else [])]


def summary(files: Sequence[File]) -> str:
    """Return one line over all files: how many runs and attempts, and their verdicts."""
    runs = [verified for file in files for verified in file.runs]
    every = Verification(tuple(v for each in runs for v in each.verification.verdicts))
    changed = sum(verified.changed for verified in runs)
    findings = [every.summary] if every.verdicts else []
    findings += [f"{count(changed, 'document')} {INTEGRITY_WORDS[CHANGED]}"] if changed else []
    what = f"{count(len(runs), 'run')}, {count(len(every.verdicts), 'attempt')}"
    return f"{what}: {' · '.join(findings)}" if findings else what
