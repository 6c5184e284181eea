"""From the guest in the wheel to native code that a worker can load."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..errors import SandboxError
from . import cache
from .process import start_child

GUEST = Path(__file__).with_name("guest.wasm.gz")
MEMORY = 450 * 2**20  # bytes, the most that compiling was seen to take
PATIENCE = 300.0  # seconds to compile; some 5 on two cores of 2024
WIDE = 6 * 2**30  # bytes of addresses that wasmtime wants for its fast way
FREE_MEMORY = (Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max"))


def task(progress: Callable[[str], None], *, anew: bool = False) -> dict[str, object]:
    """Return what a worker must be told to serve, after compiling the guest if need be.

    `anew` compiles even if there seems to be a good one.
    """
    narrow = has_narrow_addresses()
    version = importlib.metadata.version("wasmtime") if find_wasmtime() else ""
    build = cache.Build(GUEST, version, platform.machine(), narrow)
    module = cache.folder() / build.name()
    common: dict[str, object] = {"wasmtime": find_wasmtime(), "narrow": narrow}
    if anew or not cache.is_good(module):
        progress("preparing the sandbox (once)…")
        make(module, common)
    return {**common, "do": "serve", "module": str(module)}


def make(module: Path, common: dict[str, object]) -> None:
    """Compile the guest to `module`, in a child: it takes more memory than a kernel should keep."""
    verify(GUEST)
    cache.require_memory(MEMORY, FREE_MEMORY)
    try:
        with tempfile.TemporaryDirectory(dir=module.parent) as folder:
            made = Path(folder, module.name)
            compile_to(made, common)
            cache.keep(made, module)
    except OSError as exc:
        raise cache.unwritable(exc) from exc


def compile_to(made: Path, common: dict[str, object]) -> None:
    """Run the compiler until `made` is there, or raise SandboxError."""
    child = start_child({**common, "do": "compile", "guest": str(GUEST), "target": str(made)})
    wait(child, PATIENCE)
    if child.returncode or not made.exists():
        raise SandboxError(
            f"preparing the sandbox failed with exit status {child.returncode}; it takes"
            f" {MEMORY >> 20} MiB of memory and 50 MiB in {made.parent.parent}"
        )


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


def verify(guest: Path) -> None:
    """Raise SandboxError unless `guest` is what the build recorded."""
    if hashlib.sha256(guest.read_bytes()).hexdigest() != cache.verified_digest(guest):
        raise SandboxError(f"{guest} is damaged; reinstall gemini-magic")


def find_wasmtime() -> str:
    """Return the folder to import wasmtime from. The child has no path of its own to find it."""
    spec = importlib.util.find_spec("wasmtime")
    if spec is None or not spec.origin:
        raise SandboxError("the sandbox needs wasmtime; pip install 'wasmtime>=49,<52'")
    return str(Path(spec.origin).parent.parent)


def has_narrow_addresses() -> bool:
    """Return whether the address space is limited, as by `ulimit -v`."""
    if sys.platform == "win32":
        return False
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit != resource.RLIM_INFINITY and limit < WIDE
