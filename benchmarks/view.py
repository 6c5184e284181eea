"""
What a long run costs a browser and a disk: `python benchmarks/view.py`.

A run of 200 steps and 1 MB, every other attempt failed, in a real JupyterLab in headless Chromium:
drawn by our view, and by composed ipywidgets (`composed.py`), each in a notebook of its own with a
kernel of its own, in one page and one go. Printed: medians.

Milliseconds are CPU of the page's main thread, by the browser's own trace (`main_thread.py`):
scripts, style, layout, painting and handing the picture over. Drawing begins when the saved output
is given to the notebook, and ends with the frame that shows all of it; the models of the ipywidgets
are there already, which a notebook that is opened would have to make first. An update begins with
its first message from the kernel and ends with the frame that shows it. A second of streaming has
three updates in it, and whatever moves between the first of all and the last. Bytes are those of
all frames of the kernels' websockets, our widget's own script and the saved output among them, and
of the saved notebooks, with the state of the widgets, without which they would show nothing.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import nbformat
from browser import Lab, chromium
from labserver import serve
from long_run import STEPS, answer, begun
from main_thread import Trace, tracing

HERE = Path(__file__).parent
ROUNDS = 7
# The steps that come one by one, for the trace; those before them come as fast as they can.
LAST = 10
FRAGMENTS = 18
# What holds the parts of a run, on either side.
SHOWN = ".gm-parts, .widget-vbox"
SAVE_STATE = {"@jupyter-widgets/jupyterlab-manager": {"plugin": {"saveState": True}}}
SETUP = f"""
import sys, time
sys.path.insert(0, {str(HERE)!r})
from IPython.display import display
from long_run import STEPS, answer, attempts, begun, prose
run = begun()
def stream(growing, pause):
    time.sleep(2 * pause)
    for _ in growing:
        shown.follow(run)
        time.sleep(pause)
"""
STREAM = f"stream(answer(run, range(STEPS - {LAST})), 0.004)"
GROW = f"stream(prose(run, {FRAGMENTS}), 0.3)"
ADD = f"stream(attempts(run, range(STEPS - {LAST}, STEPS)), 0.3)"
SHOW_OURS = """
from gemini_magic.view import MIME, bundle
from gemini_magic.widget import RunWidget
shown = RunWidget(run)
data, metadata = shown.mimebundle()
output = display(data, metadata=metadata, raw=True, display_id="benchmark")
"""
FREEZE_OURS = """
run.state = "done"
output.update(bundle(run), raw=True, metadata={MIME: run.facts()})
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

    notebook: str
    show: str
    freeze: str
    counts: dict[str, int]
    draws: list[float] = field(default_factory=list)
    growing: Trace = field(default_factory=Trace)
    adding: Trace = field(default_factory=Trace)
    streamed: int = 0
    received: int = 0
    saved: int = 0

    def write(self, folder: Path) -> None:
        cells = [SETUP, self.show + STREAM, GROW, ADD, self.freeze]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, folder / self.notebook)


def sides() -> tuple[Side, Side]:
    prose = STEPS - LAST + 1
    ours = Side("ours.ipynb", SHOW_OURS, FREEZE_OURS, {".gm-step": STEPS, ".gm-prose": prose})
    drawn = {".widget-accordion": STEPS, ".widget-html-content": prose + 2 * STEPS}
    return ours, Side("composed.ipynb", SHOW_COMPOSED, "pass", drawn)


@contextmanager
def laboratory(folder: Path) -> Iterator[Lab]:
    with serve(folder, settings=SAVE_STATE) as server, chromium() as browser:
        yield Lab(browser, server)


def run(lab: Lab, index: int) -> None:
    """Run a cell of the opened notebook; raise what it raised.

    Asked twice a second whether it has ended: asked at every frame, the page would draw each.
    """
    lab.start(index)
    lab.page.wait_for_function("() => window.cellEnded", polling=500, timeout=60_000)
    for output in lab.cells()[index]["outputs"]:
        if output["output_type"] == "error":
            raise RuntimeError(f"{output['ename']}: {output['evalue']}")


def live(lab: Lab, side: Side, received: list[int]) -> None:
    """Have the kernel stream the run into its notebook, and save it."""
    lab.open(side.notebook, kernel=True)
    run(lab, 0)
    received.clear()
    run(lab, 1)
    lab.page.locator(f":is({SHOWN}):visible").first.wait_for()
    lab.page.evaluate("([n, s]) => benchmark.watch(n, s)", [side.notebook, SHOWN])
    # What came before is settled and its garbage collected, before the trace and not within it.
    rest(lab)
    with tracing(lab.page) as side.growing:
        run(lab, 2)
    rest(lab)
    with tracing(lab.page) as side.adding:
        run(lab, 3)
    side.streamed = sum(received)
    run(lab, 4)
    lab.page.wait_for_timeout(1_000)
    side.received = sum(received)
    lab.save()
    side.saved = (lab.server.folder / side.notebook).stat().st_size


def rest(lab: Lab) -> None:
    """Wait until the page has nothing left to do."""
    lab.page.request_gc()
    lab.page.evaluate("benchmark.settle()")


def draw(lab: Lab, side: Side) -> None:
    """Draw the saved output once more."""
    lab.page.evaluate("name => benchmark.prepare(name)", side.notebook)
    with tracing(lab.page) as trace:
        lab.page.evaluate("([n, c]) => benchmark.draw(n, c)", [side.notebook, side.counts])
    side.draws.append(trace.busy(trace.times("begin")[0], trace.times("drawn")[0]))


def counter(sizes: list[int]) -> Callable[[str | bytes], None]:
    return lambda data: sizes.append(len(data))


def measure() -> tuple[Side, Side]:
    both = sides()
    received: list[int] = []
    with TemporaryDirectory() as folder:
        for side in both:
            side.write(Path(folder))
        with laboratory(Path(folder)) as lab:
            lab.page.on("websocket", lambda socket: socket.on("framereceived", counter(received)))
            lab.page.add_script_tag(path=HERE / "view.js")
            for side in both:
                live(lab, side, received)
            # The first round warms both up.
            for _ in range(ROUNDS + 1):
                for side in both:
                    draw(lab, side)
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
    row("drawn when saved, ms", lambda s: median(s.draws[1:]), both, "< 150")
    row("a fragment of prose added, ms", lambda s: median(s.growing.updates()), both, "< 8")
    row("code or its result added, ms", lambda s: median(s.adding.updates()), both, "< 8")
    row("a second of streaming, ms", lambda s: s.growing.busy_a_second, both)
    row("streamed, MB", lambda s: s.streamed / 1e6, both, f"< {3 * size:.2f} and the script")
    row("streamed and frozen, MB", lambda s: s.received / 1e6, both)
    row("saved notebook, MB", lambda s: s.saved / 1e6, both, f"< {2.3 * size:.2f}")


if __name__ == "__main__":
    main()
