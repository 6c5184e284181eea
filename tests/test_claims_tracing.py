"""Each number of an answer is traced to where it stands, or said to stand nowhere."""

import pytest
from growing import assert_grows_less
from hypothesis import given, settings
from hypothesis import strategies as st
from torture import sampled

from gemini_magic import Run, trace
from gemini_magic.answer.claims.claim import ALONG, PROMPT, Place
from gemini_magic.answer.parts import FAILED, OK, Call, Code, Data, Image, Note, Result, Text
from gemini_magic.request.request import Request


def run_of(*parts, prompt="Compute it.", state="done"):
    run = Run(Request(prompt))
    for part in parts:
        run.add(part)
    run.state = state
    return run


def traced(output, prose, *, prompt="Compute it.", code="print(x)\n", **more):
    return trace(run_of(Code(code), Result(OK, output), Text(prose), prompt=prompt), **more)


def kinds(output, prose, **more):
    return [(claim.text, claim.kind, claim.how) for claim in traced(output, prose, **more)]


def test_a_printed_number_has_its_part_line_and_column():
    (claim,) = traced("a: 1\nmean: 41.5\n", "The mean is 41.5.")
    assert (claim.part, claim.nth, claim.text) == (2, 0, "41.5")
    assert (claim.kind, claim.how, claim.flag, claim.of) == ("computed", "exact", "", ())
    assert claim.place == Place(part=1, line=2, column=7, turn=0)


@pytest.mark.parametrize(
    ("printed", "said", "how"),
    [
        ("mean: 41.6667", "The mean is 41.67.", "rounded"),
        ("mean: 22.5", "The mean is 22.", "rounded"),
        ("share: 0.4", "The share is 40 %.", "percent"),
        ("share: 33.33%", "The share is 0.333.", "percent"),
        ("visits: 1234", "There were about 1,200 visits.", "about"),
        ("elapsed: 0.0123", "It ran in 12.3 ms elapsed.", "unit"),
        ("change: -12.5%", "Sales declined by 12.5% in change.", "sign"),
        ("date: 2026-05-05", "It was May 5, 2026.", "date"),
        ("date: 2026-05-15", "It was 5/15/2026.", "date"),
        ("date: 2026-05-15", "It was 15/05/2026.", "date"),
        ("date: 2026-05-04", "It was 04.05.2026.", "date"),
        ("date: 15.05.2026", "It was May 15, 2026.", "date"),
        ("first: 08:05", "At 8:05 it began.", "time"),
        ("first: 08:05:59", "At 8:05 it began.", "time"),
        ("first: 08:05:59.7", "At 8:05:59 it began.", "time"),
        ("total: 12345", "The total is 12_345.", "exact"),
        ("first: 20:05", "At 8:05 pm it began.", "time"),
        ("first: 00:05", "At 12:05 a.m. it began.", "time"),
        ("n=1000 k=37", "There are 1,000 of n.", "exact"),
        ("total: 1234567.89", "The total is 1.234.567,89 €.", "exact"),
        ("total: 1234567.891", "The total is 1 234 567,89 €.", "rounded"),
        ("price: 19.99", "The price is 19,99 €.", "exact"),
        ("total: 12345678", "The total is ₹1,23,45,678.", "exact"),
        ("total: 12345678", "The total is 1.23 crore.", "rounded"),
        ("factorial: 2432902008176640000", "The factorial is 2.43 quintillion.", "rounded"),
        ("slope: -1.374", "The line is y = a - 1.37 x.", "sign"),
        ("longitude: -74.006", "It lies at 74.006° W.", "sign"),
        ("slope: -1.374", "The slope is $-1.374$.", "exact"),
        ("load: 0.498", "|part|time (ms)|\n|-|-|\n|load|498|", "unit"),
        ("Tarif: 0.325", "|Tarif (ct/kWh)|\n|-|\n|32.5|", "unit"),
        ("size: 1199799113 bytes", "The size is 1.2 GB.", "unit"),
        ("lap: 1:42.37", "It took 1:42.37 for a lap.", "time"),
        ("took 0:45:00", "It took 45 minutes.", "time"),
        ("tag: 2024-02-09", "Das war der 9. Februar 2024.", "date"),
        ("jour: 2024-08-01", "Le 1er août 2024 est un jour.", "date"),
        ("dia: 2024-12-31", "Fue el 31 de diciembre de 2024.", "date"),
        ("когда 2024-10-09", "Это 2024/10/09.", "date"),
        ("среднее: 84350.5", "Оно равно 84 350,5 и это среднее.", "exact"),
        ("media: 1287.36", "Il valore della media è di 1.287,36.", "exact"),
    ],
)
def test_how_says_in_which_way_a_number_was_printed(printed, said, how):
    (claim,) = traced(printed, said)
    assert (claim.kind, claim.how) == ("computed", how)


def test_hours_and_minutes_stand_in_a_time_that_was_printed():
    claims = traced("4:45:00\n0:03:20\n", "4 h 45 min, and 3 minutes 20 seconds.")
    assert [claim.place.line for claim in claims] == [1, 1, 2, 2]
    assert {claim.how for claim in claims[:3]} == {"time"}
    claims = traced("it takes 4:45:00", "It takes 4 hours and 46 minutes.")
    assert [claim.kind for claim in claims] == ["common", "absent"]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("mean: 41.6667", "The mean is 41.66."),
        ("mean: 41.6667", "The mean is 41.66670."[:-1] + "1."),
        ("change: -3.27", "The change is 3.27."),
        ("change: 3.27", "The change is -3.27."),
        ("visits: 1234", "There were exactly 1,200 visits."),
        ("date: 2026-05-05", "It was May 6, 2026."),
        ("date: 2026-05-15", "It was 5/16/2026."),
        ("date: 2026-05-04", "It was 05.04.2026."),
        ("first: 08:05", "At 8:06 it began."),
        ("first: 08:05:59", "At 8:05:58 it began."),
        ("first: 08:05", "At 20:05 it began."),
        ("price: 19.99", "The price is 19,98 €."),
        ("lap: 1:42.37", "It took 1:42.91 for a lap."),
        ("longitude: -74.006", "It lies at 74.006° E."),
        ("slope: -1.374", "The line is y = a + 1.37 x."),
        ("tag: 2024-02-09", "Das war der 9. März 2024."),
    ],
)
def test_what_stands_nowhere_is_absent(printed, said):
    (claim,) = traced(printed, said)
    assert (claim.kind, claim.place) == ("absent", None)


def test_a_year_may_stand_in_a_date_that_was_printed():
    (claim,) = traced("last: 2019-05-04\n", "It ended in 2019.")
    assert (claim.kind, claim.place) == ("computed", Place(1, 1, 7))


def test_a_table_may_be_in_millions():
    output = "        pop\nBerlin  3.677\nBremen  0.569\n"
    first, second = traced(output, "Berlin has 3.68 million people, others 0.57 million.")
    assert (first.kind, first.how, first.place.line) == ("computed", "unit", 2)
    assert second.kind == "absent"


def test_programs_have_short_words_for_what_prose_spells_out():
    output = "mean 12 40\nmax 23 71\n" + "".join(f"row {n} {n + 30}\n" for n in range(12, 40))
    (claim,) = traced(output, "The maximum is 23.")
    assert claim.place.line == 2


def test_without_anything_printed_there_are_no_claims():
    assert traced("", "The mean is 41.5.") == []
    assert traced(" \n", "The mean is 41.5.") == []
    assert trace(run_of(Text("The mean is 41.5."))) == []


def test_the_prompt_and_what_went_along_are_given():
    first, second = traced(
        "x: 99", "Of 4,821 rows 120 are new.", prompt="Take 4821.", given=["120 rows"]
    )
    assert (first.kind, first.place.part) == ("given", PROMPT)
    assert (second.kind, second.place.part) == ("given", ALONG)


def test_numbers_of_the_code_are_called_so_but_not_those_of_its_comments():
    code = "alpha = 0.0375  # of 41.25\n"
    first, second = traced("x: 99", "With 0.0375 of 41.25.", code=code)
    assert (first.kind, second.kind) == ("code", "absent")
    assert first.place == Place(0, 1, 9)


def test_what_a_function_returned_is_computed():
    call = Call("stock", {"item": "legs"}, {"result": {"legs": 1840, "per_box": 24}})
    first, second = trace(run_of(call, Text("There are 1,840 legs, 24 per box.")))
    assert (first.kind, first.place) == ("computed", Place(0, 2, 10))
    assert (second.kind, second.place) == ("computed", Place(0, 3, 13))


def test_what_cannot_be_written_as_json_is_no_evidence():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    own = {}
    own["own"] = own
    for response in ({"result": deep}, own, {"result": {(1, 2): 3}}):
        run = run_of(Code("x"), Result(OK, "a: 318\n"), Call("f", {}, response), Text("A has 318."))
        assert [claim.kind for claim in trace(run)] == ["computed"]


def test_a_turn_before_is_named_but_not_what_the_model_said_in_it():
    before = run_of(Code("x"), Result(OK, "spent: 3575\n"), Text("So 1,825 is left."))
    first, second = trace(run_of(Text("You spent 3,575, and 1,825 is left.")), (), [before])
    assert (first.kind, first.place) == ("computed", Place(1, 1, 8, turn=1))
    assert second.kind == "absent"


def test_of_equal_numbers_the_one_in_the_line_of_the_same_words_is_meant():
    output = "north: 12.5\nsouth: 12.5\nwest: 12.5\n"
    lines = [claim.place.line for claim in traced(output, "South has 12.5, and west 12.5.")]
    assert lines == [2, 3]


def test_a_number_of_an_attempt_that_failed_is_flagged_where_another_followed():
    parts = (
        Code("a"),
        Result(FAILED, "mean: 11.23\nKeyError: 'x'\n"),
        Code("b"),
        Result(OK, "median: 13.48\n"),
    )
    first, second = trace(run_of(*parts, Text("The mean is 11.23, the median 13.48.")))
    assert (first.flag, first.place.part) == ("failed", 1)
    assert second.flag == ""
    (alone,) = trace(run_of(*parts[:2], Text("The mean is 11.23.")))
    assert alone.flag == ""


def test_a_number_is_flagged_where_a_later_attempt_printed_its_line_anew():
    parts = (Code("a"), Result(OK, "area: 0.826\n"), Code("b"), Result(OK, "area: 0.785\n"))
    first, second = trace(run_of(*parts, Text("The area is 0.826, or 0.785.")))
    assert (first.flag, second.flag) == ("replaced", "")


def test_lines_of_a_traceback_that_name_files_are_no_evidence():
    output = 'Traceback:\n  File "<string>", line 417, in <module>\nKeyError: 523\n'
    parts = (Code("a"), Result(FAILED, output), Text("Line 417 raised 523."))
    first, second = trace(run_of(*parts))
    assert (first.kind, second.kind) == ("absent", "computed")


def test_what_follows_from_two_numbers_names_both():
    *_, claim = traced("a: 318\nb: 682", "A won 318 and B 682, a difference of 364.")
    assert (claim.kind, claim.how, claim.of) == ("derived", "difference", ("682", "318"))
    assert claim.place is None


def test_a_number_of_ten_and_less_needs_a_line_that_names_what_is_counted():
    assert kinds("outliers: 3", "There are 3 outliers.") == [("3", "computed", "exact")]
    assert kinds("x: 3", "It took 3 trips.") == [("3", "common", "")]


def test_a_short_number_among_many_is_not_linked_by_chance():
    output = " ".join(str(number) for number in range(20, 95))
    assert kinds(output, "They made 47 trips.") == [("47", "common", "")]


def test_a_row_of_a_csv_is_not_one_number_with_commas():
    assert kinds("id,units\n1,523\n2,877", "They have 877 units.") == [("877", "computed", "exact")]


def test_commas_without_blanks_separate_the_items_of_a_list():
    prompt = "Pack items of 60,100,120,80,110."
    said = "Items of 60, 100, 120, 80 and 110."
    assert {claim.kind for claim in traced("best: 250\n", said, prompt=prompt)} == {"given"}
    code = 'items = [60,100,120]; print("12,300 of them")'
    kinds = [claim.kind for claim in traced("x\n", "60, 100, 120 and 12,300", code=code)]
    assert kinds == ["code"] * 4


def test_a_month_may_be_printed_by_its_first_letters():
    output = "Jun 131 59\nOct 86 131\n"
    (claim,) = traced(output, "The wettest was October with 131 mm.")
    assert claim.place.line == 2


def test_a_larger_unit_is_known_by_the_one_behind_the_printed_number():
    assert kinds("p99 841.5 ms\n", "The slowest took 0.84 s.") == [("0.84", "computed", "unit")]
    assert kinds("p99 841.5 kg\n", "The slowest took 0.84 s.")[0][1] == "absent"


def test_the_numbers_of_json_are_claims_too():
    parts = (Code("x"), Result(OK, "n = 770\n"), Data('{"n": 770, "share": 0.123}'))
    first, second = trace(run_of(*parts))
    assert (first.text, first.kind, second.text, second.kind) == (
        "770",
        "computed",
        "0.123",
        "absent",
    )


def test_the_last_number_of_a_run_that_was_cut_is_not_judged():
    parts = (Code("x"), Result(OK, "n = 770\n"), Text("Of 770 there are 12"))
    assert [claim.text for claim in trace(run_of(*parts, state="stopped"))] == ["770"]
    assert [claim.text for claim in trace(run_of(*parts))] == ["770", "12"]


def test_thoughts_notes_and_pictures_have_no_claims():
    parts = (Note("turn 123"), Code("x"), Result(OK, "n = 770\n"), Image("image/png", b"1"))
    assert trace(run_of(*parts)) == []


def test_of_too_much_the_beginning_and_the_end_are_read_and_lines_stay_true():
    middle = "".join(f"row {n}: 0\n" for n in range(60_000))
    output = f"first: 41.5\n{middle}last: 97.25\n"
    (first, inside, last) = traced(output, "From first 41.5 by row 30000 to last 97.25.")
    assert (first.place.line, last.place.line) == (1, 60_002)
    assert inside.kind == "absent"


PARTS = st.one_of(
    st.builds(Text, st.text(max_size=80)),
    st.builds(Code, st.text("0123456789 =#\nx", max_size=60)),
    st.builds(
        Result, st.sampled_from((OK, FAILED)), st.text("0123456789.,-%e: \nmean|[]", max_size=120)
    ),
    st.builds(Text, st.text("0123456789.,-−%e ×^*|\n$mean of to", max_size=120)),
    st.builds(Data, st.text('{}[]":,0123456789ab', max_size=60)),
)


@given(st.lists(PARTS, max_size=8))
@settings(deadline=None)
def test_any_answer_can_be_traced_and_gives_the_same_twice(parts):
    run = run_of(*parts, prompt="Of 12 and 3.5")
    claims = trace(run, ["7"], [run])
    assert claims == trace(run, ["7"], [run])
    assert [(c.part, c.nth) for c in claims] == sorted({(c.part, c.nth) for c in claims})
    assert all(
        (claim.place is not None) == (claim.kind in ("given", "computed", "code"))
        for claim in claims
    )


HOSTILE = (
    *("1", "1,", "1 ", "111,", "111.", "3 to ", "(1+", "5 = ", "**12** ", "| 1 ", "a1", "a_"),
    *("1.1", "12-", "May 5, ", "x@", "./", "_1", "`1` ", "[1](", "1!", "1st ", '"1":', "1\n"),
)


def hostile(piece, length):
    return piece * (length // len(piece)) + "111"


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_in_prose_in_json_and_in_output(piece):
    text = hostile(piece, 10_000)
    assert len(traced("x: 99 12 1", text)) <= 1000
    assert len(trace(run_of(Code("x"), Result(OK, "x: 99 12 1"), Data(text)))) <= 1000
    assert len(traced(text, "Of 99, 12 and 111.")) == 3


@pytest.mark.growth
@pytest.mark.parametrize("piece", sampled(HOSTILE, 4))
def test_time_does_not_grow_with_the_square_of_the_length(piece):
    def read(length):
        text = hostile(piece, length)
        traced("x: 99", text)
        traced(text, "Of 99, 12 and 111.")

    # Eight times as long: the square of it would be 64 times.
    assert_grows_less(read, 10_000, times=8, most=40)
