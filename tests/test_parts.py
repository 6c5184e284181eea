"""Parts go to JSON and back."""

import json

import pytest

from gemini_magic.answer.document import read_part, write_part
from gemini_magic.answer.parts import (
    KINDS,
    OK,
    Call,
    Code,
    Data,
    File,
    Image,
    Note,
    Query,
    Result,
    Source,
    Text,
    Thought,
)
from gemini_magic.errors import RecordingError

ONE_OF_EACH = [
    Text("Let me compute."),
    Thought("A sum."),
    Note("retrying in 12 s"),
    Code("print(1)", id="a"),
    Result("OUTCOME_OK", "1\n", id="a"),
    Image("image/png", b"\x89PNG\r\n\x1a\n\x00\xff"),
    Call("get_sales", {"year": 2024}, response={"result": [1, 2]}),
    Data('{"total": 3}'),
    Query("population of Oslo"),
    Source("Primes", "https://example.org/primes", "CC-BY-4.0"),
    File("a.csv", "text/csv", 4, b"a\n1\n"),
]


@pytest.mark.parametrize("part", ONE_OF_EACH, ids=lambda part: part.kind)
def test_a_part_survives_json(part):
    assert part == read_part(json.loads(json.dumps(write_part(part))))


def test_every_kind_is_tried_above():
    assert set(KINDS) == {part.kind for part in ONE_OF_EACH}


def test_fields_of_a_later_version_are_passed_over():
    assert Text("hi") == read_part({"kind": "text", "text": "hi", "colour": "red"})


@pytest.mark.parametrize(
    "data", [{"kind": "smell"}, {"kind": "text"}, {"kind": "image", "mime_type": "x", "data": "?"}]
)
def test_what_is_not_a_part_is_refused(data):
    with pytest.raises(RecordingError):
        read_part(data)


def test_an_image_does_not_print_its_bytes():
    assert "image/png" in repr(Image("image/png", b"secret bytes"))
    assert "secret" not in repr(Image("image/png", b"secret bytes"))


def test_a_result_that_is_kept_from_the_model_takes_the_place_of_itself():
    shown = Result(OK, "22\n", seen="[masked]\n", masked=1)
    kept = Result(OK, "22\n", seen="")
    assert shown.merged(kept) == kept
    assert kept.merged(kept) is None
    assert shown.merged(shown) is None
    assert Result(OK, "1\n").merged(kept) is None
    assert Result(OK, "22\n").merged(Result(OK, "22\n")) is None
