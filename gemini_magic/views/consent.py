"""May the model call this function? The user says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from ..answer.calls import written
from ..answer.parts import Call, Waiting
from ..phrases import short
from ..sanitize import sanitize
from .host import NOT_WAITING, Host

_LONGEST = 500


class Consent:
    """Asks before each call of a run, until the user says yes to all of them.

    `wanted` True asks always, and refuses where nobody can answer; None asks where a user can
    answer, and else lets calls pass, as a notebook that runs by itself could not go on; False
    never asks.
    """

    def __init__(self, wanted: bool | None, host: Host) -> None:
        self._wanted = wanted
        self._approval = Approval(host)
        self._passes = wanted is False

    def __call__(self, call: Call) -> bool:
        """Return whether `call` may be made."""
        if self._passes:
            return True
        line = short(sanitize(written(call)).replace("\n", " "), _LONGEST)
        said = self._approval.ask(f"The model wants to call {line}. Allow?")
        if said is None:
            return not self._wanted
        self._passes = said == "all"
        return said != "refuse"

    @contextmanager
    def heard(self, hear: Callable[[Waiting], object]) -> Iterator[None]:
        """Call `hear` whenever the user is asked in the block, and when that is over."""
        self._approval.hear = hear
        try:
            yield
        finally:
            self._approval.hear = _unheard


class Approval:
    """Asks the user to allow something, by buttons where the run is shown with them.

    `hear` is told that the user is asked, and that the wait is over, however it ends.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self.hear: Callable[[Waiting], object] = _unheard

    def ask(self, question: str) -> Literal["allow", "all", "refuse"] | None:
        """Return what the user said; None where nobody can answer. What is no yes is a no."""
        if not self._host.can_answer:
            return None
        waiting = self._host.waiting(question)
        self.hear(waiting)
        try:
            said = self._host.ask(f"{question} [y]es, [n]o, [a]ll of this run: ", waiting)
        finally:
            self.hear(NOT_WAITING)
        if said is None:
            return None
        first = said.strip().lower()[:1]
        return "all" if first == "a" else "allow" if first == "y" else "refuse"


def _unheard(waiting: Waiting) -> None:
    return
