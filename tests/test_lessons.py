"""Every shipped lesson is run in the real sandbox, and holds what it teaches."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import asking
import pytest
from asking import built
from lesson_needs import CHART, CLOSER, HOURS, MEASUREMENTS, SALES, STATIONS, TABLES, asked, offered
from torture import sampled

from gemini_magic.answer.insertion import cells_of, joined
from gemini_magic.answer.parts import Code, Text
from gemini_magic.engines.offline import Offline
from gemini_magic.lessons import shipped
from gemini_magic.lessons.lesson import MISSING, Lesson, read
from gemini_magic.request.build import Built
from gemini_magic.request.schemas import output_of
from gemini_magic.request.staging import files_of, source_of
from gemini_magic.runs.run import Run
from gemini_magic.runs.verify import verify_steps
from gemini_magic.sandbox import science

pytestmark = pytest.mark.process

GUIDE = Path(__file__).parents[2] / "shared" / "000_b57466bc77cc4b34.txt"
LESSONS = {lesson.title: lesson for lesson in shipped()}
PANDAS = "Sales by region, with pandas"
EXTRA = pytest.mark.science


def titles(every: int = 1) -> pytest.MarkDecorator:
    """Walk the lessons; each `every`th is in the sample: see `torture`."""
    needs = (PANDAS, CHART, CLOSER, STATIONS, HOURS)
    return pytest.mark.parametrize(
        "title",
        [
            pytest.param(*each.values, marks=(*each.marks, *([EXTRA] * (each.values[0] in needs))))
            for each in (map(pytest.param, LESSONS) if every == 1 else sampled(LESSONS, every))
        ],
    )


TITLES = titles()
PLACE = re.compile(r"\{\{.*?\}\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
OK, FAILED, LATE = "OUTCOME_OK", "OUTCOME_FAILED", "OUTCOME_DEADLINE_EXCEEDED"

# What the last attempt prints, and what the answer must say of it.
EXPECTED = {
    "A bat and a ball": ("ball: 0.05 dollars", "**0.05 dollars**"),
    "Dijkstra's shortest path": ("paths: 3", "**A → C → B → D → E**"),
    "The factorial of 20": ("trailing zeros: 4", "**2432902008176640000**"),
    "Recursive Fibonacci, with a fault": ("fibonacci(20)=6765", "**55**"),
    "The slow fibonacci(50)": ("fast(50)=12586269025", "**12586269025**"),
    "Leap year: the function": ("years checked: 9999", "0 differences"),
    "Leap year: unit tests": ("test_century ... FAILED", "5 tests, 0 failures"),
    "Leap year: 2000, 2020, 2024 and 1900": ("1900: not a leap year", "2000 is a leap year"),
    "Pi by Monte Carlo": ("estimate: 3.1", "**3.1"),
    "1000 points of a normal distribution": ("within 3: 99", "the rule says 68.3%"),
    "Outliers in a dataset": ("outliers: [35.0, 33.5]", "finds []"),
    "Sum of the primes below 100": ("count: 25", "**1060**"),
    "Sum of the first 50 primes": ("last: 229", "**5117**"),
    "Quicksort": ("lists checked: 506", "**[11, 12, 22, 25, 34, 64, 90]**"),
    "Reverse a string": ("result: dlrow olleh", "**dlrow olleh**"),
    "Twelve months of random sales": ("months with growth: 5 of 11", "**Aug, with"),
    PANDAS: ("largest: South", "**West** grows fastest"),
    CHART: ("share explained: 100%", "12 points is **y = -3.5 x + 80**"),
    CLOSER: ("pieces: 6", "**row 56, column 350**"),
    STATIONS: ("longest: Park, 26.0 minutes", "By the mean it is Harbour, by the median Park"),
    HOURS: ("workday noon: 0.0 rides", "reach **2.0 rides at 8:00**"),
    SALES: ("trend: +3 an entry", "**Apr, with 9**"),
    TABLES: ("legs: 130 in stock, enough for 32", "LookupError: no glue. I reckon"),
    MEASUREMENTS: ("outliers: [99.0]", "Tukey's fences"),
    "Six months of sales, and July": ("July: 66,600 dollars", "**66,600 dollars**"),
}
# The attempts that must fail, by what they print; all others must succeed.
FAULTS = {
    "A bat and a ball": {0: (FAILED, "AssertionError: the bat costs only 0.90 dollars more")},
    "Recursive Fibonacci, with a fault": {0: (FAILED, "AssertionError: n=10: 89 is not 55")},
    "The slow fibonacci(50)": {0: (LATE, "slow(15)=610\n")},
    "Six months of sales, and July": {0: (FAILED, "KeyError: 'July'")},
    CHART: {0: (FAILED, "AssertionError: 100% of the pixels are dark")},
    HOURS: {0: (FAILED, "AttributeError: Can only use .dt accessor")},
}
if not science.is_installed():
    FAULTS["1000 points of a normal distribution"] = {0: (FAILED, "No module named 'numpy'")}


def play(lesson: Lesson, question: Built) -> Run:
    return asking.play(Offline(lessons=(lesson,)), question)


@cache
def answer(title: str) -> Run:
    return play(LESSONS[title], asked(LESSONS[title]))


def claims(lesson: Lesson) -> set[str]:
    """The numbers that the prose of a lesson states by itself: neither asked for nor printed."""
    known = {number for prompt in lesson.prompts for number in NUMBER.findall(prompt)}
    known.add(f"{lesson.seconds:g}")
    prose = "\n".join(part.text for part in lesson.parts if isinstance(part, Text))
    prose = re.sub(r"^\d+\. ", "", PLACE.sub("", prose), flags=re.MULTILINE)
    return set(NUMBER.findall(prose)) - known


@TITLES
def test_a_lesson_ends_with_what_it_should_compute(title):
    run = answer(title)
    printed, said = EXPECTED[title]
    assert run.outcome == OK
    assert printed in run.output
    assert said in run.text


@TITLES
def test_attempts_fail_where_the_lesson_teaches_it_and_nowhere_else(title):
    steps = answer(title).steps
    faults = FAULTS.get(title, {})
    assert [step.outcome for step in steps] == [
        faults.get(index, (OK, ""))[0] for index in range(len(steps))
    ]
    for index, (_, output) in faults.items():
        assert output in steps[index].output


@EXTRA
def test_the_plot_of_the_lesson_with_pandas_is_shown():
    (image,) = answer(PANDAS).steps[1].images
    assert image.mime_type == "image/png"
    assert len(image.data) > 10_000


@TITLES
def test_everything_that_prose_quotes_was_printed(title):
    assert MISSING not in answer(title).text
    assert "{{" not in answer(title).text


@TITLES
def test_prose_states_no_number_that_was_neither_asked_nor_printed(title):
    assert claims(LESSONS[title]) == set()


def test_a_result_written_into_the_prose_would_be_found():
    lesson = Lesson("t", ("first 50",), (Text("1. The 50 give {{sum}}, that is 5,117."),))
    assert claims(lesson) == {"5,117"}


@TITLES
def test_dollars_and_pipes_do_not_make_maths_or_tables_of_the_prose(title):
    assert not re.search(r"[$|]", answer(title).text)


@TITLES
def test_the_code_is_good_python_of_at_most_100_columns(title):
    for part in LESSONS[title].parts:
        if isinstance(part, Code):
            compile(part.code, title, "exec")
            assert max(map(len, part.code.splitlines())) <= 100


def test_the_same_prompt_gives_the_same_run_each_time():
    title = "Twelve months of random sales"
    assert answer.__wrapped__(title).to_dict() == answer(title).to_dict()


def test_a_run_is_a_lesson_that_runs_alike():
    first = answer("Sum of the first 50 primes")
    again = play(read(first.to_markdown()), asked(LESSONS["Sum of the first 50 primes"]))
    assert again.to_dict()["parts"] == first.to_dict()["parts"]


@titles(5)
def test_the_code_of_a_lesson_runs_in_a_kernel_where_it_is_inserted(title, live, tmp_path):
    run, attachments = answer(title), asked(LESSONS[title]).request.attachments
    for each in attachments:
        (tmp_path / each.name).write_bytes(each.data)
    staging = source_of([[replace(each, path=each.name) for each in attachments]])
    needed = cells_of(run.steps, "needed")
    for cells in (needed, [joined(run.steps, "needed")], cells_of(run.steps, "all")):
        live.run(f"%reset -f\n%cd -q {tmp_path}")
        for cell in filter(None, [staging, *cells]):
            published = live.run(cell)
            assert published.reply["status"] == "ok", published.reply
        assert published.text.endswith(run.output)
        assert cells is not needed or published.text == run.output


@titles(5)
def test_verify_finds_nothing_different_in_a_lesson(title):
    files = files_of(asked(LESSONS[title]).request.attachments)
    verification = verify_steps(answer(title).steps, files)
    kinds = {verdict.kind for verdict in verification.verdicts}
    assert kinds <= {"same", "nothing", "random"}
    assert verification.verdicts


@TITLES
def test_no_number_of_a_lesson_is_called_absent(title):
    run = answer(title)
    assert [claim for claim in run.claims if claim.kind == "absent"] == []
    assert Run.from_dict(run.to_dict()).claims == run.claims


def documented() -> list[Lesson]:
    """The lessons in the documentation of lessons."""
    text = (Path(__file__).parents[1] / "docs" / "lessons.md").read_text(encoding="utf-8")
    return [
        read(e) for e in re.findall(r"^````markdown\n(.*?)^````$", text, re.DOTALL | re.MULTILINE)
    ]


def test_the_first_example_in_the_documentation_fails_and_is_mended():
    lesson = documented()[0]
    run = play(lesson, built(lesson.prompts[1]))
    assert [step.outcome for step in run.steps] == [FAILED, OK]
    assert "AssertionError: the last square is 81" in run.text
    assert run.text.endswith("The sum is **385**.")
    assert claims(lesson) == set()


@pytest.mark.parametrize(
    ("known", "rome", "warmest"),
    [({"Oslo": 4.0, "Rome": 21.5}, "21.5", "Rome"), ({"Oslo": 4.0}, "KeyError: 'Rome'", "Oslo")],
)
def test_the_second_example_calls_a_function_and_answers_in_json(known, rome, warmest):
    def temperature(city: str) -> float:
        return known[city]

    _, lesson = documented()
    shape = output_of("Answer", {"required": ["warmest"]})
    run = play(lesson, built(lesson.prompts[0], functions=offered(temperature), output=shape))
    assert f"Oslo has 4.0, Rome {rome}." in run.text
    assert f"warmer in **{warmest}**" in run.text
    assert run.value == {"warmest": warmest}


def guide_prompts() -> list[str]:
    """The prompts of Google's guide."""
    text = GUIDE.read_text(encoding="utf-8")
    found = re.findall(r'prompt = """\n(.*?)"""', text, re.DOTALL)
    found += re.findall(r'contents="(.*?)"', text)
    found += re.findall(r'send_message\(\s*"(.*?)"', text)
    found += re.findall(r'^"([^"\n]+)"$', text, re.MULTILINE)
    found += re.findall(r'^        "(Extract [^"\n]+)"$', text, re.MULTILINE)
    return [prompt for prompt in found if not prompt.startswith("Your code request")]


@pytest.mark.skipif(not GUIDE.exists(), reason="Google's guide is not here")
def test_every_prompt_of_the_guide_has_a_lesson_that_quotes_it():
    known = {" ".join(prompt.split()) for lesson in LESSONS.values() for prompt in lesson.prompts}
    prompts = guide_prompts()
    assert len(prompts) == 19
    assert [prompt for prompt in prompts if " ".join(prompt.split()) not in known] == []
