"""What code had printed when its user stopped it stays, in either sandbox and by every door."""

import threading

import pytest
from completions import CHAT, runs
from heard import runs as here_runs
from loopback import GENERATE

from gemini_magic import map as map_rows
from gemini_magic.answer.parts import STOPPED, Call, Image, Result
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import Stopped
from gemini_magic.line import answer
from gemini_magic.options.table import Options
from gemini_magic.request.request import Request
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text
from gemini_magic.sandbox import RESTARTED, Sandbox

pytestmark = [pytest.mark.process, pytest.mark.clock]
GUESTS = [False, pytest.param(True, marks=pytest.mark.science)]
ENDLESS = ["while True: pass", "import time\ntime.sleep(60)"]
BY_YOU = "so far\n[stopped by you]\n"


@pytest.fixture(params=GUESTS, ids=["light", "science"])
def sandbox(request):
    with Sandbox(seconds=20, science=request.param) as started:
        list(started.run("x = 1"))
        yield started


def collected(blocks):
    """What came before the interrupt that ended it."""
    parts = []
    with pytest.raises(KeyboardInterrupt):
        for part in blocks:
            parts.append(part)
    return parts


@pytest.mark.parametrize("code", ENDLESS)
def test_what_was_printed_before_an_interrupt_is_a_result(sandbox, code, interrupt):
    threading.Timer(0.5, interrupt).start()
    assert collected(sandbox.run(f"print('so far')\n{code}")) == [Result(STOPPED, BY_YOU)]
    assert interrupt.age < 0.5
    (after,) = sandbox.run("print(1)")
    assert after.output == f"{RESTARTED}1\n"


def test_what_was_printed_before_a_function_was_interrupted_is_a_result(sandbox, interrupt):
    def answers(name, args):
        yield Call(name, args)
        interrupt()
        while True:
            pass

    blocks = sandbox.run_with("print('so far')\nslow()", {"slow": ()}, answers)
    assert collected(blocks) == [Call("slow", {}), Result(STOPPED, BY_YOU)]
    assert interrupt.age < 0.5


@pytest.mark.science
def test_a_figure_that_was_shown_before_an_interrupt_stays(interrupt):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\ntell()\nwhile True: pass"

    def answers(name, args):
        yield Call(name, args)
        threading.Timer(0.1, interrupt).start()
        return '{"result": 0}'

    with Sandbox(seconds=60, science=True) as started:
        *_, result, picture = collected(started.run_with(code, {"tell": ()}, answers))
    assert result.outcome == STOPPED
    assert isinstance(picture, Image)


@pytest.mark.parametrize("code", ENDLESS)
def test_a_run_keeps_it_though_the_model_saw_none_of_it(server, local, interrupt, code):
    server.on(CHAT, runs(f"print('so far')\n{code}"))
    threading.Timer(2.0, interrupt).start()
    with pytest.raises(Stopped) as caught:
        local()
    assert interrupt.age < 0.5
    run = caught.value.run
    (step,) = run.steps
    assert (step.outcome, step.output) == (STOPPED, BY_YOU)
    assert step.results[0].seen == ""
    assert run.state == "stopped"
    assert "Output: stopped" in to_text(run)
    assert "so far" in render(run)
    assert Run.from_dict(run.to_dict()).parts == run.parts


def test_code_of_a_prompt_keeps_it_too(interrupt):
    request = Request(
        "```python\nprint('so far')\nwhile True: pass\n```", Options(engine="offline")
    )
    run = Run(request, "offline", "")
    threading.Timer(1.0, interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        answer(run, Offline())
    assert interrupt.age < 0.5
    assert (run.outcome, run.output) == (STOPPED, BY_YOU)


def test_code_in_a_thread_ends_when_its_rows_are_interrupted(there, interrupt):
    there.on(GENERATE, here_runs("while True: pass"))
    threading.Timer(2.0, interrupt).start()
    with pytest.raises(Stopped):
        list(map_rows("what of {x}?", [{"x": 1}], engine="gemini", run_code="here"))
    rows = [each for each in threading.enumerate() if each.name.startswith("gemini_magic.map")]
    for each in rows:
        each.join(10)  # of thirty seconds
    assert not any(each.is_alive() for each in rows)


def test_a_sandbox_in_a_thread_tells_what_was_printed_when_it_is_stopped(sandbox):
    over = threading.Event()
    with Sandbox(seconds=20, science=sandbox.is_science, stopped=over.is_set) as started:
        list(started.run("x = 1"))
        threading.Timer(0.5, over.set).start()
        parts = collected(started.run("print('so far')\nwhile True: pass"))
    assert parts == [Result(STOPPED, BY_YOU)]
