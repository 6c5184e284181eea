"""A stored run is read as it was written, or refused in one line that names the place."""

import json

import pytest
from browser import RUNS, stored
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer import document
from gemini_magic.errors import RecordingError
from gemini_magic.runs.claimed import claims_of
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text
from gemini_magic.runs.verify import Verification

NAMES = sorted(path.stem for path in RUNS.glob("*.json"))
WRONG = (5, 1.5, True, None, "no such word", [1], {"a": 1}, [], {})


def places(value, path=()):
    """Every place in a document below its top, as the keys that lead there.

    Of any JSON, which holds JSON itself, the uppermost places stand for those in them.
    """
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in items:
        yield (*path, key)
        if isinstance(held, dict | list) and not (path and is_free(path)):
            yield from places(held, (*path, key))


def replaced(data, path, value):
    """Return `data` with another value at `path`; what lies beside the path is not copied."""
    if not path:
        return value
    changed = data.copy()
    changed[path[0]] = replaced(data[path[0]], path[1:], value)
    return changed


def is_free(path):
    """Whether the place is inside of what a function was told or returned, which is any JSON."""
    return len(path) > 2 and path[0] == "parts" and path[2] in ("args", "response")


def assert_read_or_refused(data):
    """A run that is read can be shown and written; one that is not is refused in one line."""
    try:
        run = Run.from_dict(data)
    except RecordingError as exc:
        assert "\n" not in str(exc)
        assert len(str(exc)) < 300
        return False
    assert render(run)
    assert isinstance(to_text(run), str)
    json.dumps(run.to_dict(), allow_nan=False)
    return True


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_type_at_any_place_is_refused(name):
    data = stored(name)
    for path in places(data):
        held = data
        for key in path:
            held = held[key]
        for wrong in WRONG:
            was_read = assert_read_or_refused(replaced(data, path, wrong))
            is_fitting = type(wrong) is type(held) or is_free(path)
            nullable = path[-1] in ("error", "seen")
            is_fitting = is_fitting or (nullable and isinstance(wrong, str | None))
            # A place, or how much of its code.
            is_fitting = is_fitting or (path[0] == "needed" and type(wrong) in (int, str))
            assert not was_read or is_fitting, (path, wrong)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def traced_and_verified():
    """A document that has all that a document may have."""
    run = Run.from_dict(stored("mended"))
    run.claims = claims_of(run)
    found = {"verdicts": [{"part": 2, "kind": "different", "why": "x", "here": "y"}]}
    run.verification = Verification.from_dict({**found, "sandbox": "z"})
    return run.to_dict()


DOCUMENTS = [*map(stored, NAMES), traced_and_verified()]
EVERYTHING = [(data, path) for data in DOCUMENTS for path in places(data)]


@given(st.sampled_from(EVERYTHING), JSON)
def test_anything_at_any_place_is_read_or_refused(place, value):
    assert_read_or_refused(replaced(*place, value))


def test_what_was_found_of_a_run_is_read_back():
    data = traced_and_verified()
    assert {"claims", "verification", "needed"} <= data.keys()
    assert Run.from_dict(data).to_dict() == data


def nested(depth, kind=list):
    value = {}
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


def with_parts(*parts, **changes):
    return {**stored("calls"), "parts": list(parts), **changes}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "the document is of the type list, and not an object"),
        (None, "the document is None, and not an object"),
        ({}, "version is missing"),
        ({"version": 2}, "this run has version 2, and version 1 is known: update gemini-magic"),
        ({"version": True}, "this run has version True"),
        ({"version": {}}, "this run has version of the type dict"),
        (with_parts(state={}), "state is of the type dict, and not text"),
        (with_parts(state="asleep"), "state is 'asleep', and not one of running, done"),
        (with_parts(insert="some"), "insert is 'some'"),
        (with_parts(3), "parts[0] is 3, and not an object"),
        (with_parts({}), "parts[0].kind is missing"),
        (with_parts({"kind": "smell"}), "parts[0] is of the kind 'smell', which is not known"),
        (with_parts({"kind": ["text"]}), "parts[0].kind is of the type list, and not text"),
        (with_parts({"kind": "text", "text": [1]}), "parts[0].text is of the type list"),
        (with_parts({"kind": "code", "code": 5}), "parts[0].code is 5, and not text"),
        (with_parts({"kind": "code", "code": 10**5000}), "parts[0].code is of the type int"),
        (with_parts({"kind": "image", "mime_type": "x", "data": "?"}), "parts[0].data is not bas"),
        (with_parts({"kind": "call", "name": "f", "args": []}), "parts[0].args is of the type li"),
        (with_parts({"kind": "call", "name": "f", "args": nested(101, dict)}), "nested more than"),
        (with_parts({"kind": "call", "name": "f", "args": nested(9_999, dict)}), "nested more th"),
        (with_parts({"kind": "call", "name": "f", "args": {}, "response": nested(999)}), "nested"),
        (with_parts({"kind": "call", "name": "f", "args": {"a": float("nan")}}), "is not JSON"),
        (with_parts(*[{"kind": "note", "text": ""}] * 100_001), "has 100,001 parts"),
        (with_parts(*[None] * 1_000_000), "this run has 1,000,000 parts, and may have 100,000"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_document_that_is_no_run_is_refused_by_the_place_that_is_wrong(data, why):
    with pytest.raises(RecordingError) as caught:
        Run.from_dict(data)
    assert why in str(caught.value)


def test_a_deep_answer_of_a_function_can_be_shown():
    call = {"kind": "call", "name": "f", "args": nested(99, dict), "response": nested(98)}
    assert assert_read_or_refused(with_parts(call))


def test_parts_keep_their_places_even_if_they_would_have_been_one():
    parts = [{"kind": "text", "text": "a"}, {"kind": "text", "text": "b"}]
    assert Run.from_dict(with_parts(*parts)).to_dict()["parts"] == parts


def test_what_no_file_could_hold_is_replaced_at_any_depth():
    call = {"kind": "call", "name": "f", "args": {"\ud800": ["\udfff"]}}
    written = Run.from_dict(with_parts(call)).to_dict()["parts"][0]
    assert written["args"] == {"\ufffd": ["\ufffd"]}
    assert document.read_part(written).args == {"\ufffd": ["\ufffd"]}
