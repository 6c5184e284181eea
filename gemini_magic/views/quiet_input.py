"""A question to the page that a cell was run in, of which the notebook keeps nothing.

What `input` asks has a line of its own below the cell, which stays there and is saved. A request
that answers to no cell has none: our extension has the buttons that answer it.
"""

from __future__ import annotations

from typing import Any


def ask(kernel: Any, question: str) -> str | None:
    """Wait for a word from the front end that asked last, and return it.

    Raises EOFError for the end of input, and KeyboardInterrupt as any code does. Returns None where
    the kernel has no such way: it is ipykernel's own, and none of the protocol's.
    """
    try:
        request, ident = kernel._input_request, _ident(kernel)
    except AttributeError:
        return None
    return str(request(question, ident, {}, password=False))


def _ident(kernel: Any) -> Any:
    """Return whom the request that is worked on came from."""
    if hasattr(kernel, "_shell_parent_ident"):  # ipykernel 7
        return kernel._get_shell_context_var(kernel._shell_parent_ident)
    return kernel._parent_ident["shell"]
