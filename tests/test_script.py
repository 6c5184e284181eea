"""The script that draws runs travels once a kernel, where outputs may share a model."""

import json
from collections.abc import Iterator

import pytest
from kernel import Kernel, Published, kernel
from torture import either

pytestmark = pytest.mark.kernel

SETUP = """
from comm import get_comm_manager
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.views.live import Live
def show(times=1):
    for _ in range(times):
        with Live(Run(Request("x"))):
            pass
"""


@pytest.fixture(scope="module")
def live() -> Iterator[Kernel]:
    with kernel() as started:
        started.run(SETUP)
        yield started


def opened(published: Published) -> list[dict]:
    """Return the states of the models that were made."""
    return [message["data"]["state"] for message in published.of("comm_open")]


def test_the_first_run_brings_the_script_and_further_ones_less_than_three_kilobytes(live: Kernel):
    script, first = opened(live.run("show()"))
    assert len(script["text"]) > 50_000
    (further,) = opened(live.run("show()"))
    assert further["script"] == first["script"]
    assert further["_esm"] == first["_esm"]
    assert len(json.dumps(further)) < 3_000


def test_the_script_of_a_run_names_the_model_that_has_the_code(live: Kernel):
    published = live.run("show()")
    (run,) = opened(published)
    found = live.run(
        "from gemini_magic.views.script import shared_script; print(shared_script().model_id)"
    )
    assert found.text.strip() == run["script"]


@pytest.mark.parametrize("times", either(40, 300))
def test_runs_leave_nothing_open(live: Kernel, times: int):
    live.run("show()")
    count = "print(len(get_comm_manager().comms))"
    before = live.run(count).text
    assert live.run(f"show({times}); {count}").text == before


def test_loading_again_leaves_nothing_open(live: Kernel):
    count = "print(len(get_comm_manager().comms))"
    before = live.run(count).text
    for _ in range(3):
        live.run("%reload_ext gemini_magic")
    assert live.run(count).text == before


def test_the_script_comes_again_once_its_model_was_closed(live: Kernel):
    live.run("from ipywidgets import Widget; Widget.close_all()")
    assert len(opened(live.run("show()"))) == 2


@pytest.mark.parametrize(
    ("environment", "before"),
    [({"VSCODE_PID": "1"}, ""), ({}, "import sys; sys.modules['google.colab'] = sys")],
    ids=["VS Code", "Colab"],
)
def test_where_models_may_not_know_each_other_each_run_brings_the_script(environment, before):
    with kernel(environment) as live:
        live.run(SETUP + before)
        for _ in range(2):
            (run,) = opened(live.run("show()"))
            assert run["script"] == ""
            assert len(run["_esm"]) > 50_000
