"""What the model is told of functions of the notebook, and which cannot be offered."""

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import pytest
from offered import Place, Unit, answered, temperature
from pydantic import Field

from gemini_magic.errors import RequestError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.build import build
from gemini_magic.request.declarations import Declaration, by_name, declared
from gemini_magic.request.question import Question


def declaration(function):
    return declared({function.__name__: function})[0].declaration


def refused(value, line="--tool f", name="f"):
    with pytest.raises(RequestError) as caught:
        build(Question("add", parse(line, GeminiMagic()), {name: value}))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_function_is_declared_by_its_signature_and_its_docstring():
    assert declaration(temperature) == Declaration(
        "temperature",
        "Return how warm it is in a city now.\n\nArgs:\n    city: the city's English name.",
        {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
            },
            "required": ["city"],
        },
        {"type": "number"},
    )


def test_models_enums_and_descriptions_of_parameters_are_declared():
    def move(
        to: Place, unit: Unit, by: Annotated[list[float], Field(description="metres")]
    ) -> None:
        """Move."""

    schema = declaration(move).parameters
    assert schema["properties"]["to"] == {"$ref": "#/$defs/Place"}
    assert schema["$defs"]["Place"]["properties"]["city"] == {"type": "string"}
    assert schema["$defs"]["Unit"]["enum"] == ["c", "f"]
    assert schema["properties"]["by"]["description"] == "metres"
    assert schema["required"] == ["to", "unit", "by"]


@dataclass
class Range:
    low: float = -math.inf
    high: float = math.nan


def test_a_default_that_json_does_not_have_is_null():
    def clip(x: float = math.nan, within: Range = Range()) -> Range:  # noqa: B008
        return within

    declared = declaration(clip)
    assert declared.parameters["properties"]["x"] == {"type": "number", "default": None}
    json.dumps([declared.parameters, declared.returns], allow_nan=False)


def test_arguments_that_json_does_not_have_are_null():
    def f(x: object) -> str:
        return repr(x)

    assert answered(f, {"x": [math.nan]})[-1].args == {"x": [None]}


@dataclass
class Point:
    x: float
    y: float = 0.0


def test_a_dataclass_is_declared_and_arrives_as_one():
    def norm(point: Point, unit: Any) -> float:
        return abs(complex(point.x, point.y))

    declaration = declared({"norm": norm})[0].declaration.parameters
    assert declaration["properties"]["point"]["$ref"] == "#/$defs/Point"
    assert declaration["$defs"]["Point"]["required"] == ["x"]
    assert declaration["required"] == ["point", "unit"]
    [_, ended] = answered(norm, {"point": {"x": 3, "y": 4}, "unit": None})
    assert ended.response == {"result": 5.0}


def test_a_function_that_remembers_its_results_is_offered_as_what_it_is():
    @cache
    def squared(x: int) -> int:
        """Return x squared."""
        return x * x

    assert declared({"squared": squared})[0].declaration.description == "Return x squared."
    [_, ended] = answered(squared, {"x": "3"})
    assert ended.response == {"result": 9}


def test_a_function_is_offered_under_the_name_that_the_notebook_has_for_it():
    built = build(Question("add", parse("--tool f", GeminiMagic()), {"f": temperature}))
    assert [declared.name for declared in built.request.functions] == ["f"]
    assert [function.name for function in built.functions.offered] == ["f"]


def test_a_request_without_a_function_offers_none():
    assert build(Question("add", parse("", GeminiMagic()), {})).request.functions == ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "'f' is no function, but of type int: offer a function"),
        (Place, "'f' is no function, but of type ModelMetaclass: offer a function"),
        (
            lambda city: 0,
            "the parameter 'city' of 'f' has no type: annotate it, as `city: str`",
        ),
        (print, "the function 'f' takes *args: a model can only name its arguments"),
        (
            len,
            "the function 'f' takes 'obj' by place only: a model can only name its arguments",
        ),
        (
            {}.update,
            "the function 'f' cannot be offered: Python does not know its parameters",
        ),
    ],
    ids=["int", "class", "lambda", "print", "len", "dict.update"],
)
def test_what_cannot_be_offered_is_refused_in_one_line(value, message):
    assert refused(value) == message


def test_a_type_that_json_does_not_have_is_refused_in_one_line():
    class Stamp:
        pass

    def f(stamp: Stamp) -> None: ...

    assert refused(f).startswith(
        "the function 'f' cannot be offered: a type in it is none of JSON's ("
    )


def test_an_annotation_that_names_nothing_is_refused_in_one_line():
    def f(x: "Nowhere") -> None: ...  # noqa: F821

    assert "(name 'Nowhere' is not defined)" in refused(f)


def test_an_async_function_is_refused_in_one_line():
    async def f(x: int) -> None: ...

    assert refused(f) == "the function 'f' is async: offer one that is not"


def test_a_name_beyond_ascii_is_refused_in_one_line():
    assert refused(temperature, "--tool wärme", "wärme") == (
        "the function 'wärme' cannot be offered: its name may have a-z, A-Z, 0-9 and _"
    )


def test_a_function_that_is_not_there_names_the_nearest():
    assert refused(temperature, "--tool temprature", "temperature") == (
        "there is no variable 'temprature' to offer: did you mean 'temperature'?"
    )


def test_two_functions_of_one_name_are_refused():
    with pytest.raises(RequestError, match="two functions are called 'temperature'"):
        by_name([temperature, temperature])
