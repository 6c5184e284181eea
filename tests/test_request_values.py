"""A request is a pure value: it is compared, copied, pickled and written as JSON."""

import copy
import json
import pickle
from dataclasses import replace
from typing import Literal

import pytest
from pydantic import BaseModel

from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.request.request import Request


class Stats(BaseModel):
    mean: float
    unit: Literal["m", "s"] = "m"


def temperature(city: str, days: list[int] | None = None) -> float:
    """Return how warm it is."""
    return 1.0


LINE = "--seed 3 -t 1 --tool temperature --json Stats --data frame --search"


def asked(cell="Sum {n}.", line=LINE, **names):
    values = {"temperature": temperature, "Stats": Stats, "frame": {"a": [1, 2]}, "n": 3, **names}
    return build(Question(cell, parse(line, GeminiMagic()), values)).request


def in_a_chat(**names):
    history = ({"role": "user", "parts": [{"text": "a"}]},)
    return replace(asked(**names), history=history, earlier=(asked().attachments,))


REQUESTS = {
    "everything": asked,
    "a turn of a chat": in_a_chat,
    "a prompt alone": lambda: asked(line=""),
    "made by hand": lambda: Request("add"),
}


@pytest.mark.parametrize("make", REQUESTS.values(), ids=REQUESTS)
def test_it_is_equal_when_its_parts_are_and_can_be_copied_and_pickled(make):
    request = make()
    for again in (
        make(),
        pickle.loads(pickle.dumps(request)),
        copy.deepcopy(request),
        copy.copy(request),
        replace(request),
    ):
        assert again == request
        assert hash(again) == hash(request)
        assert again.canonical() == request.canonical()
    assert len({request, make()}) == 1


@pytest.mark.parametrize("make", REQUESTS.values(), ids=REQUESTS)
def test_what_is_asked_is_json(make):
    canonical = make().canonical()
    assert json.loads(json.dumps(canonical)) == canonical


DIFFERENT = {
    "the prompt": asked(cell="Sum {n}?"),
    "a variable in it": asked(n=4),
    "the data": asked(frame={"a": [1, 3]}),
    "the model": asked(line=LINE + " -m gemini-2.5-pro"),
    "the temperature": asked(line=LINE.replace("-t 1", "-t 0")),
    "the seed": asked(line=LINE.replace("3", "4")),
    "the schema": asked(Stats={"type": "object"}),
    "no schema": asked(line=LINE.replace("--json Stats", "")),
    "no function": asked(line=LINE.replace("--tool temperature", "")),
    "an instruction": asked(line=LINE + " --system brief"),
    "no code": asked(line=LINE + " --no-code"),
    "a chat": in_a_chat(),
}


@pytest.mark.parametrize("other", DIFFERENT.values(), ids=DIFFERENT)
def test_what_asks_something_else_is_another(other):
    assert other != asked()
    assert other.canonical() != asked().canonical()


@pytest.mark.parametrize("line", ["--static", "--out x", "--insert all", "--timeout 7"])
def test_how_it_is_shown_is_not_asked(line):
    assert asked(line=f"{LINE} {line}").canonical() == asked().canonical()


def test_a_schema_that_the_user_changes_later_is_as_it_was():
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    request = asked(Stats=schema)
    schema["properties"]["a"]["type"] = "string"
    assert request.output.schema["properties"]["a"]["type"] == "integer"


def test_no_live_thing_is_in_it():
    assert b"temperature" in pickle.dumps(asked())  # its declaration
    assert b"test_request_values" not in pickle.dumps(asked())


@pytest.mark.parametrize(
    "name", ["attachments Attachment", "build Request", "functions Declaration"]
)
def test_what_was_pickled_before_its_class_moved_is_read(name):
    module, kind = name.split()
    found = pickle.loads(f"cgemini_magic.request.{module}\n{kind}\n.".encode())
    assert found.__name__ == kind
