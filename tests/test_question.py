"""A lesson answers the prompts that ask the same, and no other."""

import pytest
from growing import seconds

from gemini_magic.lessons import shipped
from gemini_magic.lessons.matching import find, nearest

LESSONS = shipped()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.title)
def test_every_prompt_finds_its_own_lesson_and_no_other(lesson):
    for prompt in lesson.prompts:
        assert [one.title for one in LESSONS if find(prompt, [one])] == [lesson.title]


@pytest.mark.parametrize(
    "prompt",
    [
        "what is the sum of the first 50 prime numbers",
        "  What is  the sum\nof the first 50 PRIME numbers?  Generate and run code!",
        "Please calculate the sum of the first 50 primes using Python.",
        "What is the sum of the first 50 primess?",
    ],
)
def test_case_blanks_marks_fillers_and_slips_of_the_pen_do_not_matter(prompt):
    assert find(prompt, LESSONS).title == "Sum of the first 50 primes"


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the sum of the first 51 prime numbers?",
        "What is the sum of the first 5 0 prime numbers?",
        "What is the sum of the first -50 prime numbers?",
        "What is the sum of the first sixty prime numbers?",
        "What is the sum of the first 50 odd numbers?",
        "What is the product of the first 50 prime numbers?",
        "What is the sum of the first 50 prime numbers, squared?",
        "What is the sum of the last 50 prime numbers?",
        "Calculate the factorial of 21",
        "Calculate the double factorial of 20",
        "Sum of the primes above 100",
        "Test it with the years 2000, 2020, 2024, and 1800.",
        "Sort [64, 34, 25, 12, 22, 11, 91] with quicksort",
        "Calculate pi using the Monte Carlo method with 100000 samples.",
        "Hello",
        "Calculate",
        "",
    ],
)
def test_another_question_never_gets_the_answer_of_a_similar_one(prompt):
    assert find(prompt, LESSONS) is None


def test_a_number_is_the_same_with_and_without_commas():
    prompt = "Calculate pi using the Monte Carlo method with 10,000 samples."
    assert find(prompt, LESSONS).title == "Pi by Monte Carlo"


def test_other_code_in_the_same_words_is_another_question():
    (slow,) = (lesson for lesson in LESSONS if lesson.seconds < 30)
    prompt = slow.prompts[0]
    assert find(prompt, LESSONS) is slow
    assert find(prompt.replace("n-1", "n+1"), LESSONS) is None


@pytest.mark.growth
def test_a_prompt_of_a_megabyte_is_no_burden():
    def read(times):
        prompt = "sum of many primes " * times
        assert find(prompt, LESSONS) is None
        assert len(nearest(prompt, LESSONS)) == 3

    assert seconds(read, 50_000) < 5


def test_the_nearest_lessons_come_nearest_first():
    found = nearest("sum of the first 60 primes", LESSONS, 2)
    assert [lesson.title for lesson in found] == [
        "Sum of the first 50 primes",
        "Sum of the primes below 100",
    ]
