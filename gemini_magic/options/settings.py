"""The settings that last from cell to cell: the rows of the table as traitlets."""

from __future__ import annotations

import os
from typing import Any, get_type_hints

from traitlets import Bool, Dict, Enum, Float, Int, List, TraitError, TraitType, Unicode
from traitlets.config import Configurable

from ..errors import OptionError
from .converters import Choice
from .option import Option
from .table import SETTINGS, Options

PREFIX = "GEMINI_MAGIC_"

_TRAITS: dict[Any, type[TraitType[Any, Any]]] = {
    str: Unicode,
    bool: Bool,
    bool | None: Bool,
    int: Int,
    int | None: Int,
    float: Float,
    float | None: Float,
}
_TYPES = get_type_hints(Options)


class Paths(List):  # type: ignore[type-arg]
    """A list of paths, which the environment has as one text: `a:b`, or `a;b` on Windows."""

    def from_string(self, s: str) -> Any:
        return [path for path in s.split(os.pathsep) if path]


def _trait(row: Option) -> TraitType[Any, Any]:
    """Return the row as a trait of its type. `parse` holds a value to what its flag takes."""
    said = f"{row.help} Takes {row.takes.takes}." if row.takes else row.help
    if isinstance(row.default, dict):
        trait: TraitType[Any, Any] = Dict(help=said)
    elif row.many:
        trait = Paths(Unicode(), list(row.default), help=said)
    elif type(row.takes) is Choice:
        trait = Enum(list(dict.fromkeys([row.default, *row.takes.choices])), row.default, help=said)
    else:
        kind = _TRAITS[_TYPES[row.field]]
        trait = kind(row.default, help=said, allow_none=row.default is None)
    return trait.tag(config=True)


class GeminiMagic(Configurable):
    """Defaults of `%%gemini_exec`.

    Set with `%config GeminiMagic.model = "gemini-2.5-pro"`, by `c.GeminiMagic.model = …` in an
    IPython config file, or by the environment (`GEMINI_MAGIC_MODEL`), which beats the file.
    A key is never a setting: it stays in the environment.
    """

    # The namespace that the metaclass gets:
    # https://docs.python.org/3/library/functions.html#locals
    locals().update({row.field: _trait(row) for row in SETTINGS})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, trait in self.traits(config=True).items():
            if text := os.environ.get(PREFIX + name.upper()):
                self._take(trait, name, text)

    def _take(self, trait: TraitType[Any, Any], name: str, text: str) -> None:
        try:
            setattr(self, name, trait.from_string(text))
        except (ValueError, TraitError):
            raise OptionError(
                f"{PREFIX}{name.upper()}={text!r} cannot be read: it takes {trait.info()}"
            ) from None


def current() -> GeminiMagic:
    """Return the settings of the shell that runs this, or those of the environment alone."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    for loaded in shell.configurables if shell is not None else ():
        if isinstance(loaded, GeminiMagic):
            return loaded
    return GeminiMagic()
