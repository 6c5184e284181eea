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


TABLE = """| Week | Total | Peak |
|---|---|---|
| first | 2383 | 402 |
| second | 3208 | 529 |
| third | 2943 | 498 |

"""
WEEKS = "first 2383 402\nsecond 3208 529\nthird 2943 498\n"


@pytest.mark.parametrize(
    ("prose", "how", "of"),
    [
        # cells of one column of the table above
        ("The third was 23.5% above the first.", "change", ("2943", "2383")),
        ("The peak was higher by 127.", "difference", ("529", "402")),
        ("All weeks together had 8,534.", "sum", ("2383", "3208", "2943")),
        ("Over the three weeks there were 8,534.", "sum", ("2383", "3208", "2943")),
        ("The weeks (first, second, third) had 1,429 at most.", "sum", ("402", "529", "498")),
        # a difference and, of the same two numbers, a ratio
        ("Of 2943 and 498, a difference of 2,445 and a ratio of 5.9.", "ratio", ("2943", "498")),
    ],
)
def test_cells_of_a_column_are_near_what_is_said_below_the_table(prose, how, of):
    kind, found, numbers = last(TABLE + prose, WEEKS)
    assert (kind, found, {*numbers}) == ("derived", how, {*of})


@pytest.mark.parametrize(
    "prose", ["The third was 25.3% above the first.", "All weeks together had 8,543."]
)
def test_what_no_two_cells_of_a_column_give_is_absent(prose):
    assert last(TABLE + prose, WEEKS)[0] == "absent"


def test_three_numbers_of_a_sentence_may_be_summed_up():
    output = "a: 318\nb: 682\nc: 417\n"
    said = "A has 318, B 682 and C 417, in total 1,417."
    assert last(said, output) == ("derived", "sum", ("318", "682", "417"))
    assert last(said.replace("1,417", "1,471"), output)[0] == "absent"


def test_a_share_may_leave_the_rest_of_the_whole():
    output = "accuracy 0.9525\n"
    said = "The accuracy is 95.25%, which leaves an error rate of 4.75%."
    assert last(said, output) == ("derived", "difference", ("100%", "95.25%"))
    assert last(said.replace("4.75%", "4.57%"), output)[0] == "absent"


def test_later_shares_are_of_the_same_total():
    output = "requests 48213\nok 45107\nmoved 1204\nmissing 1533\n"
    said = "Of 48,213 requests:\n\n- ok: 45,107 (93.6%)\n- moved: 1,204 (2.5%)\n- gone: 1,533 ({}%)"
    assert last(said.format("3.2"), output) == ("derived", "share", ("1,533", "48,213"))
    assert last(said.format("2.3"), output)[0] == "absent"


def test_what_follows_may_be_what_another_follows_from():
    output = "a: 318\nb: 682\n"
    claims = traced(output, "A won 318 and B 682, together 1,000, so A has a share of 31.8%.")
    assert (claims[-1].kind, set(claims[-1].of)) == ("derived", {"318", "1,000"})


def test_percentages_and_other_numbers_are_neither_added_nor_subtracted():
    output = "items: 1210\nerrors: 16.8%\n"
    assert last("Of 1,210 items 16.8% are broken, so 1,193 remain.", output)[0] == "absent"


def test_a_count_or_its_percentage_is_no_range_of_percentages():
    output = "before: 3330579\nafter: 3729150\n"
    said = "It grew from 3.33 million to 3.73 million, up 398,571 or 12.0%."
    assert [claim.kind for claim in traced(output, said)][2:] == ["derived", "derived"]


def test_two_columns_that_say_the_same_of_two_rows_are_one_thing():
    table = "| Week | Total | Mean |\n|---|---|---|\n| first | 2383 | 340.4 |\n"
    table += "| third | 2943 | 420.4 |\n\n"
    output = "first 2383 340.4\nthird 2943 420.4\n"
    assert last(f"{table}The third was 23.5% above the first.", output)[:2] == ("derived", "change")


def test_a_factor_may_be_said_as_a_change():
    output = "risk ratio 1.5499\n"
    said = "The risk ratio is 1.55, a 55% higher chance."
    assert last(said, output) == ("derived", "change", ("1.55", "1"))
    assert last(said.replace("55%", "65%"), output)[0] == "absent"


def test_another_result_of_the_sentence_has_the_numbers_that_one_follows_from():
    rows = {"A": 20.78, "B": 23.84, "C": 19.26, "D": 22.25}
    output = "".join(
        f"{name} mean {mean} sd 0.{i}1\n" for i, (name, mean) in enumerate(rows.items())
    )
    table = "".join(
        f"| {name} | {mean} ± 0.{i}1 |\n" for i, (name, mean) in enumerate(rows.items())
    )
    said = "B gives 4.58 more than C (+23.8%) and 2.32 above the grand mean of 21.52."
    claims = traced(f"{output}grand mean 21.52\n", f"| | Mean |\n|---|---|\n{table}\n{said}")
    assert claims[-2].of == ("23.84", "21.52")


def test_what_stands_before_a_long_list_is_near_what_stands_behind_it():
    primes = "101 103 107 109 113 127 131 137 139 149 151".split()
    output = f"{' '.join(primes)}\ncount: 11\nsum: 1366\n"
    said = f"There are 11 with a sum of 1,366:\n\n{', '.join(primes)}\n\nThe average is 124.2."
    assert last(said, output) == ("derived", "ratio", ("1,366", "11"))
