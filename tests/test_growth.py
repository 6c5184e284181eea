"""A run is a value: it can be pickled and copied, even while it grows."""

import copy
import pickle
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.parts import (
    Call,
    Code,
    Image,
    Progress,
    Reply,
    Result,
    Text,
    Usage,
    Waiting,
)
from gemini_magic.errors import Blocked, GeminiError, QuotaExhausted, Stopped
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

PARTS = [
    Text("Let "),
    Text("me "),
    Code("print(1)"),
    Result(output="1\n"),
    Image("image/png", b"\xff"),
    Usage(total=3),
    Reply("r1"),
    Progress("uploading", 1, 2),
    Call("f", {"day": 1}),
]


def run_of(parts=tuple(PARTS), **request):
    run = Run(Request("add", **request), "gemini", "gemini-2.5-pro")
    for part in parts:
        run.add(part)
    return run


def state_of(run):
    return (run.to_dict(), run.stats()["times"], run.usage, run.reply, run.progress, run.is_calling)


COPIES = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_of_a_growing_run_is_the_same_and_can_grow(way):
    run = run_of(attachments=(Attachment("a.csv", "text/csv", b"a\n1\n"),))
    again = COPIES[way](run)
    assert state_of(again) == state_of(run)
    again.add(Call("f", {"day": 1}, {"result": 2}))
    assert again.parts[-1] == Call("f", {"day": 1}, {"result": 2})
    assert not again.is_calling


@pytest.mark.parametrize("way", ["pickle", "deepcopy"])
def test_a_copy_grows_alone(way):
    run = run_of([Text("a")])
    COPIES[way](run).add(Text("b"))
    run.add(Text("c"))
    assert run.text == "ac"


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("kind", [QuotaExhausted, Blocked, GeminiError])
def test_an_error_is_copied_with_its_run(way, kind):
    run = run_of()
    with pytest.raises(kind) as caught, run.tracking():
        raise kind("wait 3 s")
    again = COPIES[way](caught.value)
    assert (type(again), str(again)) == (kind, "wait 3 s")
    assert state_of(again.run) == state_of(run)


@pytest.mark.parametrize("way", COPIES)
def test_a_stop_is_copied_with_its_run(way):
    run = run_of()
    run.stop()
    again = COPIES[way](Stopped("by you", run))
    assert (str(again), again.run.state) == ("by you", "stopped")


def asked(number):
    run = run_of([Text(f"{number}")])
    with run.tracking():
        pass
    return run


def refused(number):
    run = run_of([Text(f"{number}")])
    with run.tracking():
        raise QuotaExhausted("wait")


def test_other_processes_give_runs_and_errors_back():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert [run.text for run in pool.map(asked, range(3))] == ["0", "1", "2"]
        with pytest.raises(QuotaExhausted) as caught:
            pool.submit(refused, 7).result()
    assert caught.value.run.text == "7"


@given(st.lists(st.text(max_size=5_000)))
def test_long_fragments_and_short_ones_are_joined_alike(texts):
    run = run_of([Text("x"), *map(Text, texts)])
    assert run.parts == [Text("x" + "".join(texts))]


def test_a_stopped_run_has_ended():
    run = run_of()
    run.stop()
    assert (run.state, run.error, run.progress) == ("stopped", None, None)
    assert run.seconds == run.seconds


def test_a_call_of_a_stopped_run_does_not_run():
    run = run_of()
    assert run.is_calling
    run.stop()
    assert not run.is_calling


def test_the_seconds_of_a_call_are_those_of_the_function_and_not_of_the_question():
    run = run_of([Call("f", {})])
    (called,) = run.times
    run.add(Waiting("May I?"))
    asked = time.monotonic()
    assert run.waiting == Waiting("May I?")
    answered = time.monotonic()
    run.add(Waiting())
    assert run.waiting is None
    run.add(Call("f", {}, {"result": 1}))
    assert 0 <= run.calls[0] <= run.times[0] - called - (answered - asked)
