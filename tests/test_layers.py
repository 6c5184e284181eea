"""Imports point one way."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "gemini_magic"

# A file imports only from those before it; one that has no place here fails the test.
ORDER = """
    errors keys parts steps markdown lesson lessons question settings words flags options prices
    prompt
    jsonable tables attachments staging shapes functions request sandbox
    engines.base engines.clients engines.models engines.turns engines.tools engines.config
    engines.retries engines.wire engines.faults engines.exchange engines.sending engines.uploads
    engines.files engines.contexts engines.preview
    engines.gemini engines.replay engines.offline engines runs text consent chats session
    html widget interrupts view cells transcript about reports kept command commands complete
    magic ask cli __init__
""".split()


def name_of(path: Path) -> str:
    module = path.relative_to(PACKAGE).with_suffix("").parts
    if module[0] == "sandbox":
        return "sandbox"
    return ".".join(module[:-1] if module[-1] == "__init__" and len(module) > 1 else module)


FILES = {path: name_of(path) for path in PACKAGE.rglob("*.py") if "labextension" not in path.parts}


def imports(path: Path) -> set[str]:
    """The modules of this package that a file imports, anywhere in it."""
    package = path.relative_to(PACKAGE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            if node.module:
                found.add(".".join((*base, node.module)))
            else:
                found |= {".".join((*base, alias.name)) for alias in node.names}
    return found


def under(name: str, names: set[str]) -> str:
    """`name`, or the nearest module above it that has a place."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


def test_every_file_has_a_place():
    assert set(ORDER) == set(FILES.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: name_of(path))
def test_a_file_imports_only_from_those_before_it(path):
    own = FILES[path]
    before = set(ORDER[: ORDER.index(own)]) | ({"sandbox"} if own == "sandbox" else set())
    strangers = {under(name, set(ORDER)) for name in imports(path)} - before - {""}
    assert strangers == set()
