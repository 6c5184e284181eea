"""The live view is told all of a run, once."""

import functools
import json

import pytest
from comm import get_comm_manager
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.answer.document import MIME
from gemini_magic.answer.parts import (
    Call,
    Code,
    Data,
    Image,
    Progress,
    Query,
    Result,
    Text,
    Thought,
)
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import mimebundle
from gemini_magic.views.widget import RunWidget, delta

PARTS = st.one_of(
    st.text(min_size=1, max_size=9).map(Text),
    st.text(min_size=1, max_size=9).map(Thought),
    st.integers(0, 3).map(lambda n: Code(f"x = {n}")),
    st.just(Result(output="1\n")),
    st.text(min_size=1, max_size=9).map(Data),
    st.text(max_size=9).map(Query),
    st.integers(0, 3).map(lambda n: Call("rate", {"day": n})),
    st.integers(0, 3).map(lambda n: Call("rate", {"day": n}, {"result": n})),
    st.integers(0, 3).map(lambda n: Image("image/png", bytes([n]) * 9_000)),
)


@given(st.lists(st.lists(PARTS, max_size=4), max_size=6))
def test_the_pieces_put_together_are_the_run(batches):
    run, told = Run(Request("x")), Run(Request("x"))
    before = []
    for batch in batches:
        for part in batch:
            run.add(part)
        for piece in delta(before, run.parts):
            told.add(piece)
        before = run.parts
    assert told.parts == run.parts


def follow(run, widget, part):
    run.add(part)
    widget.sync(run)


def test_a_growing_text_is_sent_in_pieces_and_whole_now_and_then():
    run = Run(Request("x"))
    widget = RunWidget(run)
    sent = 0
    for number in range(500):
        seen = widget.run, widget.tail
        follow(run, widget, Text(f"{number:04} and so on, " * 20))
        sent += sum(
            len(json.dumps(new))
            for new, old in zip((widget.run, widget.tail), seen, strict=True)
            if new is not old
        )
    held = widget.run["parts"][0]["text"]
    assert run.text.startswith(held)
    assert len(held) >= len(run.text) / 3
    assert sent <= 3 * len(run.text)
    widget.close()


def test_a_picture_is_sent_once():
    run = Run(Request("x"))
    widget = RunWidget(run)
    messages = []
    widget.observe(lambda change: messages.append(json.dumps(change["new"])), ["run", "tail"])
    follow(run, widget, Image("image/png", b"unmistakable"))
    for _ in range(100):
        follow(run, widget, Text("x" * 500))
    data = "dW5taXN0YWthYmxl"
    assert sum(data in message for message in messages) == 1
    widget.close()


def test_an_upload_is_shown_while_it_lasts():
    run = Run(Request("x"))
    widget = RunWidget(run)
    follow(run, widget, Progress("uploading a.pdf", 1, 3))
    assert widget.progress == {"text": "uploading a.pdf", "done": 1, "total": 3}
    follow(run, widget, Progress("uploading a.pdf", 3, 3))
    assert widget.progress == {}
    assert run.parts == []
    widget.close()


def test_a_closed_widget_leaves_nothing_behind():
    RunWidget(Run(Request("x"))).close()  # the first one brings the script, which stays
    before = set(get_comm_manager().comms)
    for _ in range(3):
        RunWidget(Run(Request("x"))).close()
    assert set(get_comm_manager().comms) == before


ODD = {
    "deep": lambda: functools.reduce(lambda inner, _: {"a": inner}, range(5_000), {}),
    "huge": lambda: {"a": 10**6_000},
    "infinite": lambda: {"a": [float("inf"), float("nan")]},
    "half a character": lambda: {"\ud800": "\udfff"},
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_of_a_function_can_be_shown_and_saved(odd):
    value = ODD[odd]()
    run = Run(Request("x"))
    run.add(Text("before"))
    run.add(Call("f", value, {"result": value}))
    shown = mimebundle(run)
    assert "Called f(" in shown["text/plain"]
    assert "Called f" in shown["text/html"]
    json.dumps(shown, allow_nan=False, ensure_ascii=False).encode()
    assert Run.from_dict(shown[MIME]).to_dict() == shown[MIME]
