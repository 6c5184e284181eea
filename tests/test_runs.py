"""A run keeps what came back, and how it ended."""

import json
from threading import Thread

import pytest
from growing import seconds
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.parts import Code, Image, Note, Reply, Result, Text, Thought, Usage
from gemini_magic.errors import Blocked, QuotaExhausted, RecordingError
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run


def run_of(*parts, **request):
    run = Run(Request("add", **request), "gemini", "gemini-2.5-pro")
    for part in parts:
        run.add(part)
    return run


def test_fragments_grow_one_part():
    run = run_of(Text("Let "), Text("me"), Thought("a"), Thought("b"), Text("!"))
    assert [Text("Let me"), Thought("ab"), Text("!")] == run.parts


@given(st.lists(st.text() | st.just(Code("x"))))
def test_no_fragment_is_lost_or_moved(items):
    run = run_of(*(Text(item) if isinstance(item, str) else item for item in items))
    expected = "".join(item if isinstance(item, str) else "\0" for item in items)
    assert expected == "".join(p.text if isinstance(p, Text) else "\0" for p in run.parts)


def test_a_reader_in_another_thread_costs_no_fragment():
    run = run_of()
    reader = Thread(target=lambda: [run.parts for _ in range(2_000)])
    reader.start()
    for _ in range(20_000):
        run.add(Text("x"))
    reader.join()
    assert [Text("x" * 20_000)] == run.parts


@pytest.mark.growth
def test_ten_thousand_fragments_take_well_under_a_second():
    assert seconds(lambda size: run_of(*(Text("x" * 100) for _ in range(size))), 10_000) < 0.5


def test_the_same_image_twice_in_a_row_is_kept_once():
    png, other = Image("image/png", b"1"), Image("image/png", b"2")
    assert [png, other, png] == run_of(png, png, other, png).images


def test_usage_is_the_last_one_and_no_part_of_the_answer():
    run = run_of(Usage(total=3), Text("x"), Usage(total=7), Reply("r1"))
    assert (Usage(total=7), Reply("r1"), [Text("x")]) == (run.usage, run.reply, run.parts)


def test_notes_of_the_request_come_first():
    assert [Note("{x} → 1"), Text("a")] == run_of(Text("a"), notes=("{x} → 1",)).parts


def test_a_run_that_ends_is_done():
    run = run_of()
    with run.tracking():
        assert run.state == "running"
    assert (run.state, run.error) == ("done", None)


@pytest.mark.parametrize(
    ("exc", "state", "error"),
    [
        (KeyboardInterrupt(), "stopped", None),
        (Blocked("SAFETY"), "blocked", "Blocked: SAFETY"),
        (QuotaExhausted("wait 3 s"), "failed", "QuotaExhausted: wait 3 s"),
        (ZeroDivisionError("x"), "failed", "ZeroDivisionError: x"),
    ],
)
def test_what_breaks_a_run_settles_its_state_and_goes_on(exc, state, error):
    run = run_of(Text("had this"))
    with pytest.raises(type(exc)), run.tracking():
        raise exc
    assert (state, error, "had this") == (run.state, run.error, run.text)


def test_an_error_carries_the_run():
    run = run_of(Text("had this"))
    with pytest.raises(QuotaExhausted) as caught, run.tracking():
        raise QuotaExhausted("wait")
    assert run is caught.value.run


def test_a_run_survives_json():
    run = run_of(Text("x"), Code("a"), Result(output="1"), Image("image/png", b"\xff"))
    with run.tracking():
        pass
    again = Run.from_dict(json.loads(json.dumps(run.to_dict())))
    assert (run.to_dict(), run.parts) == (again.to_dict(), again.parts)


def test_the_document_is_the_same_for_the_same_answer():
    first, second = run_of(Text("x"), Usage(total=3)), run_of(Text("x"), Usage(total=4))
    assert first.to_dict() == second.to_dict()
    assert first.stats() != second.stats()


@pytest.mark.parametrize(
    "document",
    [{}, {"version": 1}, {"version": 99}, [], {"version": 1, "prompt": "", "parts": [{}]}],
)
def test_a_document_that_is_no_run_is_refused_in_one_line(document):
    with pytest.raises(RecordingError) as caught:
        Run.from_dict(document)
    assert "\n" not in str(caught.value)


def test_a_run_is_its_text_where_it_is_printed():
    run = Run(Request("x"))
    run.add(Text("It is **42**.\x1b[2J"))
    assert "It is **42**." in str(run)
    assert "\x1b" not in str(run)
    assert repr(run).startswith("<Run running: ")
