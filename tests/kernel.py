"""A real kernel, and what it published for a cell."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty
from signal import SIGINT
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from jupyter_client.manager import KernelManager

CREDENTIALS = ("GEMINI_", "GOOGLE_", "GEMINI_MAGIC_")
# What comes back of a cell is its own text first.
OWN = "execute_input"
WIDGET = "application/vnd.jupyter.widget-view+json"
# A recording of an answer that was cut.
_CANDIDATE = {
    "content": {"role": "model", "parts": [{"text": "Half"}]},
    "finishReason": "MAX_TOKENS",
}
CUT = f"data: {json.dumps({'candidates': [_CANDIDATE]})}\n\n"


@dataclass
class Published:
    """What a cell sent: messages with the seconds from its start, and the shell's reply."""

    messages: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [m["content"] for _, m in self.messages if m["msg_type"] in kinds]

    @property
    def text(self) -> str:
        return "".join(content["text"] for content in self.of("stream"))

    @property
    def last_data(self) -> dict[str, Any]:
        return self.of("display_data", "update_display_data")[-1]["data"]


class Kernel:
    def __init__(self, manager, client) -> None:
        self.manager, self.client = manager, client
        self.interrupted = 0.0

    def start(self, code: str) -> str:
        return self.client.execute(code)

    def interrupt(self) -> None:
        """Interrupt it and what it has started, from whichever thread, as Jupyter does."""
        self.interrupted = monotonic()
        os.killpg(self.manager.provisioner.pgid, SIGINT)

    def collect(
        self,
        request: str,
        seconds: float = 60,
        *,
        at: str = "",
        then: Callable[[], None] | None = None,
        replies: bool = True,
    ) -> Published:
        """Wait for the cell's end and return all that it sent.

        Once it sends something that holds the text `at`, `then` is called, or it is interrupted.
        A message to a widget has no reply: `replies` is False.
        """
        published, started, idle = Published(), monotonic(), False
        while not (idle and (published.reply or not replies)):
            if monotonic() - started > seconds:
                raise TimeoutError(f"the cell is not done after {seconds} s")
            for channel in (self.client.get_iopub_msg, self.client.get_shell_msg):
                try:
                    message = channel(timeout=0.01)
                except Empty:
                    continue
                if message["parent_header"].get("msg_id") != request:
                    continue
                if message["msg_type"] == "execute_reply":
                    published.reply = message["content"]
                elif message["msg_type"] == "status":
                    idle = message["content"]["execution_state"] == "idle"
                else:
                    published.messages.append((monotonic() - started, message))
                    if at and at in str(message["content"]) and message["msg_type"] != OWN:
                        at = ""
                        (then or self.interrupt)()
        return published

    def run(self, code: str, seconds: float = 60) -> Published:
        return self.collect(self.start(code), seconds)


@contextmanager
def kernel(extra_env: Mapping[str, str] | None = None, *, load: bool = True) -> Iterator[Kernel]:
    """Start a kernel without anybody's credentials, with `gemini_magic` loaded."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(CREDENTIALS)}
    with TemporaryDirectory() as folder:
        # A port is chosen before the kernel takes it, and may be somebody else's by then.
        file, sockets = f"{folder}/kernel.json", f"{folder}/kernel"
        manager = KernelManager(connection_file=file, ip=sockets, transport="ipc")
        manager.start_kernel(env={**env, **(extra_env or {})})
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            started = Kernel(manager, client)
            if load:
                reply = started.run("%load_ext gemini_magic").reply
                assert reply["status"] == "ok", reply
            yield started
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
