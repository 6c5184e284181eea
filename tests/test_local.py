"""`--engine local`: a server of chat completions, over the real openai package; code runs here."""

import json

import pytest
from completions import (
    CHAT,
    MODEL,
    refuses,
    runs,
    says,
)

from gemini_magic.answer.parts import OK, Code, Note, Reply, Result, Text
from gemini_magic.line import ask, preview
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question
from gemini_magic.views.session import Session


@pytest.fixture
def session():
    return Session()


@pytest.fixture
def local(server, session):
    """Asks the server of the test; keywords are options and what goes with a question."""

    def question(prompt, **more):
        known = Options.__dataclass_fields__
        own = {name: more.pop(name) for name in list(more) if name in known}
        address = f"{server.url}/v1"
        options = {"engine": "local", "model": MODEL, "local_base_url": address, **own}
        return Question(prompt, Options(**options), **more)

    def run(prompt="add", **more):
        return ask(question(prompt, **more), session)

    run.preview = lambda prompt="add", **more: preview(question(prompt, **more), session)
    return run


def bodies(server):
    return [asked.body for asked in server.asked if CHAT in asked.path]


def test_an_answer_comes_word_by_word(server, local):
    server.on(CHAT, says("It is \x0042."))
    run = local("What is 6 times 7?")
    assert run.parts == [Text("It is 42.")]
    assert run.reply == Reply("chatcmpl-1", MODEL)
    assert (run.engine, run.model, run.state) == ("local", MODEL, "done")
    (body,) = bodies(server)
    assert body["messages"] == [{"role": "user", "content": "What is 6 times 7?"}]


def test_code_runs_here_and_its_result_goes_back(server, local):
    server.on(CHAT, runs("print(6 * 7)"), says("It is 42."))
    run = local("What is 6 times 7?")
    assert run.parts == [Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is 42.")]
    sent, after = bodies(server)
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["run_python"]
    _, call, result = after["messages"]
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] == "call_a"
    assert json.loads(result["content"]) == {"outcome": OK, "output": "42\n"}


def test_fenced_python_runs_where_the_server_has_no_tools(server, local):
    server.on(
        CHAT,
        refuses(400, f"registry.ollama.ai/library/{MODEL} does not support tools"),
        says("Let me see.\n\x00```py\x00thon\nprint(6 * 7)\n\x00```\nIt prints 41."),
        says("It is 42."),
    )
    run = local("What is 6 times 7?")
    note, *parts = run.parts
    assert isinstance(note, Note) and "calls no functions here" in note.text
    assert parts == [
        Text("Let me see.\n"),
        Code("print(6 * 7)"),
        Result(OK, "42\n"),
        Text("It is 42."),
    ]
    _, sent, after = bodies(server)
    assert "tools" not in sent
    assert "```python" in sent["messages"][0]["content"]
    assert after["messages"][-2]["content"] == "Let me see.\n\n```python\nprint(6 * 7)\n```"
    assert '"output": "42\\n"' in after["messages"][-1]["content"]
