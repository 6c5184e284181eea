"""Numbers are read as they are written, and what only has digits is left alone."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gemini_magic.answer.claims.grammar import PRINTED
from gemini_magic.answer.claims.numbers import Reading, read, rounds_to
from gemini_magic.answer.claims.prose import mentions_in, mentions_in_json

whole = st.integers(0, 10**12)
decimals = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=3)
GERMAN = "Das ist die Zahl, und der Wert ist {}."


def said(prose):
    """The likeliest value of each number in prose."""
    return [mention.readings[0].value for mention in mentions_in(prose, 0)]


def texts(prose):
    return [mention.text for mention in mentions_in(prose, 0)]


def grouped(value, separator):
    return f"{value:,}".replace(",", separator)


@given(whole, st.sampled_from([",", "{,}", "\u2009", "\u202f", "\u00a0", "'", "’", ""]))
def test_thousands_may_stand_apart_in_any_way(value, separator):
    assert said(f"The total is {grouped(value, separator)}.") == [value]


@given(decimals)
def test_decimals_are_read_exactly(value):
    assert said(f"It weighs {value:,} in all.") == [value]
    assert said(f"It weighs {value} in all.") == [value]


@given(decimals)
def test_where_the_text_is_german_a_comma_stands_before_decimals(value):
    written = f"{value:,}".translate(str.maketrans(",.", ".,"))
    assert said(GERMAN.format(written)) == [value]


@given(st.integers(1000, 10**9), st.integers(0, 99))
def test_in_french_a_blank_may_stand_between_thousands(value, cents):
    written = f"{grouped(value, ' ')},{cents:02}"
    assert said(f"Le total est de {written} € et les courses sont des frais.") == [
        Decimal(f"{value}.{cents:02}")
    ]


@given(st.integers(1, 999), st.integers(-30, 30))
def test_powers_of_ten_are_read_in_any_spelling(digits, power):
    value = Decimal(digits).scaleb(power)
    raised = str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
    for written in (
        f"{digits}e{power}",
        f"{digits}E{power:+}",
        f"{digits} × 10{raised}",
        f"{digits} x 10^{power}",
        f"{digits}*10**{power}",
        f"{digits} \\times 10^{{{power}}}",
        f"{digits} \\cdot 10^{{{power}}}",
    ):
        assert said(f"p is ${written}$ here") == [value], written


@given(st.integers(0, 30))
def test_a_bare_power_of_ten_is_one_number(power):
    raised = str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    for written in (f"10^{power}", f"10**{power}", f"10^{{{power}}}", f"10{raised}"):
        assert said(f"about ${written}$ of them") == [Decimal(10) ** power], written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.5k", 1500),
        ("1.5 thousand", 1500),
        ("2M", 2_000_000),
        ("3.4 million", 3_400_000),
        ("3.4bn", 3_400_000_000),
        ("8.1 billion", 8_100_000_000),
        ("2 Mio.", 2_000_000),
        ("1.2 trillion", 1_200_000_000_000),
    ],
)
def test_words_of_size_belong_to_the_number(written, value):
    assert said(f"It costs {written} in all") == [value]
    assert texts(f"It costs {written} in all") == [written]


@pytest.mark.parametrize(
    "written", ["40%", "40 %", "40\\%", "40 percent", "40 per cent", "40 percentage points"]
)
def test_percent_belongs_to_the_number(written):
    (mention,) = mentions_in(f"That is {written} of them", 0)
    assert mention.is_percent
    assert mention.readings[0].value == 40


def test_a_range_says_percent_twice():
    assert [mention.is_percent for mention in mentions_in("It is 3 to 5 % more", 0)] == [True, True]


@given(whole, st.sampled_from("-−"))
def test_a_sign_counts_where_nothing_stands_before_it(value, sign):
    assert said(f"It is {sign}{value} degrees") == [-value]
    assert said(f"It is {sign}${value}") == [-value]


@given(st.integers(11, 99), st.integers(100, 999))
def test_a_hyphen_between_numbers_is_no_sign(low, high):
    assert said(f"From {low}-{high} of them") == [low, high]


@pytest.mark.parametrize(
    "prose",
    [
        "Step 2, Figure 3, Player 12 and attempt #4 of Table 7",
        "1. First\n2. Second",
        "**1)** First",
        "Python 3.12, Gemini 2.5, GPT-4, pandas 2.2.1, v1.0",
        "COVID-19, H2O, x_1, $x_{12}$, Q3 and UTF-8",
        "the 68-95-99.7 rule",
        "the 50/30/20 rule and the 80-20 rule",
        "while 20! is more",
        "open 24/7, one of 1/3",
        "the 1990s, 3D, 2nd and 10th",
        "so they say[1], and others[2, 3].",
        "agent 007 at 0x1f",
        "https://a.b/2024/17?x=99, data_2024.csv, me@x9.org",
        "the code `f(17)` and `range(10)`",
        "```\n15\n```",
        "    15\n",
        "$x^2 + y^{10}$",
        "![15 bars](chart.png)",
        "press 1️⃣ now",
    ],
)
def test_what_only_has_digits_claims_nothing(prose):
    assert texts(prose) == []


def test_code_that_is_nothing_but_numbers_is_read():
    assert texts("It is `5117`, or `1, 2`, by `sum(1)`") == ["5117", "1", "2"]


@pytest.mark.parametrize(
    "prose",
    [
        "May 5, 2026",
        "5 May 2026",
        "5th of May 2026",
        "2026-05-05",
        "May 2026",
        "5/31/2026",
        "31/5/2026",
        "31.05.2026",
        "8:05",
        "17:45:30",
    ],
)
def test_a_date_or_a_time_is_one_claim(prose):
    assert texts(f"It was on {prose}.") == [prose]


def test_the_numbers_of_a_table_know_their_row_and_column():
    table = "| city | rain | sun |\n|---|---|---|\n| Oslo | 12 | 34 |"
    first, second = mentions_in(table, 0)
    assert {"oslo", "rain"} <= first.words
    assert {"oslo", "sun"} <= second.words
    assert "rain" not in second.words


def test_a_column_may_say_that_its_numbers_are_in_percent():
    table = "| city | share (%) | n |\n|---|---|---|\n| Oslo | 41.2 | 34 |"
    assert [mention.is_percent for mention in mentions_in(table, 0)] == [True, False]


def test_the_nought_before_a_point_may_be_left_out():
    assert said("with *p* = .015 and r = -.31") == [Decimal("0.015"), Decimal("-0.31")]


def test_the_numbers_of_json_know_their_names():
    first, second, third = mentions_in_json('{"Oslo": {"rain": 12}, "note": "34 of 56"}', 3)
    assert (first.text, second.text, third.text) == ("12", "34", "56")
    assert {"oslo", "rain"} <= first.words
    assert first.part == 3


def test_names_in_json_end_with_their_object():
    *_, last = mentions_in_json('{"a": [{"inner": 1}, {"inner": 2}], "last": 3}', 0)
    assert "last" in last.words
    assert "inne" not in last.words


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert mentions_in(text, 0) == mentions_in(text, 0)
    assert mentions_in_json(text, 0) == mentions_in_json(text, 0)


DENSE = st.text("0123456789.,-−+%eE× ^_{}$'|*`[]()/:kM\nMay", max_size=200)


@given(DENSE)
def test_any_mixture_of_digits_and_signs_can_be_read(text):
    for mention in mentions_in(text, 0):
        assert mention.text


@given(decimals.filter(bool), st.integers(0, 3))
def test_a_value_rounds_to_what_both_ways_of_rounding_give(value, shown):
    unit = Decimal(1).scaleb(-shown)
    for how in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        assert rounds_to(value, Reading(value.quantize(unit, how), unit))


@given(decimals, st.integers(0, 2))
def test_a_value_cut_off_is_not_that_value_rounded(value, shown):
    unit = Decimal(1).scaleb(-shown)
    cut = value.quantize(unit, ROUND_DOWN)
    assume(value - cut != unit / 2)
    assert rounds_to(value, Reading(cut, unit)) == (value - cut < unit / 2)


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("total=1234.5", ["1234.5"]),
        ("1,234,567 and 12", ["1234567", "12"]),
        ("(1.5, -2)", ["1.5", "-2"]),
        ("np.float64(3.25)", ["3.25"]),
        ("-$5.20", ["-5.20"]),
        (".5 5. 1e-05", ["0.5", "5", "0.00001"]),
        ("+12.5%", ["12.5"]),
        ("08:05 2026-05-05 7", ["7"]),
        ("a1 b_2 3x", ["3"]),
        ("1_000", ["1000"]),
    ],
)
def test_what_is_printed_is_read(printed, values):
    found = [next(read(match)).value for match in PRINTED.finditer(printed) if match["num"]]
    assert found == [Decimal(value) for value in values]
