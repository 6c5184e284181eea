"""The way of the button "Ask this row again" into the kernel: a comm, as that of Verify.

The page imports this module by code that is run silently, opens a comm of this name that says which
row of which runs it is, and gets one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import GeminiError, OptionError
from ...sanitize import sanitize_line
from ...views.session import current
from .listed import DisplayOptions
from .runs import Runs
from .shown import bundle

TARGET = "gemini_magic.rows"


def listen() -> None:
    """Let pages of this kernel open comms; to be called again does nothing more."""
    from comm import get_comm_manager

    get_comm_manager().register_target(TARGET, _opened)


def _opened(comm: Any, message: Mapping[str, Any]) -> None:
    """Answer a comm that was just opened, and close it."""
    comm.send(answered(message["content"]["data"]))
    comm.close()


def answered(data: Mapping[str, Any]) -> dict[str, Any]:
    """Ask the row that `data` names; return what is to be saved of all rows, or why there is none.

    With the `row`, which is what goes into the prompt: the runs may have other rows by now.
    """
    try:
        runs, number = _found(data)
        run = runs.ask_again(number)
        shown, metadata = bundle(runs, DisplayOptions(stats=not runs.is_static))
    except GeminiError as exc:
        return {"error": sanitize_line(str(exc))}
    except KeyboardInterrupt:
        return {"error": "stopped by you"}
    except Exception as exc:  # whatever comes of it, the page gets an answer
        return {"error": sanitize_line(f"{type(exc).__name__}: {exc}")}
    stays = runs[number] is not run
    said = f"it failed this time, and the answer from before stays: {run.error}" if stays else ""
    return {"data": {"data": shown, "metadata": metadata}, "said": sanitize_line(said)}


def _found(data: Mapping[str, Any]) -> tuple[Runs, int]:
    key, number, text = data.get("key"), data.get("number"), data.get("text")
    runs = current().rows.get(key) if isinstance(key, str) else None
    if not isinstance(runs, Runs):
        raise OptionError(
            "this kernel has these rows no more: run their cell, which asks only for what is not "
            "recorded"
        )
    if (
        isinstance(number, int)
        and number in runs.came
        and sanitize_line(runs.text_of(number)) == text
    ):
        return runs, number
    raise OptionError("the variable has other rows by now: run the cell of these again")
