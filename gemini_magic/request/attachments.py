"""What goes to the model beside the prompt: a variable of the notebook, a file, an address."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import math
import re
import stat
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from keyword import iskeyword
from numbers import Number
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from ..errors import RequestError
from . import sheets, tables
from .jsonable import to_json
from .mime_types import compression_of, suffix_of, type_in, type_of_address, type_of_file

_TABLES = ("text/csv", "text/tab-separated-values")
# By the names that `mimetypes` has for them.
_COMPRESSED: Mapping[str, Callable[..., Any]] = {
    "gzip": gzip.open,
    "bzip2": bz2.open,
    "xz": lzma.open,
}
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w+.-]*)://")
_SENDABLE = "frames, series, arrays, dicts, lists, str, bytes, figures and pictures can"
_LONGEST = 200
# How a file is named that a chat from elsewhere tells of.
_ELSEWHERE = "file:"


@dataclass(frozen=True)
class Attachment:
    """One file beside the prompt.

    `name` is what the user calls it. `data` is None if the server fetches it from `uri`, and
    once the run is over. `path` is the local file that it was, empty for a variable. `schema` says
    in words what a table holds, empty for anything else. `remark` says what was made of the file.
    """

    name: str
    mime_type: str
    data: bytes | None = field(repr=False)
    uri: str = ""
    path: str = ""
    schema: str = ""
    remark: str = ""

    def canonical(self) -> dict[str, Any]:
        """Return what of it an engine is asked, as JSON values: its data by its SHA-256."""
        data = None if self.data is None else sha256(self.data).hexdigest()
        return {
            "name": self.name,
            "mime_type": self.mime_type,
            "sha256": data,
            "uri": self.uri,
            "schema": self.schema,
        }


def gather(data: Mapping[str, Any], files: Iterable[str], limit: int) -> tuple[Attachment, ...]:
    """Return the values of `data`, by name, and then the `files`, paths or URIs, as attachments.

    Raises RequestError for the first that is not there, cannot be sent, is empty, has the name of
    another, or is larger than `limit` bytes.
    """
    found = [of_value(name, value, limit) for name, value in data.items()]
    found += [of_file(file, limit) for file in files]
    names = [attachment.name for attachment in found]
    for name in names:
        if names.count(name) > 1:
            raise RequestError(f"two attachments are called {name!r}: rename one of them")
    return tuple(found)


# What a function or a type is wanted for; no other purpose takes IPython's `open` and `exit`.
_CALLABLES = frozenset({"offer", "fit"})


def variables(
    wanted: Iterable[str], names: Mapping[str, Any], purpose: str = "send"
) -> dict[str, Any]:
    """Return the `wanted` ones of `names`; raise RequestError for one that is not there.

    `purpose` is the verb of its line.
    """
    values = {}
    calls = purpose in _CALLABLES
    for name in wanted:
        if name not in names:
            fitting = [each for each in names if calls or not callable(names[each])]
            near = get_close_matches(name, fitting, 1)
            hint = f"did you mean {near[0]!r}?" if near else "run the cell that makes it first"
            raise RequestError(f"there is no variable {name!r} to {purpose}: {hint}")
        values[name] = names[name]
    return values


def staged_names(attachments: Sequence[Attachment], first: int = 0) -> tuple[str, ...]:
    """Return what the attachments are called where the model's code runs.

    That is how Google's sandbox names them, and so does ours; `first` is how many were sent before.
    """
    return tuple(
        f"input_file_{place}{suffix_of(attachment.name, attachment.mime_type)}"
        for place, attachment in enumerate(attachments, start=first)
    )


def announced(attachments: Sequence[Attachment], first: int = 0) -> tuple[str, ...]:
    """Return a line on each attachment: what is sent, as what, and how large it is."""
    return tuple(
        f"{attachment.uri or attachment.name} goes along as {name}"
        + (
            ""
            if attachment.data is None
            else f" ({len(attachment.data):,} bytes{_remark(attachment)})"
        )
        for attachment, name in zip(attachments, staged_names(attachments, first), strict=True)
    )


def _remark(attachment: Attachment) -> str:
    return f"; {attachment.remark}" if attachment.remark else ""


def without_data(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return the attachments as what they were, and no longer what was in them."""
    return tuple(replace(attachment, data=None, schema="") for attachment in attachments)


def recalled(name: str, mime_type: str, uri: str, path: str) -> Attachment:
    """Return what went along with a turn that a file tells of; nothing is read or sent.

    Raises RequestError for what `of_value` or `of_file` cannot have made. A file outside of this
    folder becomes an address: code that is made from the turn does not open it.
    """
    if not re.fullmatch(r"(?:[\w.+-]+/[\w.+-]+)?", mime_type, re.ASCII):
        raise RequestError(f"{mime_type!r} is not a type of file")
    if uri:
        if not uri.startswith(_ELSEWHERE):
            scheme = _SCHEME.match(uri)
            _refuse_uri(uri, scheme["scheme"].lower() if scheme else "")
        elif not uri.isprintable():
            raise RequestError(f"{uri!r} holds control characters")
        return Attachment(name, mime_type, None, uri=uri)
    if not name.isprintable() or not path.isprintable() or _SCHEME.match(path):
        raise RequestError(f"{path or name!r} is not the name of a file")
    if not path:
        variable_of(Attachment(name, mime_type, None))
        return Attachment(name, mime_type, None)
    place = Path(path)
    if place.is_absolute() or ".." in place.parts or path.startswith("~"):
        return Attachment(name, mime_type, None, uri=_ELSEWHERE + quote(path))
    return Attachment(name, mime_type, None, path=path)


def variable_of(attachment: Attachment) -> str:
    """Return the variable that an attachment was; raise RequestError for what cannot be one."""
    name = attachment.name.rpartition(".")[0]
    if not name.isidentifier() or iskeyword(name):
        raise RequestError(f"data is named like a variable, and {name!r} is no such name")
    return name


def of_value(name: str, value: Any, limit: int) -> Attachment:
    """Return a value of the notebook as an attachment; raise RequestError if it cannot be."""
    if not name.isidentifier() or iskeyword(name):
        raise RequestError(f"data is named like a variable, and {name!r} is no such name")
    _refuse_vast(name, value, limit)
    try:
        made = _made(name, value)
    except Exception as exc:  # the value's own library may raise anything
        why = f"{type(exc).__name__}: {exc}"[:_LONGEST]
        raise RequestError(f"the variable {name!r} cannot be sent: {why}") from exc
    if made is None:
        kind = type(value).__name__
        # One of numpy's has a type of its own; a time is no number.
        one = isinstance(value, Number | date) or hasattr(value, "dtype")
        also = f"; {{{name}}} in the prompt says what it is" if one else ""
        raise RequestError(
            f"the variable {name!r} cannot be sent, being a {kind}: {_SENDABLE}{also}"
        )
    return _checked(made, limit)


def of_file(word: str, limit: int) -> Attachment:
    """Return a local file, or what a gs:// or https:// URI names, as an attachment.

    Raises RequestError if it cannot be read or its type cannot be told.
    """
    if scheme := _SCHEME.match(word):
        return _of_uri(word, scheme["scheme"].lower())
    path = Path(word)
    try:
        path = path.expanduser()
        _refuse_special(path, word, limit)
        name, data = _unpacked(path.name, path.read_bytes(), limit)
    except FileNotFoundError:
        raise RequestError(f"there is no file {word!r}: check the path") from None
    except (OSError, EOFError, lzma.LZMAError, ValueError, RuntimeError) as exc:
        why = getattr(exc, "strerror", None) or exc
        raise RequestError(f"the file {word!r} cannot be read: {why}") from exc
    if sheets.is_sheet(name) and data:
        return _checked(_of_sheet(name, data, word), limit)
    mime_type = type_of_file(name, data)
    if not mime_type:
        raise RequestError(
            f"{word!r} is of no type that is known here: send text, a table as CSV, a picture or a "
            "PDF; --data sends a variable with what you read from it"
        )
    table = tables.of_csv(data) if mime_type in _TABLES else None
    schema = table.schema() if table else ""
    return _checked(Attachment(name, mime_type, data, path=word, schema=schema), limit)


def _of_sheet(name: str, data: bytes, word: str) -> Attachment:
    """Return a spreadsheet or a file of columns as CSV, which is what a model's code can read."""
    try:
        sheet = sheets.read_sheet(name, data)
        rows = sheet.frame if isinstance(sheet.frame, list) else None
        stem = PurePosixPath(name).stem
        table = tables.of_value(sheet.frame, stem) if rows is None else tables.of_rows(rows)
    except ImportError:
        raise RequestError(
            f"{word!r} is read by none of the packages that are here: install "
            f"{sheets.packages_for(name)}, or save it as CSV"
        ) from None
    except Exception as exc:  # a reader may raise anything for a file that is damaged
        why = " ".join(f"{type(exc).__name__}: {exc}".split())[:_LONGEST]
        raise RequestError(f"the file {word!r} cannot be read: {why}") from exc
    if table is None:
        raise RequestError(f"the file {word!r} holds no table: save the sheet that you mean as CSV")
    return Attachment(
        f"{stem}.csv",
        "text/csv",
        table.csv.encode(),
        path=word,
        schema=table.schema(),
        remark=sheet.remark,
    )


def _unpacked(name: str, data: bytes, limit: int) -> tuple[str, bytes]:
    """Return a file without its compression, which the model's code would not expect."""
    opener = _COMPRESSED.get(compression_of(name))
    if opener is None:
        return name, data
    with opener(io.BytesIO(data)) as packed:
        # More than may be sent is not read: a small file can hold a very large one.
        return PurePosixPath(name).stem, bytes(packed.read(limit + 1))


def _made(name: str, value: Any) -> Attachment | None:
    if isinstance(value, str):
        return Attachment(f"{name}.txt", "text/plain", value.encode())
    if isinstance(value, bytes | bytearray):
        return _of_bytes(name, bytes(value))
    if isinstance(value, dict | list | tuple):
        return Attachment(f"{name}.json", "text/plain", to_json(value, indent=1))
    if (picture := _png(value)) is not None:
        return Attachment(f"{name}.png", "image/png", picture)
    table = tables.of_value(value, name)
    if table is None:
        return None
    return Attachment(f"{name}.csv", "text/csv", table.csv.encode(), schema=table.schema())


def _of_bytes(name: str, data: bytes) -> Attachment:
    mime_type = type_in(data)
    if not mime_type:
        raise ValueError("its bytes are neither text, PNG, JPEG nor PDF; write them to a file")
    return Attachment(name + suffix_of(name, mime_type), mime_type, data)


def _png(value: Any) -> bytes | None:
    """Return a figure of matplotlib or a picture of PIL as PNG; None for anything else."""
    # Neither can be there before its module is.
    figures, pictures = sys.modules.get("matplotlib.figure"), sys.modules.get("PIL.Image")
    png = io.BytesIO()
    if figures is not None and isinstance(value, figures.Figure):
        value.savefig(png, format="png")
    elif pictures is not None and isinstance(value, pictures.Image):
        value.save(png, "PNG")
    else:
        return None
    return png.getvalue()


def _refuse_uri(uri: str, scheme: str) -> None:
    if not uri.isprintable() or " " in uri:
        raise RequestError(f"{uri!r} is no URI: it holds blanks or control characters")
    if scheme not in ("gs", "https"):
        raise RequestError(f"{uri!r} cannot be sent: a path, gs:// or https:// can")


def _of_uri(uri: str, scheme: str) -> Attachment:
    _refuse_uri(uri, scheme)
    name = PurePosixPath(urlsplit(uri).path).name
    mime_type = type_of_address(name)
    # Files of the Files API have no suffix; the server knows their type.
    if not mime_type and scheme == "gs":
        raise RequestError(f"the type of {uri!r} cannot be told from its name: rename it")
    return Attachment(name or uri, mime_type, None, uri=uri)


def _refuse_special(path: Path, word: str, limit: int) -> None:
    """Refuse what must not even be opened: a device or a pipe may never end."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise RequestError(f"{word!r} is a folder: name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise RequestError(f"{word!r} is no ordinary file, and cannot be sent")
    _refuse_large(word, found.st_size, limit)


def _checked(attachment: Attachment, limit: int) -> Attachment:
    if not attachment.data:
        raise RequestError(f"{attachment.name!r} is empty: there is nothing to send")
    _refuse_large(attachment.name, len(attachment.data), limit)
    return attachment


def _refuse_vast(name: str, value: Any, limit: int) -> None:
    """Reject a table early if its separators alone exceed `limit` bytes."""
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and all(isinstance(length, int) for length in shape):
        cells = math.prod(shape)
        if cells > limit:
            raise RequestError(
                f"the variable {name!r} has {cells:,} cells and may have {limit:,} bytes: send a "
                "part of it, or raise GeminiMagic.max_attachment_bytes"
            )


def _refuse_large(name: str, size: int, limit: int) -> None:
    if size > limit:
        raise RequestError(
            f"{name!r} has {size:,} bytes and may have {limit:,}: send a part of it, or raise "
            "GeminiMagic.max_attachment_bytes"
        )
