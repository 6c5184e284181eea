"""The hash over a stored run: the same whoever wrote it, another once anything was changed."""

from __future__ import annotations

import json
from copy import deepcopy
from hashlib import sha256

import pytest
from browser import stored
from hypothesis import given
from hypothesis import strategies as st
from test_document import places, replaced

from gemini_magic.answer.parts import Call, Code, Result, Text, Usage
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.runs.seal import CHANGED, INTACT, NO_HASH, canonical, integrity

TABLE = Attachment("sales.csv", "text/csv", b"a,b\n1,2\n", path="sales.csv")


def sealed(**request):
    run = Run(Request("How much?", **request), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        run.add(Text("It is 3."))
        run.add(Call("rate", {"day": 1.0, "big": 2**60}, {"result": 1e22}))
        run.add(Code("print(3)"))
        run.add(Result(output="3\n"))
        run.add(Usage(prompt=3, total=7))
    return run


def as_a_browser_saves(value):
    """JSON as JavaScript writes it again: numbers are doubles, and whole ones have no point."""

    def number(text):
        double = float(text)
        return int(double) if double.is_integer() and abs(double) < 1e21 else double

    return json.loads(json.dumps(value), parse_float=number, parse_int=number)


def test_a_run_that_is_over_has_a_hash_and_one_that_grows_has_none():
    run = Run(Request("x"))
    assert "content" not in run.provenance
    with run.tracking():
        run.add(Text("a"))
    assert integrity(run.to_dict(), run.stats()) == INTACT


def test_the_hash_does_not_depend_on_the_order_of_keys_or_on_how_numbers_are_written():
    run = sealed()
    document, metadata = run.to_dict(), run.stats()
    turned = dict(reversed(document.items())), dict(reversed(metadata.items()))
    saved = as_a_browser_saves(document), as_a_browser_saves(metadata)
    assert [integrity(*each) for each in (turned, saved)] == [INTACT, INTACT]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None, "é\u2028"]}, b'{"a":[true,null,"\\u00e9\\u2028"],"b":1.0}'),
        ([1, 1.0, -0.0, 0.1, 2**53 + 1, 10**400], b"[1.0,1.0,0.0,0.1,9007199254740992.0,null]"),
    ],
)
def test_the_canonical_form(value, written):
    assert canonical(value) == written


def test_this_hash_stays_as_it_is_for_what_was_written_before():
    metadata = {"seconds": 1.5, "times": [1], "provenance": {"engine": "offline"}}
    metadata["provenance"]["content"] = (
        "sha256:98b36c0a550b1558ea57ab56d2102551db748c831b396187a55236d60dc46ce5"
    )
    assert integrity(stored("mended"), metadata) == INTACT


def test_whatever_is_changed_in_the_document_is_noticed():
    run = sealed()
    document, metadata = run.to_dict(), run.stats()
    for path in places(document):
        if path[0] not in ("insert", "needed"):
            assert integrity(replaced(document, path, "other"), metadata) == CHANGED, path
    more = deepcopy(document)
    more["parts"].append({"kind": "text", "text": "more"})
    assert integrity(more, metadata) == CHANGED


def test_whatever_is_changed_in_the_metadata_is_noticed_but_for_what_front_ends_add():
    run = sealed(attachments=(TABLE,))
    document, metadata = run.to_dict(), run.stats()
    for path in places(metadata):
        if path != ("provenance",):
            assert integrity(document, replaced(metadata, path, "other")) == CHANGED, path
    assert integrity(document, {**metadata, "display": "abc", "ended": 1}) == INTACT


def test_verdicts_and_the_choice_of_cells_come_later_and_change_nothing():
    run = sealed()
    metadata = run.stats()
    run.verify()
    run.insert = "all"
    assert run.stats() == metadata
    assert integrity(run.to_dict(), metadata) == INTACT


@pytest.mark.parametrize(
    "metadata", [None, 3, {}, {"provenance": 3}, {"provenance": {}}, {"provenance": {"content": 3}}]
)
def test_what_was_stored_before_there_were_hashes_has_none(metadata):
    document = stored("mended")
    assert integrity(document, metadata) == NO_HASH
    assert Run.from_dict(document, metadata).integrity == NO_HASH


@pytest.mark.parametrize("content", ["x", "sha256:", "sha256:" + "0" * 64, "md5:0"])
def test_a_hash_that_is_none_of_it_says_that_it_was_changed(content):
    assert (
        Run.from_dict(stored("mended"), {"provenance": {"content": content}}).integrity == CHANGED
    )


def test_a_run_says_whether_it_is_as_it_was_written():
    run = sealed()
    assert run.integrity == ""
    assert Run.from_dict(run.to_dict(), run.stats()).integrity == INTACT
    other = {**run.to_dict(), "prompt": "Other?"}
    read = Run.from_dict(other, run.stats())
    assert read.integrity == CHANGED
    # Writing it again does not make it good.
    assert Run.from_dict(read.to_dict(), read.stats()).integrity == CHANGED


def test_files_and_the_request_are_named_by_their_hashes():
    run = sealed(attachments=(TABLE, Attachment("b.txt", "text/plain", None, uri="gs://a/b.txt")))
    first, second = run.provenance["files"]
    assert first == {
        "name": "sales.csv",
        "mime_type": "text/csv",
        "bytes": 8,
        "sha256": sha256(b"a,b\n1,2\n").hexdigest(),
    }
    assert second == {"name": "b.txt", "mime_type": "text/plain", "uri": "gs://a/b.txt"}
    assert sealed().provenance["request"] == sealed().provenance["request"]
    assert sealed().provenance["request"] != run.provenance["request"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(JSON)
def test_metadata_that_may_be_anything_is_read_as_far_as_it_can_be(value):
    run = Run.from_dict(stored("mended"), value)
    assert json.loads(json.dumps(run.stats(), allow_nan=False)) == run.stats()


@given(st.sampled_from(["seconds", "times", "calls", "usage", "reply", "provenance"]), JSON)
def test_a_field_of_it_that_may_be_anything_too(name, value):
    metadata = {**sealed().stats(), name: value}
    run = Run.from_dict(stored("mended"), metadata)
    assert json.loads(json.dumps(run.stats(), allow_nan=False)) == run.stats()
    assert run.seconds >= 0
