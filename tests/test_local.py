"""`--engine local`: a server of chat completions, over the real openai package; code runs here."""

import json
from base64 import b64encode
from contextlib import nullcontext
from dataclasses import replace
from threading import Event

import pytest
from asking import request_of
from completions import (
    CHAT,
    DONE,
    MODEL,
    MODELS,
    called,
    chunk,
    listed,
    refuses,
    runs,
    says,
    streamed,
    text,
    usage,
)
from pydantic import BaseModel

from gemini_magic.answer.parts import (
    FAILED,
    OK,
    Call,
    Code,
    Data,
    Note,
    Reply,
    Result,
    Text,
    Thought,
    Usage,
)
from gemini_magic.engines.registry import identity_of
from gemini_magic.errors import ChatError, RequestError, Stopped
from gemini_magic.runs.run import Run
from gemini_magic.runs.transcript import load, save

pytestmark = pytest.mark.process
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
NO_TOOLS = refuses(400, f"registry.ollama.ai/library/{MODEL} does not support tools")


def test_an_answer_comes_word_by_word(server, local):
    server.on(CHAT, says("It is \x0042."))
    run = local("What is 6 times 7?")
    assert run.parts == [Text("It is 42.")]
    assert run.reply == Reply("chatcmpl-1", MODEL)
    assert (run.engine, run.model, run.state) == ("local", MODEL, "done")
    assert run.provenance["sdk"].startswith("openai ")
    assert local.messages == [{"role": "user", "content": "What is 6 times 7?"}]


def test_a_further_choice_in_chunks_of_its_own_is_not_mixed_in(server, local):
    def of(index, said, finish=None):
        choice = {"index": index, "delta": {"content": said}, "finish_reason": finish}
        return chunk(choices=[choice])

    server.on(CHAT, streamed(of(0, "a"), of(1, "x"), of(1, "y", "length"), of(0, "b")))
    assert local(code=False).text == "ab"


def test_code_runs_here_and_its_result_goes_back(server, local):
    server.on(CHAT, runs("print(6 * 7)"), says("It is 42."))
    run = local("What is 6 times 7?")
    assert run.parts == [Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is 42.")]
    sent, _ = local.bodies
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["run_python"]
    _, call, result = local.messages
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] == "call_a"
    assert json.loads(result["content"]) == {"outcome": OK, "output": "42\n"}


def test_failed_code_is_mended(server, local):
    server.on(CHAT, runs("print(1 / 0)"), runs("print(1)"), says("1"))
    run = local()
    assert [step.outcome for step in run.steps] == [FAILED, OK]
    assert "ZeroDivisionError" in local.bodies[1]["messages"][-1]["content"]


def test_two_calls_of_one_answer_run_in_turn(server, local):
    both = [
        *called("run_python", {"code": "x = 6"}, "a", 0),
        *called("run_python", {"code": "print(x * 7)"}, "b", 1),
    ]
    server.on(CHAT, streamed(*both, finish="tool_calls"), says("42"))
    assert [step.output for step in local().steps] == ["", "42\n"]
    assert [message.get("tool_call_id") for message in local.messages[-2:]] == ["a", "b"]


def test_calls_that_all_have_the_same_place_are_told_apart_by_their_ids(server, local):
    both = [
        *called("run_python", {"code": "print(1)"}, "a", pieces=1),
        *called("run_python", {"code": "print(2)"}, "b", pieces=1),
    ]
    server.on(CHAT, streamed(*both, finish="tool_calls"), says("done"))
    assert [step.output for step in local().steps] == ["1\n", "2\n"]


def test_a_call_without_an_id_gets_one(server, local):
    server.on(
        CHAT, streamed(*called("run_python", {"code": "print(1)"}, ""), finish="stop"), says("1")
    )
    local()
    _, call, result = local.messages
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] != ""


def test_fenced_python_runs_where_the_server_has_no_tools(server, local):
    server.on(
        CHAT,
        NO_TOOLS,
        says("Let me see.\n\x00```py\x00thon\nprint(6 * 7)\n\x00```\nIt prints 41."),
        says("It is 42."),
    )
    run = local("What is 6 times 7?")
    note, *parts = run.parts
    assert isinstance(note, Note)
    assert "calls no functions here" in note.text
    assert parts == [
        Text("Let me see.\n"),
        Code("print(6 * 7)"),
        Result(OK, "42\n"),
        Text("It is 42."),
    ]
    _, sent, _ = local.bodies
    assert "tools" not in sent
    assert "```python" in sent["messages"][0]["content"]
    assert local.messages[-2]["content"] == "Let me see.\n\n```python\nprint(6 * 7)\n```"
    assert '"output": "42\\n"' in local.messages[-1]["content"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "tools param requires --jinja flag"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser'),
        (404, "No endpoints found that support tool use."),
        (422, "Unexpected keyword: 'tools'"),
    ],
)
def test_that_a_server_has_no_tools_is_asked_once_a_run(server, local, status, said):
    fenced = says("```python\nprint(42)\n```\n")
    server.on(CHAT, refuses(status, said), fenced, says("42"))
    assert local().steps[0].output == "42\n"
    assert ["tools" in body for body in local.bodies] == [True, False, False]


def test_a_model_that_fences_though_it_has_tools_has_its_code_run(server, local):
    server.on(CHAT, says("So:\n```python\nprint(42)\n```\nIt is 41."), says("42"))
    assert local().parts == [Text("So:\n"), Code("print(42)"), Result(OK, "42\n"), Text("42")]
    assert [message["role"] for message in local.messages] == ["user", "assistant", "user"]
    assert local.messages[1]["content"] == "So:\n\n```python\nprint(42)\n```"


def test_a_model_that_calls_may_show_code_without_having_it_run(server, local):
    server.on(CHAT, runs("print(42)"), says("I ran\n```python\nprint(42)\n```\nwhich is 42."))
    assert len(local().steps) == 1
    assert local.bodies[-1]["tools"]


def test_a_plain_answer_brings_no_tool_and_runs_no_fence(server, local):
    server.on(CHAT, says("```python\nprint(1)\n```"))
    assert local(code=False).parts == [Text("```python\nprint(1)\n```")]
    assert "tools" not in local.bodies[0]


def temperature(city: str) -> float:
    """Return how warm it is."""
    return {"Oslo": 3.5}[city]


def test_functions_of_the_notebook_are_called(server, local):
    server.on(
        CHAT, streamed(*called("temperature", {"city": "Oslo"}), finish="tool_calls"), says("3.5")
    )
    run = local(tools={"temperature": temperature})
    assert run.parts == [Call("temperature", {"city": "Oslo"}, {"result": 3.5}), Text("3.5")]
    names = [tool["function"]["name"] for tool in local.bodies[0]["tools"]]
    assert names == ["run_python", "temperature"]
    assert json.loads(local.messages[-1]["content"]) == {"result": 3.5}


def test_a_function_that_is_not_there_is_told_to_the_model(server, local):
    server.on(CHAT, streamed(*called("rainfall", {}), finish="tool_calls"), says("I cannot."))
    call, said = local().parts
    assert call == Call("rainfall", {}, None, "there is no function 'rainfall'; none is offered")
    assert said == Text("I cannot.")


class Sum(BaseModel):
    value: int


def test_a_plain_answer_is_held_to_a_schema_by_the_server(server, local):
    server.on(CHAT, says('{"value":\x00 42}'))
    run = local(code=False, json=Sum)
    assert run.value == Sum(value=42)
    assert run.parts == [Data('{"value": 42}')]
    form = local.bodies[0]["response_format"]
    assert form["json_schema"]["schema"]["properties"]["value"]["type"] == "integer"


def test_beside_code_the_model_is_asked_for_json_in_words(server, local):
    server.on(CHAT, runs("print(42)"), says('```json\n{"value": 42}\n```'))
    assert local(json=Sum).value == Sum(value=42)
    assert "response_format" not in local.bodies[0]
    assert '"integer"' in local.messages[0]["content"]


def test_a_server_that_holds_to_no_schema_is_asked_in_words(server, local):
    server.on(CHAT, refuses(400, "response_format is not supported"), says('{"value": 42}'))
    assert local(code=False, json=Sum).value == Sum(value=42)
    assert ["response_format" in body for body in local.bodies] == [True, False]
    assert '"integer"' in local.messages[0]["content"]


def test_what_a_user_set_is_sent_and_nothing_else(server, local):
    server.on(CHAT, says("42"))
    local(temperature=0.5, seed=7, max_output_tokens=99, system="Be brief.", thinking="off")
    body = local.bodies[0]
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    known = ("temperature", "seed", "max_tokens", "reasoning_effort")
    assert [body[name] for name in known] == [0.5, 7, 99, "none"]
    local()
    assert not {*known, "response_format"} & set(local.bodies[1])


def test_a_number_of_tokens_to_think_is_refused(local):
    assert "takes a level" in str(local.failure(RequestError, thinking="1024"))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_shown_if_they_are_wanted(server, local, name):
    server.on(CHAT, streamed(chunk({name: "6 by "}), chunk({name: "7"}), text("42")))
    assert local(thoughts=True).parts == [Thought("6 by 7"), Text("42")]
    assert local().parts == [Text("42")]


def test_thoughts_in_tags_are_thoughts(server, local):
    server.on(CHAT, says("<thi\x00nk>6 by 7</th\x00ink>\n\x0042"))
    assert local(thoughts=True).parts == [Thought("6 by 7"), Text("42")]
    assert local().parts == [Text("42")]


def test_thoughts_do_not_go_back(server, local):
    thinking = chunk({"reasoning": "hm"})
    call = called("run_python", {"code": "print(1)"})
    server.on(CHAT, streamed(thinking, *call, finish="tool_calls"), says("1"))
    local(thoughts=True)
    assert "hm" not in json.dumps(local.bodies[1])


def test_the_tokens_of_all_requests_are_counted(server, local):
    end = chunk(finish="tool_calls"), usage(10, 8, thoughts=3), DONE
    first = streamed(*called("run_python", {"code": "print(1)"}), *end, finish=None)
    server.on(
        CHAT, first, streamed(text("1"), chunk(finish="stop"), usage(30, 2), DONE, finish=None)
    )
    run = local()
    assert run.usage == Usage(prompt=40, candidates=7, thoughts=3, total=50)
    assert local.bodies[0]["stream_options"] == {"include_usage": True}


def test_a_server_that_counts_nothing_answers_all_the_same(server, local):
    server.on(CHAT, refuses(400, "stream_options is not permitted"), says("42"))
    run = local()
    assert (run.text, run.usage) == ("42", None)


def test_a_chat_goes_on(server, local):
    server.on(CHAT, runs("x = 41"), says("Done."), runs("print(x + 1)"), says("42"))
    local("let x be 41", chat="maths")
    run = local("and one more?", chat="maths")
    assert run.steps[0].output == "42\n"
    roles = [message["role"] for message in local.messages]
    assert roles == ["user", "assistant", "tool", "assistant", "user", "assistant", "tool"]
    assert local.messages[3] == {"role": "assistant", "content": "Done."}


def test_a_chat_that_was_held_with_tools_goes_on_without(server, local):
    server.on(CHAT, runs("print(41)"), says("41"), NO_TOOLS, says("42"))
    local("41?", chat="maths")
    local("42?", chat="maths")
    assert [message["role"] for message in local.messages][-5:-1] == [
        "user",
        "assistant",
        "user",
        "assistant",
    ]
    assert local.messages[2]["content"] == "```python\nprint(41)\n```"


def test_a_chat_with_a_model_here_does_not_go_on_elsewhere(server, local):
    server.on(CHAT, says("Kept."))
    local("let x be 41", chat="maths")
    error = local.failure(ChatError, chat="maths", local_base_url="https://gpu.example/v1")
    assert "all of it would go to https://gpu.example/v1: --fresh starts it anew" in str(error)
    there = server.url.replace("127.0.0.1", "localhost")
    assert local("go on", chat="maths", local_base_url=f"{there}/v1").state == "done"


def test_a_chat_with_openais_own_server_goes_on_with_its_key(server, local):
    server.on(CHAT, says("Kept."))
    local("let x be 41", chat="maths")
    chat = local.session.chats.get("maths")
    (turn,) = chat.turns
    elsewhere = replace(turn.run.request.options, local_base_url="https://api.openai.com/v1")
    request = replace(turn.run.request, options=elsewhere, history=None)
    turns = (replace(turn, run=Run(request, "local")),)
    local.session.chats.keep(replace(chat, turns=turns))
    assert local.session.chats.next(request, "local").request.history


def test_a_chat_goes_on_from_its_file(server, local, tmp_path):
    server.on(CHAT, runs("x = 41"), says("Done."), says("42"))
    local("let x be 41", chat="maths")
    file = tmp_path / "maths.json"
    save(local.session.chats.get("maths"), file)
    local.session.chats.forget(local.session.chats.get("maths"))
    local.session.chats.keep(load(file))
    local("and one more?", chat="maths")
    roles = [message["role"] for message in local.messages]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]


@pytest.mark.parametrize(
    "part",
    [
        {"functionCall": 3},
        {"functionResponse": 3},
        {"inlineData": 3},
        "words",
    ],
    ids=str,
)
def test_a_damaged_history_is_one_line(server, local, part):
    server.on(CHAT, says("42"))
    local(chat="maths")
    chat = local.session.chats.get("maths")
    role = "model" if "functionCall" in part else "user"
    damaged = replace(chat.turns[0], contents=({"role": role, "parts": [part]},))
    local.session.chats.keep(replace(chat, turns=(damaged,)))
    assert "damaged" in str(local.failure(ChatError, chat="maths", append=True))


def test_numbers_of_an_answer_come_from_what_the_code_printed(server, local):
    server.on(CHAT, runs("print(5117)"), says("The sum is 5117."))
    (claim,) = local("Add the primes.").claims
    assert claim.text == "5117"
    assert claim.kind == "computed"


def test_a_run_is_verified_here(server, local):
    server.on(CHAT, runs("print(5117)"), says("The sum is 5117."))
    assert local(verify=True).verification.verdicts[0].kind == "same"


def test_a_run_is_recorded_and_answers_the_same_request_again(server, local, tmp_path):
    server.on(CHAT, runs("print(1)"), says("1"))
    store = str(tmp_path / "runs.jsonl")
    run = local(recordings=store)
    again = local(recordings=store, replay="only")
    assert [part for part in again.parts if not isinstance(part, Note)] == run.parts
    assert len(local.bodies) == 2


def test_a_password_in_the_address_is_not_recorded():
    request = request_of("?", engine="local", local_base_url="http://me:secret-word@gpu:8000/v1")
    assert "secret-word" not in str(identity_of("local", request))


def test_a_run_is_saved_and_read_again(server, local):
    server.on(CHAT, runs("print(1)"), says("1"))
    run = local()
    again = Run.from_dict(json.loads(json.dumps(run.to_dict())))
    assert (again.parts, again.engine, again.model) == (run.parts, "local", MODEL)


def test_pictures_and_texts_go_along(server, local, tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "b.csv").write_text("n\n42\n")
    server.on(CHAT, says("42"))
    local("what?", files=(str(tmp_path / "a.png"), str(tmp_path / "b.csv")), code=False)
    picture, table, *rest = local.messages[-1]["content"]
    url = f"data:image/png;base64,{b64encode(PNG).decode()}"
    assert picture == {"type": "image_url", "image_url": {"url": url}}
    assert table == {"type": "text", "text": "input_file_1.csv (b.csv):\nn\n42\n"}
    assert rest[-1] == {"type": "text", "text": "what?"}


def test_data_is_there_for_the_code_and_the_model_gets_words(server, local, tmp_path):
    (tmp_path / "b.csv").write_text("n\n5117\n")
    server.on(CHAT, runs("print(open('b.csv').read(), rows)"), says("done"))
    file = str(tmp_path / "b.csv")
    run = local("add", files=(file,), data={"rows": [1234567]})
    assert run.steps[0].output == "n\n5117\n [1234567]\n"
    (sent,) = (message["content"] for message in local.bodies[0]["messages"])
    assert "b.csv: " in sent
    assert "5117" not in sent
    assert "1234567" not in sent


def test_a_file_that_no_such_model_reads_is_refused(local, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 \xff\xfe")
    error = local.failure(RequestError, files=(str(tmp_path / "a.pdf"),))
    assert "application/pdf, which no chat completion takes" in str(error)


def test_what_a_server_would_have_to_fetch_is_refused(local):
    assert "nobody to fetch" in str(local.failure(RequestError, files=("gs://a/b.csv",)))


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"search": True}, "the local engine has no web: leave --search out"),
        ({"url": True}, "the local engine has no web: leave --url out"),
        ({"context": "papers"}, "the local engine caches nothing: leave --cache-context out"),
    ],
)
def test_what_no_such_server_can_do_is_said_in_one_line(local, option, words):
    assert words in str(local.failure(RequestError, **option))


def test_without_a_model_the_only_one_answers(server, local):
    server.on(MODELS, listed("gemma3:1b"))
    server.on(CHAT, says("42"))
    run = local(model="gemini-3-flash-preview")
    assert local.bodies[0]["model"] == "gemma3:1b"
    assert run.parts[0] == Note("gemma3:1b answers: the server has no other, and -m names one")


def test_another_model_than_the_one_asked_is_told(server, local):
    server.on(CHAT, says("42"))
    assert local(model="llama3").parts[0] == Note(f"{MODEL} answers in place of llama3")


def test_an_interrupt_ends_the_run_and_the_line(server, local, interrupt):
    came = Event()
    server.on(CHAT, streamed(text("It is"), came.wait, interrupt, 5.0))
    with pytest.raises(Stopped) as caught:
        local(show=lambda run: nullcontext(lambda part: came.set()))
    assert interrupt.age < 0.5
    assert (caught.value.run.state, caught.value.run.text) == ("stopped", "It is")


def test_a_preview_shows_what_would_be_sent_and_sends_nothing(server, local, tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    shown = local.preview("what?", files=(str(tmp_path / "a.png"),))
    assert shown.startswith(f"POST {server.url}/v1/chat/completions\n")
    assert f"data:image/png ({len(PNG)} bytes)" in shown
    assert '"run_python"' in shown
    assert server.asked == []
