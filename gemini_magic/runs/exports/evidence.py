"""A run as one JSON document with all that is known of it, as files of evidence hold it."""

from __future__ import annotations

import json
from typing import Any

from ..run import Run


def evidence(run: Run) -> dict[str, Any]:
    """Return the document of a run with its metadata in it: `Run.from_dict` reads both."""
    return {**run.to_dict(), "metadata": run.stats()}


def to_json(*runs: Run) -> str:
    """Return the evidence as text, that of several runs as a list.

    One is a recording, too: `--engine replay:FILE` plays it.
    """
    held = [evidence(run) for run in runs]
    return json.dumps(held if len(held) > 1 else held[0], indent=1, ensure_ascii=False) + "\n"
