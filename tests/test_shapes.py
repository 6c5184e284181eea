"""Answers of a certain shape."""

from dataclasses import dataclass

import pytest
from asking import MODEL, failure_of, gemini, run_of
from colours import uncoloured
from loopback import GENERATE, said, stream
from pydantic import BaseModel, field_validator

from gemini_magic.answer.parts import Code, Data, Result
from gemini_magic.errors import AnswerUnreadable, RequestError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.html import render

GEMINI_3 = "gemini-3-flash-preview"
DONE = {"finishReason": "STOP"}


class Stats(BaseModel):
    mean: float
    median: float


@dataclass
class Point:
    x: int
    y: int


SCHEMA = {"type": "object", "properties": {"mean": {"type": "number"}}, "required": ["mean"]}


def test_a_model_gives_its_schema_and_its_object():
    shape = output_of("Stats", Stats)
    assert shape.schema.schema["required"] == ["mean", "median"]
    assert shape.read('{"mean": 2, "median": 1}') == Stats(mean=2, median=1)


def test_a_list_of_models_and_a_dataclass_are_types_too():
    assert output_of("rows", list[Stats]).read('[{"mean": 2, "median": 1}]') == [
        Stats(mean=2, median=1)
    ]
    assert output_of("Point", Point).read('{"x": 1, "y": 2}') == Point(1, 2)


def test_a_schema_gives_plain_values():
    shape = output_of("schema", SCHEMA)
    assert shape.schema.schema == SCHEMA
    assert shape.read('{"mean": 2}') == {"mean": 2}


def test_a_fence_around_the_json_does_not_matter():
    assert output_of("schema", SCHEMA).read('```json\n{"mean": 2}\n```\n') == {"mean": 2}


@pytest.mark.parametrize(
    ("wanted", "text", "said"),
    [
        (Stats, '{"mean": "x"}', "mean: Input should be a valid number, unable to parse"),
        (SCHEMA, '{"mean": "x"}', "$.mean: 'x' is not of type 'number'"),
        (SCHEMA, "{", "Expecting property name enclosed in double quotes"),
        (Stats, "", "Invalid JSON: EOF while parsing a value"),
    ],
)
def test_an_answer_that_does_not_fit_says_where(wanted, text, said):
    with pytest.raises(AnswerUnreadable) as caught:
        output_of("answer", wanted).read(text)
    assert str(caught.value).startswith("the answer does not fit answer (")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (3, "it is of type int"),
        ("Stats", "it is of type str"),
        (Stats(mean=1, median=1), "it is of type Stats"),
        ({"type": "numbr"}, "'numbr' is not valid under any of the given schemas"),
        ({"$ref": "#/$defs/nope"}, "'/$defs/nope' does not exist within"),
        ({"items": {"$ref": "https://a.example/s.json"}}, "https://a.example/s.json"),
    ],
)
def test_what_is_no_shape_is_refused_in_one_line(value, why):
    with pytest.raises(RequestError) as caught:
        build(Question("add", parse("--json s", GeminiMagic()), {"s": value}))
    assert str(caught.value).startswith("'s' is neither a JSON schema nor a pydantic model (")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


class Picky(BaseModel):
    mean: float

    @field_validator("mean")
    @classmethod
    def known(cls, value: float) -> float:
        return {1.0: value}[value]


def test_a_validator_that_fails_by_itself_is_one_line():
    with pytest.raises(AnswerUnreadable, match=r"does not fit Picky \(2.0\)"):
        output_of("Picky", Picky).read('{"mean": 2}')


def test_a_schema_may_refer_to_itself_and_a_type_may_be_one_of_several():
    tree = {"type": "array", "items": {"$ref": "#"}}
    assert output_of("tree", tree).read("[[], [[]]]") == [[], [[]]]
    assert output_of("either", int | None).read("null") is None


def test_what_is_said_before_a_tool_is_used_is_no_answer(server, caplog):
    code = {"executableCode": {"language": "PYTHON", "code": "print(2)"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2\n"}}
    answer = said({"text": '{"mean": 2}'}, **DONE)
    server.on(GENERATE, stream(said({"text": "I compute."}), said(code), said(result), answer))
    run = run_of(gemini(server, GEMINI_3), output=output_of("s", SCHEMA))
    assert [(part.kind, getattr(part, "text", "")) for part in run.parts] == [
        ("text", "I compute."),
        ("code", ""),
        ("result", ""),
        ("data", '{"mean": 2}'),
    ]
    assert run.value == {"mean": 2}
    # The SDK's advice to whoever reads the text of a chunk.
    assert caplog.records == []


def test_a_shape_that_is_not_there_names_the_nearest():
    with pytest.raises(RequestError, match="no variable 'Stat' to fit: did you mean 'Stats'"):
        build(Question("add", parse("--json Stat", GeminiMagic()), {"Stats": Stats}))


def test_the_schema_is_sent_and_the_answer_is_the_value(server):
    code = {"executableCode": {"language": "PYTHON", "code": "print(2)"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2\n"}}
    server.on(
        GENERATE,
        stream(
            said(code),
            said(result),
            said({"text": '{"mean": 2, '}),
            said({"text": '"median": 1}'}, **DONE),
        ),
    )
    shape = output_of("Stats", Stats)
    run = run_of(gemini(server, GEMINI_3), "mean?", output=shape)
    config = server.prompts[0].body["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"] == shape.schema.schema
    assert server.prompts[0].body["tools"] == [{"codeExecution": {}}]
    assert run.parts == [
        Code("print(2)"),
        Result(output="2\n"),
        Data('{"mean": 2, "median": 1}'),
    ]
    assert run.value == Stats(mean=2, median=1)
    assert "&quot;" not in run.data
    assert '{"mean": 2, "median": 1}' in uncoloured(render(run))


def test_an_answer_that_does_not_fit_fails_the_run_and_stays(server):
    server.on(GENERATE, stream(said({"text": '{"mean": 2}'}, **DONE)))
    shape = output_of("Stats", Stats)
    error = failure_of(gemini(server, GEMINI_3), AnswerUnreadable, output=shape)
    assert "median: Field required" in str(error)
    assert error.run.state == "failed"
    assert error.run.parts == [Data('{"mean": 2}')]
    assert error.run.value is None


def test_a_model_that_cannot_have_both_is_told_before_anything_is_sent(server):
    error = failure_of(gemini(server, MODEL), RequestError, output=output_of("s", SCHEMA))
    assert str(error) == (
        "gemini-2.5-pro cannot mix --json with code, search or pages in one request: add "
        "--no-code and leave --search and --url out, or use Gemini 3"
    )
    assert server.asked == []


def test_without_code_every_model_can_answer_in_a_shape(server):
    server.on(GENERATE, stream(said({"text": '{"mean": 2}'}, **DONE)))
    run = run_of(gemini(server, MODEL), output=output_of("s", SCHEMA), code=False)
    assert run.value == {"mean": 2}
