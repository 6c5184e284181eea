"""Functions of the notebook that code here calls: by their names, with consent, and as parts."""

import time

import pytest
from heard import here, runs, says, told
from loopback import GENERATE
from test_private import Answers

from gemini_magic.answer.parts import FAILED, OK, Call, Result
from gemini_magic.engines.kept_sandboxes import KeptSandboxes
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import Stopped
from gemini_magic.lessons.lesson import read
from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.runs.lesson import lesson_of
from gemini_magic.sandbox import Sandbox
from gemini_magic.sandbox.calls import ALTOGETHER, MOST

pytestmark = pytest.mark.process

CODE = "print(temperature('Oslo') + temperature(city='Cairo', unit='f'))"
GUESTS = [False, pytest.param(True, marks=pytest.mark.science)]
# To start the scientific guest takes longer than a test does: one below is in the sample.
STARTED_ANEW = [
    False,
    pytest.param(True, marks=[pytest.mark.science, pytest.mark.torture(sample=False)]),
]
# What a guest calls to reach the host, around the functions that are made for it.
WAYS = {False: "from wit_world import call", True: "from host import tools\ncall = tools.call"}


def temperature(city: str, unit: str = "c") -> float:
    """Return how warm it is in a city now."""
    return {"Oslo": 3.5, "Cairo": 24.0}[city] + (0 if unit == "c" else 32)


def total(of: list[float]) -> float:
    return sum(of)


OFFER = {"temperature": temperature}


@pytest.fixture(params=STARTED_ANEW, ids=["light", "science"])
def science(request):
    return request.param


@pytest.fixture
def both(session, science):
    session.sandboxes.close()
    session.sandboxes = KeptSandboxes(science=science)
    yield session
    session.sandboxes.close()


@pytest.mark.parametrize("begin", ["", "from notebook import temperature\n"])
def test_code_calls_a_function_of_the_notebook(there, both, begin):
    there.on(GENERATE, runs(begin + CODE), says("59.5"))
    run = here(both, offer=OFFER)
    assert [part.kind for part in run.parts] == ["code", "call", "call", "result", "text"]
    assert run.parts[1] == Call("temperature", {"city": "Oslo"}, {"result": 3.5})
    assert run.output == "59.5\n"
    assert told(there)[0]["output"] == "59.5\n"
    (tool,) = there.prompts[0].body["tools"]
    assert tool["functionDeclarations"][0]["description"].endswith(
        "The code may call temperature() too."
    )


def test_code_in_a_prompt_calls_one_without_a_model_and_asks_too(session):
    session.host = host = Answers("y", "y", "n")
    prompt = f"```python\n{CODE}\n```"
    question = Question(prompt, Options(engine="offline"), tools=OFFER)
    run = ask(question, session)
    assert [part.kind for part in run.parts] == ["note", "code", "call", "call", "result"]
    assert run.output == "59.5\n"
    assert "RuntimeError: refused by the user" in ask(question, session).output
    assert len(host.asked) == 3


def test_in_a_lesson_of_such_a_run_the_code_calls_it_again_and_the_lesson_does_not(there, session):
    there.on(GENERATE, runs(CODE), says("59.5"))
    lesson = read(lesson_of(here(session, offer=OFFER)))
    assert lesson.functions == frozenset()
    built = build(Question(lesson.prompts[0], tools=OFFER))
    parts = Offline((lesson,)).stream(built.request, built.functions.answer)
    made = [part for part in parts if isinstance(part, Call) and part.response]
    assert [call.args["city"] for call in made] == ["Oslo", "Cairo"]


def test_each_call_by_code_is_asked_for(there, both):
    both.host = host = Answers("y", "n")
    there.on(GENERATE, runs(CODE), says("It was refused."))
    run = here(both, offer=OFFER)
    assert len(host.asked) == 2
    assert run.parts[2].error == "refused by the user"
    assert run.outcome == FAILED
    assert "RuntimeError: refused by the user" in run.output


def test_what_a_function_takes_does_not_count_as_time_of_the_code(there, both):
    def slow() -> int:
        time.sleep(0.7)
        return 7

    there.on(GENERATE, runs("print(slow())"), says("7"))
    assert here(both, offer={"slow": slow}, max_code_seconds=0.5).output == "7\n"


def test_arguments_arrive_and_errors_are_errors_in_the_code(there, both):
    there.on(GENERATE, runs("print(total((1.5, 2)))\ntotal('x')"), says("3.5"))
    run = here(both, offer={"total": total})
    assert run.output.startswith("3.5\n")
    assert run.output.count("File ") == 1  # that of the code, and no file of ours
    assert "RuntimeError: ValidationError" in run.output
    assert [part.error is None for part in run.parts if part.kind == "call"] == [True, False]


def test_an_interrupt_in_a_function_ends_the_code_that_called_it(there, both):
    def stop() -> int:
        raise KeyboardInterrupt

    there.on(GENERATE, runs("kept = 1"), runs("stop()"))
    with pytest.raises(Stopped) as caught:
        here(both, offer={"stop": stop}, chat="c")
    assert [part.kind for part in caught.value.run.parts] == [
        *("note", "code", "result"),
        *("code", "call"),
        "result",
    ]
    assert caught.value.run.state == "stopped"
    there.on(GENERATE, runs("print(kept)"), says("No."))
    assert "NameError" in here(both, chat="c").output


@pytest.mark.science
def test_arguments_of_numpy_arrive(there, both):
    there.on(GENERATE, runs("import numpy as np\nprint(total(np.array([1.5, 2])))"), says("3.5"))
    assert here(both, offer={"total": total}).output.endswith("3.5\n")


def test_a_later_turn_calls_what_is_offered_then(there, both):
    there.on(GENERATE, runs("f = temperature\nprint(f('Oslo'))"), says("3.5"))
    here(both, offer=OFFER, chat="c")
    there.on(GENERATE, runs("print(total([1, 2]))\nf('Oslo')"), says("3"))
    run = here(both, offer={"total": total}, chat="c")
    assert run.output.startswith("3.0\n")
    assert "RuntimeError: there is no function 'temperature' for code to call" in run.output


@pytest.fixture(scope="module", params=GUESTS, ids=["light", "science"])
def guest(request):
    """A sandbox, and what a guest there calls to reach the host around what is made for it."""
    with Sandbox(seconds=60, science=request.param) as sandbox:
        yield sandbox, WAYS[request.param]


def called(sandbox, code, functions=("echo",), gives="7"):
    """What a block printed that calls functions, and how often one was."""
    made = []

    def answer(name, args):
        made.append(Call(name, args))
        yield made[-1]
        return f'{{"result": {gives}}}'

    named = dict.fromkeys(functions, ("of",))
    result = [*sandbox.run_with(code, named, answer)][-1]
    assert isinstance(result, Result)
    # Whatever was asked, the run goes on.
    assert [*sandbox.run("print(1)")] == [Result(OK, "1\n")], result
    return result.output, len(made)


def test_nothing_leaves_that_is_no_call_of_a_function(guest):
    sandbox, way = guest
    for request, why in BAD_REQUESTS.items():
        output, made = called(sandbox, f"{way}\nprint(call({request}))")
        assert why in output
        assert made == 0


BAD_REQUESTS = {
    "'no JSON'": "a call is the name",
    "'[1, 2]'": "a call is the name",
    "'[\"echo\", {}, 3]'": "a call is the name",
    "'[' * 500_000": "a call is the name",
    "'[\"echo\", ' + '7' * 9_000 + ']'": "a call is the name",
    "'x' * 2_000_000": "at most 1048576",
    "'[\"run_python\", {}]'": "there is no function 'run_python' for code to call",
}


def test_arguments_that_are_too_long_are_an_error_in_the_code(guest):
    output, made = called(guest[0], "echo('x' * 2_000_000)")
    assert "RuntimeError: the arguments have 2,000,020 characters and may have 1,000,000" in output
    assert made == 0


def test_nothing_leaves_while_no_block_runs():
    said = "call('[\"echo\", {}]')"
    spoil = f"open.__func__.__globals__['add'] = lambda *_: print({said})"
    code = f"from wit_world import call\n{spoil}"
    with Sandbox() as sandbox:
        assert called(sandbox, code) == ("", 0)
        sandbox.put("given.txt", b"1")  # which the guest's own `add` takes
        output, made = called(sandbox, "print(2)")
    assert output == '{"error": "no block runs that could call a function"}\n2\n'
    assert made == 0


def test_without_functions_there_is_none_to_call(guest):
    sandbox, way = guest
    code = f"{way}\nprint(call('[\"echo\", {{}}]'))"
    output, made = called(sandbox, code, functions=())
    assert "there is no function 'echo' for code to call" in output
    assert made == 0


def test_calls_without_end_are_bounded(guest):
    code = "n = 0\ntry:\n    while True:\n        n += 1\n        echo(n)\n"
    output, made = called(guest[0], f"{code}except RuntimeError as e:\n    print(n, e)")
    assert output == f"{MOST + 1} one block may call functions {MOST:,} times\n"
    assert made == MOST


def test_a_result_that_the_sandbox_cannot_take_is_an_error_in_the_code(guest):
    code = "print(len(echo()))"
    assert called(guest[0], code, gives=f'"{"x" * 16_000_000}"') == ("16000000\n", 1)
    output, _ = called(guest[0], code, gives=f'"{"x" * 17_000_000}"')
    assert "RuntimeError: the result has 17,000,014 characters as JSON and may have 16" in output


def test_what_a_block_gives_and_gets_altogether_is_bounded(guest):
    code = "n = 0\ntry:\n    while n < 99:\n        n += 1\n        echo()\n"
    output, made = called(
        guest[0], f"{code}except RuntimeError as e:\n    print(e)", gives=f'"{"x" * 16_000_000}"'
    )
    most = f"{ALTOGETHER:,}"
    assert output == f"one block may give functions and get from them {most} characters\n"
    assert made == 5


def test_code_that_spoils_the_module_or_takes_a_name_loses_that_alone(guest):
    spoil = "import sys\nsys.modules['notebook'] = 3\nmine = 5\n"
    assert called(guest[0], f"{spoil}print(mine)", functions=("mine",)) == ("5\n", 0)
    code = "from notebook import mine\nprint(mine())"
    assert called(guest[0], code, functions=("mine",)) == ("7\n", 1)
