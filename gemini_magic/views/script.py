"""The scripts that draw live runs in the browser, and how they get there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Lock

import traitlets
from ipywidgets import Widget

_STATIC = Path(__file__).parent / "static"


class Script(Widget):  # type: ignore[misc]  # ipywidgets has no types
    """Holds the script that draws runs, without a view of its own.

    It is 200 kB, so it travels once a kernel. The script of each run is a loader of one kilobyte
    (`labextension/src/widget/loader.ts`) that finds this model by its id.
    """

    text = traitlets.Unicode().tag(sync=True)


_shared: Script | None = None
_sharing = Lock()


def shared_script() -> Script:
    """Return the one of this kernel, a new one if it was closed, as by `Widget.close_all`."""
    global _shared
    with _sharing:
        if _shared is None or _shared.comm is None:
            _shared = Script(text=_read("widget.js"))
        return _shared


def script_traits() -> dict[str, str]:
    """Return the traits of a run's widget that say what draws it.

    In VS Code and Colab a widget may not find the models of other outputs, so that the whole script
    travels with every run.
    """
    if in_vscode() or in_colab():
        return {"_esm": _read("widget.js"), "script": ""}
    return {"_esm": _read("loader.js"), "script": str(shared_script().model_id)}


def in_colab() -> bool:
    """Return whether the kernel is one of Google Colab."""
    return "google.colab" in sys.modules


def in_vscode() -> bool:
    """Return whether VS Code started this process."""
    return bool({"VSCODE_PID", "VSCODE_CWD"} & os.environ.keys())


def _read(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
