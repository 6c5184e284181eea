"""The standard library as compressed bytecode in memory: at run time there is no folder to read."""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

# Of no use without a screen, processes or an installer, or large and only for CPython's own tests.
LEFT_OUT = frozenset(
    "curses ensurepip idlelib lib2to3 multiprocessing pydoc_data site-packages test tkinter"
    " turtle turtledemo venv __phello__".split()
)


class Embedded(MetaPathFinder, Loader):
    """Finds and loads the modules that were below `root` when the guest was built."""

    def __init__(self, root: str) -> None:
        self._modules: dict[str, tuple[bool, bytes]] = {}
        for path in sorted(Path(root).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if parts[0] not in LEFT_OUT:
                self._add(path, parts)

    def _add(self, path: Path, parts: tuple[str, ...]) -> None:
        package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if package else parts)
        code = compile(path.read_bytes(), f"<frozen {name}>", "exec", dont_inherit=True, optimize=2)
        self._modules[name] = package, zlib.compress(marshal.dumps(code), 9)

    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._modules:
            return None
        package = self._modules[name][0]
        return ModuleSpec(name, self, origin=f"<frozen {name}>", is_package=package)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__name__), vars(module))  # noqa: S102

    def get_code(self, name: str) -> CodeType:
        """Return the code of module `name`; `runpy` asks for it."""
        code: CodeType = marshal.loads(zlib.decompress(self._modules[name][1]))  # noqa: S302
        return code

    def get_source(self, name: str) -> None:
        """Say that there is no source; `linecache` asks."""


def name_limit(exc: BaseException) -> None:
    """Say in an import error that the limit is the sandbox's."""
    if isinstance(exc, ModuleNotFoundError) and exc.name:
        why = missing(exc.name)
        if not exc.msg.endswith(why):
            exc.msg = f"{exc.msg}: {why}"


def missing(name: str) -> str:
    """Return why the module `name` cannot be imported here, as the end of a line."""
    if name.partition(".")[0] in sys.stdlib_module_names:
        return "this sandbox has no threads, processes, network, C libraries or screen"
    return "this sandbox holds Python's standard library and some packages"


def embed(root: str) -> None:
    """Keep everything below `root`, for when it is gone."""
    if os.path.isdir(root):  # noqa: PTH112
        sys.meta_path.append(Embedded(root))
