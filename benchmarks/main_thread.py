"""What Chromium's own trace says of the main thread of a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Page

# Not `disabled-by-default-devtools.timeline`: it has every frame count the nodes of the page.
CATEGORIES = ["toplevel", "devtools.timeline"]
MARKS = "blink.user_timing"
TASK = "ThreadControllerImpl::RunTask"
# Microseconds: the messages of one update come together, and updates farther apart.
GAP = 80_000


@dataclass
class Trace:
    """The events of one page's main thread; their times are in microseconds."""

    events: list[dict[str, Any]] = field(default_factory=list)
    # How many updates were streamed, at its end.
    streamed: int = 0

    def times(self, name: str) -> list[float]:
        """Return when each event of that name began."""
        return sorted(e["ts"] for e in self.events if e["name"] == name)

    def busy(self, begin: float, end: float) -> float:
        """Return the milliseconds of CPU that the main thread used between two times.

        Scripts, style, layout, painting and handing the picture over; the pixels are the
        affair of other threads. CPU, as a machine that does other things too adds to the rest.
        What `view.js` takes to notice a change is not of what is measured.
        """
        tasks = sum(_within(e, begin, end) for e in self.events if e["name"] == TASK)
        noticing = sum(_within(e, begin, end) for e in self.events if _is_noticing(e))
        return (tasks - noticing) / 1_000

    @property
    def busy_a_second(self) -> float:
        """The milliseconds of CPU that the main thread used in a second, on average.

        From the first update to the last: what starts and ends the cell is not of the stream.
        """
        begins = [begin for begin, _ in self._shown]
        return self.busy(begins[0], begins[-1]) / (begins[-1] - begins[0]) * 1_000_000

    @cached_property
    def updates(self) -> list[float]:
        """What each update cost: from its first message to the frame that shows it."""
        return [self.busy(begin, end) for begin, end in self._shown]

    @cached_property
    def _shown(self) -> list[tuple[float, float]]:
        """When each update began and was shown.

        That is the frame after the last `changed` mark before the next update.
        """
        received = self.times("WebSocketReceive")
        before = [received[0] - 2 * GAP, *received]
        begins = [at for at, last in zip(received, before, strict=False) if at - last > GAP]
        frames, changes = self.times("Layerize"), self.times("changed")
        found = []
        for begin, following in zip(begins, [*begins[1:], float("inf")], strict=True):
            changed = [at for at in changes if begin < at < following]
            shown = [at for at in frames if changed and at > changed[-1]]
            # Other messages come, too; what changes later is none of theirs.
            if shown and changed[0] - begin < 2 * GAP:
                found.append((self._task(begin)[0], self._task(shown[0])[1]))
        if len(found) < self.streamed:
            raise RuntimeError(f"{len(found)} of {self.streamed} updates are in the trace")
        # Where the page scrolls to the cell that starts, what comes into view changes before them.
        return found[-self.streamed :]

    def _task(self, at: float) -> tuple[float, float]:
        """Return when the task around a time began and ended."""
        tasks = [e for e in self.events if e["name"] == TASK and "dur" in e]
        return next(
            (e["ts"], e["ts"] + e["dur"]) for e in tasks if e["ts"] <= at <= e["ts"] + e["dur"]
        )


def _within(event: dict[str, Any], begin: float, end: float) -> float:
    """Return the CPU of an event between two times, as if it were spread evenly over its own."""
    took = event.get("dur", 0)
    shared = min(end, event["ts"] + took) - max(begin, event["ts"])
    return event.get("tdur", took) * shared / took if shared > 0 else 0.0


def _is_noticing(event: dict[str, Any]) -> bool:
    script = event["args"].get("data", {}).get("url", "")
    return event["name"] == "FunctionCall" and script.endswith("/benchmarks/view.js")


@contextmanager
def tracing(page: Page, updates: int = 0) -> Iterator[Trace]:
    """Trace `page` until the block ends; what was traced is there afterwards."""
    browser = page.context.browser
    assert browser is not None
    found = Trace(streamed=updates)
    browser.start_tracing(page=page, categories=[*CATEGORIES, MARKS])
    page.evaluate("() => performance.mark('traced')")
    yield found
    events = json.loads(browser.stop_tracing())["traceEvents"]
    mark = next(event for event in events if event["name"] == "traced")
    thread = (mark["pid"], mark["tid"])
    found.events = [event for event in events if (event["pid"], event["tid"]) == thread]
