"""A live run that a test can end, in a cell of a real JupyterLab."""

from pathlib import Path

from browser import Lab
from playwright.sync_api import Locator, expect

# Shown by the magic's own view, which ends once the test opens the pipe of that name to write.
STREAM = """
import os
from pathlib import Path
from gemini_magic.answer.parts import FAILED, OK, Code, Result, Text
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.frozen import Static
from gemini_magic.views.live import Live

def stream(end, shown=Live):
    run = Run(Request("July?"), "gemini", "gemini-3-flash-preview")
    if not Path(end).exists():
        os.mkfifo(end)
    with shown(run) as view, run.tracking():
        for part in (
            Text("I take the *mean*."),
            Code("print(one)"), Result(FAILED, "NameError: one"),
            Code("print(1)"), Result(OK, "1\\n" * 99),
            Text("It is one."),
        ):
            run.add(part)
            view.redraw()
        open(end).close()
"""
LIVE = ".gm-run[data-live=true]"
WIDGET = "application/vnd.jupyter.widget-view+json"


def end(file: Path) -> None:
    """End the run that waits for `file`, or the one that will."""
    file.open("w").close()


def begin(lab: Lab, index: int = 1) -> Locator:
    lab.start(index)
    expect(lab.page.locator(LIVE).first).to_contain_text("It is one.")
    return lab.page.locator(LIVE)
