"""
What the line costs over the vendor's SDK alone: `python benchmarks/line.py`.

A server on this machine streams the same answer to a real kernel, which reads it with a bare SDK
loop that prints, and with `%%gemini_exec`, in turn. Printed: medians, and the ratio or difference
that the design bounds.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from kernel import kernel

BARE = """
from google import genai
from google.genai import types
client = genai.Client(api_key="x", http_options=types.HttpOptions(base_url={url!r}))
config = types.GenerateContentConfig(
    tools=[types.Tool(code_execution=types.ToolCodeExecution())], temperature=0)
def bare(model):
    for chunk in client.models.generate_content_stream(model=model, contents="go", config=config):
        for part in (chunk.candidates or [None])[0].content.parts or []:
            print(part.text or "", end="")
from IPython.display import Markdown, display
def redrawing(model):
    text, shown = "", None
    for chunk in client.models.generate_content_stream(model=model, contents="go", config=config):
        for part in (chunk.candidates or [None])[0].content.parts or []:
            text += part.text or ""
            shown = shown or display(Markdown(text), display_id=True)
            shown.update(Markdown(text))
"""
TIMED = """
import time
cpu, wall = time.process_time(), time.perf_counter()
{call}
print("\\x00", time.process_time() - cpu, time.perf_counter() - wall)
"""
MAGIC = "get_ipython().run_cell_magic('gemini_exec', '--engine gemini -m {model}', 'go')"


class Answers(BaseHTTPRequestHandler):
    """Streams what the model's name says: `short`, `ten`, `long`, or `late`."""

    protocol_version = "HTTP/1.1"
    sent_at = 0.0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if "/long:" in self.path:
            self._send(b"".join(event("x" * 100) for _ in range(9_999)))
        elif "/ten:" in self.path:
            for _ in range(9):
                self._send(event("A sentence of the answer. "))
                time.sleep(0.1)
        elif "/late:" in self.path:
            time.sleep(0.3)
            Answers.sent_at = time.time()
        self._send(event("The answer is 42.", finish="STOP"))
        self._send(b"")

    def _send(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        return


def event(text: str, finish: str | None = None) -> bytes:
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}}
    if finish:
        candidate["finishReason"] = finish
    return b"data: " + json.dumps({"candidates": [candidate]}).encode() + b"\r\n\r\n"


@contextmanager
def server():
    started = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=started.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{started.server_port}"
    finally:
        started.shutdown()


def timed(live, call: str) -> tuple[float, float]:
    """CPU and wall seconds of `call` in the kernel."""
    published = live.run(TIMED.format(call=call), seconds=300)
    assert published.reply["status"] == "ok", published.reply
    cpu, wall = published.text.rpartition("\x00")[2].split()
    return float(cpu), float(wall)


def side_by_side(live, model: str, rounds: int) -> list[tuple[tuple[float, float], ...]]:
    calls = (f"bare({model!r})", MAGIC.format(model=model))
    for call in calls:
        timed(live, call)
    return [tuple(timed(live, call) for call in calls) for _ in range(rounds)]


def first_fragment(live) -> float:
    """Seconds from the server's sending to the message on IOPub."""
    published_at = []
    request = live.start(MAGIC.format(model="late"))
    while True:
        message = live.client.get_iopub_msg(timeout=10)
        content = message["content"]
        if message["parent_header"].get("msg_id") != request:
            continue
        if "The answer is 42." in json.dumps(content) and not published_at:
            published_at.append(time.time())
        if content.get("execution_state") == "idle":
            return published_at[0] - Answers.sent_at


def published_bytes(live, call: str) -> int:
    """Return the bytes of all messages that `call` publishes on IOPub."""
    return sum(len(json.dumps(message, default=str)) for _, message in live.run(call).messages)


def load_milliseconds() -> float:
    code = (
        "import time; started = time.perf_counter()\n"
        "get_ipython().run_line_magic('load_ext', 'gemini_magic')\n"
        "print((time.perf_counter() - started) * 1_000)"
    )
    with kernel(load=False) as fresh:
        return float(fresh.run(code).text)


def import_milliseconds() -> float:
    code = "import time; a = time.perf_counter(); import gemini_magic; print(time.perf_counter()-a)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(out.stdout) * 1_000


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"import gemini_magic        {median(import_milliseconds() for _ in range(5)):7.1f} ms")
    print(
        f"%load_ext in a kernel      {median(load_milliseconds() for _ in range(5)):7.1f} ms (< 60)"
    )
    with server() as url, kernel({"GEMINI_API_KEY": "x", "GOOGLE_GEMINI_BASE_URL": url}) as live:
        live.run(BARE.format(url=url))
        short = side_by_side(live, "short", 21)
        extra = median((magic[1] - bare[1]) * 1_000 for bare, magic in short)
        print(f"a short run over bare SDK  {extra:7.1f} ms more (< 10)")
        first = median(first_fragment(live) * 1_000 for _ in range(11))
        print(f"first fragment on IOPub    {first:7.1f} ms after it was sent (< 25)")
        magic = MAGIC.format(model="ten")
        further = published_bytes(live, magic)
        redrawn = published_bytes(live, "redrawing('ten')")
        print(f"ten fragments on IOPub     {further / redrawn:7.2f} x a loop that redraws (<= 2)")
        print(
            f"                           {redrawn / 1e3:7.1f} kB bare, {further / 1e3:.1f} kB here"
        )
        long = side_by_side(live, "long", 5)
        ratio = median(magic[0] / bare[0] for bare, magic in long)
        cpu = [median(pair[side][0] for pair in long) for side in (0, 1)]
        print(f"10,000 fragments, 1 MB     {ratio:7.2f} x the CPU of bare SDK (<= 1.5)")
        print(f"                           {cpu[0]:7.2f} s bare, {cpu[1]:.2f} s here")


if __name__ == "__main__":
    main()
