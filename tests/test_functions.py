"""Functions of the notebook: what the model is told of them, and what it is told back."""

import enum
import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, Field

from gemini_magic.answer.parts import Call
from gemini_magic.errors import RequestError
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.build import build
from gemini_magic.request.declarations import Declaration, by_name, declared
from gemini_magic.request.functions import Functions, response_of
from gemini_magic.request.question import Question

LIMIT = 1000


class Unit(enum.Enum):
    CELSIUS = "c"
    FAHRENHEIT = "f"


class Place(BaseModel):
    city: str
    country: str = "NO"


def temperature(city: str, unit: Literal["c", "f"] = "c") -> float:
    """Return how warm it is in a city now.

    Args:
        city: the city's English name.
    """
    return {"Oslo": 3.5, "Cairo": 24.0}[city] + (0 if unit == "c" else 32)


def declaration(function):
    return declared({function.__name__: function})[0].declaration


def answered(function, args, permits=lambda call: True, limit=LIMIT, name=None):
    """Everything that one call yields."""
    functions = Functions(declared({function.__name__: function}), permits, limit)
    return list(functions.answer(name or function.__name__, args))


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


def test_a_call_is_told_while_it_runs_and_when_it_has_ended():
    running, ended = answered(temperature, {"city": "Oslo"})
    assert running == Call("temperature", {"city": "Oslo"})
    assert running.is_running
    assert ended == Call("temperature", {"city": "Oslo"}, {"result": 3.5})
    assert response_of(ended) == {"result": 3.5}


def test_arguments_arrive_as_the_types_that_are_annotated():
    seen = []

    def move(to: Place, unit: Unit, times: int) -> None:
        seen.append((to, unit, times))

    [_, ended] = answered(move, {"to": {"city": "Oslo"}, "unit": "f", "times": "3"})
    assert seen == [(Place(city="Oslo"), Unit.FAHRENHEIT, 3)]
    assert ended.response == {"result": None}


def test_an_exception_goes_to_the_reader_and_to_the_model():
    [_, ended] = answered(temperature, {"city": "Atlantis"})
    assert ended.error == "KeyError: 'Atlantis'"
    assert response_of(ended) == {"error": "KeyError: 'Atlantis'"}


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (SystemExit(3), "SystemExit: 3"),
        (Silent(), "Silent: "),
        (ValueError("x" * 5_000), f"ValueError: {'x' * 1_988}…"),
    ],
    ids=["that ends programs", "that cannot say what it is", "that goes on and on"],
)
def test_whatever_is_raised_is_the_error_of_the_call(raised, told):
    def f() -> None:
        raise raised

    [_, ended] = answered(f, {})
    assert ended.error == told


def test_arguments_that_do_not_fit_are_told_by_name():
    [_, ended] = answered(temperature, {"unit": "k"})
    assert ended.error == (
        "ValidationError: city: Missing required argument; unit: Input should be 'c' or 'f'"
    )


def test_a_function_that_is_not_offered_is_told_those_that_are():
    [_, ended] = answered(temperature, {}, name="weather")
    assert ended.error == "there is no function 'weather'; there are: temperature"


def test_a_call_that_the_reader_refuses_is_not_made():
    made = []

    def note(text: str) -> None:
        made.append(text)

    [_, ended] = answered(note, {"text": "x"}, permits=lambda call: False)
    assert ended.error == "refused by the user"
    assert made == []


def test_an_interrupt_inside_a_function_is_the_readers():
    def wait(seconds: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answered(wait, {"seconds": 1})


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (np.float64(2.5), 2.5),
        (np.int64(3), 3),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.datetime64("2024-01-02", "ns"), "2024-01-02T00:00:00"),
        (pd.Series([1.5]), [1.5]),
        (Place(city="Oslo"), {"city": "Oslo", "country": "NO"}),
        ({"when": pd.Timestamp("2024-01-02")}, {"when": "2024-01-02T00:00:00"}),
        ((1, {2: "b"}), [1, {"2": "b"}]),
        (float("nan"), None),
        ([float("-inf")], [None]),
        ({"a": (np.float32("nan"), {"b": np.inf})}, {"a": [None, {"b": None}]}),
        (np.array([1, np.nan]), [1, None]),
        (pd.Series([np.nan, np.inf]), [None, None]),
    ],
    ids=str,
)
def test_what_is_returned_goes_back_as_json(value, sent):
    def f() -> Any:
        return value

    [_, ended] = answered(f, {})
    assert ended.response == {"result": sent}


def test_an_interrupt_of_a_result_without_an_end_is_the_readers():
    def f() -> Any:
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answered(f, {})


def test_what_is_not_json_is_told_by_its_type():
    def f() -> Any:
        return pd.DataFrame({"a": [1]})

    [_, ended] = answered(f, {})
    assert ended.error == (
        "its result, of type DataFrame, is not JSON: return numbers, text, lists or dicts"
    )


def test_a_result_over_the_limit_does_not_go_back():
    def f() -> str:
        return "x" * LIMIT

    [_, ended] = answered(f, {})
    assert ended.response is None
    assert ended.error == (
        "what it returned has 1,002 bytes and may have 1,000 (GeminiMagic.max_attachment_bytes): "
        "return less"
    )


@pytest.mark.parametrize("fails", [False, True])
def test_a_key_does_not_go_back_and_is_not_shown(monkeypatch, fails):
    key = "AIza-a-key-that-nobody-must-see-00001"
    monkeypatch.setenv("GEMINI_API_KEY", key)

    def environment() -> dict[str, str]:
        if fails:
            raise RuntimeError(f"refused: {key}")
        return {"GEMINI_API_KEY": key}

    [_, ended] = answered(environment, {})
    assert ended.error == "what it said holds the key of GEMINI_API_KEY, and keys stay here"
    assert key not in repr(ended)
