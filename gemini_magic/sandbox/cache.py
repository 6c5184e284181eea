"""The compiled guest on disk: native code, trusted on load, so that nobody else may write it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from ..errors import SandboxError


@dataclass(frozen=True)
class Build:
    """What the native code depends on: the guest, wasmtime's version, the machine, the settings."""

    guest: Path
    wasmtime: str
    machine: str
    narrow: bool

    def name(self) -> str:
        """Return the name of the file that holds this build."""
        digest = verified_digest(self.guest)
        facts = json.dumps([digest, self.wasmtime, sys.platform, self.machine, self.narrow])
        return hashlib.sha256(facts.encode()).hexdigest()[:32] + ".cwasm"


def verified_digest(guest: Path) -> str:
    """Return the SHA-256 that was recorded when `guest` was built."""
    try:
        digest = guest.with_name(guest.name + ".sha256").read_text("ascii").strip()
        guest.stat()
    except OSError as exc:
        raise SandboxError(
            f"the sandbox's {guest.name} is not installed; reinstall gemini-magic from a wheel"
        ) from exc
    return digest


def folder() -> Path:
    """Return the user's own folder for compiled guests, made if need be.

    Raises SandboxError where it cannot be made, is a link, or belongs to somebody else.
    """
    refused: OSError | None = None
    for place in places():
        try:
            if place.parent == Path(tempfile.gettempdir()):  # where others may have been first
                own_folder(place)
            return own_folder(place / "sandbox")
        except OSError as exc:
            refused = refused or exc
    raise unwritable(refused or OSError("there is no folder for it"))


def places() -> list[Path]:
    """Return where compiled guests may be kept, the best place first.

    Without a home, or with one that cannot be written, that is below the temporary folder.
    """
    if (named := Path(os.environ.get("XDG_CACHE_HOME", ""))).is_absolute():
        return [named / "gemini-magic"]
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    elsewhere = Path(tempfile.gettempdir(), f"gemini-magic-{user}")
    home = os.environ.get("HOME")
    if home is not None and not Path(home).is_absolute():
        return [elsewhere]
    try:
        usual = user_cache_path("gemini-magic", appauthor=False, opinion=False)
    except RuntimeError:  # neither HOME nor an entry in the system's list of users
        return [elsewhere]
    return [usual, elsewhere] if usual.is_absolute() else [elsewhere]


def own_folder(path: Path) -> Path:
    """Return `path` as a folder that is the user's alone. Raises OSError, or SandboxError."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_own(path, stat.S_ISDIR):
        raise SandboxError(f"{path} must be a folder of yours and no link; remove it")
    if stat.S_IMODE(path.stat().st_mode) != 0o700:  # it may lie in a read-only image
        path.chmod(0o700)
    return path


def unwritable(exc: OSError) -> SandboxError:
    """Return the error for a folder that cannot be used."""
    return SandboxError(
        f"the sandbox cannot keep its compiled code: {exc}; free some space there,"
        " or name another folder in XDG_CACHE_HOME"
    )


def is_own(path: Path, kind: Callable[[int], bool]) -> bool:
    """Return whether `path` itself, not what it links to, is of `kind` and the user's own."""
    found = path.lstat()
    return kind(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def is_good(module: Path) -> bool:
    """Return whether `module` is the file that `keep` put there, unchanged."""
    try:
        if not is_own(module, stat.S_ISREG):
            return False
        if hasattr(os, "getuid") and module.stat().st_mode & 0o777 != 0o600:
            return False
        return bool(json.loads(seal(module).read_text("ascii")) == state(module))
    except (OSError, ValueError):
        return False


def seal(module: Path) -> Path:
    """Return the file that holds what `module` looked like when it was new."""
    return module.with_suffix(".json")


def state(module: Path) -> list[int]:
    """Return what changes when `module` is written to; a digest would take longer than a run."""
    found = module.stat()
    return [found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns]


def keep(made: Path, module: Path) -> None:
    """Move what was compiled to `made` to its place, at once for every other process."""
    made.chmod(0o600)
    if module.is_dir() and not module.is_symlink():
        shutil.rmtree(module)
    made.replace(module)
    note = made.with_suffix(".note")
    note.write_text(json.dumps(state(module)), "ascii")
    note.replace(seal(module))


def require_memory(needed: int, paths: Sequence[Path]) -> None:
    """Raise SandboxError where fewer than `needed` bytes of memory are known to be free."""
    free = min((n for n in (read_free(path) for path in paths) if n is not None), default=needed)
    if free < needed:
        raise SandboxError(
            f"preparing the sandbox takes {needed >> 20} MiB of memory and {free >> 20} are free;"
            " free some and run the cell again"
        )


def read_free(path: Path) -> int | None:
    """Return the free bytes that a file such as /proc/meminfo tells, or None."""
    try:
        if path.name == "meminfo":
            lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
            return int(lines["MemAvailable"].split()[0]) * 1024
        limit = int(path.read_text())
        return limit - int(path.with_name("memory.current").read_text())
    except (OSError, ValueError, KeyError):
        return None
