"""What code had printed when its user stopped it stays, in either sandbox and by every door."""

import threading
from inspect import signature

import pytest
from completions import CHAT, runs
from heard import here
from heard import runs as here_runs
from interrupts import Moment
from loopback import GENERATE

from gemini_magic import map as map_rows
from gemini_magic.answer.parts import STOPPED, Call, Image, Result
from gemini_magic.engines.kept_sandboxes import KeptSandboxes
from gemini_magic.errors import Stopped
from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text
from gemini_magic.sandbox import RESTARTED, Sandbox

pytestmark = pytest.mark.process
# To start the scientific guest takes longer than a test does: one below is in the sample.
GUESTS = [False, pytest.param(True, marks=[pytest.mark.science, pytest.mark.torture(sample=False)])]
ENDLESS = ["while True: pass", "import time\ntime.sleep(60)"]
# What it calls says that it has begun.
SAYS = "print('so far')\ntell()\n"
BY_YOU = "so far\n[stopped by you]\n"


@pytest.fixture
def moment(interrupt):
    """Interrupts once code that told it is on its own."""
    return Moment(interrupt)


@pytest.fixture(params=GUESTS, ids=["light", "science"])
def science(request):
    return request.param


def endless(sandbox, code, tell):
    """What came of code without an end before the interrupt that ended it."""

    def answers(name, args):
        yield Call(name, args)
        tell()
        return '{"result": 0}'

    return collected(sandbox.run_with(code, {"tell": ()}, answers))


def collected(blocks):
    """What came before the interrupt that ended it."""
    parts = []
    with pytest.raises(KeyboardInterrupt):
        for part in blocks:
            parts.append(part)
    return parts


@pytest.mark.parametrize("code", ENDLESS)
def test_what_was_printed_before_an_interrupt_is_a_result(science, code, moment):
    with Sandbox(seconds=60, science=science, stopped=moment.stopped) as sandbox:
        called, result = endless(sandbox, SAYS + code, moment.tell)
        assert (called, result) == (Call("tell", {}), Result(STOPPED, BY_YOU))
        (after,) = sandbox.run("print(1)")
    assert after.output == f"{RESTARTED}1\n"


def test_what_was_printed_before_a_function_was_interrupted_is_a_result(science, interrupt):
    def answers(name, args):
        yield Call(name, args)
        interrupt()
        while True:
            pass

    with Sandbox(seconds=60, science=science) as sandbox:
        blocks = sandbox.run_with("print('so far')\nslow()", {"slow": ()}, answers)
        assert collected(blocks) == [Call("slow", {}), Result(STOPPED, BY_YOU)]


@pytest.mark.science
def test_a_figure_that_was_shown_before_an_interrupt_stays(moment):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
    with Sandbox(seconds=60, science=True, stopped=moment.stopped) as sandbox:
        *_, result, picture = endless(sandbox, f"{code}tell()\nwhile True: pass", moment.tell)
    assert result.outcome == STOPPED
    assert isinstance(picture, Image)


def by_chat_completions(server, local, moment, code="while True: pass"):
    server.on(CHAT, runs(SAYS + code))
    local.session.sandboxes = KeptSandboxes(science=False, stopped=moment.stopped)
    local(tools={"tell": moment.tell})


def by_gemini(there, session, moment):
    there.on(GENERATE, here_runs("print(1)"), here_runs(f"{SAYS}while True: pass"))
    session.sandboxes = KeptSandboxes(science=False, stopped=moment.stopped)
    here(session, offer={"tell": moment.tell})


def by_a_prompt(session, interrupt):
    """Without a model, where nothing tells that its sandbox waits."""
    tell = {"tell": lambda: threading.Timer(0.1, interrupt).start()}
    prompt = f"```python\n{SAYS}while True: pass\n```"
    ask(Question(prompt, Options(engine="offline"), tools=tell), session)


def by_a_function(interrupt):
    def answers(name, args):
        yield Call(name, args)
        interrupt()
        while True:
            pass

    with Sandbox(seconds=60) as sandbox:
        list(sandbox.run_with("slow()", {"slow": ()}, answers))


@pytest.mark.parametrize("code", ENDLESS)
def test_a_run_keeps_it_though_the_model_saw_none_of_it(server, local, moment, code):
    with pytest.raises(Stopped) as caught:
        by_chat_completions(server, local, moment, code)
    run = caught.value.run
    (step,) = run.steps
    assert (step.outcome, step.output) == (STOPPED, BY_YOU)
    assert step.results[0].seen == ""
    assert run.state == "stopped"
    assert "Output: stopped" in to_text(run)
    assert "so far" in render(run)
    assert Run.from_dict(run.to_dict()).parts == run.parts


def test_a_run_that_gemini_answers_keeps_it_too(there, session, moment):
    with pytest.raises(Stopped) as caught:
        by_gemini(there, session, moment)
    assert [step.output for step in caught.value.run.steps] == ["1\n", BY_YOU]
    assert caught.value.run.state == "stopped"


def test_code_of_a_prompt_keeps_it_too(session, interrupt):
    with pytest.raises(Stopped) as caught:
        by_a_prompt(session, interrupt)
    assert (caught.value.run.outcome, caught.value.run.output) == (STOPPED, BY_YOU)


@pytest.mark.clock
@pytest.mark.parametrize("code", ENDLESS)
def test_a_block_ends_at_once_when_it_is_interrupted(science, code, moment, interrupt):
    with Sandbox(seconds=60, science=science, stopped=moment.stopped) as sandbox:
        endless(sandbox, SAYS + code, moment.tell)
        assert interrupt.age < 0.3


DOORS = {
    "a function": by_a_function,
    "a prompt": by_a_prompt,
    "Gemini": by_gemini,
    "chat completions": by_chat_completions,
}


@pytest.mark.clock
@pytest.mark.parametrize("door", DOORS)
def test_by_every_door_an_interrupt_is_heard_at_once(door, interrupt, request):
    takes = list(signature(DOORS[door]).parameters.values())
    given = [request.getfixturevalue(each.name) for each in takes if each.default is each.empty]
    with pytest.raises((KeyboardInterrupt, Stopped)):
        DOORS[door](*given)
    assert interrupt.age < 0.5


def test_code_in_a_thread_ends_when_its_rows_are_interrupted(there, interrupt):
    def tell() -> None:
        # Nothing tells that the code goes on; sent at once, the call would end, and not that.
        threading.Timer(0.1, interrupt).start()

    there.on(GENERATE, here_runs("tell()\nwhile True: pass"))
    with pytest.raises(Stopped):
        list(map_rows("what of {x}?", [{"x": 1}], engine="gemini", run_code="here", tools=[tell]))
    threads = [each for each in threading.enumerate() if each.name.startswith("gemini_magic.map")]
    for each in threads:
        each.join(20)  # of thirty seconds
    assert interrupt.sent
    assert not any(each.is_alive() for each in threads)


def test_a_sandbox_in_a_thread_tells_what_was_printed_when_it_is_stopped(science):
    over = threading.Event()
    moment = Moment(over.set)
    with Sandbox(
        seconds=60, science=science, stopped=lambda: moment.stopped() or over.is_set()
    ) as started:
        _, result = endless(started, f"{SAYS}while True: pass", moment.tell)
    assert result == Result(STOPPED, BY_YOU)
