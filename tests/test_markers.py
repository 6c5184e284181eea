"""Which files `-m` reads, and what of an expression that cannot be read."""

import pytest
from conftest import may_choose


@pytest.mark.parametrize(
    ("expression", "kinds", "is_read"),
    [
        ("True", (), True),
        ("browser", (), False),
        ("browser", ("browser", "kernel"), True),
        ("not browser", ("browser",), True),
        ("(kernel or clock) and not browser", ("browser",), False),
    ],
)
def test_a_file_is_read_if_a_test_of_it_may_be_chosen(expression, kinds, is_read):
    assert may_choose(expression, kinds) == is_read


@pytest.mark.parametrize("expression", ["not", "browser and (", "1 + browser()", "a=1", ""])
def test_an_expression_that_cannot_be_read_is_left_to_pytest(expression):
    assert may_choose(expression, ())
