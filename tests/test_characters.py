"""Prompts from other systems: their line ends, marks, blanks and halves of characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.options.table import Options
from gemini_magic.request.build import build
from gemini_magic.request.characters import fenced_lines, normalized, without_halves
from gemini_magic.request.question import Question

NAMES = {"total": 42}
FILLED = "The sum is 42.\n```python\nprint(1)\n```"


def built(prompt, **options):
    return build(Question(prompt, Options(**options), NAMES)).request


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_in_a_line_feed(end):
    assert built(f"The sum is {{total}}.{end}```python{end}print(1){end}```").prompt == FILLED


@pytest.mark.parametrize("blank", ["\xa0", "\u202f", "\u2007", "\u3000"])
def test_blanks_that_do_not_break_are_blanks(blank):
    typed = f"The{blank}sum{blank}is {{total}}.\n```{blank}python\n{blank}{blank}print(1)\n```"
    assert built(typed).prompt == "The sum is 42.\n``` python\n  print(1)\n```"


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u2060"])
def test_marks_that_nobody_sees_are_gone(mark):
    typed = f"{mark}The sum is {{to{mark}tal}}.\n{mark}```python\n{mark}print(1)\n{mark}```"
    assert built(typed).prompt == FILLED


def test_what_stands_in_the_strings_of_fenced_code_stays():
    code = "```python\nprint('a\xa0b\ufeff')\n```"
    assert built(code).prompt == code


def test_a_raw_prompt_goes_as_typed():
    assert built("The\xa0sum\r\nof {total}", raw=True).prompt == "The\xa0sum\r\nof {total}"


def test_half_a_character_is_replaced_and_said():
    request = built("Say \ud83d to {total}")
    assert request.prompt == "Say \ufffd to 42"
    assert request.notes[-1] == "halves of characters were replaced by \ufffd: they cannot be sent"


def test_half_a_character_of_a_variable_is_replaced_and_said():
    request = build(Question("Say {word}!", names={"word": "a\udc00b"})).request
    assert request.prompt == "Say a\ufffdb!"
    assert request.notes[0] == "{word} → a\ufffdb"
    assert request.notes[1].startswith("halves of characters were replaced")


def test_two_halves_that_belong_together_are_one_character():
    request = built("Say \ud83d\ude00")
    assert (request.prompt, request.notes) == ("Say 😀", ())


def test_half_a_character_of_the_instruction_is_replaced():
    assert built("Sum {total}", system="Be \ud800").options.system == "Be \ufffd"


@given(st.text(st.characters(), max_size=40))
def test_any_text_can_be_sent_and_normalizing_twice_is_normalizing_once(text):
    whole = without_halves(normalized(text))
    assert whole.encode().decode() == whole
    assert normalized(normalized(text)) == normalized(text)
    assert "\r" not in whole


@given(st.lists(st.sampled_from(["a", "```", "~~~", "``` ", "````", "    ```", ""]), max_size=8))
def test_a_fence_holds_its_lines_until_one_like_it(lines):
    read = list(fenced_lines("\n".join(lines)))
    assert "\n".join(line for line, _ in read) == "\n".join(lines)
    assert not read[0][1]
