"""What came whole but is odd: numbers and depths out of range, answers that are none, citations."""

import json

import pytest
from asking import failure_of, gemini, request_of, run_of
from loopback import GENERATE, Answer, said, stream

from gemini_magic.answer.parts import Call, Note, Source, Text
from gemini_magic.errors import AnswerUnreadable, GeminiError
from gemini_magic.line import answer
from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.chats import Chats
from gemini_magic.runs.html import render
from gemini_magic.runs.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text

GEMINI_3 = "gemini-3-flash-preview"
DONE = {"finishReason": "STOP"}


def f(x: object = None) -> str:
    return "ok"


FUNCTIONS = Functions(declared({"f": f}), limit=1000)


def nested(depth):
    return json.loads("[" * depth + "]" * depth)


ARGUMENTS = {
    "half a pair": {"x": "\ud800 half"},
    "half a pair as a name": {"\udfff": 1},
    "nested 100 deep": {"x": nested(100)},
    "nested 260 deep": {"x": nested(260)},
    "nested 900 deep": {"x": nested(900)},
    "a huge number": {"x": 10**400},
    "not finite": {"x": float("inf")},
    "not a number": {"x": float("nan")},
    "a name of no parameter": {"y": 1},
}


@pytest.mark.parametrize("args", ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize("chat", [False, True])
def test_arguments_of_any_kind_end_in_an_answer_or_in_one_line(server, args, chat):
    server.on(
        GENERATE,
        stream(said({"functionCall": {"name": "f", "args": args}}, **DONE)),
        stream(said({"text": "done"}, **DONE)),
    )
    engine, chats = gemini(server, GEMINI_3, attempts=1), Chats()
    request = request_of("add", functions=FUNCTIONS, chat="t" if chat else "")
    turn = chats.next(request, engine.name)
    run = Run(turn.request, engine.name, GEMINI_3)
    try:
        answer(run, engine, call=FUNCTIONS.answer)
    except GeminiError as exc:
        assert "\n" not in str(exc)
        assert run.state == "failed"
    else:
        assert run.state == "done"
        assert run.text == "done"
    json.dumps(run.to_dict()).encode()


def test_arguments_that_cannot_be_read_are_told_to_the_model():
    deep = {"x": nested(900)}
    running, ended = FUNCTIONS.answer("f", deep)
    assert (running.is_running, running.args) == (True, {})
    assert ended.error.startswith("its arguments cannot be read")


def test_half_a_pair_in_arguments_is_replaced():
    [_, ended] = FUNCTIONS.answer("f", {"x": "a\ud800"})
    assert ended == Call("f", {"x": "a\ufffd"}, {"result": "ok"})


def test_an_answer_that_only_a_chat_could_not_keep_is_done_without_one(server):
    deep = {"functionCall": {"name": "f", "args": {"x": nested(260)}}}
    server.streams(said({"text": "done"}), said(deep, **DONE))
    run = run_of(gemini(server))
    assert (run.state, run.text) == ("done", "done")


NUMBERS = ["1e999", "-1e999", "9" * 400, "9" * 5000, "NaN", "Infinity", "1" + "0" * 30]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:12])
@pytest.mark.parametrize("field", ["totalTokenCount", "promptTokenCount"])
def test_numbers_of_any_size_end_in_an_answer_or_in_one_line(server, number, field):
    chunk = json.dumps(said({"text": "done"}, **DONE) | {"usageMetadata": {field: "NUMBER"}})
    body = chunk.replace('"NUMBER"', number)
    server.on(GENERATE, Answer((f"data: {body}\n\n".encode(),)))
    try:
        run = run_of(gemini(server))
    except GeminiError as exc:
        assert "\n" not in str(exc)
    else:
        assert run.text == "done"


THOUGHT = {"text": "hm", "thought": True}
EMPTY = {"inlineData": {"mimeType": "image/png", "data": ""}}
DRAWN = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}, "thought": True}
NO_ANSWERS = {
    "thoughts alone": ([said(THOUGHT, **DONE)], "only what the model thought"),
    "many thoughts": ([said(THOUGHT), said(THOUGHT), said(**DONE)], "only what the model thought"),
    "a picture without data": ([said(EMPTY, **DONE)], "a picture without its data"),
    "a picture of no type": ([said({"inlineData": {}}, **DONE)], "a picture without its data"),
    "a picture that is a thought": ([said(DRAWN, **DONE)], "only what the model thought"),
    "a file that is a thought": (
        [said({"inlineData": {"mimeType": "text/csv", "data": "YQ=="}, "thought": True}, **DONE)],
        "only what the model thought",
    ),
    "both": ([said(THOUGHT, EMPTY, **DONE)], "thought and a picture without its data"),
    "nothing": ([said(**DONE)], "empty"),
    "empty text": ([said({"text": ""}, **DONE)], "empty"),
    "blank text": ([said({"text": "\n \n"}, **DONE)], "empty"),
    "blank text in pieces": (
        [said({"text": "\n"}), said({"text": " \t\u00a0\r\n"}, **DONE)],
        "empty",
    ),
    "a thought and blank text": (
        [said(THOUGHT, {"text": " "}, **DONE)],
        "only what the model thought",
    ),
    "a blank thought": ([said({"text": "\n", "thought": True}, **DONE)], "only what the model"),
    "blank code": ([said({"executableCode": {"code": "\n"}}, **DONE)], "empty"),
    "a page alone": (
        [
            said(
                **DONE,
                groundingMetadata={"groundingChunks": [{"web": {"uri": "https://a.example"}}]},
            )
        ],
        "empty",
    ),
}


@pytest.mark.parametrize(("chunks", "words"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_an_error_and_is_not_kept_in_the_chat(server, chunks, words):
    server.streams(*chunks)
    assert words in str(failure_of(gemini(server), AnswerUnreadable))
    chats, engine = Chats(), gemini(server)
    turn = chats.next(request_of("add", chat="t"), engine.name)
    run = Run(turn.request, engine.name)
    with pytest.raises(AnswerUnreadable):
        answer(run, engine)
    turn.finish(run)
    assert [chat.turns for chat in chats] == []


BESIDE = [
    said(THOUGHT),
    said(DRAWN),
    said(EMPTY),
    said({"inlineData": {}}),
    said({"text": "\n \n"}),
]


@pytest.mark.parametrize("beside", BESIDE, ids=str)
def test_beside_an_answer_they_are_no_error(server, beside):
    server.streams(beside, said({"text": "done"}, **DONE))
    assert run_of(gemini(server)).text.strip() == "done"


def test_a_picture_without_data_is_told(server):
    server.streams(said(EMPTY), said({"text": "done"}, **DONE))
    assert run_of(gemini(server)).parts[0] == Note("a picture or a file came without its data")


def test_citations_are_sources_with_their_licence(server):
    citations = [
        {"uri": "https://a.example/x.py", "license": "mit", "startIndex": 1, "endIndex": 9},
        {"uri": "https://a.example/y", "title": "Y"},
        {"uri": "https://a.example/x.py", "license": "mit"},
        {"startIndex": 1},
        {"license": "gpl-3.0"},
    ]
    server.streams(said({"text": "done"}, **DONE, citationMetadata={"citationSources": citations}))
    first = run_of(gemini(server)).parts
    server.streams(said({"text": "done"}, **DONE, citationMetadata={"citations": citations}))
    second = run_of(gemini(server)).parts
    expected = [
        Text("done"),
        Source("https://a.example/x.py", "https://a.example/x.py", "mit"),
        Source("Y", "https://a.example/y"),
        Source("a source without a name", "", "gpl-3.0"),
    ]
    assert expected in (first, second)


def test_a_source_without_an_address_is_told(server):
    citations = [{"license": "gpl-3.0"}, {"title": "A book"}, {"title": "B", "license": "mit"}]
    server.streams(said({"text": "done"}, **DONE, citationMetadata={"citationSources": citations}))
    unnamed = Source("a source without a name", "", "gpl-3.0")
    # Versions of the SDK differ in whether they keep a title.
    assert run_of(gemini(server)).parts[1:] in (
        [unnamed, Source("A book", ""), Source("B", "", "mit")],
        [unnamed, Source("a source without a name", "", "mit")],
    )


def test_a_licence_is_seen_in_every_form(server):
    citation = {"uri": "https://a.example/x.py", "license": "mit"}
    server.streams(said({"text": "done"}, **DONE, citationMetadata={"citations": [citation]}))
    run = run_of(gemini(server))
    if not any(isinstance(part, Source) for part in run.parts):
        # The Developer API has another name for the list.
        citations = {"citationSources": [citation]}
        server.streams(said({"text": "done"}, **DONE, citationMetadata=citations))
        run = run_of(gemini(server))
    run.add(Source("no name", "", "gpl"))
    for form in (to_text(run), render(run), run.to_markdown(), to_markdown(run).replace("\\", "")):
        assert "https://a.example/x.py (licence: mit)" in form
        assert "no name (licence: gpl)" in form
        assert "<>" not in form and 'href=""' not in form
    assert Run.from_dict(run.to_dict()).parts == run.parts


SCHEMA = output_of("s", {"type": "object", "required": ["a"]})
VALUE = '{"a": [1, {"b": "}]"}]}'
FORMS = {
    "alone": VALUE,
    "fenced": f"```json\n{VALUE}\n```",
    "fenced in capitals": f"```JSON\n{VALUE}\n```",
    "fenced in both": f"```Json\n{VALUE}\n```\n",
    "fenced without a word": f"```\n{VALUE}\n```",
    "fenced with another word": f"```json5\n{VALUE}\n```",
    "fenced by tildes": f"~~~json\n{VALUE}\n~~~",
    "fenced by four": f"````json\n{VALUE}\n````",
    "words before": f"Here is the JSON:\n\n```json\n{VALUE}\n```",
    "words after": f"```json\n{VALUE}\n```\nI hope that helps.",
    "words around, no fence": f"The answer is {VALUE}. That is all.",
    "brackets in the words": f"See [1] and {{x}}: {VALUE} (as of [2]).",
    "another value in the words": f'Not {{"b": 1}} but {VALUE}',
    "the same twice": f"{VALUE}\n\nOnce more: {VALUE}",
    "line ends of Windows": f"```json\r\n{VALUE}\r\n```",
    "blanks": f"\n\n   {VALUE}\n",
    "code before": f"```python\nprint({{1: 2}})\n```\n\n```json\n{VALUE}\n```",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_the_one_json_value_of_an_answer_is_found(text):
    assert SCHEMA.read(text) == json.loads(VALUE)


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_it_is_found_whatever_the_fragments_of_the_stream(server, text):
    server.streams(*[said({"text": text[i : i + 3]}) for i in range(0, len(text), 3)], said(**DONE))
    assert run_of(gemini(server, GEMINI_3), output=SCHEMA).value == json.loads(VALUE)


@pytest.mark.parametrize(("text", "value"), [("```JSON\n42\n```", 42), ("```\nnull\n```", None)])
def test_a_value_that_is_no_object_is_found_in_a_fence(text, value):
    assert output_of("either", int | None).read(text) == value


AMBIGUOUS = {
    "two that fit": '{"a": 1} or {"a": 2}',
    "none that fits": '{"b": 1}',
    "no value": "there is none",
    "half of one": '{"a": [1, 2',
    "nothing": "",
    "too deep": '{"a": ' + "[" * 5000,
}


@pytest.mark.parametrize("text", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_where_there_is_not_one_value_that_fits_the_answer_is_unreadable(text):
    with pytest.raises(AnswerUnreadable, match="does not fit s"):
        SCHEMA.read(text)


@pytest.mark.parametrize("piece", ["{", "[", '{"a":', "[1,", "```json\n"])
def test_text_built_to_be_slow_is_read_in_bounded_time(piece):
    with pytest.raises(AnswerUnreadable):
        SCHEMA.read(piece * (100_000 // len(piece)))
