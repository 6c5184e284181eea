"""Many rows as a notebook stores them, and one of them asked once more."""

from __future__ import annotations

import gc
import json
import pickle
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest
from asking import KEY
from loopback import GENERATE, Answer, event, refusal, said, stream, wait

import gemini_magic
from gemini_magic.answer.parts import Text
from gemini_magic.answer.rows import LONGEST, MOST_ROWS, ROWS_MIME, read
from gemini_magic.errors import (
    EngineError,
    OptionError,
    QuotaExhausted,
    RequestError,
    RequestRefused,
    Stopped,
)
from gemini_magic.notebook.rows.listed import DisplayOptions, opened
from gemini_magic.notebook.rows.page import answered
from gemini_magic.notebook.rows.shown import bundle
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.request.request import Request
from gemini_magic.runs.estimate import estimated
from gemini_magic.runs.run import Run
from gemini_magic.views.session import Session, current, hold

ROWS = [{"text": text} for text in ("brakes squeal", "gears like butter", "bell too quiet")]
PROMPT = "Praise or blame? {text}"
REFUSED = refusal(400, "INVALID_ARGUMENT", "not this one")
DAILY = {"violations": [{"quotaId": "RequestsPerDay"}]}
ENOUGH = refusal(429, "RESOURCE_EXHAUSTED", "enough for today", DAILY)
USAGE = {"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 12}}


@pytest.fixture(autouse=True)
def online(there, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    hold(Session())
    yield
    hold(Session())


@pytest.fixture
def says(there):
    """Answers each prompt with its last word, or with what is given for a text in it."""
    given: dict[str, list[Answer]] = {}

    def answer(asked):
        there.asked.append(asked)
        prompt = asked.body["contents"][-1]["parts"][0]["text"]
        for text, answers in given.items():
            if text in prompt and answers:
                return answers.pop(0)
        return done(prompt.split()[-1])

    there.answer = answer
    return given


def done(text):
    return stream({**said({"text": text}, finishReason="STOP"), **USAGE})


def ended(rows=ROWS, prompt=PROMPT, **options):
    runs = gemini_magic.map(prompt, rows, **options)
    len(runs)
    return runs


def document(runs, display=None):
    data, _ = bundle(runs, display or DisplayOptions())
    return read(json.loads(json.dumps(data[ROWS_MIME])))


def size(bundle):
    return len(json.dumps(bundle, ensure_ascii=False).encode())


def test_runs_that_are_not_kept_are_in_no_variable_and_no_page_finds_them(says):
    runs = gemini_magic.map(PROMPT, ROWS, keep=False)
    assert len(list(runs)) == 3
    data, _ = bundle(runs, DisplayOptions())
    assert "3 more rows are not here" in data["text/html"]
    assert document(runs).key == ""


def test_the_table_ends_with_the_last_row_where_none_is_left(says):
    assert bundle(ended(), DisplayOptions())[0]["text/html"].endswith("</table></div>")
    empty, _ = bundle(gemini_magic.map(PROMPT, []), DisplayOptions(growing=True))
    assert "<p><strong>none asked yet of 0 rows</strong> </p>" in empty["text/html"]


def test_one_row_more_is_one(says):
    table, _ = bundle(
        ended([{"text": f"row {at}"} for at in range(MOST_ROWS + 1)]), DisplayOptions()
    )
    assert "<p>1 more row is in the variable</p>" in table["text/html"]
    short, _ = bundle(ended([{"text": f"row {at}"} for at in range(21)]), DisplayOptions())
    assert short["text/plain"].endswith("\n… 1 more row")


def test_the_document_has_each_row_with_what_went_into_the_prompt_and_its_run(says):
    says["gears"] = [REFUSED]
    rows = document(ended())
    assert (rows.state, rows.total, rows.columns, rows.workers) == ("done", 3, "text", 8)
    assert rows.counts == {"done": 2, "failed": 1}
    assert [(row.number, row.state, row.text) for row in rows.rows] == [
        (0, "done", "brakes squeal"),
        (1, "failed", "gears like butter"),
        (2, "done", "bell too quiet"),
    ]
    assert [row.answer for row in rows.rows] == ["squeal", "", "quiet"]
    assert "not this one" in rows.rows[1].error
    assert Run.from_dict(rows.rows[0].run).text == "squeal"


def test_several_columns_are_shown_as_the_row_has_them_and_a_whole_row_as_its_prompt(says):
    row = {"b": 1, "a": "x", "left out": 2}
    shown = document(ended([row], "{a} {b}"))
    assert (shown.columns, shown.rows[0].text) == ("b, a", "1 · x")
    whole = document(ended([row], '{row["left out"]}!'))
    assert (whole.columns, whole.rows[0].text) == ("", "2!")


def test_beside_private_data_only_the_columns_of_the_prompt_are_shown(says):
    row = {"text": "a", "left out": "b"}
    here = {"data": {"kept": [1, 2]}, "run_code": "here", "private": True}
    runs = gemini_magic.map("{kept} {text}", [row], **here)
    wanted = runs._requests.next()
    assert wanted.task.built.request.prompt == "{kept} a"
    assert (runs.columns, wanted.text) == ("text", "a")


def test_rows_that_are_the_private_data_are_not_put_into_prompts(there):
    here = {"run_code": "here", "private": True, "data": {"kept": ROWS}}
    with pytest.raises(RequestError, match="the rows are 'kept', whose values stay here"):
        gemini_magic.map(PROMPT, ROWS, **here)
    assert there.asked == []


def test_the_rows_have_seconds_and_tokens_beside_them_unless_they_are_static(says):
    runs = ended()
    _, beside = bundle(runs, DisplayOptions())
    stats = beside[ROWS_MIME]
    assert stats["tokens"] == 36
    assert 0 < stats["rows"]["0"]["seconds"] <= stats["seconds"] + 0.1
    assert bundle(runs, DisplayOptions(stats=False))[1] == {ROWS_MIME: {}}
    hold(Session())
    again = ended()
    assert "tokens" in bundle(again, DisplayOptions())[1][ROWS_MIME]
    assert bundle(again, DisplayOptions())[1][ROWS_MIME]["tokens"] is None
    assert document(again).counts == {"recorded": 3}


def test_what_is_shown_is_bounded_and_those_that_failed_come_first(says):
    says["row 204 "] = [REFUSED]
    says["row"] = [done("word " * 2000)] * 204
    runs = ended([{"text": f"row {number} {'x' * 5000}"} for number in range(205)], "{text}")
    rows = document(runs)
    assert len(rows.rows) == MOST_ROWS
    assert rows.counts == {"done": 204, "failed": 1}
    assert rows.rows[-1].number == 204
    assert rows.rows[-1].run is not None
    assert max(len(row.text) for row in rows.rows) < LONGEST
    shown, beside = bundle(runs, DisplayOptions())
    assert size([shown, beside]) < 1_600_000
    assert 20 < sum(row.run is not None for row in rows.rows) < MOST_ROWS


def test_a_drawing_of_rows_that_grow_is_bounded_whatever_came(says):
    runs = gemini_magic.map("{text}", [{"text": f"{at} " + "é" * 5000} for at in range(150)])
    came = runs.as_completed()
    for _ in range(140):
        next(came)
    shown, beside = bundle(runs, DisplayOptions(growing=True, new=140))
    rows = read(shown[ROWS_MIME])
    assert rows.state == "running"
    assert sum(row.state == "done" for row in rows.rows) == 50
    assert all(row.run is None for row in rows.rows)
    assert size([shown, beside]) < 100_000
    assert len(document(runs, DisplayOptions(growing=True, new=1)).rows) <= 12 + 20
    runs.close()
    assert document(runs).state == "stopped"


def test_the_time_that_is_left_counts_recorded_rows_as_they_came(says):
    rows = [{"text": f"row {at}"} for at in range(12)]
    ended([row for at, row in enumerate(rows) if at % 4])
    runs = ended(rows)
    assert runs.states == {"done": 3, "recorded": 9}
    assert runs.pace.left(12) == pytest.approx(runs.pace.seconds)


def test_the_text_of_rows_that_grow_has_those_that_came_last(says):
    runs = gemini_magic.map(PROMPT, [{"text": f"row {at}"} for at in range(60)], workers=1)
    came = runs.as_completed()
    for _ in range(50):
        next(came)
    shown, _ = bundle(runs, DisplayOptions(growing=True, new=1))
    runs.close()
    assert [line.split()[0] for line in shown["text/plain"].splitlines()[1:]] == [
        str(at) for at in range(38, 50)
    ]
    assert "… 30 more rows" in bundle(runs, DisplayOptions())[0]["text/plain"]
    # A kernel that dies leaves them so.
    assert "run the cell again" in shown["text/html"]
    assert "run the cell again" not in bundle(runs, DisplayOptions())[0]["text/html"]


def test_few_runs_are_made_that_do_not_fit(says):
    made = []

    class Counted(Run):
        @property
        def blocks(self):
            made.append(self)
            return super().blocks

    def run(words):
        counted = Counted(Request(PROMPT))
        with counted.tracking():
            counted.add(Text("word " * words))
        return counted

    runs = {at: run(30_000) for at in range(50)}
    made.clear()
    found = opened(runs, DisplayOptions())
    assert 2 < len(found) < 10
    assert len({id(each) for each in made}) <= len(found) + 5


def test_rows_on_their_way_are_shown_and_those_that_wait(there):
    end = threading.Event()
    there.on(GENERATE, Answer((end.wait, event(said({"text": "ok"}, finishReason="STOP")))))
    runs = gemini_magic.map(PROMPT, ROWS, workers=2)
    asker = threading.Thread(target=lambda: len(runs))
    asker.start()
    try:
        while len(runs.pending()) < 2:
            end.wait(0.01)
        rows = document(runs, DisplayOptions(growing=True))
        assert [(row.number, row.state, row.text) for row in rows.rows] == [
            (0, "running", "brakes squeal"),
            (1, "running", "gears like butter"),
        ]
        assert rows.counts == {"running": 2}
        with pytest.raises(OptionError, match="still being asked"):
            runs.ask_again(0)
    finally:
        end.set()
        asker.join()
    assert document(runs).counts == {"done": 3}


HOSTILE = ["</td><script>alert(1)</script>", "\x1b[2J\u202eevil", "\ud800", "{row}", "`" * 9000]


def test_what_rows_and_answers_hold_is_text_in_every_form(says):
    for text in HOSTILE:
        says[text] = [done(f"said {text}")]
    shown, _ = ended([{"text": text} for text in HOSTILE])._repr_mimebundle_()
    assert "<script" not in shown["text/html"]
    own = "".join(row.text + row.answer for row in read(shown[ROWS_MIME]).rows)
    assert not any(mark in own for mark in ("\x1b", "\u202e", "\ud800"))
    json.dumps(shown, ensure_ascii=False).encode()  # which halves of characters end


def test_a_row_whose_prompt_would_hold_a_key_is_nowhere_shown(says):
    rows = [{"text": f"my key is {KEY}"}, {"text": "x" * 40 + KEY}]
    hold(Session(settings=GeminiMagic(max_variable_chars=50)))
    runs = ended(rows)
    assert [run.state for run in runs] == ["failed", "done"]
    assert KEY not in json.dumps(runs._repr_mimebundle_())


def test_no_beginning_of_a_key_is_shown_that_the_prompt_has_not(says):
    hold(Session(settings=GeminiMagic(max_variable_chars=50)))
    runs = ended([{"text": "x" * 140 + KEY}])
    assert runs[0].state == "done"
    assert KEY[:15] not in json.dumps(runs._repr_mimebundle_())


def test_rows_that_nobody_watches_are_the_same_the_second_time(says):
    shown = []
    for _ in range(2):
        hold(Session())
        shown.append(bundle(ended(), DisplayOptions(watched=False)))
    assert shown[0] == shown[1]
    assert read(shown[0][0][ROWS_MIME]).counts == {"done": 3}
    assert shown[0][1][ROWS_MIME]["tokens"] == 36


def test_rows_that_are_asked_when_they_are_wanted_say_so(says):
    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    assert document(runs).state == "open"
    assert runs[0].text == "squeal"
    assert (document(runs).state, document(runs).counts) == ("open", {"done": 1})
    with pytest.raises(OptionError, match=r"row 2 has not been asked yet: runs\[2\] asks it"):
        runs.ask_again(2)


def test_what_ends_all_rows_is_their_state(there):
    there.on(GENERATE, ENOUGH)
    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    with pytest.raises(QuotaExhausted):
        len(runs)
    assert document(runs).state == "failed"


def test_a_row_asked_again_takes_its_place_and_is_recorded(says, there):
    says["gears"] = [REFUSED]
    runs = ended()
    there.asked.clear()
    run = runs.ask_again(1)
    assert (run.text, runs[1], len(there.prompts)) == ("butter", run, 1)
    assert list(gemini_magic.frame(runs)["answer"]) == ["squeal", "butter", "quiet"]
    assert runs.summary == "3 done of 3 rows"
    assert pickle.loads(pickle.dumps(run)).text == "butter"
    there.asked.clear()
    assert ended()[1].recorded
    assert not there.prompts


def test_an_answer_that_is_recorded_is_asked_for_anew_and_replaced(says, there):
    ended()
    hold(Session())
    runs = ended()
    says["gears"] = [done("better")]
    assert runs.ask_again(1).text == "better"
    assert runs.states == {"recorded": 2, "done": 1}
    hold(Session())
    assert ended()[1].text == "better"


def test_a_run_that_fails_takes_the_place_of_one_that_failed_and_of_no_answer(says):
    says["gears"] = [REFUSED, refusal(400, "INVALID_ARGUMENT", "nor now")]
    says["bell"] = [done("quiet"), REFUSED]
    runs = ended()
    assert "nor now" in runs.ask_again(1).error
    assert "nor now" in runs[1].error
    assert runs.ask_again(2).state == "failed"
    assert runs[2].text == "quiet"
    assert runs.states == {"done": 2, "failed": 1}


def test_a_row_asked_again_waits_as_long_as_the_server_says(says, there):
    runs = ended()
    says["bell"] = [refusal(429, "RESOURCE_EXHAUSTED", "slow down", wait("0.01s")), done("loud")]
    assert runs.ask_again(2).text == "loud"
    says["bell"] = [refusal(429, "RESOURCE_EXHAUSTED", "slow down", wait("0.01s"))] * 9
    with pytest.raises(QuotaExhausted):
        runs.ask_again(2)
    assert runs[2].text == "loud"


def test_a_row_is_asked_where_the_others_were_while_that_is_open(says):
    with ThreadPoolExecutor(1) as pool:
        runs = ended(executor=pool)
        assert runs.ask_again(0).text == "squeal"
    assert runs.ask_again(0).text == "squeal"


def test_rows_that_cannot_be_asked_again_say_why_in_one_line(says, there):
    runs = ended([*ROWS, {"other": 1}])
    there.asked.clear()
    for asks, why in (
        (lambda: runs.ask_again(3), "row 3 cannot be sent: RequestError: row 3 has no 'text'"),
        (lambda: runs.ask_again(99), "row 99 has not been asked"),
        (lambda: runs.ask_again(-9), "row -5 has not been asked"),
        (lambda: runs.ask_again("1"), "^a row is its number, not"),
        (lambda: runs.ask_again([1]), "^a row is its number, not"),
        (lambda: ended(replay="only").ask_again(0), "nothing is asked"),
    ):
        with pytest.raises(OptionError, match=why):
            asks()
    with pytest.raises(TypeError, match="given once"):
        gemini_magic.map(PROMPT, ROWS, keep=False).ask_again(0)
    assert not there.prompts


def test_a_row_that_is_asked_again_may_be_counted_from_the_end(says):
    runs = ended()
    assert runs.ask_again(-1) is runs[-1] is runs[2]


class Then(ThreadPoolExecutor):
    """Has all rows asked, and does with the next one what `then` does."""

    def __init__(self, then):
        super().__init__(1)
        self._left, self._then = len(ROWS), then

    def submit(self, *args):
        self._left -= 1
        return super().submit(*args) if self._left >= 0 else self._then()


def test_an_interrupt_leaves_the_row_as_it_was(says):
    def interrupted():
        raise KeyboardInterrupt

    with Then(interrupted) as pool:
        runs = ended(executor=pool)
        with pytest.raises(Stopped, match="keeps the run that it had"):
            runs.ask_again(0)
    assert runs[0].text == "squeal"


def test_a_row_that_is_given_up_is_asked_nowhere(says):
    class Interrupted(Future):
        def add_done_callback(self, _):  # as it was sent
            raise KeyboardInterrupt

    asked = Interrupted()
    with Then(lambda: asked) as pool, pytest.raises(Stopped):
        ended(executor=pool).ask_again(0)
    assert asked.cancelled()


def test_a_worker_process_that_dies_over_a_row_asked_again_is_one_line(says):
    died = Future()
    died.set_exception(BrokenProcessPool("terminated abruptly"))
    with Then(lambda: died) as pool:
        runs = ended(executor=pool)
        with pytest.raises(EngineError, match="a worker process ended by itself"):
            runs.ask_again(0)
    assert runs[0].text == "squeal"


def test_a_run_whose_row_is_interrupted_as_it_comes_is_not_shown_without_its_text(says):
    class Interrupted(dict):
        def __setitem__(self, *_):
            raise KeyboardInterrupt

    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    runs._came.texts = Interrupted()
    with pytest.raises(Stopped):
        len(runs)
    assert document(runs).state == "stopped"


def test_a_budget_counts_no_row_that_was_not_asked_again(says):
    hold(Session(settings=GeminiMagic(max_session_tokens=100)))
    runs = ended()
    says["bell"] = [ENOUGH] * 20
    for _ in range(20):
        with pytest.raises(QuotaExhausted):
            runs.ask_again(2)
    assert runs.ask_again(2).text == "quiet"


def test_a_budget_counts_no_row_that_was_given_up(says):
    ahead = sum(estimated(Request(PROMPT.format(**row))) for row in ROWS[:2])
    hold(Session(settings=GeminiMagic(max_session_tokens=ahead + 4)))
    end = threading.Event()
    says["gears"] = [Answer((end.wait, event(said({"text": "ok"}, finishReason="STOP"))))]
    try:
        with gemini_magic.map(PROMPT, ROWS[:2], workers=2) as runs:
            assert runs[0].text == "squeal"
        assert runs.ask_again(0).text == "squeal"
    finally:
        end.set()


def test_what_a_row_asked_again_used_is_no_run_that_goes_on(says):
    ended()
    hold(Session())
    ended().ask_again(0)
    entries = [(bool(run.past), run.state) for run in current().runs]
    assert entries == [(True, "done"), (False, "done")]


def press(runs, number, text=None):
    row = {row.number: row for row in document(runs).rows}[number]
    return answered({"key": runs.key, "number": number, "text": text or row.text})


def test_a_page_asks_a_row_again_and_gets_what_is_to_be_saved(says):
    says["gears"] = [REFUSED]
    runs = ended()
    given = press(runs, 1)
    assert json.loads(json.dumps(given)) == given
    assert given["said"] == ""
    rows = read(given["data"]["data"][ROWS_MIME])
    assert (rows.key, rows.counts) == (runs.key, {"done": 3})
    assert runs[1].text == "butter"
    says["bell"] = [REFUSED]
    assert "the answer from before stays: RequestRefused" in press(runs, 2)["said"]


def test_a_page_hears_in_one_line_why_a_row_is_not_asked(says, there):
    runs = ended()
    there.asked.clear()
    assert "other rows by now" in press(runs, 1, "other text")["error"]
    for asked in (
        {},
        {"key": 7},
        {"key": runs.key, "number": "1", "text": ""},
        {"key": runs.key, "number": 10**9, "text": ""},
        {"key": runs.key, "number": [1], "text": "gears like butter"},
    ):
        said = answered(asked)["error"]
        assert said
        assert "\n" not in said
    key = runs.key
    del runs
    gc.collect()
    said = answered({"key": key, "number": 1, "text": "gears like butter"})["error"]
    assert said.startswith("this kernel has these rows no more: run their cell")
    assert not there.prompts


def test_rows_have_a_key_of_their_own_that_is_the_same_after_a_restart(says):
    keys = []
    for _ in range(2):
        hold(Session())
        both = [gemini_magic.map(PROMPT, ROWS), gemini_magic.map(PROMPT, ROWS)]
        keys.append([runs.key for runs in both])
        assert current().rows[both[0].key] is both[0]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def test_a_refused_request_is_what_a_failed_row_says(says):
    says["gears"] = [REFUSED]
    assert ended()[1].error.startswith(RequestRefused.__name__)
