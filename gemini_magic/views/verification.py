"""The way of the button Verify into the kernel: a comm, so that no cell, name or count changes.

The page imports this module by code that is run silently, opens a comm of this name with the run's
document, and gets one answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..answer.steps import Step
from ..errors import GeminiError, RecordingError
from ..runs.run import Run
from ..runs.saved import mimebundle
from ..runs.verify.material import files_of_run
from ..runs.verify.verify import verify_steps
from . import session as sessions

TARGET = "gemini_magic.verify"
# Attempts of a run. What a page asks for may run where no interrupt reaches it, in a subshell.
MOST = 100


def listen() -> None:
    """Let pages of this kernel open comms; to be called again does nothing more."""
    from comm import get_comm_manager

    get_comm_manager().register_target(TARGET, _opened)


def _opened(comm: Any, message: Mapping[str, Any]) -> None:
    """Answer a comm that was just opened, and close it."""

    def progress(line: str) -> None:
        comm.send({"progress": line})

    comm.send(_answered(message["content"]["data"], progress))
    comm.close()


def _answered(data: Mapping[str, Any], progress: Callable[[str], None]) -> dict[str, Any]:
    """Return the saved form of the run in `data` with its verdicts, or why there are none."""
    try:
        run = Run.from_dict(data["run"], data.get("stats"))
        shown = _verified(run, progress)
    except GeminiError as exc:
        return {"error": str(exc)}
    except KeyboardInterrupt:
        return {"error": "stopped by you"}
    except Exception as exc:  # whatever a document makes of it, the page gets an answer
        return {"error": f"{type(exc).__name__}: {exc}"}
    return {"data": shown}


def _verified(run: Run, progress: Callable[[str], None]) -> dict[str, Any]:
    known = _of_session(run)
    if run.state == "running" and known is None:
        raise RecordingError("this run never came to its end")
    if len(run.steps) > MOST:
        raise RecordingError(f"{len(run.steps)} attempts are too many for a press: `run.verify()`")
    names = None
    if known is not None:
        # Whoever sends a document from elsewhere must not choose among the user's variables.
        shell = sessions.current().host.shell
        names = shell.user_ns if shell else None
    files = files_of_run(known or run, names)
    run.verification = verify_steps(run.steps, files, progress=progress)
    if known is not None:
        known.verification = run.verification
    return mimebundle(run)


def _of_session(run: Run) -> Run | None:
    """Return the run of this session that a document shows, or None: it is from another one."""
    wanted = run.request.prompt, _facts(run.steps)
    for known in reversed(sessions.current().runs):
        if known.state != "running" and (known.request.prompt, _facts(known.steps)) == wanted:
            return known
    return None


def _facts(steps: list[Step]) -> list[tuple[str, str | None, str]]:
    return [(step.code, step.outcome, step.output) for step in steps]
