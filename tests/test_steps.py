"""Attempts are found among the parts."""

from gemini_magic.answer.parts import Code, Image, Result, Text
from gemini_magic.answer.steps import Step, blocks

PNG = Image("image/png", b"png")


def steps(*parts):
    return [block for block in blocks(parts) if isinstance(block, Step)]


def test_a_result_without_an_id_belongs_to_the_code_before_it():
    first, second = steps(Code("a"), Code("b"), Result(output="B"))
    assert (first.outcome, first.output) == (None, "")
    assert (second.outcome, second.output) == ("OUTCOME_OK", "B")


def test_a_result_with_an_id_belongs_to_the_code_with_that_id():
    first, second = steps(
        Code("a", id="1"), Code("b", id="2"), Result(output="B", id="2"), Result(output="A", id="1")
    )
    assert (first.output, second.output) == ("A", "B")


def test_an_outcome_is_that_of_the_last_result_and_the_output_is_all_of_it():
    (step,) = steps(Code("a"), Result("OUTCOME_OK", "1\n"), Result("OUTCOME_FAILED", "boom"))
    assert (step.outcome, step.output) == ("OUTCOME_FAILED", "1\nboom")


def test_images_belong_to_the_code_before_them_with_or_without_a_result():
    first, second = steps(Code("a"), PNG, Code("b"), Result(), PNG)
    assert (first.images, second.images) == ((PNG,), (PNG,))


def test_prose_and_steps_keep_their_order():
    shape = blocks([Text("x"), Code("a"), Text("y"), Result(output="late"), Text("z")])
    assert [type(block).__name__ for block in shape] == ["Text", "Step", "Text", "Text"]
    assert shape[1].output == "late"


def test_a_result_or_an_image_before_any_code_is_not_lost():
    assert [Result(output="x"), PNG] == blocks([Result(output="x"), PNG])


def test_a_step_says_which_part_its_code_is():
    assert [step.index for step in steps(Text("x"), Code("a"), Result(), Code("b"))] == [1, 3]
