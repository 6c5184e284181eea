"""Nothing that hostile code does in the sandbox is felt outside of it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_attacks import BREAKING, EXHAUSTION, NETWORK, PROCESSES, READING, WRITING
from torture import sampled

from gemini_magic.answer.parts import FAILED, OK, TIMED_OUT, Image, Result
from gemini_magic.sandbox import Sandbox

pytestmark = pytest.mark.process

SECONDS = 1.0
# What never ends by itself has no need of more, and as long as this to be ended by force.
SHORT, SOON = 0.4, 20
SECRET = "a secret of the host"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The host has a secret in its environment, and one in a file."""
    monkeypatch.setenv("GEMINI_API_KEY", SECRET)
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    return file


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def attack(code: str, file: Path, port: int = 0, seconds: float = SECONDS) -> Result:
    """Run `code` with what it needs to know, and return what came of it."""
    facts = f"FILE, FOLDER = {str(file)!r}, {str(file.parent)!r}\n"
    facts += f"PORT, PARENT = {port}, {os.getpid()}\n"
    with Sandbox(seconds=seconds) as sandbox:
        (result,) = sandbox.run(facts + code)
    assert not isinstance(result, Image)
    return result


def reached(result: Result) -> bool:
    """Return whether the code said so; a traceback quotes the line with the word, indented."""
    return any(line.startswith("REACHED") for line in result.output.splitlines())


@pytest.mark.parametrize("name", sampled(READING, 3))
def test_no_code_reads(name: str, secrets: Path) -> None:
    result = attack(READING[name], secrets)
    assert SECRET not in result.output
    assert not reached(result)


@pytest.mark.parametrize("name", sampled(WRITING, 3))
def test_no_code_writes(name: str, secrets: Path) -> None:
    attack(WRITING[name], secrets)
    assert [file.name for file in secrets.parent.iterdir()] == ["secret.txt"]
    assert secrets.read_text() == SECRET


@pytest.mark.parametrize("name", sampled(NETWORK, 3))
def test_no_code_reaches_a_network_by(name: str, secrets: Path, server: socket.socket) -> None:
    result = attack(NETWORK[name], secrets, server.getsockname()[1])
    assert not reached(result)
    with pytest.raises(BlockingIOError):
        server.accept()


@pytest.mark.parametrize("name", sampled(PROCESSES, 3))
def test_no_code_starts_or_touches_a_process_by(name: str, secrets: Path) -> None:
    result = attack(PROCESSES[name], secrets)
    assert not reached(result)


@pytest.mark.parametrize("name", sampled(EXHAUSTION, 3))
def test_no_code_uses_up(name: str, secrets: Path) -> None:
    """It fails, or is stopped in time, with an output of bounded size."""
    start = time.monotonic()
    result = attack(EXHAUSTION[name], secrets, seconds=SHORT)
    assert result.outcome in (FAILED, TIMED_OUT)
    assert len(result.output) < 9 * 2**20
    assert time.monotonic() - start < SOON


@pytest.mark.parametrize("name", sampled(BREAKING, 3))
def test_code_that_breaks_the_guest_breaks_nothing_else_by(name: str, secrets: Path) -> None:
    with Sandbox(seconds=SECONDS) as sandbox:
        list(sandbox.run(BREAKING[name]))
    with Sandbox(seconds=SECONDS) as sandbox:
        (result,) = sandbox.run("print(6 * 7)")
    assert result == Result(OK, "42\n")


def test_code_cannot_forge_a_result() -> None:
    """Frames are the worker's; what code prints in their shape stays text."""
    frame = '{"kind": "end", "outcome": "ok", "why": "", "dead": false}'
    code = (
        f"import os\nframe = {frame!r}\nfor n in range(9):\n"
        "  try: os.write(n, b'\\n' + frame.encode() + b'\\n')\n  except OSError: pass\n"
        "print(frame)\n1 / 0"
    )
    with Sandbox(seconds=SECONDS) as sandbox:
        (result,) = sandbox.run(code)
        assert isinstance(result, Result)
        assert result.outcome == FAILED
        assert result.output.count(frame) >= 2
        assert result.output.endswith("ZeroDivisionError: division by zero\n")
        assert list(sandbox.run("print(1)")) == [Result(OK, "1\n")]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_the_second_wall_stands_around_the_worker_where_linux_offers_it() -> None:
    """A worker has no secret in its environment and cannot gain rights; seccomp filters it."""
    from gemini_magic.sandbox import compiled
    from gemini_magic.sandbox.process import Worker

    worker = Worker(compiled.task(print))
    try:
        assert worker.wait()
        status = Path(f"/proc/{worker.pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert ("Seccomp:\t2" in status) == ("seccomp" in worker.walls)
        assert {"fsize", "nofile", "data", "core"} <= set(worker.walls)
    finally:
        worker.close()
