"""Runs blocks of Python in the guest, for one run of a notebook and then never again."""

from __future__ import annotations

import json
import os
import sys
import threading
from base64 import b64encode
from typing import Any

import limits  # type: ignore[import-not-found]
import wall  # type: ignore[import-not-found]
import wasmtime
from calls import Calls  # type: ignore[import-not-found]
from channel import CAPACITY, EXHAUSTED, Channel, Output, requests  # type: ignore[import-not-found]
from deadline import Deadline  # type: ignore[import-not-found]
from engine import STACK, make_engine  # type: ignore[import-not-found]
from wasmtime import component

HOST_STACK = STACK + 8 * 2**20


class Guest:
    """An instance of the guest. It has no folder, no environment and no network to begin with."""

    def __init__(self, module: str, narrow: bool, memory: int, channel: Channel) -> None:
        self.engine = make_engine(narrow)
        self.calls = Calls(channel)
        self.output = Output(channel, self.engine.increment_epoch)
        code = component.Component.deserialize_file(self.engine, module)
        linker = component.Linker(self.engine)
        linker.add_wasip2()
        with linker.root() as root:
            root.add_func("call", lambda _, request: self.calls.make(request))
        self._store = wasmtime.Store(self.engine)
        self._store.set_limits(memory_size=memory, instances=200, tables=200, memories=10)
        self._store.set_epoch_deadline(1)
        wasi = wasmtime.WasiConfig()
        wasi.stdout_custom = self.output.sink()
        wasi.stderr_custom = self.output.aside()
        self._store.set_wasi(wasi)
        self._instance = linker.instantiate(self._store, code)

    def call(self, name: str, *arguments: str) -> Any:
        """Call an export; the next interruption from now on ends it."""
        export = self._instance.get_func(self._store, name)
        if export is None:
            raise wasmtime.WasmtimeError(f"the guest has no {name}")
        self._store.set_epoch_deadline(1)
        result = export(self._store, *arguments)
        export.post_return(self._store)
        return result


class Worker:
    """Answers one request a line until its input ends."""

    def __init__(self, guest: Guest, channel: Channel) -> None:
        self._guest = guest
        self._channel = channel

    def answer(self, request: dict[str, Any]) -> None:
        """Put a file in place, or run a block."""
        if "path" in request:
            kind = "grant" if request["granted"] else "put"
            data = b64encode(request["data"]).decode("ascii")
            self._guest.call(kind, request["path"], data)
            self._channel.send("done")
        else:
            self._run(request["code"], request["seconds"], request["functions"])

    def _run(self, code: str, seconds: float, functions: dict[str, list[str]]) -> None:
        self._guest.output.begin()
        limits.limit_time(seconds)
        deadline = Deadline(seconds, self._guest.engine.increment_epoch, self._out_of_time)
        try:
            with self._guest.calls.during(deadline):
                ok, why = self._guest.call("run", code, json.dumps(functions))
        except (wasmtime.WasmtimeError, wasmtime.Trap) as exc:
            if not deadline.meet():
                self._out_of_time()
            self._end(describe(exc, self._guest.output))
        if not deadline.meet():
            self._out_of_time()
        self._guest.output.add_aside()
        self._guest.output.flush()
        self._channel.send("end", outcome="ok" if ok else "failed", why=why)

    def stop(self) -> None:
        """End what runs at once, and tell what it had printed: its user does not wait."""
        self._end("", outcome="stopped")

    def _out_of_time(self) -> None:
        self._end("", outcome="late")

    def _end(self, why: str, outcome: str = "failed") -> None:
        """Tell how the block ended and end with it: a guest that was interrupted is of no use."""
        self._guest.output.flush()
        self._channel.send("end", outcome=outcome, why=why, dead=True)
        os._exit(0)


def describe(exc: Exception, output: Output) -> str:
    """Return in a line why the guest is no more."""
    text = str(exc)
    if output.is_full():
        return f"[stopped: more than {CAPACITY >> 20} MiB of output]\n"
    # The second is how the stack in the guest's own memory ends, which lies at its very beginning.
    if "call stack exhausted" in text or "out of bounds memory access" in text:
        return str(EXHAUSTED)
    if "exit" in text:
        return "[the code ended the interpreter]\n"
    return f"[the code broke the interpreter: {text.splitlines()[-1].strip()}]\n"


def serve(module: str, narrow: bool, memory: int = limits.MEMORY) -> None:
    """Load the compiled guest `module`, raise the walls, then answer requests from stdin."""
    channel = Channel(os.dup(1))
    sys.stdout = None  # frames alone go to the parent
    threading.stack_size(HOST_STACK)
    thread = threading.Thread(target=_serve, args=(module, narrow, memory, channel))
    thread.start()
    thread.join()


def _serve(module: str, narrow: bool, memory: int, channel: Channel) -> None:
    threading.stack_size(2**20)
    walls = limits.limit_process(memory, HOST_STACK)
    try:
        guest = Guest(module, narrow, memory, channel)
    except (wasmtime.WasmtimeError, OSError) as exc:
        channel.send("broken", why=str(exc))
        os._exit(1)
    walls += wall.raise_walls()
    channel.send("ready", walls=walls)
    worker = Worker(guest, channel)
    for request in requests(worker.stop):
        worker.answer(request)
