"""The two guests, the light and the scientific one: which code needs, and how it is prepared."""

from __future__ import annotations

from collections.abc import Callable


def quiet(message: str) -> None:
    """Tell nobody."""


def prepare(progress: Callable[[str], None] = quiet, *, science: bool = False) -> None:
    """Compile the sandbox ahead of its first use, which takes some seconds once a machine.

    The one with numpy and pandas, `science`, takes a minute or two. `progress` is called with a
    line of text if there is something to do.
    """
    preparing(science)(progress)


def wants_science(code: str) -> bool:
    """Return whether `code` imports what the scientific sandbox has, and that is installed."""
    from . import science

    return science.is_installed() and science.is_needed(code)


def has_science() -> bool:
    """Return whether the scientific sandbox is installed."""
    from . import science

    return science.is_installed()


def preparing(science: bool) -> Callable[..., dict[str, object]]:
    """Return what compiles a sandbox if need be and tells how to start it."""
    if science:
        from .science import task

        return task
    from .compiled import task as light

    return light
