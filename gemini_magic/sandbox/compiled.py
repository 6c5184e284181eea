"""From the guest in the wheel to native code that a worker can load."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

from ..errors import SandboxError
from . import cache
from .process import inherited, start_child
from .scratch import Scratch

GUEST = Path(__file__).with_name("guest.wasm.gz")
MEMORY = 450 * 2**20  # bytes, the most that compiling was seen to take
PATIENCE = 300.0  # seconds to compile; some 5 on two cores of 2024
WIDE = 6 * 2**30  # bytes of addresses that wasmtime wants for its fast way
FREE_MEMORY = (Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max"))


def task(progress: Callable[[str], None], *, anew: bool = False) -> dict[str, object]:
    """Return what a worker must be told to serve, after compiling the guest if need be.

    `anew` compiles even if there seems to be a good one.
    """
    narrow = not has_addresses(WIDE)
    package = find_package("wasmtime", "pip install 'wasmtime>=49,<52'")
    version = importlib.metadata.version("wasmtime")
    build = cache.Build(GUEST, version, platform.machine(), narrow)
    module = cache.folder() / build.name()
    common: dict[str, object] = {"packages": [package], "narrow": narrow}
    if anew or not cache.is_good(module):
        progress("preparing the sandbox (once)…")
        make(module, common)
    return {**common, "do": "serve", "module": str(module)}


def make(module: Path, common: dict[str, object]) -> None:
    """Compile the guest to `module`, in a child: it takes more memory than a kernel should keep."""
    verify(GUEST)
    cache.require_memory(MEMORY, FREE_MEMORY)
    try:
        scratch = Scratch(module.parent)
        with closing(scratch):
            made = scratch.path / module.name
            told = {"do": "compile", "guest": str(GUEST), "target": str(made)}
            failure = run_compiler({**common, **told}, scratch, PATIENCE)
            if failure or not made.exists():
                raise SandboxError(
                    f"preparing the sandbox failed: {failure}; it takes {MEMORY >> 20} MiB of"
                    f" memory and 50 MiB in {module.parent}"
                )
            cache.keep(made, module)
    except OSError as exc:
        raise cache.unwritable(exc) from exc


def run_compiler(
    task: dict[str, object],
    scratch: Scratch,
    patience: float,
    telling: float | None = None,
    progress: Callable[[str], None] = print,
) -> str:
    """Compile in a child and return why that failed, or nothing."""
    with tempfile.TemporaryFile() as said:
        child = start_child(task, stderr=said, pass_fds=inherited(scratch))
        scratch.hand_over()
        wait(child, patience, telling, progress)
        return explain(child.returncode, said) if child.returncode else ""


def explain(status: int, said: IO[bytes]) -> str:
    """Return in a line how a compiler ended that said this."""
    said.seek(0)
    if status < 0:
        return f"the system ended it ({signal.Signals(-status).name})"
    lines = said.read().decode("utf-8", "replace").splitlines()
    return lines[-1].strip() if lines else f"exit status {status}"


def wait(
    child: subprocess.Popen[bytes],
    patience: float,
    telling: float | None = None,
    progress: Callable[[str], None] = print,
) -> None:
    """Wait until `child` has compiled; every `telling` seconds, tell how long it has been."""
    start = time.monotonic()
    try:
        while (spent := time.monotonic() - start) < patience:
            with suppress(subprocess.TimeoutExpired):
                child.wait(min(telling or patience, patience - spent))
                return
            progress(f"preparing the sandbox: {time.monotonic() - start:.0f} s so far…")
        raise SandboxError(f"preparing the sandbox took over {patience:.0f} s; try again")
    finally:
        child.kill()
        child.wait()
        if child.stdin:
            child.stdin.close()


def verify(guest: Path) -> None:
    """Raise SandboxError unless `guest` is what the build recorded."""
    if hashlib.sha256(guest.read_bytes()).hexdigest() != cache.verified_digest(guest):
        raise SandboxError(f"{guest} is damaged; reinstall gemini-magic")


def find_package(name: str, remedy: str) -> str:
    """Return the folder to import a package from, which the child has no path of its own to find.

    It is asked for as installed: a file of that name beside the notebook is another one.
    """
    try:
        folder = importlib.metadata.distribution(name).locate_file("")
    except importlib.metadata.PackageNotFoundError:
        raise SandboxError(f"the sandbox needs {name}: {remedy}") from None
    return str(folder)


def has_addresses(size: int) -> bool:
    """Return whether a process may have so many bytes of addresses: `ulimit -v` limits them."""
    if sys.platform == "win32":
        return True
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit == resource.RLIM_INFINITY or limit >= size
