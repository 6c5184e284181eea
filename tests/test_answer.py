"""An answer is its parts, and what is read off them."""

from gemini_magic.answer.answer import Answer
from gemini_magic.answer.parts import Code, Data, File, Image, Note, Result, Text, Thought

PNG, CSV = Image("image/png", b"png"), File("a.csv", "text/csv", 1, b"a")


class Kept(Answer):
    """Parts that are there from the beginning."""

    def __init__(self, *parts):
        self._parts = list(parts)

    @property
    def parts(self):
        return self._parts


def test_the_last_step_speaks_for_the_answer():
    answer = Kept(Code("a"), Result("OUTCOME_FAILED", "no"), Code("b"), Result(output="yes"))
    assert (answer.code, answer.output, answer.outcome) == ("b", "yes", "OUTCOME_OK")
    assert [step.code for step in answer.steps] == ["a", "b"]


def test_an_answer_without_code_has_no_code_output_and_outcome():
    answer = Kept(Text("four"))
    assert (answer.code, answer.output, answer.outcome, answer.text) == (None, None, None, "four")


def test_the_text_is_prose_alone():
    answer = Kept(
        Note("n"), Thought("t"), Text("\nOne.\n"), Code("a"), Result(output="1"), Text("Two.")
    )
    assert answer.text == "One.\n\nTwo."


def test_pictures_and_files_are_those_of_all_attempts():
    answer = Kept(PNG, Code("a"), PNG, CSV, Code("b"), PNG)
    assert (answer.images, answer.files) == ([PNG, PNG, PNG], [CSV])


def test_the_last_answer_of_a_shape_counts():
    assert (Kept(Data("1"), Data("2")).data, Kept(Text("x")).data) == ("2", "")
