"""One thing that a user may say: a row of the table of options."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Literal

from .converters import Converter

Scope = Literal["request", "run", "cell"]
# The key of a row in the metadata of its dataclass field.
ROW = "option"


@dataclass(frozen=True, kw_only=True)
class Option:
    """A row of the table: a flag by its `names`, a setting, or both.

    `field` is the attribute that holds the value, and the keyword of `gemini_magic.run`. `takes`
    reads the word after the flag; a switch has none, and turns its `default` over. `bare` is the
    word of a flag that stands alone. A flag with `many` may be given again, and its field holds all
    the values.

    `scope` says what it is about: the "request", which a model answers differently for it; the
    "run", or only the "cell": such a flag is not a keyword of `gemini_magic.run`. `needs` is what
    an engine must be able to do for it (`engines.registry`). `elsewhere` says where the flag works,
    if a command in a terminal cannot have it.
    """

    names: tuple[str, ...] = ()
    help: str
    takes: Converter | None = None
    default: Any = False
    field: str = ""
    setting: bool = False
    many: bool = False
    bare: str = ""
    scope: Scope = "run"
    needs: str = ""
    elsewhere: str = ""

    @property
    def is_switch(self) -> bool:
        return self.takes is None

    @property
    def metavar(self) -> str:
        if self.takes is None:
            return ""
        return f"[{self.takes.metavar}]" if self.bare else self.takes.metavar

    def read(self, value: object) -> Any:
        """Return what `value` means, a keyword's or a setting's; raise ValueError if nothing."""
        if self.takes is None:
            # "no" is true for Python.
            if value not in (True, False):
                raise ValueError
            return bool(value)
        if not self.many:
            return self.takes.read(str(value))
        if isinstance(value, str | PathLike):
            value = (value,)
        if not isinstance(value, Iterable):
            raise ValueError
        return tuple(self.takes.read(str(item)) for item in value)


def option(*names: str, **row: Any) -> Any:
    """Declare a field of `Options` and its row: the keywords are those of `Option`."""
    made = Option(names=names, **row)
    if isinstance(made.default, dict):
        return field(default_factory=made.default.copy, hash=False, metadata={ROW: made})
    return field(default=made.default, metadata={ROW: made})
