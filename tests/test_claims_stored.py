"""Claims are written into a document and read back as they were."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic import Claim
from gemini_magic.answer.claims.claim import FLAGS, KINDS, Place
from gemini_magic.answer.claims.stored import (
    MOST_CLAIMS,
    bounded,
    claims_from_json,
    claims_to_json,
)

small = st.integers(-2, 9)
places = st.one_of(st.none(), st.builds(Place, small, small, small, st.integers(0, 2)))
claims = st.builds(
    Claim,
    st.just(0),
    st.just(0),
    st.text("0123456789.,%", min_size=1, max_size=4),
    st.sampled_from(KINDS),
    st.sampled_from(("", "exact", "rounded")),
    st.sampled_from(FLAGS),
    places,
    st.just(()),
)


def in_order(found):
    """Give claims the places that those of an answer have."""
    return tuple(
        Claim(at // 7, at % 7, c.text, c.kind, c.how, c.flag, c.place) for at, c in enumerate(found)
    )


@given(st.lists(claims, max_size=40))
def test_what_is_read_is_what_was_written(found):
    found = in_order(found)
    written = json.loads(json.dumps(claims_to_json(found)))
    assert claims_from_json(written) == found


def test_a_row_has_what_the_documentation_says():
    found = (
        Claim(4, 0, "5,117", "computed", "rounded", "", Place(3, 3, 29)),
        Claim(4, 1, "12", "absent"),
        Claim(4, 2, "364", "derived", "difference", of=("682", "318")),
        Claim(4, 3, "7", "computed", "exact", "failed", Place(1, 2, 3, turn=1)),
    )
    assert claims_to_json(found) == {
        "4": [
            [0, "5,117", "computed", "rounded", [3, 3, 29]],
            [1, "12", "absent"],
            [2, "364", "derived", "difference", ["682", "318"]],
            [3, "7", "computed", "exact", [1, 2, 3, 1], "failed"],
        ]
    }
    assert claims_from_json(claims_to_json(found)) == found


def test_neighbours_of_several_lines_are_one_row_too():
    found = (
        Claim(2, 0, "8", "computed", "exact", "", Place(1, 2, 4)),
        Claim(2, 1, "9", "computed", "exact", "", Place(1, 3, 4)),
        Claim(2, 2, "12", "absent"),
        Claim(2, 3, "13", "absent"),
        Claim(2, 5, "14", "absent"),
    )
    assert claims_to_json(found) == {
        "2": [
            [0, ["8", "9"], "computed", "exact", [1, [2, 3], [4, 4]]],
            [2, ["12", "13"], "absent"],
            [5, "14", "absent"],
        ]
    }
    assert claims_from_json(claims_to_json(found)) == found


def test_neighbours_of_one_line_are_one_row():
    found = tuple(
        Claim(2, at, text, "computed", "exact", "", Place(1, 1, 2 + 3 * at))
        for at, text in enumerate(("2", "3", "5"))
    )
    assert claims_to_json(found) == {
        "2": [[0, ["2", "3", "5"], "computed", "exact", [1, 1, [2, 5, 8]]]]
    }


def test_without_claims_there_is_nothing_to_write():
    assert claims_to_json(()) == {}
    assert claims_from_json({}) == ()


def test_of_too_many_those_that_a_user_must_know_are_kept_in_their_order():
    many = [Claim(0, at, str(at), "common") for at in range(200)]
    many += [Claim(1, at, str(at), "computed", "exact", "", Place(0, 1, 1)) for at in range(200)]
    many += [Claim(2, at, str(at), "absent") for at in range(150)]
    kept = bounded(many)
    assert len(kept) == MOST_CLAIMS
    assert [claim.kind for claim in kept].count("absent") == 150
    assert [claim.kind for claim in kept].count("computed") == 150
    assert list(kept) == sorted(kept, key=lambda claim: (claim.part, claim.nth))
    assert bounded(many[:MOST_CLAIMS]) == tuple(many[:MOST_CLAIMS])


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"x": []},
        {"-1": []},
        {"²": []},
        {"1": {}},
        {"1": [[0, "7"]]},
        {"1": [[0, "7", "correct"]]},
        {"1": [[0, "7", ["computed"]]]},
        {"1": [["0", "7", "absent"]]},
        {"1": [[True, "7", "absent"]]},
        {"1": [[0, 7, "absent"]]},
        {"1": [[0, "7", "computed", 1]]},
        {"1": [[0, "7", "computed", "exact", 3]]},
        {"1": [[0, "7", "computed", "exact", [1, 2]]]},
        {"1": [[0, "7", "computed", "exact", [1, 2, 3, 4, 5]]]},
        {"1": [[0, "7", "computed", "exact", [1, 2, "3"]]]},
        {"1": [[0, ["7", "8"], "computed", "exact", [1, 2, 3]]]},
        {"1": [[0, ["7", "8"], "computed", "exact", [1, [2], [3, 4]]]]},
        {"1": [[0, ["7", "8"], "computed", "exact", [1, [2, "3"], [3, 4]]]]},
        {"1": [[0, "7", "computed", "exact", [1, 2**60, 3]]]},
        {"1": [[0, "7", "computed", "exact", [1, 10**5000, 3]]]},
        {"1": [[0, "7", "derived", "sum", ["1", 2]]]},
        {"1": [[0, "7", "computed", "exact", [1, 2, 3], "verified"]]},
        {"1": [[0, "7" * 1000, "absent"]]},
        {"1": [[0, ["7"] * 500, "computed", "exact", [1, 1, [1] * 500]]]},
        {"1": [[0, "7", "absent"]] * (MOST_CLAIMS + 1)},
    ],
)
def test_anything_else_is_refused(value):
    with pytest.raises(ValueError):
        claims_from_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(JSON)
def test_hostile_json_is_refused_or_read(value):
    try:
        read = claims_from_json(value)
    except ValueError:
        return
    assert claims_from_json(claims_to_json(read)) == read
