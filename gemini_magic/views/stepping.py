"""A run presented attempt by attempt: what has come is held back until the user asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING

from ..answer.parts import Code, Event, Image, Part, Progress, Result
from ..runs.run import Run

if TYPE_CHECKING:
    from .host import Host
    from .view import View

ASK = "ask"
NOBODY = "--step: nobody can answer here, so the run is shown whole"
NEXT = "[Enter: the next attempt] "
REST = "[Enter: the rest] "
GUESS = "What will it print? [Enter: its output] "


@contextmanager
def stepped(host: Host, run: Run, step: str) -> Iterator[Callable[[Event], None]]:
    """Show `run` once it is done, attempt by attempt; with `step` "ask" code before its output.

    Our extension has a button for that, which takes no kernel; elsewhere the user presses Enter. It
    is shown whole where nobody can answer, and if it breaks.
    """
    if not host.can_answer:
        host.print(NOBODY)
        with host.show(run) as seen:
            yield seen
        return
    held = run.until(len(run.parts))
    with host.view(held) as view:

        def seen(event: Event) -> None:
            if isinstance(event, Progress):
                held.add(event)
                view.redraw()

        whole = run
        try:
            yield seen
            if host.inserts_cells:
                whole = copy(run)
                whole.step = step
            else:
                _present(host, run, view, step)
        finally:
            view.turn_to(whole)


def _present(host: Host, run: Run, view: View, step: str) -> None:
    """Show what is held back, a stop further at each press of Enter."""
    parts = run.parts
    for stop in stops(parts, asks=step == ASK):
        view.turn_to(run.until(stop))
        is_code = isinstance(parts[stop - 1], Code) and step == ASK
        has_more = any(isinstance(part, Code) for part in parts[stop:])
        question = GUESS if is_code else NEXT if has_more else REST
        try:
            if host.ask(question) is None:
                return
        except KeyboardInterrupt:  # the answer is there: no reason for the cell to fail
            return


def stops(parts: Sequence[Part], *, asks: bool) -> list[int]:
    """Return after how many parts a presentation waits: after each attempt that something follows.

    If it `asks`, also between a code and its output.
    """
    found = []
    for place, part in enumerate(parts, start=1):
        if not isinstance(part, Code):
            continue
        end = place
        while end < len(parts) and isinstance(parts[end], Result | Image):
            end += 1
        found += [place] if asks and end > place else []
        found += [end] if end < len(parts) else []
    return found
