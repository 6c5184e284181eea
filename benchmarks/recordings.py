"""
What a recording costs and saves: `python benchmarks/recordings.py`.

The same cell in a real kernel: asked of a server on this machine, then replayed, beside a bare
`display` of an output as large. Then a store of ten thousand runs: opened and asked in a process of
its own, and a page of its list. Printed: medians, with what the design bounds.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from kernel import kernel
from loopback import said, serving
from recorded import PNG, recording

from gemini_magic.engines.recordings.store import Store

RUNS = 10_000
ROUNDS = 21
TIMED = """
import time
cpu, wall = time.process_time(), time.perf_counter()
{call}
print("\\x00", time.process_time() - cpu, time.perf_counter() - wall)
"""
MAGIC = "get_ipython().run_cell_magic('gemini_exec', '--engine gemini {flags}', 'Add one and one.')"
DISPLAY = """from IPython.display import display
display({"text/html": "x" * 4000, "text/plain": "x" * 1000}, raw=True)"""
ANSWER = (
    said({"executableCode": {"code": "print(2)", "language": "PYTHON"}}),
    said({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2\n"}}),
    said({"text": "It is 2. " * 40}, finishReason="STOP"),
)
OPENED = """
from pathlib import Path
from time import perf_counter
from gemini_magic.engines.recordings.store import Store
begun = perf_counter()
assert Store(Path({path!r})).find({fingerprint!r})
print((perf_counter() - begun) * 1_000)
"""


def timed(live, call: str) -> tuple[float, float]:
    """CPU and wall milliseconds of `call` in the kernel."""
    published = live.run(TIMED.format(call=call))
    assert published.reply["status"] == "ok", published.reply
    cpu, wall = published.text.rpartition("\x00")[2].split()
    return float(cpu) * 1_000, float(wall) * 1_000


def cells(folder: Path) -> None:
    with serving() as server:
        server.streams(*ANSWER)
        names = {"GEMINI_API_KEY": "x", "GOOGLE_GEMINI_BASE_URL": server.url}
        with kernel({**names, "XDG_DATA_HOME": str(folder)}) as live:
            asked = MAGIC.format(flags="--replay never")
            replayed = MAGIC.format(flags="--replay only")
            for call in (asked, replayed, DISPLAY):
                live.run(call)
            rows = [[timed(live, c) for c in (DISPLAY, replayed, asked)] for _ in range(ROUNDS)]
            live.run("%config GeminiMagic.record = False")
            unkept = [timed(live, asked) for _ in range(ROUNDS)]
    extra, cpu = (median(replay[at] - bare[at] for bare, replay, _ in rows) for at in (1, 0))
    print(f"a replay over bare display {extra:7.1f} ms more (< 15), {cpu:.1f} ms of CPU")
    print(f"the same asked on loopback {median(ask[1] for *_, ask in rows):7.1f} ms")
    kept = median(ask[0] for *_, ask in rows) - median(ask[0] for ask in unkept)
    print(f"recording it               {kept:7.1f} ms of CPU")


def store(folder: Path) -> None:
    path = folder / "many.sqlite3"
    made, begun = Store(path), perf_counter()
    for number in range(RUNS):
        picture = PNG + bytes([number % 50]) if number % 10 == 0 else b""
        made.add(recording(f"prompt {number}", text="x" * 1500, picture=picture, minutes=number))
    each = (perf_counter() - begun) * 1_000 / RUNS
    print(
        f"keeping one of {RUNS:,}      {each:7.2f} ms ({path.stat().st_size / 1e6:.0f} MB in all)"
    )
    wanted = recording("prompt 5000", text="x" * 1500, picture=PNG + b"\0", minutes=5000)
    code = OPENED.format(path=str(path), fingerprint=wanted.fingerprint)
    took = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(11)
    ]
    print(f"open it and answer         {median(took):7.1f} ms (< 50)")
    listed = "get_ipython().run_line_magic('gemini', 'recordings list 250')"
    own = folder / "gemini-magic"
    own.mkdir(exist_ok=True)
    made.close()
    path.rename(own / "recordings.sqlite3")
    with kernel({"XDG_DATA_HOME": str(folder)}) as live:
        live.run(listed)
        page = median(timed(live, listed)[1] for _ in range(11))
    print(f"%gemini recordings, a page {page:7.1f} ms (< 100)")


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        cells(Path(folder) / "cells")
        store(Path(folder))


if __name__ == "__main__":
    main()
