"""A number may follow from two others near it, where the sentence has a word for that."""

import pytest
from test_claims_tracing import traced

OUTPUT = "a: 318\nb: 682\nc: 41.5\nd: 12.4%\ne: 15.9%\n"


def last(prose, output=OUTPUT):
    claim = traced(output, prose)[-1]
    return claim.kind, claim.how, claim.of


@pytest.mark.parametrize(
    ("prose", "how", "of"),
    [
        ("A won 318 and B 682, a difference of 364.", "difference", ("682", "318")),
        ("From 318 to 682, a span of 364.", "difference", ("682", "318")),
        ("A won 318 and B 682, together 1,000.", "sum", ("318", "682")),
        ("B won 682, A 318: 2.14 times as many.", "ratio", ("682", "318")),
        ("It rose from 318 to 682, an increase of 114.5%.", "change", ("682", "318")),
        ("A has 318 of 682, a share of 46.6%.", "share", ("318", "682")),
        (
            "From 12.4% to 15.9%, up by 3.5 percentage points.",
            "difference",
            ("15.9%", "12.4%"),
        ),
        ("Von 682 Leuten sagten 318 ja, damit 46,6 % der Leute.", "share", ("318", "682")),
        ("Il rapporto tra 682 e 318 è di 2,14.", "ratio", ("682", "318")),
        ("Von 682 ist 318 teurer: 364 spart man.", "difference", ("682", "318")),
        ("Of 682, 318 (46.6%) came, so 364 remain.\n\n", "difference", ("682", "318")),
        ("With 682 against 318: 682 minus 318 is 364.", "difference", ("682", "318")),
        ("The 12.4% and 15.9% make 28.3% together.", "sum", ("12.4%", "15.9%")),
    ],
)
def test_one_operation_on_two_numbers_is_found(prose, how, of):
    kind, found, numbers = last(prose)
    assert (kind, found) == ("derived", how)
    assert set(numbers) == set(of)


def test_it_is_worked_out_from_what_was_printed_and_not_only_from_what_is_said():
    output = "photos: 83.08%\nmusic: 15.52%\n"
    kind, *_ = last("Photos have 83% and music 15.5%, together 98.6%.", output)
    assert kind == "derived"


@pytest.mark.parametrize(
    "prose",
    [
        "A won 318 and B 682, a difference of 114.5 percentage points.",
        "A won 318 and B 682, a difference of 365.",
        "A won 318 and B 682. Then 364 came.",
        "At $x$ of 318 and 682 it predicts 2.14.",
        "It rose from 318 to 682, an increase of 114.9%.",
    ],
)
def test_a_wrong_result_or_one_without_a_word_for_it_is_absent(prose):
    assert last(prose)[0] == "absent"


def test_an_expression_that_is_written_out_needs_no_other_number():
    assert last("There are 5! = 120 orders.") == ("derived", "as written", ())
    assert last("It is 3 / 12 = 25% of all.") == ("derived", "as written", ())
    assert last("It is 12 × 12 = 154.")[0] == "absent"


def test_what_followed_once_follows_wherever_it_is_said_again():
    claims = traced(OUTPUT, "A won 318 and B 682, a difference of 364.\n\nSo 364 it is.")
    assert [claim.kind for claim in claims[-2:]] == ["derived", "derived"]


def test_of_two_pairs_the_one_before_the_number_counts():
    output = "rows: 1210\ncopies: 37\nremaining: 1173\n"
    claims = traced(output, "Of the 1,210 rows, 37 (3.1%) are copies, so 1,173 remain.")
    assert (claims[2].how, claims[2].of) == ("share", ("37", "1,210"))
