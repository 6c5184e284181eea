"""Functions of the notebook are called, and the model is told what came of it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from offered import LIMIT, Place, Unit, answered, temperature

from gemini_magic.answer.parts import Call
from gemini_magic.request.functions import response_of


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
