"""Functions of the notebook that code here calls: by their names, with consent, and as parts."""

import pytest
from heard import here, runs, says, told
from loopback import GENERATE
from test_private import Answers

from gemini_magic.answer.parts import FAILED, Call
from gemini_magic.engines.kept_sandboxes import KeptSandboxes

CODE = "print(temperature('Oslo') + temperature(city='Cairo', unit='f'))"


def temperature(city: str, unit: str = "c") -> float:
    """Return how warm it is in a city now."""
    return {"Oslo": 3.5, "Cairo": 24.0}[city] + (0 if unit == "c" else 32)


OFFER = {"temperature": temperature}


@pytest.fixture
def science(session):
    session.sandboxes = KeptSandboxes(science=True)
    yield session
    session.sandboxes.close()


@pytest.mark.science
@pytest.mark.parametrize("begin", ["", "from notebook import temperature\n"])
def test_code_calls_a_function_of_the_notebook(there, science, begin):
    there.on(GENERATE, runs(begin + CODE), says("59.5"))
    run = here(science, offer=OFFER)
    assert [part.kind for part in run.parts] == ["code", "call", "call", "result", "text"]
    assert run.parts[1] == Call("temperature", {"city": "Oslo"}, {"result": 3.5})
    assert run.output == "59.5\n"
    assert told(there)[0]["output"] == "59.5\n"
    (tool,) = there.prompts[0].body["tools"]
    assert tool["functionDeclarations"][0]["description"].endswith(
        "The code may call temperature() too."
    )


@pytest.mark.science
def test_each_call_by_code_is_asked_for(there, science):
    science.host = host = Answers("y", "n")
    there.on(GENERATE, runs(CODE), says("It was refused."))
    run = here(science, offer=OFFER)
    assert len(host.asked) == 2
    assert run.parts[2].error == "refused by the reader"
    assert run.outcome == FAILED
    assert "RuntimeError: refused by the reader" in run.output


@pytest.mark.science
def test_what_a_function_takes_does_not_count_as_time_of_the_code(there, science):
    import time

    def slow() -> int:
        time.sleep(1.5)
        return 7

    there.on(GENERATE, runs("print(slow())"), says("7"))
    assert here(science, offer={"slow": slow}, max_code_seconds=1).output == "7\n"


@pytest.mark.science
def test_arguments_of_numpy_arrive_and_errors_are_errors_in_the_code(there, science):
    def total(of: list[float]) -> float:
        return sum(of)

    code = "import numpy as np\nprint(total(np.array([1.5, 2])))\ntotal('x')"
    there.on(GENERATE, runs(code), says("3.5"))
    run = here(science, offer={"total": total})
    assert run.output.startswith("3.5\n")
    assert "RuntimeError: ValidationError" in run.output
    assert [part.error is None for part in run.parts if part.kind == "call"] == [True, False]


def test_the_light_sandbox_says_that_code_cannot_call(there, session):
    there.on(GENERATE, runs(CODE), runs("from notebook import temperature\n1/0"), says("No."))
    run = here(session, offer=OFFER)
    assert "temperature() cannot be called by code in this sandbox" in run.steps[0].output
    assert "gemini-magic[science]" in run.steps[0].output
    assert "ZeroDivisionError" in run.steps[1].output
