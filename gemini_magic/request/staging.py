"""The data of a run where cells made from it look for it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any
from uuid import uuid4

from ..errors import RequestError
from .attachment import Attachment, staged_names
from .attachments import gather
from .variables import variable_of


def files_of(attachments: Sequence[Attachment], first: int = 0) -> dict[str, bytes]:
    """Return the files by each name that code may use: its own, and that of Google's sandbox."""
    held = [
        (attachment.name, name, attachment.data)
        for attachment, name in zip(attachments, staged_names(attachments, first), strict=True)
        if attachment.data is not None
    ]
    own = {name: data for name, _, data in held}
    return own | {name: data for _, name, data in held}


def stage(
    data: Mapping[str, Any] | None = None,
    files: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    first: int = 0,
) -> list[str]:
    """Write data and files into this folder under the names that the model's code uses.

    They are those of a run that was given the same `data` and `files`: `input_file_0.csv`,
    `input_file_1.png`, …, and their own names if no such file is there yet. `first` is the
    number of the first, for a turn of a chat that had files before. Returns the names that were
    written. What has a URI is left out.
    """
    for name in data or ():
        if not isinstance(name, str):
            raise RequestError(f"data is named like a variable, and {name!r} is no such name")
    if not isinstance(first, int) or first < 0:
        raise RequestError(f"first is the number of a file, from 0 on, and not {first!r}")
    given = [files] if isinstance(files, str | PathLike) else files
    attachments = gather(data or {}, map(str, given), sys.maxsize)
    google = set(staged_names(attachments, first))
    sources = [Path(attachment.path).expanduser() for attachment in attachments if attachment.path]
    wanted = {
        name: content
        for name, content in files_of(attachments, first).items()
        if name in google or not os.path.lexists(name)
    }
    # All are looked at before the first is written.
    missing = {
        name: content
        for name, content in wanted.items()
        if not _is_there(Path(name), content, sources)
    }
    for name, content in missing.items():
        _write(Path(name), content)
    return sorted(missing)


def _is_there(path: Path, content: bytes, sources: Sequence[Path]) -> bool:
    """Return whether `path` is a source with just this content; raise RequestError if it must not
    be written: a link leads elsewhere, and another source would be lost."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        kind = "a link" if path.is_symlink() else "not an ordinary file"
        raise RequestError(f"{str(path)!r} is {kind} and is not written over: rename it")
    if not path.exists() or not any(source.samefile(path) for source in sources):
        return False
    if path.read_bytes() == content:
        return True
    raise RequestError(
        f"{str(path)!r} is a file of yours that is staged under another name, and another file "
        "would take its place: rename it"
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    # By a name that nobody has, made anew: one that could be known might be a link elsewhere.
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        try:
            with draft.open("xb") as file:
                file.write(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as exc:
        raise RequestError(
            f"{str(path)!r} cannot be written ({exc.strerror or exc}): make room, or work in a "
            "folder that you may write"
        ) from exc


def source_of(turns: Iterable[Sequence[Attachment]]) -> str:
    """Return the Python that makes the files of a run, and of its chat's turns before, exist.

    It is for cells that are made from the run; empty without any files. Names and addresses may
    come from a file or a server: they stand in it as literals, and as names of variables only where
    they can be one.
    """
    remarks: list[str] = []
    calls: list[str] = []
    first = 0
    for attachments in turns:
        remarks += [
            f"# {_in_comment(name)} is {_in_comment(attachment.uri)}: fetch it yourself"
            for attachment, name in zip(attachments, staged_names(attachments, first), strict=True)
            if attachment.uri
        ]
        if not all(attachment.uri for attachment in attachments):
            calls.append(_call(attachments, first))
        first += len(attachments)
    return "\n".join(remarks + ["import gemini_magic", "", *calls] * bool(calls))


def _in_comment(text: str) -> str:
    return text if text.isprintable() else repr(text)


def _call(attachments: Sequence[Attachment], first: int) -> str:
    variables = [variable_of(a) for a in attachments if not (a.path or a.uri)]
    # The places of all files count, so those that are left out are named too.
    files = [a.path or a.uri for a in attachments if a.path or a.uri]
    arguments = []
    if variables:
        arguments.append(f"data={{{', '.join(f'{name!r}: {name}' for name in variables)}}}")
    if files:
        arguments.append(f"files={files!r}")
    if first:
        arguments.append(f"first={first}")
    return f"gemini_magic.stage({', '.join(arguments)})"


# The lines that `source_of` writes. `labextension/src/contract` has the same rule.
_TEXT = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_ITEM = r"'\w+': [^\W\d]\w*"
_ARGUMENTS = (
    rf"(?:data=\{{{_ITEM}(?:, {_ITEM})*\}})?(?:(?:, )?files=\[{_TEXT}(?:, {_TEXT})*\])?"
    r"(?:(?:, )?first=\d+)?"
)
_LINE = re.compile(rf"|#.*|import gemini_magic|gemini_magic\.stage\({_ARGUMENTS}\)")


def is_source(text: str) -> bool:
    """Return whether `text` could be by `source_of`: that of a saved run may be by anybody."""
    return all(line.isprintable() and _LINE.fullmatch(line) for line in text.split("\n"))
