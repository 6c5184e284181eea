"""Imports point one way: a room imports only from the rooms above it."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gemini_magic"

ROOMS = """
    sanitize errors phrases keys
    answer
    options
    request
    lessons
    sandbox
    engines
    runs
    views
    line
    notebook
    ask cli nbconvert
    __init__
""".split()


def room_of(module: tuple[str, ...]) -> str:
    return module[0] if module else "__init__"


FILES = {path: path.relative_to(PACKAGE).with_suffix("").parts for path in PACKAGE.rglob("*.py")}


def imports(path: Path) -> set[tuple[str, ...]]:
    """The modules of this package that a file imports, anywhere in it."""
    package = path.relative_to(PACKAGE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            if node.module:
                found.add((*base, *node.module.split(".")))
            else:
                found |= {(*base, alias.name) for alias in node.names}
    return found


def test_every_file_has_a_room():
    assert {room_of(parts) for parts in FILES.values()} <= set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(FILES[path]))
def test_a_file_imports_only_from_its_room_and_those_above_it(path):
    own = ROOMS.index(room_of(FILES[path]))
    rooms = {room_of(module) for module in imports(path)}
    known = {room for room in rooms if room in ROOMS}
    assert {room for room in known if ROOMS.index(room) > own} == set()


VENDORS = {
    "google": r"google[-_.]genai",
    "local": r"\bimport openai\b|\bfrom openai\b|[\"']openai[\"']",
}


@pytest.mark.parametrize("engine", VENDORS)
def test_a_vendors_package_is_named_in_its_engine_alone(engine):
    named = {
        parts[:2]
        for path, parts in FILES.items()
        if re.search(VENDORS[engine], path.read_text(encoding="utf-8"))
    }
    assert named == {("engines", engine)}
