"""A run as one JSON document with all that is known of it, as files of evidence hold it."""

from __future__ import annotations

import json
from typing import Any

from ..run import Run


def evidence(run: Run) -> dict[str, Any]:
    """Return the document of a run with its metadata in it: `Run.from_dict` reads both."""
    return {**run.to_dict(), "metadata": run.stats()}


def to_json(run: Run) -> str:
    """Return the evidence as text; a recording is the same, so `--engine replay:FILE` plays it."""
    return json.dumps(evidence(run), indent=1, ensure_ascii=False) + "\n"
