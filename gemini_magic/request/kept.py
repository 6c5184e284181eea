"""Data that stays on this machine where code runs here: the model gets words on it and no rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ..errors import RequestError
from ..phrases import short
from . import tables
from .attachment import Attachment
from .columns import Column, Encoded, Layout
from .files import of_file
from .jsonable import to_json
from .layouts import layout_of
from .variables import of_value

# What the sandbox has room for on its disk, less what code writes.
FILE_BYTES = 60 * 2**20
_SHOWN_COLUMNS = 60
_SHOWN = 60
_PRIMITIVES = (str, int, float, bool, dict, list, tuple, type(None))
# What only the model itself can read: it goes along wherever code runs.
_READ = ("image/", "audio/", "video/", "application/pdf")
# A sparse column's type names the value that most of its cells have.
_FILL = re.compile(r"(?<=^Sparse\[)([^,\]]*),.*(?=\])")
_WHERE = "It stays on the user's machine."


@dataclass(frozen=True)
class Kept:
    """What a request says of data that stays here: the `words` for the model.

    `what` it is, in a few words, and the `path` of a file, empty for a variable. Its content, on
    which an answer rests, has the `sha256`.
    """

    name: str
    what: str
    words: str
    path: str = ""
    sha256: str = ""

    @property
    def note(self) -> str:
        """What the user is told of it."""
        return f"{self.name} stays here: {self.what}"

    def attachment(self) -> Attachment:
        """Return the file as what goes into a folder where its code runs elsewhere."""
        return Attachment(self.name, "", None, path=self.path)


@dataclass(frozen=True)
class KeptData:
    """The live data behind a `Kept`: a variable by its columns, or a file by its content."""

    kept: Kept
    layout: Layout | None = None
    data: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        return self.kept.name


@dataclass(frozen=True)
class Telling:
    """How much the model is told of data that stays: columns, first rows, and what they range over.

    `sample` is how many rows. With `private`, the first line of a file is told only if it reads as
    names.
    """

    schema: bool = True
    sample: int = 0
    ranges: bool = False
    private: bool = False


def hold(
    data: Mapping[str, Any], files: Iterable[str], limit: int, telling: Telling
) -> tuple[tuple[KeptData, ...], tuple[str, ...]]:
    """Return what stays here of `data` and `files`, and the files that must go along.

    Those only the model itself can read: pictures, PDF, sound, film, and what is at an address.
    Raises RequestError for what cannot be given to the sandbox.
    """
    held = [_of_value(name, value, telling) for name, value in data.items()]
    going = []
    for word in files:
        attachment = of_file(word, max(limit, FILE_BYTES))
        if attachment.data is None or attachment.mime_type.startswith(_READ):
            going.append(word)
        else:
            held.append(_of_file(attachment, telling))
    names = [each.name for each in held]
    for name in names:
        if names.count(name) > 1:
            raise RequestError(f"two attachments are called {name!r}: rename one of them")
    return tuple(held), tuple(going)


def _of_value(name: str, value: Any, telling: Telling) -> KeptData:
    try:
        layout = layout_of(value)
        if layout is None and isinstance(value, _PRIMITIVES):
            layout = _of_json(value)
        words = "\n".join(_lines(name, value, layout, telling)) if layout else ""
    except RequestError:
        raise
    except Exception as exc:  # the value's own library may raise anything
        why = short(f"{type(exc).__name__}: {exc}", 200)
        raise RequestError(f"the variable {name!r} cannot be given to code: {why}") from exc
    if layout is None:
        return _of_file(of_value(name, value, FILE_BYTES), telling)
    what = words.partition(" is loaded")[0]
    return KeptData(Kept(name, what, words, sha256=_digest(layout)), layout)


def _of_json(value: Any) -> Layout:
    data = to_json(value)
    encoded = Encoded({"kind": "json", "whole": True}, (data,))
    column = Column("", type(value).__name__, 0, len(data), None, lambda: encoded)
    return Layout("value", len(value) if hasattr(value, "__len__") else 1, (column,))


def _of_file(attachment: Attachment, telling: Telling) -> KeptData:
    data = attachment.data or b""
    words = f"the file {attachment.name} is in the folder of the code. {_WHERE}"
    reads = telling.private or telling.sample or telling.ranges
    table = tables.of_csv(data) if attachment.schema and reads else None
    if attachment.schema and telling.schema:
        # Without the first rows, which the last line of it begins.
        shape, _, columns = attachment.schema.partition("\nfirst rows:\n")[0].partition("\n")
        if telling.private and table and not tables.has_header(table):
            columns = "its first line does not read as names of columns, and is not told"
        words += f"\n{shape}\n{columns}"
    if table and telling.ranges:
        words += f"\nranges: {table.ranges()}"
    if table and telling.sample:
        words += f"\nfirst rows:\n{table.first(telling.sample)}".rstrip("\n")
    what = f"a file of {len(data):,} bytes"
    digest = sha256(data).hexdigest()
    return KeptData(Kept(attachment.name, what, words, attachment.path, digest), None, data)


def _digest(layout: Layout) -> str:
    digest = sha256(to_json(layout.spec()))
    for column in layout.encoded():
        digest.update(to_json(column.spec))
        for buffer in column.buffers:
            digest.update(buffer)
    return digest.hexdigest()


def _lines(name: str, value: Any, layout: Layout, telling: Telling) -> Iterator[str]:
    loaded = f"is loaded as the variable `{name}`"
    if layout.kind == "value":
        kind = layout.columns[0].dtype
        yield f"a {kind} {loaded}. {_WHERE}"
        return
    if layout.kind == "array":
        shape = " × ".join(f"{length:,}" for length in layout.shape)
        yield (
            f"an array of {shape}, {layout.columns[0].dtype}, {loaded}, read-only (numpy's, or "
            f"lists where there is no numpy). {_WHERE}"
        )
        return
    size = f"{layout.rows:,} rows, {len(layout.columns):,} columns"
    if layout.kind == "series":
        yield (
            f"a series of {layout.rows:,} values, {_type(layout.columns[0])}, {loaded}, read-only "
            f"(pandas', or a list where there is no pandas). {_WHERE}"
        )
    else:
        yield (
            f"a table of {size} {loaded}, read-only: a pandas DataFrame, or a sequence of dicts, "
            f"one a row, where there is no pandas. {_WHERE}"
        )
    if telling.schema:
        yield from _columns(layout, telling)
    if telling.sample:
        table = tables.of_value(value[: telling.sample], name)
        yield f"first rows:\n{table.csv if table else ''}".rstrip("\n")


def _columns(layout: Layout, telling: Telling) -> Iterator[str]:
    for title, columns in (("index", layout.index), ("columns", layout.columns)):
        shown = [_described(column, telling) for column in columns[:_SHOWN_COLUMNS]]
        if more := len(columns) - len(shown):
            shown.append(f"and {more:,} more")
        if shown:
            yield f"{title}: {', '.join(shown)}"


def _type(column: Column) -> str:
    """Return the type without the values that types name: those of an enumeration, or a filling."""
    return _FILL.sub(r"\1", column.dtype.partition("(")[0])


def _described(column: Column, telling: Telling) -> str:
    name = column.name if isinstance(column.name, str) else repr(column.name)
    facts = [_type(column)]
    facts += [f"{column.nulls:,} missing"] if column.nulls else []
    facts += [_range(column)] if telling.ranges else []
    return f"{short(name, _SHOWN)} ({', '.join(filter(None, facts))})"


def _range(column: Column) -> str:
    """Return the least and the greatest value of a column, or how many different ones it has."""
    series = column.series
    try:
        if not any(word in column.dtype.lower() for word in ("int", "float", "date", "duration")):
            counted = getattr(series, "nunique", None) or series.n_unique
            return f"{counted():,} different"
        return f"{series.min()} to {series.max()}"
    except Exception:  # cells that cannot be compared
        return ""
