"""
What a long run costs a browser and a disk: `python benchmarks/view.py`.

A run of 200 steps and 1 MB, every other attempt failed, in a real JupyterLab in headless Chromium:
drawn by our view, and by composed ipywidgets (`composed.py`). The two take turns, round by round,
each time in a page, a notebook and a kernel of its own: what one leaves behind would slow the
other. Printed: medians, of drawings without the first in each page.

Milliseconds are CPU of the page's main thread, by the browser's own trace (`main_thread.py`):
scripts, style, layout, painting and handing the picture over. Drawing begins when the saved output
is given to the notebook, and ends with the frame that shows all of it; the models of the ipywidgets
are there already, which a notebook that is opened would have to make first. An update begins with
its first message from the kernel and ends with the frame that shows it; those that are traced are
the last attempts of the answer, with their prose, in the order and the pieces in which they stream.
After them come twenty pieces that lengthen a page of prose, 4,000 characters.
A second of streaming has three updates in it, and whatever moves between the first of all and the
last. Bytes are those of all frames of the kernels' websockets, our widget's own script and the
saved output among them, and of the saved notebooks, with the state of the widgets, without which
they would show nothing.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import nbformat
from browser import Lab, chromium
from labserver import serve
from long_run import MORE, PIECES, STEPS, answer, begun
from main_thread import Trace, tracing

from gemini_magic.views.pulse import REDRAWS_A_SECOND

HERE = Path(__file__).parent
ROUNDS = 3
DRAWS = 7
# The attempts that come piece by piece, for the trace; those before them come as fast as they can.
LAST = 8
# What holds the parts of a run, on either side.
SHOWN = ".gm-parts, .widget-vbox"
SAVE_STATE = {"@jupyter-widgets/jupyterlab-manager": {"plugin": {"saveState": True}}}
SETUP = f"""
import sys, time
sys.path.insert(0, {str(HERE)!r})
from IPython.display import display
from long_run import STEPS, answer, begun, long_prose
run = begun()
def stream(growing, pause):
    time.sleep(2 * pause)
    told = 0
    for _ in growing:
        if time.monotonic() - told >= {1 / REDRAWS_A_SECOND}:
            shown.sync(run)
            told = time.monotonic()
        time.sleep(pause)
    shown.sync(run)
"""
STREAM = f"stream(answer(run, range(STEPS - {LAST})), 0.004)"
TRACED = f"stream(answer(run, range(STEPS - {LAST}, STEPS)), 0.3)"
LONG_PROSE = "stream(long_prose(run), 0.3)"
SHOW_OURS = """
from gemini_magic.answer.document import MIME
from gemini_magic.runs.saved import mimebundle
from gemini_magic.views.widget import RunWidget
shown = RunWidget(run)
data, metadata = shown.mimebundle()
output = display(data, metadata=metadata, raw=True, display_id="benchmark")
"""
FREEZE_OURS = """
run.state = "done"
output.update(mimebundle(run), raw=True, metadata={MIME: run.stats()})
shown.close()
"""
SHOW_COMPOSED = """
from composed import Composed
shown = Composed(run)
display(shown.box)
"""


@dataclass
class Side:
    """One of the two that are measured: its notebook, what its output holds, what it cost."""

    name: str
    show: str
    freeze: str
    counts: dict[str, int]
    draws: list[float] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    prose: list[Trace] = field(default_factory=list)
    streamed: int = 0
    received: int = 0
    saved: int = 0

    @property
    def notebook(self) -> str:
        """A name of its own for every round: nothing of the one before is in it."""
        return f"{self.name}-{len(self.traces)}.ipynb"

    def write(self, folder: Path) -> None:
        cells = [SETUP, self.show + STREAM, TRACED, LONG_PROSE, self.freeze]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, folder / self.notebook)

    def updates(self, kind: str = "") -> float:
        """Return the median cost of an update, or of one of a kind."""
        found = []
        for trace in self.traces:
            costs = zip(trace.updates, PIECES * LAST, strict=True)
            found += [cost for cost, each in costs if kind in ("", each)]
        return median(found)


def sides() -> tuple[Side, Side]:
    ours = Side("ours", SHOW_OURS, FREEZE_OURS, {".gm-step": STEPS, ".gm-prose": STEPS + 1})
    drawn = {".widget-accordion": STEPS, ".widget-html-content": 3 * STEPS + 1}
    return ours, Side("composed", SHOW_COMPOSED, "pass", drawn)


@contextmanager
def laboratory(folder: Path) -> Iterator[Callable[[], Lab]]:
    """Serve `folder`; yield what opens a new page."""
    with serve(folder) as server, server.configured(SAVE_STATE), chromium() as browser:
        yield lambda: Lab(browser, server)


def run(lab: Lab, index: int) -> None:
    """Run a cell of the opened notebook; raise what it raised.

    Asked twice a second whether it has ended: asked at every frame, the page would draw each.
    """
    lab.start(index)
    lab.page.wait_for_function("() => window.cellEnded", polling=500, timeout=60_000)
    for output in lab.cells()[index]["outputs"]:
        if output["output_type"] == "error":
            raise RuntimeError(f"{output['ename']}: {output['evalue']}")


def live(lab: Lab, side: Side) -> None:
    """Have the kernel stream the run into its notebook, and save it."""
    received: list[int] = []
    lab.page.on("websocket", lambda socket: socket.on("framereceived", counter(received)))
    lab.page.add_script_tag(path=HERE / "view.js")
    notebook = side.notebook
    lab.open(notebook, kernel=True)
    run(lab, 0)
    received.clear()
    run(lab, 1)
    lab.page.locator(f":is({SHOWN}):visible").first.wait_for()
    lab.page.evaluate("([n, s]) => benchmark.watch(n, s)", [notebook, SHOWN])
    # What came before is settled and its garbage collected, before the trace and not within it.
    rest(lab)
    with tracing(lab.page, updates=len(PIECES) * LAST) as trace:
        run(lab, 2)
    side.streamed = sum(received)
    rest(lab)
    with tracing(lab.page, updates=MORE) as prose:
        run(lab, 3)
    run(lab, 4)
    lab.page.wait_for_timeout(1_000)
    side.received = sum(received)
    lab.save()
    side.saved = (lab.server.folder / notebook).stat().st_size
    side.traces.append(trace)
    side.prose.append(prose)


def rest(lab: Lab) -> None:
    """Wait until the page has nothing left to do."""
    lab.page.request_gc()
    lab.page.evaluate("benchmark.settle()")


def draw(lab: Lab, side: Side, notebook: str) -> float:
    """Draw the saved output once more, and return what that cost."""
    lab.page.bring_to_front()
    lab.page.evaluate("name => benchmark.prepare(name)", notebook)
    with tracing(lab.page) as trace:
        lab.page.evaluate("([n, c]) => benchmark.draw(n, c)", [notebook, side.counts])
    return trace.busy(trace.times("begin")[0], trace.times("drawn")[0])


def counter(sizes: list[int]) -> Callable[[str | bytes], None]:
    return lambda data: sizes.append(len(data))


def measure() -> tuple[Side, Side]:
    both = sides()
    with TemporaryDirectory() as folder, laboratory(Path(folder)) as new_page:
        for _ in range(ROUNDS):
            opened = []
            for side in both:
                lab, notebook = new_page(), side.notebook
                side.write(Path(folder))
                live(lab, side)
                opened.append((lab, side, notebook))
            for number in range(DRAWS + 1):
                for lab, side, notebook in opened:
                    cost = draw(lab, side, notebook)
                    # The first one warms the page up.
                    if number:
                        side.draws.append(cost)
            for lab, _, _ in opened:
                lab.page.close()
    return both


def run_size() -> int:
    run = begun()
    for _ in answer(run, range(STEPS)):
        pass
    return sum(len(v) for part in run.parts for v in vars(part).values() if isinstance(v, str))


def row(what: str, value: Callable[[Side], float], both: tuple[Side, Side], goal: str = "") -> None:
    ours, composed = value(both[0]), value(both[1])
    print(f"{what:42}{ours:9.2f}{composed:12.2f}{ours / composed:8.2f}   {goal}")


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    both, size = measure(), run_size() / 1_000_000
    print(f"\n{f'{STEPS} steps, {size:.2f} MB':42}{'ours':>9}{'ipywidgets':>12}{'ratio':>8}   goal")
    row("drawn when saved, ms", lambda s: median(s.draws), both, "< 150")
    row("a streamed update, ms", lambda s: s.updates(), both, "< 8")
    for kind in dict.fromkeys(PIECES):
        row(f"  {kind}", lambda s, kind=kind: s.updates(kind), both)
    row(
        "one after a page of prose",
        lambda s: median(chain(*(trace.updates for trace in s.prose))),
        both,
        "< 8",
    )
    row("a second of streaming, ms", lambda s: median(t.busy_a_second for t in s.traces), both)
    row("streamed, MB", lambda s: s.streamed / 1e6, both)
    budget = 3 * both[0].saved / 1e6
    row("streamed and frozen, MB", lambda s: s.received / 1e6, both, f"< {budget:.2f}")
    row("saved notebook, MB", lambda s: s.saved / 1e6, both, f"< {2.3 * size:.2f}")


if __name__ == "__main__":
    main()
