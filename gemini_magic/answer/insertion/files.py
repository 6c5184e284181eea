"""Names of files in code: one step may write what another reads."""

from __future__ import annotations

import ast
import re

ANY = "file:?"
_FILE = re.compile(r"(?:[^\n]*[/\\])?([\w. ()-]{1,80}\.[A-Za-z]\w{0,7})")
_GIVEN = re.compile(r"file:(?:input_file_\d+\.\w+|\w+\.py)")


def named_file(node: ast.expr) -> str:
    """Return the file that a text names, without its folders; empty where it names none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        match = _FILE.fullmatch(node.value[:300])
        return match[1] if match else ""
    return ""


def meet(wanted: set[str], written: set[str]) -> bool:
    """Return whether some of the files that are wanted may be among those that were written."""
    reads = {token for token in wanted if token.startswith("file:")}
    writes = {token for token in written if token.startswith("file:")}
    if reads & writes or (ANY in reads and writes):
        return True
    # What the run was given, and modules to import, nobody writes under a name made up.
    return ANY in writes and not all(_GIVEN.fullmatch(token) for token in reads)


def tokens(node: ast.Call) -> set[str]:
    """Return the files that a call names, `file:?` where it names them otherwise."""
    arguments = [*node.args[:2], *(k.value for k in node.keywords), node.func]
    parts = [part for argument in arguments for part in ast.walk(argument)]
    if any(isinstance(part, ast.Constant) and part.value == ":memory:" for part in parts):
        return set()
    if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in parts):
        return {ANY}
    names = {
        name for part in parts if isinstance(part, ast.Constant) and (name := named_file(part))
    }
    return {f"file:{name}" for name in names} or {ANY}
