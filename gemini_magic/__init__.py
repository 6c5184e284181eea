"""
Watch Gemini write Python, run it and mend it, in a notebook cell.

    %load_ext gemini_magic

    %%gemini_exec
    What is the sum of the first 50 prime numbers? Generate and run code.

The same without a notebook: `gemini_magic.run("…")` returns the `Run`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .answer.claims.claim import Claim
    from .answer.claims.tracing import trace
    from .answer.steps import Step
    from .ask import run
    from .engines.replay import Replay
    from .errors import GeminiError
    from .notebook.rows.ask import map
    from .request.staging import stage
    from .runs.frame import frame
    from .runs.run import Run
    from .runs.saved import displayed as displayed
    from .views.widget import view_of as view_of

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "GeminiError",
    "Replay",
    "Run",
    "Step",
    "frame",
    "load_ipython_extension",
    "map",
    "run",
    "stage",
    "trace",
]

# Imported when first used: loading the extension must cost a notebook nothing.
_HOMES = {
    "Claim": "answer.claims.claim",
    "GeminiError": "errors",
    "Replay": "engines.replay",
    "Run": "runs.run",
    "Step": "answer.steps",
    "frame": "runs.frame",
    "map": "notebook.rows.ask",
    "run": "ask",
    "stage": "request.staging",
    "trace": "answer.claims.tracing",
}


# What runs show themselves with. They stand in rooms below those that ask for it.
_FORMS = {
    "displayed": "runs.saved",
    "view_of": "views.widget",
}


def __getattr__(name: str) -> Any:
    if home := _FORMS.get(name):
        return getattr(import_module(f".{home}", __name__), name)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add `%%gemini_exec` and its settings to the shell; `%load_ext gemini_magic` calls it."""
    from .notebook.magic import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take `%%gemini_exec` out of the shell again; `%unload_ext gemini_magic` calls it."""
    from .notebook.magic import unload

    unload(shell)
