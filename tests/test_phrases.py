"""The turns of phrase that every message shares."""

import pytest

from gemini_magic.phrases import count, did_you_mean, short


def test_a_word_that_is_nearly_known_is_asked_about():
    assert did_you_mean("modle", ["model", "seed"], "no idea") == "did you mean model?"
    assert did_you_mean("modle", ["model"], "no idea", repr) == "did you mean 'model'?"


def test_a_word_like_no_other_gets_the_other_line():
    assert did_you_mean("zzz", ["model", "seed"], "`--help` lists them") == "`--help` lists them"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 turns"), (1, "1 turn"), (1000, "1,000 turns")]
)
def test_a_number_takes_its_noun(number, words):
    assert count(number, "turn") == words


def test_a_long_text_is_one_line_and_its_end_is_left_out():
    assert short("a\n b\t c") == "a b c"
    assert short("x" * 61) == "x" * 60 + "…"
