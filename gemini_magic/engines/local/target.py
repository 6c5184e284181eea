"""What was asked of whom, as the line of an error names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...keys import without_key
from ..addresses import without_password
from .connection import Connection


@dataclass(frozen=True)
class Target:
    """A request's server, model and patience.

    `models` asks for the names that there are, and may fail with a vendor's error itself.
    """

    connection: Connection
    model: str
    timeout: float
    models: Callable[[], Sequence[str]] = tuple

    def clean(self, line: str) -> str:
        """Return a line without keys and passwords."""
        connection = self.connection
        line = without_key(line, connection.key, connection.key_name)
        return without_password(line, connection.base_url)
