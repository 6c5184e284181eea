"""Lessons on data, functions and charts compute from whatever they are given."""

import random
from typing import Any

import pytest
from asking import play
from lesson_needs import (
    CHART,
    CLOSER,
    HOURS,
    MEASUREMENTS,
    NEEDED,
    SALES,
    STATIONS,
    TABLES,
    asked,
    chart,
    get_sales_data,
    offered,
    table,
)
from torture import sampled

from gemini_magic.answer.parts import Call, Note
from gemini_magic.answer.pictures import size_of
from gemini_magic.engines.offline import ENDED, Offline
from gemini_magic.errors import AnswerUnreadable, LessonError, RequestError
from gemini_magic.lessons import shipped
from gemini_magic.lessons.lesson import MISSING
from gemini_magic.request.request import Request
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.run import Run

pytestmark = pytest.mark.process

LESSONS = {lesson.title: lesson for lesson in shipped()}
FAILED, OK = "OUTCOME_FAILED", "OUTCOME_OK"
extra = pytest.mark.science


def ask(title: str, **more: Any) -> Run:
    return play(Offline(), asked(LESSONS[title], **more))


def points(output: str) -> list[tuple[float, float]]:
    rows = [line.split() for line in output.splitlines()]
    return [(float(row[0]), float(row[1])) for row in rows if len(row) == 2]


CHARTS = {
    "negative and large": (list(range(-50, 60, 11)), -120, 4000, {"dpi": 150}),
    "years": (list(range(1990, 2024, 3)), 0.37, -700, {"ylabel": "(gjpqy)", "size": 5}),
    "thousands": (list(range(100, 9000, 800)), -0.002, 5, {"dpi": 130, "xlabel": "l11"}),
    "a chart for print": (list(range(10)), 6.9, 38, {"dpi": 200, "title": "468 908"}),
}


@extra
@pytest.mark.parametrize("name", sampled(CHARTS, 4))
def test_the_points_of_a_chart_are_read_to_a_pixel(name):
    x, slope, start, look = CHARTS[name]
    rng = random.Random(name)
    y = [slope * value + start + rng.gauss(0, abs(slope) * (x[1] - x[0])) for value in x]
    run = ask(CHART, attachments=chart(x, y, **look))
    assert [step.outcome for step in run.steps] == [FAILED, OK, OK, OK]
    found = points(run.output)
    assert len(found) == len(x)
    # The axes are some 250 pixels high or more.
    for read, drawn in zip(found, zip(x, y, strict=True), strict=True):
        assert read[0] == pytest.approx(drawn[0], abs=(max(x) - min(x)) / 200)
        assert read[1] == pytest.approx(drawn[1], abs=(max(y) - min(y)) / 200)
    assert len(run.images) == 1


@extra
@pytest.mark.parametrize(
    ("y", "axis", "says"),
    sampled(
        [
            ([10**i for i in range(8)], {"yscale": "log"}, "Error"),
            ([5] * 8, {"xlim": (-900, 900)}, "too few"),
        ],
        2,
    ),
)
def test_a_chart_that_cannot_be_read_gives_no_line(y, axis, says):
    run = ask(CHART, attachments=chart(range(8), y, **axis))
    assert run.outcome == FAILED
    assert says in "".join(step.output for step in run.steps)
    assert (run.parts[-1], MISSING in run.text) == (Note(ENDED), False)


@extra
def test_the_station_is_that_of_the_table():
    rows = [f"2026-01-01,{'East' if i % 2 else 'West'},{10 + i % 2 + i % 3}" for i in range(60)]
    text = "started,station,minutes\n" + "\n".join([*rows, "2026-01-01,West,900"])
    run = ask(STATIONS, attachments=table(text))
    assert "By the mean it is West, by the median East" in run.text
    assert "**East, 12.0 minutes on average**; next comes West, 11.0 minutes" in run.text


@extra
def test_the_hours_are_those_of_the_table():
    text = "started,station\n2027-03-06 23:10,A\n2027-03-07 23:50,A\n2027-03-08 05:00,B\n"
    run = ask(HOURS, attachments=table(text))
    assert "weekend later: 1.0 rides at 23:00" in run.output
    assert "workday morning: 1.0 rides at 5:00" in run.output


def test_sales_data_may_be_records_too():
    def get_sales_data() -> list[dict[str, Any]]:
        return [{"month": f"m{i}", "shop": "x", "sold": i * 10} for i in range(5)]

    run = ask(SALES, functions=offered(get_sales_data))
    assert "trend: +10 an entry" in run.output
    assert "best is **m4, with 40**" in run.text


def test_a_part_that_the_function_knows_counts():
    def stock(item: str) -> int:
        return {"legs": 400, "tops": 100, "screws": 1200, "glue": 7}[item]

    run = ask(TABLES, functions=offered(stock))
    assert "For glue the answer is: 7." in run.text
    assert "**7 tables**, and what runs out first is glue." in run.text
    assert "Not known:\nnothing" in run.text


def test_a_part_that_the_function_does_not_know_is_named():
    run = ask(TABLES)
    calls = [part for part in run.parts if isinstance(part, Call)]
    assert [call.error for call in calls] == [None, None, None, "LookupError: no glue"]
    assert '"glue": None,' in (run.code or "")
    assert "Not known:\nglue" in run.text


def breaks() -> None:
    raise OSError("no line")


@pytest.mark.parametrize("function", [breaks, lambda: None, get_sales_data])
def test_a_function_that_gives_nothing_leaves_nothing_to_claim(function):
    def get_sales() -> Any:
        return function()

    get_sales.__name__ = "get_sales_data"
    run = ask(SALES, functions=offered(get_sales, permits=function is not get_sales_data))
    assert run.outcome == FAILED
    assert run.text.endswith("fit a line through the numbers.")
    assert run.parts[-1] == Note(ENDED)


@extra
@pytest.mark.parametrize("title", sampled([STATIONS, HOURS], 2))
def test_a_table_with_other_columns_leaves_nothing_to_claim(title):
    run = ask(title, attachments=table("day,place\n1,Oslo\n"))
    assert {step.outcome for step in run.steps} == {FAILED}
    assert (run.parts[-1], MISSING in run.text) == (Note(ENDED), False)


def test_measurements_that_are_no_numbers_are_one_line_that_says_so():
    shape = output_of("Stats", {})
    with pytest.raises(LessonError, match=r"\(ValueError: could not convert .* 'north'\)"):
        ask(MEASUREMENTS, attachments=table("id,m\n1,north\n2,south\n"), output=shape)


def test_measurements_become_an_object_of_the_shape():
    shape = output_of("Stats", {"type": "object", "required": ["count", "mean", "outliers"]})
    run = ask(MEASUREMENTS, attachments=table("id,m\n1,2.5\n2,3.5\n3,\n4,3\n"), output=shape)
    assert run.value == {"count": 3, "mean": 3.0, "median": 3.0, "stdev": 0.5, "outliers": []}


def test_a_shape_that_the_measurements_do_not_fit_fails_the_run():
    with pytest.raises(AnswerUnreadable, match="'maximum' is a required property"):
        ask(MEASUREMENTS, output=output_of("Stats", {"required": ["maximum"]}))


@pytest.mark.parametrize("title", NEEDED)
def test_without_what_a_lesson_needs_there_is_one_line_that_names_it(title):
    with pytest.raises(RequestError) as caught:
        list(Offline().stream(Request(LESSONS[title].prompts[0])))
    line = str(caught.value)
    assert line.startswith(f"the lesson {title!r} ")
    assert "--tool" in line or "input_file_0" in line
    assert "\n" not in line


@extra
def test_a_chart_is_looked_at_closer_step_by_step_each_with_its_picture():
    run = ask(CLOSER, attachments=chart(range(6), [1, 4, 2, 9, 3, 5]))
    assert [part.kind for part in run.parts if part.kind in ("code", "image")] == [
        *("code", "image") * 3,
    ]
    sizes = [size_of(step.images[0].data) for step in run.steps]
    assert sizes[0] < sizes[1] == sizes[2]
