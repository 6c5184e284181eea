"""The model calls a function of the notebook, in a real JupyterLab with a real kernel."""

import re
from collections.abc import Iterator

import loopback
import nbformat
import pytest
from browser import MIME, Lab
from labserver import Server
from loopback import GENERATE, said, stream
from playwright.sync_api import expect

from gemini_magic.runs.seal import INTACT, integrity

LOAD = """
import os
os.environ |= {{"GEMINI_API_KEY": "AIza-a-key-that-nobody-must-see-00001",
    "GOOGLE_GEMINI_BASE_URL": "{url}"}}
%load_ext gemini_magic

def temperature(city: str) -> float:
    "How warm it is in a city now, in degrees Celsius."
    return {{"Oslo": 3.5, "Cairo": 24.0}}[city]
"""
ASK = "%%gemini_exec --tool temperature\nHow much warmer is Cairo than Oslo?"
DONE = {"finishReason": "STOP"}
CODE = {"executableCode": {"language": "PYTHON", "code": "print(24.0 - 3.5)"}}
RESULT = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "20.5\n"}}


def calling(city):
    return {"functionCall": {"name": "temperature", "args": {"city": city}}}


@pytest.fixture(scope="module")
def lab(site: Server, fresh_for_all: Lab) -> Iterator[Lab]:
    with loopback.serving() as gemini:
        gemini.on(
            GENERATE,
            stream(
                said({"text": "I ask the stations."}),
                said(calling("Cairo")),
                said(calling("Oslo"), **DONE),
            ),
            stream(said(calling("Atlantis"), **DONE)),
            stream(said(CODE), said(RESULT), said({"text": "It is **20.5** degrees."}, **DONE)),
        )
        cells = [nbformat.v4.new_code_cell(text) for text in (LOAD.format(url=gemini.url), ASK)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), site.folder / "calls.ipynb")
        fresh_for_all.open("calls.ipynb", kernel=True)
        fresh_for_all.run(0)
        yield fresh_for_all
        assert fresh_for_all.errors == []


def test_the_reader_is_asked_sees_each_call_and_keeps_them_in_the_notebook(lab: Lab):
    lab.start(1)
    live = lab.page.locator(".gm-run[data-live=true]")
    expect(live.get_by_role("status")).to_have_text("Waiting for you")
    row = live.locator(".gm-call").filter(has_text="Cairo")
    expect(row).to_contain_text(re.compile("Wants to call temperature.*waiting for you"))
    lab.shoot("lab-call-asked")
    assert lab.violations() == []
    row.get_by_role("button", name="Allow", exact=True).click()
    row = live.locator(".gm-call").filter(has_text="Oslo")
    # By the keyboard, as by the mouse.
    row.get_by_role("button", name="Allow all").press("Enter")
    lab.wait()
    run = lab.page.locator(".jp-RenderedGeminiRun .gm-run")
    expect(run.get_by_role("status")).to_have_text("Done")
    expect(run.get_by_text("KeyError: 'Atlantis'")).to_be_visible()
    expect(run).to_contain_text(re.compile("It is 20.5 degrees"))
    lab.shoot("lab-calls", run)
    outputs = lab.cells()[1]["outputs"]
    # Of the questions nothing is left.
    [output] = outputs
    saved, beside = output["data"][MIME], output["metadata"][MIME]
    # JupyterLab writes numbers as JavaScript has them: 24 for 24.0.
    assert integrity(saved, beside) == INTACT
    calls = [part for part in saved["parts"] if part["kind"] == "call"]
    assert [call["response"] for call in calls] == [{"result": 24.0}, {"result": 3.5}, None]
    assert lab.violations() == []
