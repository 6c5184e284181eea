"""What differs from one answer to the next stands in metadata, and is read back."""

from hypothesis import example, given
from hypothesis import strategies as st

from gemini_magic.answer.parts import Call, Code, Past, Reply, Result, Text, Thought, Usage
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.runs.stats import Stats, read_stats, replayed, write_stats


def test_stats_have_one_time_a_part():
    run = Run(Request("add", notes=("n",)))
    for part in (Text("a"), Code("b"), Result()):
        run.add(part)
    assert len(run.parts) == len(run.stats()["times"])


@given(st.floats(0, 1e6))
@example(0.04996)  # 0.0 s, and 0.1 s of 0.050
def test_what_is_stored_of_a_run_tells_the_same_seconds(seconds):
    run = Run(Request("x"))
    with run.tracking():
        pass
    run.ended = run.started + seconds
    assert Run.from_dict(run.to_dict(), run.stats()).seconds == run.seconds


def test_stats_say_how_long_a_function_ran_without_the_time_of_the_model():
    run = Run(Request("x"))
    run.add(Thought("I ask."))
    run.add(Call("f", {}))
    thought, began = run.times
    assert thought < began
    run.add(Call("f", {}, {"result": 1}))
    _, ended = run.times
    run.add(Call("g", {}, {"result": 1}))
    assert run.calls == {1: ended - began}
    assert list(run.stats()["calls"]) == ["1"]


def test_what_is_written_is_read_back_to_the_millisecond():
    stats = Stats(1.23456, (0.5, 1.0), {1: 0.25}, Usage(total=3), Reply("r1"), {"engine": "gemini"})
    again = read_stats(write_stats(stats))
    assert again == Stats(1.235, (0.5, 1.0), {1: 0.25}, stats.usage, stats.reply, stats.provenance)


def test_what_nobody_knows_is_written_as_nothing():
    assert write_stats(Stats()) == {
        **dict.fromkeys(("seconds", "usage", "reply")),
        "times": [],
        "calls": {},
        "provenance": {},
    }


def test_a_recording_moves_with_the_notes_before_its_parts():
    past = Past("2026-01-01", {"seconds": 3, "times": [0, 1, 2], "calls": {"2": 0.5}}, first=1)
    more, fewer = replayed(past, first=2, count=4), replayed(past, first=0, count=2)
    assert (more["times"], more["calls"]) == ([0, 0, 1, 2], {"3": 0.5})
    assert (fewer["times"], fewer["calls"]) == ([1, 2], {"1": 0.5})


def test_parts_that_came_after_a_recording_have_its_last_time():
    past = Past("2026-01-01", {"seconds": 3, "times": [0, 1]}, first=1)
    assert replayed(past, first=1, count=4)["times"] == [0, 1, 1, 1]
