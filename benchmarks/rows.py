"""
Many rows beside the bare SDK: `python benchmarks/rows.py [ROWS]`.

A server on this machine, in a process of its own, answers both alike and after 0.2 s, so that 32
workers can have 160 rows a second: google-genai alone in a pool of threads, then
`gemini_magic.map` with as many workers, in turn, the store of recordings included and left out.
Then many rows with `keep=False`, and how much memory the caller had after a tenth of them and at
the end. Printed: medians, with what the design bounds.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
WORKERS = 32
# What a server takes to answer.
SECONDS = 0.2
SAMPLE = 600
ROUNDS = 3
MODEL = "gemini-2.5-pro"
PROMPT = "Is this praise or blame? {text}"
SERVER = """
import sys
sys.path.insert(0, {tests!r})
import socketserver
# As many may knock at once.
socketserver.TCPServer.request_queue_size = 128
from loopback import said, serving
answer = said({{"text": "It is blame."}}, finishReason="STOP")
answer |= {{"usageMetadata": {{"promptTokenCount": 9, "totalTokenCount": 12}}}}
with serving() as server:
    server.streams({seconds}, answer)
    server.asked = type("None", (list,), {{"append": lambda *_: None}})()
    print(server.url, flush=True)
    sys.stdin.read()
"""


def rows(count: int, first: int = 0):
    return (
        {"text": f"review {number}, {number * 7} words"} for number in range(first, first + count)
    )


def bare(count: int) -> float:
    """Rows a second of google-genai in a pool of threads."""
    from google.genai import Client
    from google.genai.types import HttpOptions

    from gemini_magic.engines.google.config import call
    from gemini_magic.options.table import Options
    from gemini_magic.request.request import Request

    # What goes over the wire is the same for both.
    config = call(Request(PROMPT, Options(code=False)), MODEL, False)["config"]
    address = HttpOptions(base_url=os.environ["GOOGLE_GEMINI_BASE_URL"])
    client = Client(api_key="x", http_options=address)

    def ask(row: dict[str, str]) -> str:
        prompt = PROMPT.format(**row)
        stream = client.models.generate_content_stream(model=MODEL, contents=prompt, config=config)
        return "".join(chunk.text or "" for chunk in stream)

    with ThreadPoolExecutor(WORKERS) as pool:
        begun = perf_counter()
        deque(pool.map(ask, rows(count)), 0)
        return count / (perf_counter() - begun)


def ours(count: int, **options) -> float:
    """Rows a second of `gemini_magic.map`."""
    import gemini_magic

    begun = perf_counter()
    runs = gemini_magic.map(
        PROMPT, rows(count), workers=WORKERS, keep=False, code=False, model=MODEL, **options
    )
    assert sum(run.state == "done" for run in runs) == count
    return count / (perf_counter() - begun)


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    tests = str(Path(__file__).parent.parent / "tests")
    code = SERVER.format(tests=tests, seconds=SECONDS)
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        assert server.stdin and server.stdout
        url = server.stdout.readline().strip()
        os.environ |= {
            "GEMINI_API_KEY": "x",
            "GOOGLE_GEMINI_BASE_URL": url,
            "XDG_DATA_HOME": folder,
        }
        measure()
        server.stdin.close()


def measure() -> None:
    bare(50), ours(50, replay="never")
    os.environ["GEMINI_MAGIC_RECORD"] = "False"
    pairs = [(bare(SAMPLE), ours(SAMPLE, replay="never")) for _ in range(ROUNDS)]
    del os.environ["GEMINI_MAGIC_RECORD"]
    kept = median(ours(SAMPLE, replay="refresh") for _ in range(ROUNDS))
    share = median(mine / theirs for theirs, mine in pairs)
    print(f"the SDK, {WORKERS} threads     {median(each for each, _ in pairs):7.0f} rows a second")
    print(f"map, {WORKERS} workers         {median(each for _, each in pairs):7.0f} rows a second")
    print(f"map to the SDK          {share:7.2f} (> 0.9)")
    print(f"map that records        {kept:7.0f} rows a second")
    print(f"map of what is recorded {ours(SAMPLE):7.0f} rows a second")
    ours(ROWS // 10, replay="never")
    early = megabytes()
    ours(ROWS, replay="never")
    print(f"memory, {ROWS // 10:7,} rows    {early:7.1f} MB")
    print(f"memory, {ROWS:7,} more    {megabytes():7.1f} MB (< 200)")


if __name__ == "__main__":
    main()
