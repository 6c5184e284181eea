"""Packages of the user's environment that a sandbox is granted, as files in its memory.

They are those of Google's sandbox that are Python alone, and what these need. Google's list:
https://ai.google.dev/gemini-api/docs/code-execution#supported-libraries; pytz is not in it, and is
there all the same.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Set
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

LARGEST = 32 * 2**20  # bytes of a package, and so of what a block costs at most a package
FILES = 2000  # of a package
SITES = frozenset(["dist-packages", "site-packages"])
# Modules, and the data of those in the list: nothing that is compiled, no *.pth.
SUFFIXES = frozenset([".py", ".gz", ".tab", ""])
LEFT_OUT = frozenset(["__pycache__", "benchmarks", "tests"])


@dataclass(frozen=True)
class Package:
    """A package by the name that it is installed by, and the modules that it has.

    `needs` are modules of others; `beside` are files that stand in for what the guest lacks.
    """

    distribution: str
    modules: tuple[str, ...]
    needs: tuple[str, ...] = ()
    beside: tuple[tuple[str, bytes], ...] = ()


# sympy asks for the size of an integer in C as it is imported.
_SIZES = b"""import struct


class c_long:
    size = struct.calcsize("l")


def sizeof(kind):
    return kind.size
"""
PACKAGES = (
    Package("attrs", ("attr", "attrs")),
    Package("chess", ("chess",)),
    Package("et-xmlfile", ("et_xmlfile",)),
    Package("Jinja2", ("jinja2",), ("markupsafe",)),
    Package("MarkupSafe", ("markupsafe",)),
    Package("mpmath", ("mpmath",)),
    Package("openpyxl", ("openpyxl",), ("et_xmlfile",)),
    Package("ordered-set", ("ordered_set",)),
    Package("packaging", ("packaging",)),
    Package("PyLaTeX", ("pylatex",), ("ordered_set",)),
    Package("pyparsing", ("pyparsing",)),
    Package("PyPDF2", ("PyPDF2",)),
    Package("python-dateutil", ("dateutil",), ("six",)),
    Package("pytz", ("pytz",)),
    Package("six", ("six",)),
    Package("striprtf", ("striprtf",)),
    Package("sympy", ("sympy",), ("mpmath",), (("ctypes.py", _SIZES),)),
    Package("tabulate", ("tabulate",)),
    Package("toolz", ("tlz", "toolz")),
)
BY_MODULE = {module: package for package in PACKAGES for module in package.modules}


def imported(code: str) -> frozenset[str]:
    """Return the names of the modules that `code` imports anywhere in it, without their parts."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()  # it will not run
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return frozenset(name.partition(".")[0] for name in names)


def needed(code: str, there: Set[str]) -> tuple[Package, ...]:
    """Return the packages that `code` imports, and those that these need.

    Not those of modules that are `there`; those that are not installed are among them.
    """
    waiting, found = sorted(imported(code)), dict[Package, None]()
    for module in waiting:
        package = BY_MODULE.get(module)
        if package is None or package in found or not there.isdisjoint(package.modules):
            continue
        found[package] = None
        waiting += package.needs
    return tuple(found)


def files_of(package: Package) -> dict[str, bytes]:
    """Return the files of a package by their path in it; none if it is not installed here.

    Nothing is imported, no link is followed, and nothing is read but what is below its modules.
    """
    root = _folder(package)
    if root is None:
        return {}
    found: dict[str, bytes] = {}
    room = LARGEST
    for path in (each for module in package.modules for each in _modules(root, module)):
        room -= path.stat().st_size
        if room < 0 or len(found) >= FILES:
            return {}
        found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found and {**found, **dict(package.beside)}


def is_installed(package: Package) -> bool:
    """Return whether the package is installed where packages are."""
    return _folder(package) is not None


def _folder(package: Package) -> Path | None:
    """Return the folder that a package is installed in; one beside the notebook is not."""
    sites = [place for place in sys.path if Path(place).name in SITES]
    context = Distribution.discover(name=package.distribution, path=sites)
    return next((Path(str(each.locate_file(""))).resolve() for each in context), None)


def _modules(root: Path, module: str) -> Iterator[Path]:
    """Yield the files of a module, which is one or a folder."""
    alone = root / f"{module}.py"
    yield from _below(root / module) if (root / module).is_dir() else _plain([alone])


def _below(folder: Path) -> Iterator[Path]:
    if folder.is_symlink():
        return
    entries = sorted(folder.iterdir())
    yield from _plain(entry for entry in entries if entry.suffix in SUFFIXES)
    for entry in entries:
        if entry.is_dir() and entry.name not in LEFT_OUT:
            yield from _below(entry)


def _plain(paths: Iterator[Path] | list[Path]) -> Iterator[Path]:
    return (path for path in paths if path.is_file() and not path.is_symlink())
