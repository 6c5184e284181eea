"""SQLite's files: the library has no way to the disk in memory, but one of its own in memory.

https://www.sqlite.org/src/file/src/memdb.c: whoever opens the same name finds the same database,
as long as somebody has it open. A file that `sqlite3.connect` makes or opens becomes such a one.
"""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import parse_qs, unquote

from disk import CAPACITY, Disk, Node  # type: ignore[import-not-found]

CONNECT = sqlite3.connect
PAGES = CAPACITY // 4096  # of SQLite's usual size
UNOPENED = "unable to open database file"
REASON = "in this sandbox only `sqlite3.connect` opens files, those in a folder that is there"
NAMELESS = ("", ":memory:")


class Database(Node):  # type: ignore[misc]
    """A file whose bytes SQLite holds."""

    def __init__(self, node: Node) -> None:
        self.number = node.number
        self.changed = node.changed
        self.address = f"file:/{node.number}?vfs=memdb"
        self._held = CONNECT(self.address, uri=True)
        if node.data:
            source = CONNECT(":memory:")
            source.deserialize(bytes(node.data))
            source.backup(self._held)
            source.close()

    @property
    def data(self) -> bytearray:
        """The bytes of the file as of now."""
        return bytearray(self._held.serialize())

    def size(self) -> int:
        """Return their number."""
        pages, each = (self._held.execute(f"PRAGMA {n}") for n in ("page_count", "page_size"))
        return int(pages.fetchone()[0] * each.fetchone()[0])

    def plain(self) -> Node:
        """Return a file of these bytes that may be written to."""
        node = Node(self.number)
        node.data = self.data
        return node

    def __del__(self) -> None:
        self._held.close()


def install(disk: Disk) -> None:
    """Let `sqlite3.connect` open files of `disk`."""

    def connect(database: Any, *args: Any, uri: bool = False, **options: Any) -> Any:
        """Open the database file `database`; as the module `sqlite3` has it."""
        path, query = database, {}
        if uri and isinstance(database, str) and database.startswith("file:"):
            address, _, rest = database.removeprefix("file:").partition("?")
            path, query = unquote(address), parse_qs(rest)
        in_memory = query.get("mode") == ["memory"] or "vfs" in query
        if in_memory or path in (*NAMELESS, b"", b":memory:"):
            return CONNECT(database, *args, uri=uri, **options)
        mode = query.get("mode", ["rwc"])[0]
        made = CONNECT(find(disk, path, mode == "rwc").address, *args, uri=True, **options)
        made.execute(f"PRAGMA max_page_count = {PAGES}").close()
        made.set_authorizer(authorize)
        if mode == "ro":
            made.execute("PRAGMA query_only = 1").close()
        return made

    sqlite3.connect = sqlite3.dbapi2.connect = connect


def authorize(action: int, name: str | None, *_: object) -> int:
    """Refuse to attach a file: it would be another one, in SQLite's own memory."""
    is_file = action == sqlite3.SQLITE_ATTACH and name not in NAMELESS
    return sqlite3.SQLITE_DENY if is_file else sqlite3.SQLITE_OK


def find(disk: Disk, path: Any, makes: bool) -> Database:
    """Return the database in the file at `path`, made if need be and allowed."""
    place = disk.resolve(path)
    node = disk.files.get(place)
    if isinstance(node, Database):
        return node
    if node is None:
        try:
            if not makes or place in disk.folders:
                raise sqlite3.OperationalError(UNOPENED)
            node = disk.make(path)
        except OSError:
            raise sqlite3.OperationalError(UNOPENED) from None
    database = disk.files[place] = Database(node)
    return database


def name_limit(exc: BaseException) -> None:
    """Say why a database cannot be opened where SQLite does not know."""
    if isinstance(exc, sqlite3.DatabaseError):
        text = str(exc)
        if text == "not authorized" or text.startswith("unable to open database"):
            exc.args = (f"{text}: {REASON}",)
