"""How the errors of a vendor's SDK become ours: a vendor brings a table, and the rest is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import ceil
from typing import Any, Generic, TypeVar

from ..errors import GeminiError
from ..phrases import short

# What was asked of whom, as a vendor's lines name it.
Target = TypeVar("Target")
# Returns the error and its line for what a vendor raised.
Mapper = Callable[[Any, Target], tuple[type[GeminiError], str]]

# What an SDK trips over in JSON that is not an answer; pydantic's is a ValueError.
MALFORMED = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
# Seconds: a day. What is longer is no time that anybody waits for.
_LONGEST_DELAY = 86_400
# What a line takes in of others: characters of what they said, and names of models.
LONGEST = 300
_LISTED, _LONGEST_NAME = 8, 100


def later(seconds: float | None) -> str:
    """Return when to try again, by the seconds that a server asks to wait; None if it does not."""
    if seconds is None or seconds > _LONGEST_DELAY:
        return "try later"
    return f"the server asks to wait {ceil(seconds):,} s"


def listed(names: Sequence[str]) -> list[str]:
    """Return the first of these names of models as a line may have them, each cut."""
    return [short(name, _LONGEST_NAME) for name in names[:_LISTED]]


def _likeness(model: str, name: str) -> float:
    return SequenceMatcher(None, model, name[:_LONGEST_NAME]).ratio()


@dataclass(frozen=True)
class VendorErrors(Generic[Target]):
    """Maps what a vendor's SDK, and what is below it, raises.

    `table` has a mapper for each class, and is asked late, as it imports the SDK. `clean` takes out
    of a line what nobody must see. `below` returns what an error of the SDK stands for.
    """

    table: Callable[[], Mapping[type, Mapper[Target]]]
    clean: Callable[[str, Target], str]
    below: Callable[[BaseException], BaseException] = lambda exc: exc

    @contextmanager
    def mapped(self, target: Target) -> Iterator[None]:
        """Raise the vendor's errors that happen inside as ours."""
        try:
            yield
        except Exception as exc:
            ours = self.error(exc, target)
            if ours is None:
                raise
            raise ours from exc

    def error(self, exc: Exception, target: Target) -> GeminiError | None:
        """Return `exc` as an error of ours, or None for one that is not a vendor's.

        The key is never in it, even if the server sent it back.
        """
        cause = self.below(exc)
        mapper = self.mapper_of(type(cause))
        if mapper is None:
            return None
        kind, line = mapper(cause, target)
        return kind(self.clean(line, target))

    def mapper_of(self, kind: type[BaseException]) -> Mapper[Target] | None:
        """Return what maps an exception of the class `kind`: that of its nearest class."""
        table = self.table()
        return next((table[base] for base in kind.__mro__ if base in table), None)

    def nearest(self, model: str, known: Callable[[], Sequence[str]]) -> list[str] | None:
        """Return names of models that there are, the most alike first; None if that fails."""
        try:
            names = known()
        except Exception as failed:
            if not isinstance(failed, GeminiError) and self.mapper_of(type(failed)) is None:
                raise
            return None
        return listed(sorted(names, key=lambda name: _likeness(model, name), reverse=True))
