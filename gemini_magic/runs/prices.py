"""What tokens cost, by the table that the user gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..answer.parts import Usage
from ..engines.model_names import bare, stem
from ..errors import OptionError

_SETTING = "GeminiMagic.prices"
_KINDS = ("input", "cached", "output")
_SHAPE = '{"MODEL": {"input": 0.5, "cached": 0.05, "output": 3}}'


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens of one model."""

    input: float
    cached: float
    output: float

    def of(self, usage: Usage) -> float:
        """Return the dollars for `usage`.

        The server counts cached tokens in the prompt too. Code and what it printed are paid as
        input, and thoughts as output.
        """
        fresh = usage.prompt - usage.cached_content + usage.tool_use_prompt
        written = usage.candidates + usage.thoughts
        paid = fresh * self.input + usage.cached_content * self.cached + written * self.output
        return paid / 1_000_000


class Prices(Mapping[str, Price]):
    """Prices by the names of models.

    A version of a model costs what the model does, as a server that answers from another model
    than the one asked names it with its version: `gemini-3.8-flash-001`.
    """

    def __init__(self, named: Mapping[str, Price]) -> None:
        self._named = dict(named)

    def __getitem__(self, model: str) -> Price:
        if model in self._named:
            return self._named[model]
        versioned = [
            name
            for name in self._named
            if stem(name) == stem(model) and bare(model).startswith(bare(name))
        ]
        if not versioned:
            raise KeyError(model)
        return self._named[max(versioned, key=len)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)


def prices(table: Mapping[Any, Any]) -> Prices:
    """Read the setting `GeminiMagic.prices`; raise OptionError, which names what is wrong in it."""
    return Prices({str(model): _price(str(model), row) for model, row in table.items()})


def _price(model: str, row: Any) -> Price:
    where = f"{_SETTING}[{model!r}]"
    if not isinstance(row, Mapping):
        raise OptionError(f"{where} is {row!r}, which is no price: the setting takes {_SHAPE}")
    for kind in row:
        if kind not in _KINDS:
            near = get_close_matches(str(kind), _KINDS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_KINDS)}"
            raise OptionError(f"{where} knows no {kind!r}: {hint}")
    for kind in ("input", "output"):
        if kind not in row:
            raise OptionError(f"{where} has no {kind!r}: it takes dollars for a million tokens")
    found = {kind: _dollars(f"{where}[{kind!r}]", value) for kind, value in row.items()}
    return Price(found["input"], found.get("cached", found["input"]), found["output"])


def _dollars(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise OptionError(f"{where} is {value!r}, and takes a number: dollars for a million tokens")
    # Larger than all the money that there is, and than a float may be.
    if not 0 <= value < 1e12:
        raise OptionError(f"{where} is {value!r}, and takes dollars from 0: for a million tokens")
    return float(value)
