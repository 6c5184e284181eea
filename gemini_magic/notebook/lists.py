"""Attempts and pictures in a list of a user's own: shown one below the other, as in a run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..answer.display import Bundle


def show_lists(shell: InteractiveShell) -> None:
    """Let `shell` show `[step for step in run.steps if …]`; other lists stay as they are.

    So do all lists if somebody else shows them already.
    """
    formatter = _formatter(shell)
    if list not in formatter.type_printers:
        formatter.for_type(list, _shown)


def leave_lists(shell: InteractiveShell) -> None:
    """Take that out again, unless somebody else shows lists by now."""
    formatter = _formatter(shell)
    if formatter.type_printers.get(list) is _shown:
        formatter.pop(list)


def _formatter(shell: InteractiveShell) -> Any:
    return shell.display_formatter.mimebundle_formatter  # type: ignore[union-attr]


def _shown(several: list[Any]) -> Bundle | dict[str, Any] | None:
    # A class of lists may have a form of its own, which IPython would not ask for any more.
    if (own := getattr(type(several), "_repr_mimebundle_", None)) is not None:
        return own(several, include=None, exclude=None)  # type: ignore[no-any-return]
    from ..answer.excerpt import Excerpt

    if not several or not all(isinstance(each, Excerpt) for each in several):
        return None
    from .. import displayed

    return displayed(several)
