"""A lesson is read from Markdown, and quotes only what was printed."""

import pytest
from growing import seconds

from gemini_magic.answer.parts import Call, Code, Data, Text
from gemini_magic.errors import LessonError
from gemini_magic.lessons.lesson import MISSING, fill, fill_calls, names_in, printed, read

FRONT = '+++\nprompts = ["p"]\n+++\n'


def test_results_and_asides_are_passed_over():
    lesson = read(
        FRONT + "a\n\n> aside\n\n```python\n1\n```\n\n```output OUTCOME_FAILED\n9\n```\nb\n"
    )
    assert lesson.parts == (Text("a"), Code("1"), Text("b"))


def test_other_fences_are_prose():
    text = "```pycon\n>>> 1\n```\n\n~~~python\n1\n~~~"
    assert read(FRONT + text).parts == (Text(text),)


def test_a_call_and_a_shaped_answer_are_parts_in_their_place():
    lesson = read(
        FRONT + "a\n```call\nweather(city='Oslo', days=[1, 2])\n```\n```output\n{}\n```\nb\n"
        '```json\n{"warm": {{warm}}}\n```\n'
    )
    assert lesson.parts == (
        Text("a"),
        Call("weather", {"city": "Oslo", "days": [1, 2]}),
        Text("b"),
        Data('{"warm": {{warm}}}'),
    )


def test_a_lesson_tells_which_functions_and_files_it_needs_and_whether_it_answers_in_json():
    code = "open('input_file_1.csv')\nopen(\"input_file_0.png\"), open('other.csv')"
    lesson = read(f"{FRONT}```python\n{code}\n```\n```call\nb()\n```\n```call\na()\n```\n")
    assert lesson.functions == {"a", "b"}
    assert lesson.files == ("input_file_1.csv", "input_file_0.png")
    assert (lesson.shaped, read(FRONT + "```json\n1\n```\n").shaped) == (False, True)


def test_a_longer_fence_holds_a_shorter_one():
    lesson = read(FRONT + "````python\n'''\n```\n'''\n````\n")
    assert lesson.parts == (Code("'''\n```\n'''"),)


def test_the_front_matter_sets_title_and_seconds():
    lesson = read('+++\ntitle = "T"\nseconds = 3\nprompts = ["p", "q"]\n+++\n')
    assert (lesson.title, lesson.seconds, lesson.prompts) == ("T", 3.0, ("p", "q"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front", "front matter between two +++"),
        ('+++\nprompts = ["p"]\n', "front matter between two +++"),
        ("+++\nprompts = [\n+++\n", "not TOML"),
        ("+++\n+++\n", "not None"),
        ("+++\nprompts = [1]\n+++\n", "not [1]"),
        ('+++\nprompts = ["p"]\nseconds = 90\n+++\n', "not 90"),
        ('+++\nprompts = ["p"]\nprompt = "q"\n+++\n', "'prompt'"),
        (FRONT + "```python\n1\n", "not closed"),
        (FRONT + "```call\nweather('Oslo')\n```\n", "is no call: write it as weather("),
        (FRONT + "```call\nweather(city=home)\n```\n", "is no call: write it as weather("),
        (FRONT + "```call\na(); b()\n```\n", "is no call: write it as weather("),
    ],
)
def test_a_wrong_lesson_is_one_line_with_its_name(text, says):
    with pytest.raises(LessonError) as caught:
        read(text, "mine.md")
    line = str(caught.value)
    assert line.startswith("mine.md: ")
    assert says in line


def test_lines_with_a_name_can_be_quoted_and_the_last_one_counts():
    names = printed("total=1\n  best month: May, +2%\ntotal=2\nno name here\n")
    assert names == {"total": "2", "best month": "May, +2%"}


@pytest.mark.growth
def test_a_large_output_takes_no_longer_than_its_size():
    def read(size):
        assert printed(" " * size + "\n" * size + "=" * (size // 10) + "\na: 1")["a"] == "1"

    assert seconds(read, 1_000_000) < 5


def test_a_name_that_was_not_printed_is_never_made_up():
    assert fill("{{ a }} and {{b}}", {"a": "1"}) == f"1 and {MISSING}"


def test_the_names_that_prose_quotes_are_known_before_it_is_filled():
    assert names_in("{{ a }}, {{b c}} and {{a}}, not {d}") == {"a", "b c"}


def test_what_was_printed_is_not_filled_again():
    assert fill("{{a}}", {"a": "{{b}}", "b": "x"}) == "{{b}}"


def test_code_takes_what_a_call_gave_and_keeps_every_other_brace():
    code = "x = {{f(n=1)}}\ny = {{g()}}, f'{{x}} {x}'"
    assert fill_calls(code, {"f(n=1)": "'{{g()}}'"}) == "x = '{{g()}}'\ny = {{g()}}, f'{{x}} {x}'"
