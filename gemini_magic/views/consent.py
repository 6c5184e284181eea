"""May the model call this function? The user says."""

from __future__ import annotations

from ..answer.calls import written
from ..answer.parts import Call
from ..phrases import short
from ..sanitize import sanitize
from .host import Host

_LONGEST = 500


class Consent:
    """Asks before each call of a run, until the user says yes to all of them.

    `wanted` True asks always, and refuses where nobody can answer; None asks where a user can
    answer, and else lets calls pass, as a notebook that runs by itself could not go on; False
    never asks.
    """

    def __init__(self, wanted: bool | None, host: Host) -> None:
        self._wanted = wanted
        self._host = host
        self._passes = wanted is False

    def __call__(self, call: Call) -> bool:
        """Return whether `call` may be made."""
        if self._passes:
            return True
        line = short(sanitize(written(call)).replace("\n", " "), _LONGEST)
        said = self._host.ask(f"Call {line}? [y]es, [n]o, [a]ll of this run: ")
        if said is None:
            return not self._wanted
        answer = said.strip().lower()[:1]
        self._passes = answer == "a"
        return answer in ("y", "a")
