"""The data of a run where cells made from it look for it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from .attachments import Attachment, gather, staged_names


def files_of(attachments: Sequence[Attachment]) -> dict[str, bytes]:
    """Return the files by each name that code may use: its own, and that of Google's sandbox."""
    held = [
        (attachment.name, name, attachment.data)
        for attachment, name in zip(attachments, staged_names(attachments), strict=True)
        if attachment.data is not None
    ]
    own = {name: data for name, _, data in held}
    return own | {name: data for _, name, data in held}


def stage(
    data: Mapping[str, Any] | None = None, files: Iterable[str | PathLike[str]] = ()
) -> list[str]:
    """Write data and files into this folder under the names that the model's code uses.

    They are those of a run that was given the same `data` and `files`: `input_file_0.csv`,
    `input_file_1.png`, …, and their own names where no such file is there yet. Returns the names
    that were written. What has a URI is left out.
    """
    attachments = gather(data or {}, map(str, files), sys.maxsize)
    google = set(staged_names(attachments))
    written = []
    for name, content in files_of(attachments).items():
        path = Path(name)
        if name in google or not path.exists():
            path.write_bytes(content)
            written.append(name)
    return sorted(written)


def source_of(attachments: Sequence[Attachment]) -> str:
    """Return the Python that makes the files exist for cells of a run; empty without any."""
    names = staged_names(attachments)
    lines = [
        f"# {name} is {attachment.uri}: fetch it yourself"
        for attachment, name in zip(attachments, names, strict=True)
        if attachment.data is None
    ]
    local = [attachment for attachment in attachments if attachment.data is not None]
    if local:
        variables = [a.name.rpartition(".")[0] for a in local if not a.path]
        # The places of all files count, so those that are left out are named too.
        files = [a.path or a.uri for a in attachments if a.path or a.uri]
        data = f"data={{{', '.join(f'{name!r}: {name}' for name in variables)}}}"
        arguments = [data] * bool(variables) + [f"files={files!r}"] * bool(files)
        lines += ["import gemini_magic", "", f"gemini_magic.stage({', '.join(arguments)})"]
    return "\n".join(lines)
