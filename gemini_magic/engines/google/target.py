"""What was asked of whom, as the line of an error names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...keys import without_key
from ...phrases import short
from ..addresses import without_password
from ..vendor_errors import LONGEST
from .connection import Connection


@dataclass(frozen=True)
class Target:
    """A request's server, model and patience, and what a line may say of them.

    `models` asks for the models that there are, and may fail with a vendor's error itself. `model`
    is empty for what no model is asked for.
    """

    connection: Connection
    model: str
    timeout: float
    models: Callable[[], Sequence[str]] = tuple

    @property
    def whose(self) -> str:
        """Who asks: the key, the project, or you."""
        if self.connection.key:
            return f"the key in {self.connection.key_name}"
        return f"the project {self.connection.project!r}" if self.connection.project else "you"

    @property
    def base_url(self) -> str:
        """The base URL as it may be shown, empty if it is the vendor's own."""
        return self.clean(self.connection.base_url)

    @property
    def address_advice(self) -> str:
        """What to do where something else than Gemini answers."""
        if not self.base_url:
            return "if a proxy is between, ask it; else run the cell again"
        return (
            f"{self.connection.base_url_name} is {self.base_url!r}; give the server's address "
            "alone, without a version or a path that it does not have, or unset it"
        )

    def said(self, exc: Exception) -> str:
        """Return what the vendor said, on one line, without the key, and not too long."""
        said = getattr(exc, "message", None) or str(exc) or type(exc).__name__
        line = self.clean(" ".join(str(said).split())).rstrip(".")
        return short(line, LONGEST)

    def clean(self, text: str) -> str:
        """Return what somebody else said, or an address, without keys and passwords."""
        return without_password(self.without_key(text), self.connection.base_url)

    def without_key(self, text: str) -> str:
        """Return `text` with the name of its variable in place of the key."""
        return without_key(text, self.connection.key, self.connection.key_name)
