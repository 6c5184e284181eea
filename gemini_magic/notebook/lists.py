"""Attempts and pictures in a list of a user's own: shown one below the other, as in a run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from ..answer.display import Bundle


def show_lists(shell: InteractiveShell) -> None:
    """Let `shell` show `[step for step in run.steps if …]`; other lists stay as they are."""
    _formatter(shell).for_type(list, _shown)


def leave_lists(shell: InteractiveShell) -> None:
    """Take that out again, unless somebody else shows lists by now."""
    formatter = _formatter(shell)
    if formatter.type_printers.get(list) is _shown:
        formatter.pop(list)


def _formatter(shell: InteractiveShell) -> Any:
    return shell.display_formatter.mimebundle_formatter  # type: ignore[union-attr]


def _shown(several: list[Any]) -> Bundle | None:
    from ..answer.excerpt import Excerpt

    if not several or not all(isinstance(each, Excerpt) for each in several):
        return None
    from .. import displayed

    return displayed(several)
