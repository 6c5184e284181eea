"""A stand-in for a server of models, for the notebook beside it: it speaks chat completions
and plays a script. It is no model: it has a few answers, and fills in what code printed.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# What was asked for last, as the server got it.
asked: list[dict] = []

SCRIPTS = {
    "Which region sold most in total?": [
        "totals = sales.groupby('region')['amount'].sum()\nprint(totals.idxmax())",
        "The region that sold most is {}.",
    ],
    "And how many of the sales were there?": [
        "print((sales['region'] == totals.idxmax()).sum())",
        "It made {} of the sales.",
    ],
    "Who are the customers of the north?": [
        "print(sales[sales['region'] == 'north'][['customer', 'amount']].to_string(index=False))",
        "I was shown only masked values, so I cannot name them.",
    ],
    "What is the sum of the first 50 prime numbers?": [
        "found = []\nn = 2\nwhile len(found) < 50:\n    if all(n % p for p in found):\n"
        "        found.append(n)\n    n += 1\nprint(sum(found))",
        "The sum of the first 50 prime numbers is {}.",
    ],
}


def _answer(body: dict) -> tuple[int, dict]:
    """Return the status of an answer, and its message or error."""
    if body["model"] == "plain" and "tools" in body:
        return 400, {"error": {"message": "plain does not support tools"}}
    said = [message for message in body["messages"] if message["role"] != "system"]
    prompts = [place for place, message in enumerate(said) if _prompt(message)]
    results = [message for message in said[prompts[-1] + 1 :] if message["role"] != "assistant"]
    code, words = SCRIPTS[_prompt(said[prompts[-1]])]
    if results:
        output = json.loads(results[-1]["content"].removeprefix("Running it gave: "))["output"]
        return 200, {"content": words.format(output.strip())}
    if "tools" not in body:
        return 200, {"content": f"```python\n{code}\n```\n"}
    function = {"name": "run_python", "arguments": json.dumps({"code": code})}
    call = {"index": 0, "id": f"call_{len(said)}", "type": "function", "function": function}
    return 200, {"tool_calls": [call]}


def _prompt(message: dict) -> str:
    """Return which prompt of the script a message ends with, empty if none."""
    text = message["content"] if message["role"] == "user" else ""
    return next((prompt for prompt in SCRIPTS if text.endswith(prompt)), "")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        models = [{"id": name, "object": "model"} for name in ("scripted", "plain")]
        self._send(200, "application/json", json.dumps({"object": "list", "data": models}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked[:] = [body]
        status, message = _answer(body)
        if status != 200:
            self._send(status, "application/json", json.dumps(message))
            return
        finish = "tool_calls" if "tool_calls" in message else "stop"
        chunks = [{"delta": message}, {"delta": {}, "finish_reason": finish}]
        lines = [
            json.dumps({"id": "scripted-1", "model": body["model"], "choices": [{"index": 0, **c}]})
            for c in chunks
        ]
        events = "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"])
        self._send(200, "text/event-stream", events)

    def _send(self, status: int, kind: str, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing: the notebook would show it."""


def serve() -> str:
    """Start the server on a free port of this machine, and return its address."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=http.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{http.server_port}/v1"
