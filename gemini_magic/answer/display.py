"""What a notebook shows by itself: a run, its attempts and its parts, alone and in lists."""

from __future__ import annotations

from typing import Any, SupportsIndex, TypeVar, overload

Bundle = tuple[dict[str, Any], dict[str, Any]]
T = TypeVar("T")


class Displayed:
    """Shows itself where a cell ends with it, and in `display(…)`.

    IPython asks for the forms when something is to be shown, so that they cost nothing before:
    https://ipython.readthedocs.io/en/stable/config/integrating.html
    """

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:
        # What draws them stands below this room.
        from .. import displayed

        return displayed(self)


class DisplayedList(list[T], Displayed):
    """A list whose members are shown one below the other, as are those of its slices."""

    @overload
    def __getitem__(self, at: SupportsIndex) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> DisplayedList[T]: ...

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return DisplayedList(found) if isinstance(at, slice) else found


class DisplayedTuple(tuple[T, ...], Displayed):
    """A tuple whose members are shown one below the other."""
