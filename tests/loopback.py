"""A small real HTTP server that answers as it was told, and keeps what it was asked."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_RCVBUF, SOL_SOCKET, create_connection, socket
from ssl import SSLContext
from threading import Event, Thread
from time import sleep
from typing import Any

GENERATE = ":streamGenerateContent"
CUT = object()
# Seconds for an event that a test which failed does not set.
MOST = 60


@dataclass(frozen=True)
class Answer:
    """What is sent back, chunk by chunk.

    A chunk is bytes, seconds of silence, an event that ends one, a function to call there, or CUT,
    which drops the line. Of status 0 the line drops before anything is sent.
    """

    chunks: tuple[Any, ...]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


def event(document: Any) -> bytes:
    """A server-sent event as Gemini writes it."""
    return b"data: " + json.dumps(document).encode() + b"\r\n\r\n"


def said(*parts: dict[str, Any], **candidate: Any) -> dict[str, Any]:
    """A chunk with these parts; further keywords belong to the candidate."""
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **candidate}]}


def stream(*chunks: Any) -> Answer:
    """A stream of chunks: documents, and what an `Answer` takes."""
    return Answer(tuple(event(c) if isinstance(c, dict) else c for c in chunks))


def refusal(code: int, status: str, message: str, *details: Any, **headers: str) -> Answer:
    """An error as Google answers it; keywords are headers, `_` for `-`."""
    body = {"error": {"code": code, "message": message, "status": status, "details": details}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer((json.dumps(body).encode(),), code, named)


def wait(delay: str) -> dict[str, str]:
    """The detail of an error by which Google says when to come back."""
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


class Server:
    """The server's script: `on(fragment, …)` gives the answers for paths that hold `fragment`.

    They are given in turn, and the last one for ever. A fragment may begin with the method. Bodies
    are read in pieces, whose sizes `reads` is told, and the line drops after `breaks_after` bytes
    of one. `left` is set when the other side goes away in the middle of one.
    """

    breaks_after: int | None = None

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.reads: Callable[[int], object] = lambda size: None
        self.left = Event()
        self._scripts: dict[str, deque[Answer]] = {}

    def on(self, fragment: str, *answers: Answer) -> None:
        self._scripts[fragment] = deque(answers)

    def streams(self, *chunks: Any) -> None:
        self.on(GENERATE, stream(*chunks))

    @property
    def prompts(self) -> list[Asked]:
        return [asked for asked in self.asked if GENERATE in asked.path]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        for fragment, answers in self._scripts.items():
            if fragment in f"{asked.method} {asked.path}":
                return answers.popleft() if len(answers) > 1 else answers[0]
        return Answer((b"no such page",), 404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else the small packets of a stream wait for each other, 40 ms at a time.
    disable_nagle_algorithm = True
    script: Server

    def _answer(self) -> None:
        body = self._body(int(self.headers.get("content-length", 0)))
        if body is None:
            self.close_connection = True
            return
        # The SDK calls a piece of an uploaded file JSON too.
        is_piece = "x-goog-upload-offset" in self.headers
        is_json = "json" in self.headers.get("content-type", "") and body and not is_piece
        given = self.script.answer(
            Asked(
                self.command,
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                json.loads(body) if is_json else body,
            )
        )
        try:
            self._send(given)
        except OSError:
            # The other side went away, as some tests want it to.
            self.close_connection = True

    def _body(self, length: int) -> bytes | None:
        body = b""
        while len(body) < length:
            if self.script.breaks_after is not None and len(body) >= self.script.breaks_after:
                return None
            piece = self.rfile.read(min(length - len(body), 2**18))
            if not piece:
                self.script.left.set()
                return None
            body += piece
            self.script.reads(len(piece))
        return body

    def _send(self, given: Answer) -> None:
        if not given.status:
            self.close_connection = True
            return
        self.send_response(given.status)
        for name, value in {"Content-Type": "text/event-stream", **given.headers}.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in given.chunks:
            if chunk is CUT:
                self.close_connection = True
                return
            if isinstance(chunk, bytes):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            elif isinstance(chunk, Event):
                chunk.wait(MOST)
            elif callable(chunk):
                chunk()
            else:
                sleep(chunk)
        self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 (the names that http.server calls)

    def log_message(self, *args: Any) -> None:
        """Say nothing: the standard handler writes to stderr."""


class _Http(ThreadingHTTPServer):
    secured: SSLContext | None = None

    def get_request(self) -> tuple[socket, Any]:
        line, address = super().get_request()
        if self.secured is None:
            return line, address
        # The handshake is the handler's, whose thread may wait for it.
        safe = self.secured.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        return safe, address

    def server_bind(self) -> None:
        # A line of a few metres would swallow megabytes before anybody reads them.
        self.socket.setsockopt(SOL_SOCKET, SO_RCVBUF, 2**16)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away between two requests."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(secured: SSLContext | None = None) -> Iterator[Server]:
    """Serve on a free port of this machine, with TLS if there is a context for it."""
    handler = type("Handler", (_Handler,), {})
    with _Http(("127.0.0.1", 0), handler) as http:
        http.secured = secured
        host = "http://127.0.0.1" if secured is None else "https://localhost"
        handler.script = Server(f"{host}:{http.server_port}")
        over = Event()
        thread = Thread(target=_serve, args=(http, over), daemon=True)
        thread.start()
        yield handler.script
        over.set()
        create_connection(http.server_address).close()  # it waits for no clock, as `shutdown` does
        thread.join()


def _serve(http: _Http, over: Event) -> None:
    while not over.is_set():
        http.handle_request()
