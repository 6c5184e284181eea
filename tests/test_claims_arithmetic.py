"""An expression that is written out before an equals sign has a value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.claims.arithmetic import evaluated

small = st.integers(0, 99)


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("There are 5! = ", 120),
        ("5! (5 factorial) = ", 120),
        ("The sum is 2 + 3 + 5 + 7 = **", 17),
        ("2 + 3 × 4 = ", 14),
        ("(2 + 3) · 4 = $", 20),
        ("2^10 = ", 1024),
        ("2**3**2 = ", 512),
        ("-2 + 5 = ", 3),
        ("so 1,200 + 34 = ", 1234),
        ("$1{,}200 \\times 2 = ", 2400),
        ("12 x 12 = ", 144),
        ("7 \\div 2 ≈ ", Decimal("3.5")),
        ("10 − 2 − 3 = ", 5),
        ("x = 3 * 4 = ", 12),
        ("the sum (2 + 3 = ", 5),
        ("6 / 4 = ", Decimal("1.5")),
    ],
)
def test_the_usual_signs_and_their_precedence_are_known(before, value):
    assert evaluated(before) == value


@pytest.mark.parametrize(
    "before",
    [
        "The sum is ",
        "x = ",
        "n = 12 = ",
        "2 + = ",
        "2 + 3 : ",
        "(2 + 3)) = ",
        "1 / 0 = ",
        "9^9^9^9 = ",
        "9^999 = ",
        "2^0.5 = ",
        "999! = ",
        "2.5! = ",
        "(" * 150 + "1 + 1 = ",
        "1 + " * 39 + "1 = ",
        "a + 4 * 5 = ",
        "x - 4 * 5 = ",
        "__import__('os') = ",
    ],
)
def test_what_is_none_has_no_value(before):
    assert evaluated(before) is None


@given(small, small, small)
def test_products_come_before_sums(a, b, c):
    assert evaluated(f"{a} + {b} × {c} = ") == a + b * c
    assert evaluated(f"({a} + {b}) × {c} = ") == (a + b) * c
    assert evaluated(f"{a} × {b} - {c} = ") == a * b - c


@given(st.text("0123456789()+-*/^!.x ×", max_size=160))
def test_any_signs_end_in_a_value_or_none(text):
    value = evaluated(text + " = ")
    assert value is None or isinstance(value, Decimal)
