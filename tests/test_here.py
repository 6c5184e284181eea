"""Code of the model that runs on this machine, over Gemini's wire."""

import json

import pytest
from asking import KEY, gemini
from loopback import GENERATE, said, stream

from gemini_magic.answer.parts import FAILED, OK, Code, Image, Note, Result, Text
from gemini_magic.errors import AnswerCut
from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question
from gemini_magic.views.session import Session

MODEL = "gemini-3-flash-preview"


def runs(code, call_id="", **args):
    """A turn in which the model asks to run code."""
    call = {"name": "run_python", "args": args or {"code": code}}
    if call_id:
        call["id"] = call_id
    return stream(said({"functionCall": call}, finishReason="STOP"))


def says(text):
    return stream(said({"text": text}, finishReason="STOP"))


@pytest.fixture
def there(server, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    return server


@pytest.fixture
def session():
    return Session()


def here(prompt, session, **more):
    options = {name: more.pop(name) for name in list(more) if name in Options.__dataclass_fields__}
    options = {"engine": "gemini", "model": MODEL, "run_code": "here", **options}
    return ask(Question(prompt, Options(**options), **more), session)


def told(server, place=-1):
    """What the model was told of its calls, in one request."""
    parts = server.prompts[place].body["contents"][-1]["parts"]
    return [part["functionResponse"]["response"] for part in parts]


def test_code_runs_here_and_its_result_goes_back(there, session):
    there.on(GENERATE, runs("print(6 * 7)"), says("It is 42."))
    run = here("What is 6 times 7?", session)
    assert run.parts == [Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is 42.")]
    (tool,) = there.prompts[0].body["tools"]
    assert [each["name"] for each in tool["functionDeclarations"]] == ["run_python"]
    assert told(there) == [{"outcome": OK, "output": "42\n"}]
