"""May the model call this function? The reader says."""

from __future__ import annotations

import sys

from ..answer.calls import written
from ..answer.parts import Call
from ..sanitize import sanitize

_LONGEST = 500


class Consent:
    """Asks before each call of a run, until the reader says yes to all of them.

    `wanted` True asks always, and refuses where nobody can answer; None asks where a reader can
    answer, and else lets calls pass, as a notebook that runs by itself could not go on; False
    never asks.
    """

    def __init__(self, wanted: bool | None) -> None:
        self._wanted = wanted
        self._passes = wanted is False

    def __call__(self, call: Call) -> bool:
        """Return whether `call` may be made."""
        if self._passes:
            return True
        line = sanitize(written(call)).replace("\n", " ")
        if len(line) > _LONGEST:
            line = f"{line[:_LONGEST]}…"
        said = _asked(f"Call {line}? [y]es, [n]o, [a]ll of this run: ")
        if said is None:
            return not self._wanted
        self._passes = said == "a"
        return said in ("y", "a")


def _asked(question: str) -> str | None:
    """Return the first letter of the reader's answer; None where nobody can answer."""
    from IPython.core.error import StdinNotImplementedError
    from IPython.core.getipython import get_ipython

    in_kernel = hasattr(get_ipython(), "kernel")
    if not in_kernel and not (sys.stdin and sys.stdin.isatty()):
        return None
    try:
        # In a terminal the prose before it has not ended its line.
        return input(question if in_kernel else f"\n\n{question}").strip().lower()[:1]
    except (StdinNotImplementedError, EOFError):
        return None
