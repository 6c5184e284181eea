"""Many rows: one prompt filled from each, asked side by side, and only what is not recorded."""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import re
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from multiprocessing import get_context
from signal import SIGKILL

import pandas as pd
import polars as pl
import pytest
from asking import KEY, commands
from loopback import GENERATE, Answer, event, refusal, said, stream, wait

import gemini_magic
from gemini_magic.errors import (
    BudgetSpent,
    EngineError,
    KeyMissing,
    LessonMissing,
    OptionError,
    QuotaExhausted,
    RequestError,
    Stopped,
)
from gemini_magic.notebook.rows.listed import DisplayOptions
from gemini_magic.notebook.rows.shown import bundle
from gemini_magic.notebook.rows.work import Task, work
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.views.session import Session, current, hold

TEXTS = ["brakes squeal", "gears like butter", "bell too quiet"]
ROWS = [{"text": text} for text in TEXTS]
PROMPT = "Praise or blame? {text}"
USAGE = {"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 12}}


@pytest.fixture(autouse=True)
def online(there, monkeypatch, tmp_path):
    """Gemini on this machine, and a user who has recorded nothing yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    hold(Session())
    there.on(GENERATE, stream({**said({"text": "blame"}, finishReason="STOP"), **USAGE}))
    yield
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert all(KEY.encode() not in held for held in kept)
    hold(Session())


class Echo:
    """Answers each prompt with its last word, or as `answers` says for a text in it."""

    def __init__(self, server, **answers):
        self.answers = answers
        self.together = self.most = 0
        self._lock = threading.Lock()
        self._plain = server.answer
        self.server = server
        server.answer = self

    def __call__(self, asked):
        self.server.asked.append(asked)
        prompt = asked.body["contents"][-1]["parts"][0]["text"]
        for text, given in self.answers.items():
            if text in prompt and given:
                return given.pop(0)
        return stream({**said({"text": prompt.split()[-1]}, finishReason="STOP"), **USAGE})


@pytest.fixture
def echo(there):
    return Echo(there)


def prompts(server):
    return [asked.body["contents"][-1]["parts"][0]["text"] for asked in server.prompts]


def texts(runs):
    return [run.text for run in runs]


def test_the_runs_are_those_of_the_rows_in_their_order(echo):
    runs = gemini_magic.map(PROMPT, ROWS)
    assert texts(runs) == ["squeal", "butter", "quiet"]
    assert len(runs) == 3
    assert runs[-1] is runs[2]
    assert texts(runs[:2]) == ["squeal", "butter"]
    assert sorted(prompts(echo.server)) == sorted(f"Praise or blame? {text}" for text in TEXTS)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, iter, tuple])
def test_rows_are_a_frame_or_anything_that_gives_mappings(echo, frame):
    assert texts(gemini_magic.map(PROMPT, frame(ROWS))) == ["squeal", "butter", "quiet"]


def test_nothing_is_asked_before_it_is_wanted(echo):
    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    assert repr(runs) == "<Runs: none asked yet of 3 rows>"
    assert runs[0].text == "squeal"
    assert len(prompts(echo.server)) == 1
    assert repr(runs) == "<Runs: 1 done of 3 rows>"


def test_runs_are_given_as_they_come_with_the_numbers_of_their_rows(there):
    second = threading.Event()
    late = Answer((lambda: second.wait(20), event(said({"text": "late"}, finishReason="STOP"))))
    Echo(there, brakes=[late])
    came = gemini_magic.map(PROMPT, ROWS[:2], workers=2).as_completed()
    assert [(number, run.text) for number, run in [next(came)]] == [(1, "butter")]
    second.set()
    assert [(number, run.text) for number, run in came] == [(0, "late")]


def test_a_second_time_nothing_is_asked(echo):
    assert texts(gemini_magic.map(PROMPT, ROWS)) == ["squeal", "butter", "quiet"]
    echo.server.asked.clear()
    hold(Session())
    again = gemini_magic.map(PROMPT, ROWS)
    assert texts(again) == ["squeal", "butter", "quiet"]
    assert all(run.recorded for run in again)
    assert not echo.server.prompts
    assert repr(again) == "<Runs: 3 recorded of 3 rows>"
    asked = gemini_magic.map(PROMPT, ROWS, replay="never")
    assert not any(run.recorded for run in asked)


def test_after_an_end_half_way_only_the_rest_is_asked(echo):
    runs = iter(gemini_magic.map(PROMPT, ROWS, workers=1))
    next(runs)
    del runs
    echo.server.asked.clear()
    assert texts(gemini_magic.map(PROMPT, ROWS)) == ["squeal", "butter", "quiet"]
    assert len(echo.server.prompts) == 2


def test_what_nobody_has_taken_yet_is_recorded_too(echo, tmp_path):
    runs = gemini_magic.map(PROMPT, ROWS, workers=3)
    assert runs[0].text == "squeal"
    runs._dispatcher._own.shutdown()
    echo.server.asked.clear()
    hold(Session())
    assert texts(gemini_magic.map(PROMPT, ROWS)) == ["squeal", "butter", "quiet"]
    assert not echo.server.prompts


def test_a_row_that_fails_is_a_failed_run_beside_the_others(there):
    Echo(there, gears=[refusal(400, "INVALID_ARGUMENT", "not this one")])
    runs = list(gemini_magic.map(PROMPT, ROWS))
    assert [run.state for run in runs] == ["done", "failed", "done"]
    assert "not this one" in runs[1].error
    frame = gemini_magic.frame(runs)
    assert list(frame["answer"]) == ["squeal", "", "quiet"]
    assert list(frame["error"].isna()) == [True, False, True]


def test_a_row_that_cannot_be_sent_fails_alone(echo):
    rows = [*ROWS, {"text": f"my key is {KEY}"}, {"other": "x"}]
    runs = list(gemini_magic.map(PROMPT, rows))
    assert [run.state for run in runs] == ["done"] * 3 + ["failed"] * 2
    assert "holds the key" in runs[3].error
    assert runs[4].error == "RequestError: row 4 has no 'text'"
    assert KEY not in str([run.to_dict() for run in runs])
    assert len(echo.server.prompts) == 3


def test_the_delay_of_one_row_holds_all(there):
    busy = refusal(429, "RESOURCE_EXHAUSTED", "slow down", wait("0.2s"))
    echo = Echo(there, first=[busy])
    rows = [{"text": f"{word} row"} for word in ("first", "next", "last")]
    assert texts(gemini_magic.map("{text}", rows, workers=1)) == ["row"] * 3
    # While the first waited, none of the others was sent.
    assert prompts(echo.server) == ["first row", "first row", "next row", "last row"]


def test_what_every_row_would_meet_stops_all(there, monkeypatch):
    daily = {"violations": [{"quotaId": "RequestsPerDay"}]}
    there.on(GENERATE, refusal(429, "RESOURCE_EXHAUSTED", "enough for today", daily))
    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    with pytest.raises(QuotaExhausted):
        list(runs)
    assert len(there.prompts) == 1
    monkeypatch.delenv("GEMINI_API_KEY")
    with pytest.raises(KeyMissing):
        list(gemini_magic.map(PROMPT, ROWS, engine="gemini"))


def test_too_many_requests_are_given_up_after_as_many_tries_as_one(there):
    busy = refusal(429, "RESOURCE_EXHAUSTED", "slow down", wait("0.01s"))
    there.on(GENERATE, busy)
    with pytest.raises(QuotaExhausted):
        list(gemini_magic.map(PROMPT, ROWS[:1]))
    assert len(there.prompts) == 4


def test_rows_are_read_as_they_are_needed_and_not_kept(echo):
    read = []

    def endless():
        number = 0
        while True:
            read.append(number)
            yield {"text": f"number {number}"}
            number += 1

    runs = gemini_magic.map(PROMPT, endless(), workers=2, keep=False)
    came = iter(runs)
    assert [next(came).text for _ in range(50)] == [str(number) for number in range(50)]
    assert len(read) <= 50 + 2 * 16 + 2
    assert len(runs.came) <= 2 * 16
    with pytest.raises(TypeError, match="given once"):
        len(runs)
    assert next(iter(runs)).text == "50"
    runs.close()
    assert list(came) == []


def test_no_more_rows_are_in_flight_than_workers(there):
    barrier = threading.Semaphore(0)
    most, pending = 0, 0
    lock = threading.Lock()

    def begin():
        nonlocal most, pending
        with lock:
            pending += 1
            most = max(most, pending)
            if pending == 3:
                barrier.release(100)
        barrier.acquire()
        with lock:
            pending -= 1

    there.on(GENERATE, Answer((begin, event(said({"text": "ok"}, finishReason="STOP")))))
    rows = [{"text": str(number)} for number in range(12)]
    assert texts(gemini_magic.map(PROMPT, rows, workers=3)) == ["ok"] * 12
    assert most == 3


def test_an_interrupt_ends_it_in_one_line_and_keeps_what_had_come(echo):
    def rows():
        yield from ROWS[:2]
        raise KeyboardInterrupt

    runs = gemini_magic.map(PROMPT, rows(), workers=1)
    with pytest.raises(Stopped, match=r"^by you; 2 done: what is recorded is not asked again$"):
        list(runs)
    assert texts(runs.came.values()) == ["squeal", "butter"]
    assert texts(runs) == ["squeal", "butter"]


def test_what_came_before_an_end_is_all_there_with_its_gaps(there):
    late = threading.Event()
    Echo(there, **{"? 0": [stream(late, said({"text": "late"}, finishReason="STOP"))]})
    runs = gemini_magic.map(PROMPT, [{"text": str(number)} for number in range(5)], workers=2)
    with runs:
        numbers = {number for number, _ in islice(runs.as_completed(), 3)}
    assert numbers == {1, 2, 3}
    late.set()
    assert list(runs.came) == [1, 2, 3]
    asked = [run.request.prompt.split()[-1] for run in runs]
    assert asked == ["1", "2", "3"]
    assert [run.request.prompt.split()[-1] for run in reversed(runs)] == asked[::-1]
    assert [len(runs), len(runs[:]), len(runs[:2]), len(runs[2:])] == [3, 3, 1, 2]
    assert runs[-1] is runs[3]
    assert runs[3] in runs
    assert len(gemini_magic.frame(runs)) == 3
    for number in (0, 4, -5):
        with pytest.raises(IndexError, match=f"^there is no run of row {number}$"):
            runs[number]


@pytest.mark.parametrize(
    "asks", [len, list, lambda runs: runs[-1], gemini_magic.frame, lambda runs: runs[:1]]
)
def test_rows_that_were_asked_for_elsewhere_are_given_as_they_come_too(echo, asks):
    runs = gemini_magic.map(PROMPT, ROWS, workers=1)
    came = {}
    for number, run in runs.as_completed():
        came[number] = run
        asks(runs)
    assert texts(came[number] for number in range(3)) == texts(runs)
    assert len(prompts(echo.server)) == 3


@pytest.mark.parametrize(
    "read", [list, len, lambda runs: list(runs.as_completed()), lambda runs: runs[:]]
)
def test_threads_may_read_the_same_rows(echo, read):
    def rows():
        for number in range(30):
            yield {"text": str(number)}

    runs = gemini_magic.map(PROMPT, rows(), workers=3)
    with ThreadPoolExecutor(4) as pool:
        every = list(pool.map(read, [runs] * 4))
    assert {each if isinstance(each, int) else len(each) for each in every} == {30}
    assert texts(runs) == [str(number) for number in range(30)]
    assert len(prompts(echo.server)) == 30


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (iter, iter),
        (iter, lambda runs: (run for _, run in runs.as_completed())),
        (lambda runs: (run for _, run in runs.as_completed()), iter),
    ],
)
def test_runs_that_are_not_kept_are_given_once_whoever_takes_them(echo, one, other):
    rows = [{"text": str(number)} for number in range(40)]
    runs = gemini_magic.map(PROMPT, rows, workers=2, keep=False)
    first, second = one(runs), other(runs)
    taken = [next(each) for _ in range(6) for each in (first, second)]
    with ThreadPoolExecutor(2) as pool:
        for rest in pool.map(list, (first, second)):
            taken += rest
    assert sorted(map(int, texts(taken))) == list(range(40))
    assert list(runs) == []


HOSTILE = [
    "{text} {row} {__import__('os')}",
    "</td><script>alert(1)</script>",
    "\x1b[2J\u202eevil",
    "`" * 5000 + "$$ \\begin{x}",
    "x" * 100_000,
    "\ud800",
]


def test_values_are_put_in_once_and_bounded(echo):
    runs = list(gemini_magic.map("Say: {text}.", [{"text": text} for text in HOSTILE], workers=1))
    sent = prompts(echo.server)
    assert [run.state for run in runs] == ["done"] * len(HOSTILE)
    assert sent[0] == f"Say: {HOSTILE[0]}."
    assert max(map(len, sent)) < 5000
    shown = gemini_magic.map("Say: {text}.", [{"text": text} for text in HOSTILE])
    list(shown)
    bundle, _ = shown._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    assert "\x1b" not in bundle["text/html"] + bundle["text/plain"]
    assert "\u202e" not in bundle["text/plain"]


def test_columns_of_any_name_are_in_the_row(echo):
    rows = [{"unit price": 3, "class": "a", "run": 1}]
    list(gemini_magic.map('{row["unit price"]} {class} {run}', rows))
    assert prompts(echo.server) == ["3 {class} 1"]


def test_a_column_comes_before_a_name(echo):
    names = {"text": "not this", "tone": "mild"}
    list(gemini_magic.map("{text} {tone}", [{"text": "this"}], names=names))
    assert prompts(echo.server) == ["this mild"]


class Unreadable(dict):
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("text", "not 'text'"),
        ({"text": ["a"]}, "not {'text'"),
        (7, "not 7"),
        (Unreadable(), "not a Unreadable"),
        (["a"], "one row is 'a'"),
        ([{1: "a"}], "a column's name is a text, and here is 1"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "the frame cannot be read"),
        ([{"txt": "a"}], "no column goes into the prompt"),
    ],
)
def test_rows_that_are_none_are_refused_in_one_line_before_anything_is_sent(there, rows, says):
    with pytest.raises((OptionError, RequestError)) as caught:
        list(gemini_magic.map(PROMPT, rows))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not there.prompts


@pytest.mark.parametrize(
    "keywords",
    [
        {"chat": "talk"},
        {"workers": 0},
        {"executor": 4},
        {"no_such": 1},
        {"approve": True},
    ],
)
def test_what_rows_cannot_have_is_refused_at_once(keywords):
    with pytest.raises(OptionError):
        gemini_magic.map(PROMPT, ROWS, **keywords)


def test_functions_pass_only_where_nobody_is_to_be_asked(there):
    def double(number: int) -> int:
        """Double a number."""
        return 2 * number

    hold(Session(settings=GeminiMagic(confirm_tools=True)))
    with pytest.raises(OptionError, match="confirm_tools"):
        gemini_magic.map(PROMPT, ROWS, tools=[double])
    hold(Session(settings=GeminiMagic(confirm_tools=False)))
    call = said({"functionCall": {"name": "double", "args": {"number": 4}}}, finishReason="STOP")
    there.on(GENERATE, stream(call), stream(said({"text": "8"}, finishReason="STOP")))
    (run,) = gemini_magic.map(PROMPT, ROWS[:1], tools=[double])
    assert run.text == "8"


def test_an_answer_of_a_shape_is_a_value_in_each_run(there):
    schema = {"type": "object", "properties": {"praise": {"type": "boolean"}}}
    given = said({"text": json.dumps({"praise": True})}, finishReason="STOP")
    there.on(GENERATE, stream(given))
    assert [run.value for run in gemini_magic.map(PROMPT, ROWS, json=schema)] == [
        {"praise": True}
    ] * 3
    assert [run.value for run in gemini_magic.map(PROMPT, ROWS, json=schema)] == [
        {"praise": True}
    ] * 3
    assert len(there.prompts) == 3


def test_a_budget_holds_for_rows(there):
    hold(Session(settings=GeminiMagic(max_session_tokens=40)))
    there.on(GENERATE, stream({**said({"text": "ok"}, finishReason="STOP"), **USAGE}))
    runs = gemini_magic.map(PROMPT, [{"text": str(number)} for number in range(9)], workers=1)
    with pytest.raises(BudgetSpent):
        list(runs)
    assert 1 <= len(there.prompts) <= 3


def test_a_bound_of_money_asks_for_no_price_where_nothing_costs(monkeypatch):
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    hold(Session(settings=GeminiMagic(max_session_cost=1.0)))
    with pytest.raises(LessonMissing):
        list(gemini_magic.map("no lesson has {text}", ROWS))


def test_a_session_counts_the_tokens_of_all_rows_in_one_entry(echo):
    list(gemini_magic.map(PROMPT, ROWS))
    (entry,) = current().runs
    assert (entry.state, entry.usage.total) == ("done", 36)
    list(gemini_magic.map(PROMPT, ROWS))
    assert [bool(run.past) for run in current().runs] == [False, True]


def test_a_task_travels_without_the_key(echo):
    runs = gemini_magic.map(PROMPT, ROWS)
    task = runs._requests.next().task
    travelled = pickle.dumps(task)
    assert KEY.encode() not in travelled
    assert isinstance(pickle.loads(travelled), Task)
    run = pickle.loads(pickle.dumps(work(pickle.loads(travelled))))
    assert run.text == "squeal"


class Inline:
    """An executor that does the work where it is told to."""

    def submit(self, function, *arguments):
        future = Future()
        try:
            future.set_result(function(*arguments))
        except BaseException as exc:
            future.set_exception(exc)
        return future


class Shut(Executor):
    """Refuses as dask's does, by an error of its own, once it is shut."""

    def __init__(self, inner, takes):
        self._inner, self._takes = inner, takes

    def submit(self, *args):
        if not self._takes:
            raise LookupError("client closed")
        self._takes -= 1
        return self._inner.submit(*args)


def test_an_executor_that_is_shut_is_one_line_and_a_row_is_asked_again_without_it(echo):
    with ThreadPoolExecutor(1) as pool:
        runs = gemini_magic.map(PROMPT, ROWS, executor=Shut(pool, 1), workers=1)
        with pytest.raises(EngineError, match=r"rows \(client closed\): give one that is open"):
            list(runs)
        assert list(runs.came) == [0]
        assert runs.ask_again(0).text == "squeal"
    with pytest.raises(EngineError, match=r"takes no rows \(.*shutdown\)"):
        list(gemini_magic.map("Say {text}", ROWS, executor=pool))


@pytest.mark.parametrize("do", [lambda runs: pickle.loads(pickle.dumps(runs)), copy.copy])
def test_the_runs_that_are_there_travel_as_a_list(echo, do):
    runs = gemini_magic.map("Say {text}", ROWS, workers=1)
    assert runs[0].state == "done"
    back = do(runs)
    assert isinstance(back, list)
    assert [run.to_dict() for run in back] == [run.to_dict() for run in runs.came.values()]
    assert len(back) < len(ROWS)


def test_any_executor_does_the_work(echo):
    assert texts(gemini_magic.map(PROMPT, ROWS, executor=Inline())) == ["squeal", "butter", "quiet"]


@pytest.mark.process
def test_processes_ask_for_themselves_and_the_caller_records(echo):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = gemini_magic.map(PROMPT, ROWS, executor=pool, workers=2)
        assert texts(runs) == ["squeal", "butter", "quiet"]
        (shaped,) = gemini_magic.map('{text} "1"', ROWS[:1], executor=pool, json=str)
        assert shaped.value == "1"
        echo.server.asked.clear()
        assert texts(gemini_magic.map(PROMPT, ROWS, executor=pool)) == ["squeal", "butter", "quiet"]
        assert not echo.server.prompts
        with pytest.raises(OptionError, match="cannot travel"):
            list(gemini_magic.map("{text}!", ROWS, executor=pool, tools=[_local()]))


def cell(shell, line, prompt=PROMPT):
    return shell.run_cell(f"%%gemini_exec {line}\n{prompt}")


def test_a_cell_asks_each_row_and_leaves_the_runs(echo, shell, capsys):
    shell.user_ns["reviews"] = pd.DataFrame(ROWS)
    assert cell(shell, "--rows reviews --out runs").success
    assert texts(shell.user_ns["runs"]) == ["squeal", "butter", "quiet"]
    assert "3 done of 3 rows\n0  done  squeal\n" in capsys.readouterr().out
    echo.server.asked.clear()
    assert cell(shell, "--rows reviews --workers 2").success
    assert not echo.server.prompts
    assert cell(shell, "--rows reviews --replay never").success
    assert len(echo.server.prompts) == 3


def test_the_sum_of_rows_is_written_as_no_answer(echo, shell, capsys, tmp_path):
    give = commands(shell, capsys)
    shell.user_ns["reviews"] = ROWS
    assert cell(shell, "--rows reviews").success
    for line in ("export sum.html", "export 1 sum.html", "export all sum.html", "lesson save s.md"):
        assert re.search("many rows used all together|is to hold 0 runs", give(line)), line
    assert cell(shell, "", "Or blame?").success
    assert give("export all both.json") == "1 run is in both.json"
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["both.json"]
    assert give("usage").splitlines()[1].split()[1] == "2"


def test_a_dry_run_of_rows_is_that_of_the_first(echo, shell, capsys):
    shell.user_ns["reviews"] = ROWS
    assert cell(shell, "--rows reviews --dry-run").success
    assert "Praise or blame? brakes squeal" in capsys.readouterr().out
    assert not echo.server.prompts


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--rows revews", "there is no variable 'revews' to ask: did you mean 'reviews'?"),
        ("--rows number", "rows takes a frame"),
        ("--rows reviews --chat", "leave chat out"),
        ("--rows reviews --step", "leave --step out"),
        ("--rows reviews --workers 0", "takes a number from 1 to 1000, not '0'"),
    ],
)
def test_a_cell_that_cannot_ask_rows_says_why_in_one_line(there, shell, capsys, line, says):
    shell.user_ns |= {"reviews": ROWS, "number": 7}
    result = cell(shell, line)
    assert says in str(result.error_in_exec)
    assert "Traceback" not in capsys.readouterr().err
    assert not there.prompts


def test_without_a_key_rows_fail_the_cell_once(there, shell, capsys, monkeypatch):
    monkeypatch.delenv("GEMINI_API_KEY")
    shell.user_ns["reviews"] = ROWS
    assert not cell(shell, "--rows reviews").success
    assert shell.user_ns["_run"].came == {}


def test_a_table_of_many_rows_is_bounded_and_has_those_that_failed(there):
    last = [refusal(400, "INVALID_ARGUMENT", "not this one")]
    Echo(there, **{"row 204": last})
    runs = gemini_magic.map("{text}", [{"text": f"row {number}"} for number in range(205)])
    list(runs)
    table, _ = bundle(runs, DisplayOptions())
    assert table["text/html"].count("<details") == 200
    assert "not this one" in table["text/html"]
    assert "5 more rows" in table["text/html"]
    assert len(table["text/plain"].splitlines()) == 22


def test_a_bar_says_how_many_rows_came_where_it_is_wanted(there, capsys):
    pytest.importorskip("tqdm")
    Echo(there, gears=[refusal(400, "INVALID_ARGUMENT", "not this one")])
    list(gemini_magic.map(PROMPT, ROWS))
    assert capsys.readouterr().err == ""
    list(gemini_magic.map(PROMPT, ROWS, replay="refresh", workers=1, progress=True))
    assert "/3 [" in capsys.readouterr().err


def test_the_bar_goes_where_no_more_rows_are_wanted(there, capsys):
    Echo(there)
    runs = gemini_magic.map(PROMPT, ROWS, workers=1, progress=True, keep=False)
    for _ in runs:
        break
    # It is cleared: the line is empty, and the next one is begun where it was.
    assert capsys.readouterr().err.endswith("\r")
    assert len(list(runs)) == 2
    shown = capsys.readouterr().err
    assert "1/3 [" in shown
    assert shown.endswith("\r")


def test_rows_that_nobody_watches_are_the_same_the_second_time(echo):
    shown = []
    for _ in range(2):
        hold(Session())
        runs = gemini_magic.map(PROMPT, ROWS)
        list(runs)
        shown.append(bundle(runs, DisplayOptions(watched=False, stats=False)))
    assert shown[0] == shown[1]
    assert "3 done of 3 rows" in shown[0][0]["text/plain"]


def _local():
    def shout(text: str) -> str:
        """Say it loudly."""
        return text.upper()

    return shout


@pytest.mark.process
def test_a_cluster_asks_the_rows_of_a_worker_that_is_lost_again(there):
    distributed = pytest.importorskip("distributed")
    echo = Echo(there)
    rows = [{"text": f"row {number}"} for number in range(30)]
    quiet = {"silence_logs": logging.CRITICAL, "dashboard_address": ":0"}
    with (
        distributed.LocalCluster(2, threads_per_worker=1, processes=True, **quiet) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = client.get_executor()
        came = gemini_magic.map("{text}", rows, executor=executor, workers=4).as_completed()
        first = [next(came) for _ in range(5)]
        os.kill(client.run(os.getpid).popitem()[1], SIGKILL)
        numbers = {number: run.text for number, run in [*first, *came]}
        assert numbers == {number: str(number) for number in range(30)}
        echo.server.asked.clear()
        assert len(gemini_magic.map("{text}", rows, executor=executor)) == 30
        assert not echo.server.prompts


@pytest.mark.process
def test_a_process_that_dies_is_one_line_and_a_second_call_goes_on(there):
    Echo(there)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        runs = gemini_magic.map(PROMPT, ROWS, executor=pool, workers=1)
        came = iter(runs)
        assert next(came).text == "squeal"
        for process in pool._processes.values():
            process.kill()
        with pytest.raises(EngineError, match="ended by itself"):
            list(came)
    there.asked.clear()
    assert texts(gemini_magic.map(PROMPT, ROWS)) == ["squeal", "butter", "quiet"]
    assert len(there.prompts) <= 2
