"""Builds what a wheel carries and git does not: the sandbox's guest and the browser's scripts.

The guest is CPython on WASI with our modules inside.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hatch_jupyter_builder import npm_builder
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# `script` is the command's entry point; the command itself may be on no PATH in pip's isolated
# environment, and the package on no path once the environment is emptied.
COMMAND = "import sys; sys.path.append(sys.argv.pop(1)); import componentize_py as c; c.script()"


# What the scripts' build makes.
EXTENSION = "build/labextension"
SCRIPTS = (
    f"{EXTENSION}/package.json",
    "gemini_magic/views/static/widget.js",
    "gemini_magic/views/static/loader.js",
)


class BuildHook(BuildHookInterface[Any]):
    """Makes what is missing or older than its sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the files are collected; the guest and the scripts at the same time."""
        with ThreadPoolExecutor(1) as pool:
            guest = pool.submit(self._build_guest)
            self._build_scripts(version)
            guest.result()

    def _build_scripts(self, version: str) -> None:
        made = [Path(self.root, script) for script in SCRIPTS]
        # An sdist carries them.
        if version == "standard" and all(path.exists() for path in made):
            return
        front = Path(self.root, "labextension")
        # npm and node are among the build's requirements, and so on the PATH.
        npm_builder(
            self.target_name,
            version,
            path=str(front),
            source_dir=str(front / "src"),
            build_dir=str(Path(self.root, EXTENSION)),
            build_cmd="build:prod",
            npm=["npm"],
            force=version == "standard",
        )
        for path in made:
            if not path.exists():
                raise RuntimeError(f"the build of the scripts has not made {path}")

    def _build_guest(self) -> None:
        sandbox = Path(self.root, "gemini_magic", "sandbox")
        target = sandbox / "guest.wasm.gz"
        if not target.exists() or is_stale(target, sandbox / "guest"):
            self.app.display_info("building the sandbox's guest")
            build(sandbox / "guest", target)


def is_stale(target: Path, sources: Path) -> bool:
    """Return whether a source of the guest is newer than the guest, or its digest is missing."""
    newest = max(path.stat().st_mtime for path in sources.glob("*.*"))
    return target.stat().st_mtime < newest or not digest_file(target).exists()


def digest_file(target: Path) -> Path:
    """Return where the SHA-256 of `target` stands."""
    return target.with_name(target.name + ".sha256")


def build(sources: Path, target: Path) -> None:
    """Build the guest from `sources`, packed, with its SHA-256 beside it."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder, "stage")
        shutil.copytree(sources, stage, ignore=shutil.ignore_patterns("__pycache__"))
        add_time_zones(stage / "zoneinfo")
        wasm = Path(folder, "guest.wasm")
        componentize(stage, wasm)
        packed = gzip.compress(wasm.read_bytes(), 9, mtime=0)
    target.write_bytes(packed)
    digest_file(target).write_text(hashlib.sha256(packed).hexdigest() + "\n", "ascii")


def add_time_zones(folder: Path) -> None:
    """Copy the zones of the package tzdata, which `zoneinfo` reads."""
    package = Path(package_folder("tzdata"), "tzdata", "zoneinfo")
    skip = shutil.ignore_patterns("*.py", "__pycache__", "*.tab", "*.zi", "leapseconds")
    shutil.copytree(package, folder, ignore=skip)


def componentize(stage: Path, wasm: Path) -> None:
    """Run componentize-py over `stage`, in an empty environment.

    It bakes in the site-packages of whatever environment it finds itself in.
    """
    command = [sys.executable, "-I", "-c", COMMAND, package_folder("componentize_py")]
    command += ["-d", str(stage / "guest.wit"), "-w", "runner"]
    command += ["componentize", "-p", str(stage), "app", "-o", str(wasm)]
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    environment = {**kept, "HOME": str(stage.parent), "PATH": str(stage.parent)}
    done = subprocess.run(  # noqa: S603  the command is all our own
        command, env=environment, cwd=stage.parent, capture_output=True, text=True
    )
    if done.returncode or not wasm.exists():
        raise RuntimeError(f"componentize-py failed:\n{done.stdout}{done.stderr}")


def package_folder(name: str) -> str:
    """Return the folder that the package `name` was found in."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the build needs the package {name}")
    return str(Path(spec.submodule_search_locations[0]).parent)
