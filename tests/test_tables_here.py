"""Data that stays: what is there for code that runs here, and what the model is told of it."""

import datetime
import json
import sys
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from growing import worker_seconds
from heard import here, runs, says, words
from loopback import GENERATE

from gemini_magic.answer.parts import FAILED, OK, Note
from gemini_magic.errors import RequestError, SandboxError
from gemini_magic.line import built_for
from gemini_magic.options.table import Options
from gemini_magic.request.build import build
from gemini_magic.request.layouts import layout_of
from gemini_magic.request.question import Question
from gemini_magic.sandbox import Sandbox

pytestmark = pytest.mark.process

FRAME = pd.DataFrame(
    {
        "city": ["Oslo", None, "Cairo"],
        "mean": [3.5, float("nan"), 24.0],
        "days": [1, 2, 3],
        "wet": [True, False, True],
        "day": pd.to_datetime(["2024-03-01 00:00", None, "2024-03-03 12:30"]),
        "kind": pd.Categorical(["b", None, "a"], categories=["a", "b"], ordered=True),
        "count": pd.array([1, None, 3], dtype="Int64"),
        "mixed": [1, "two", None],
    }
)
ROWS = [
    {"city": "Oslo", "mean": 3.5, "days": 1, "wet": True, "kind": "b", "count": 1, "mixed": 1},
    {"city": None, "mean": None, "days": 2, "wet": False, "kind": None, "count": None}
    | {"mixed": "two"},
    {"city": "Cairo", "mean": 24.0, "days": 3, "wet": True, "kind": "a", "count": 3}
    | {"mixed": None},
]


def printed(sandbox, code):
    parts = list(sandbox.run(code))
    assert parts[0].outcome == OK, parts[0].output
    return parts[0].output


@pytest.fixture(scope="module")
def light():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def science():
    with Sandbox(science=True) as sandbox:
        yield sandbox


def test_a_table_is_there_as_rows_and_as_csv(light):
    light.load("frame", layout_of(FRAME))
    code = "rows = [{k: v for k, v in row.items() if k != 'day'} for row in frame]\n"
    code += "import json\nprint(json.dumps(rows))"
    assert json.loads(printed(light, code)) == ROWS
    assert printed(light, "print([r['day'] for r in frame])") == (
        "[datetime.datetime(2024, 3, 1, 0, 0), None, datetime.datetime(2024, 3, 3, 12, 30)]\n"
    )
    assert printed(light, "print(len(frame), frame[-1]['days'], frame[1:][0]['days'])") == "3 3 2\n"
    assert printed(light, "print(frame.column('days'), frame.columns[:2])") == (
        "[1, 2, 3] ('city', 'mean')\n"
    )
    assert printed(light, "print(open('frame.csv').readlines()[:2])") == (
        "['city,mean,days,wet,day,kind,count,mixed\\n', "
        "'Oslo,3.5,1,True,2024-03-01 00:00:00,b,1,1\\n']\n"
    )


def test_rows_cannot_be_changed(light):
    light.load("fixed", layout_of(FRAME))
    (result,) = light.run("fixed[0] = {}")
    assert result.outcome == FAILED
    assert "does not support item assignment" in result.output
    assert result.output.startswith('Traceback (most recent call last):\n  File "<string')


def test_blocks_are_counted_as_if_nothing_had_been_loaded():
    with Sandbox() as sandbox:
        sandbox.load("frame", layout_of(FRAME))
        (result,) = sandbox.run("1/0")
        assert 'File "<string>", line 1' in result.output
        sandbox.load("more", layout_of(FRAME))
        (result,) = sandbox.run("1/0")
        assert 'File "<string 2>", line 1' in result.output


@pytest.mark.science
def test_a_frame_of_pandas_is_there_as_it_is(science):
    frame = FRAME.set_index(pd.Index(["x", "y", "z"], name="key"))
    science.load("frame", layout_of(frame))
    assert printed(science, "print(frame.to_json(orient='split', date_format='iso'))").strip() == (
        frame.to_json(orient="split", date_format="iso")
    )
    assert printed(science, "print(*frame.dtypes)") == (
        "str float64 int64 bool datetime64[us] category Int64 object\n"
    )
    assert printed(science, "print(frame.index.name, frame.kind.cat.ordered)") == "key True\n"


@pytest.mark.science
@pytest.mark.parametrize(
    "value",
    [
        FRAME[["days", "mean"]].set_axis(pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]), axis=1),
        FRAME.groupby(["city", "days"])[["mean"]].sum(),
        pd.DataFrame({"t": pd.date_range("2024", periods=3, tz="Europe/Oslo")}),
        pd.DataFrame({"t": pd.to_timedelta(["1s", None, "2 days"])}),
        pd.DataFrame({0: [1, 2], 1: ["a\nb", "c"]}),
        pd.DataFrame({"a": []}),
        FRAME["city"],
        FRAME["days"].rename(None),
        pd.DataFrame({"x": np.arange(6)}).iloc[::2],
    ],
)
def test_every_frame_is_the_same_there(science, value):
    science.load("value", layout_of(value))
    code = "print(value.to_json(orient='split', date_format='iso'), repr(value))"
    assert printed(science, code) == (
        f"{value.to_json(orient='split', date_format='iso')} {value!r}\n"
    )


@pytest.mark.science
@pytest.mark.parametrize("make", [pl.from_pandas, pa.Table.from_pandas])
def test_frames_of_others_become_frames_of_pandas(science, make):
    value = make(FRAME[["city", "mean", "days", "wet", "count"]])
    science.load("other", layout_of(value))
    assert printed(
        science, "print(other.days.sum(), other['count'].isna().sum(), other.city[2])"
    ) == ("6 1 Cairo\n")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (np.array([1.5, 2.5]), "[1.5, 2.5]"),
        ([1, {"a": None}], "[1, {'a': None}]"),
        ("text", "'text'"),
    ],
)
def test_arrays_and_values_are_there_without_numpy(there, session, value, shown):
    there.on(GENERATE, runs("print(repr(value))"), says("Done."))
    assert here(session, give={"value": value}).output == f"{shown}\n"


def test_the_model_is_told_names_types_counts_and_missing_values_alone(there, session):
    there.on(GENERATE, runs("print(len(frame))"), says("3"))
    run = here(session, give={"frame": FRAME})
    told, _ = words(there)
    assert told == (
        "frame: a table of 3 rows, 8 columns is loaded as the variable `frame`, read-only: a pandas"
        " DataFrame, or a sequence of dicts, one a row, where there is no pandas. It stays on the "
        "user's machine.\ncolumns: city (str, 1 missing), mean (float64, 1 missing), days (int64), "
        "wet (bool), day (datetime64[us], 1 missing), kind (category, 1 missing), count (Int64, 1 "
        "missing), mixed (object, 1 missing)"
    )
    sent = json.dumps([asked.body for asked in there.prompts])
    assert "Oslo" not in sent
    assert "inlineData" not in sent
    assert run.parts[0] == Note("frame stays here: a table of 3 rows, 8 columns")
    assert run.output == "3\n"


def test_first_rows_and_ranges_are_told_where_they_are_asked_for(there, session):
    there.on(GENERATE, says("Fine."))
    here(session, give={"frame": FRAME[["city", "days"]]}, sample=1, ranges=True)
    told = words(there)[0]
    assert "city (str, 1 missing, 2 different), days (int64, 1 to 3)" in told
    assert told.endswith("first rows:\ncity,days\nOslo,1")
    assert "Cairo" not in told


@pytest.mark.parametrize(("option", "value"), [("sample", 1), ("ranges", True)])
def test_data_is_not_sent_whole_where_first_rows_or_ranges_were_to_be_told(
    there, session, option, value
):
    with pytest.raises(RequestError, match=f"--{option} is about data that stays here"):
        here(session, give={"frame": FRAME}, run_code="there", **{option: value})
    assert there.prompts == []


def test_a_lesson_is_told_what_it_is_told_whatever_of_the_data_a_model_would_be():
    options = Options(engine="offline", sample=1, ranges=True)
    assert built_for(Question("Find outliers", options, data={"frame": FRAME})).request.attachments


@pytest.mark.parametrize("separator", [",", ";"])
def test_first_rows_and_ranges_of_a_file_are_told_too(there, session, tmp_path, separator):
    lines = ("city,days,mean", "Oslo,1,2.5", "Cairo,12,-1", "Cairo,3,")
    path = tmp_path / "trips.csv"
    path.write_text("\n".join(lines).replace(",", separator))
    there.on(GENERATE, says("Fine."))
    here(session, files=(str(path),), sample=1, ranges=True)
    (told,) = (text for text in words(there) if "trips.csv" in text)
    assert "\nranges: city 2 different, days 1 to 12, mean -1 to 2.5\n" in told
    assert told.endswith("first rows:\ncity,days,mean\nOslo,1,2.5")


def test_a_sheet_without_rows_has_no_range(there, session, tmp_path):
    (tmp_path / "none.csv").write_text("city,days\n")
    there.on(GENERATE, says("Fine."))
    here(session, files=(str(tmp_path / "none.csv"),), sample=2, ranges=True)
    assert "ranges: city 0 different, days 0 different\nfirst rows:\ncity,days" in words(there)[0]


def test_without_the_schema_no_column_is_told(there, session):
    there.on(GENERATE, says("Fine."))
    here(session, give={"frame": FRAME}, schema=False)
    assert "city" not in words(there)[0]


def test_files_stay_too_but_those_that_only_the_model_reads(there, session, tmp_path):
    (tmp_path / "sales.csv").write_text("north,south\n1,2\n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\nphoto")
    there.on(GENERATE, runs("print(open('sales.csv').read())"), says("Fine."))
    run = here(session, files=(str(tmp_path / "sales.csv"), str(tmp_path / "photo.png")))
    assert run.output == "north,south\n1,2\n\n"
    parts = there.prompts[0].body["contents"][0]["parts"]
    assert [list(part) for part in parts] == [["inlineData"], ["text"], ["text"]]
    assert "the file sales.csv is in the folder of the code" in parts[1]["text"]
    assert "files=[" in run.staging


def test_data_of_an_earlier_turn_is_still_there(there, session):
    there.on(GENERATE, runs("n = len(frame)"), says("3"), runs("print(n, len(frame))"), says("3"))
    here(session, give={"frame": FRAME}, chat="c")
    assert here(session, chat="c").output == "3 3\n"


def test_a_block_that_ran_out_of_time_takes_no_data_with_it(there, session):
    there.on(GENERATE, runs("while True: pass"), runs("print(len(frame))"), says("3"))
    run = here(session, give={"frame": FRAME}, max_code_seconds=0.3)
    assert run.output.endswith("3\n")


def test_a_frame_that_does_not_fit_is_one_line(there, session):
    there.on(GENERATE, runs("print(1)"))
    frame = pd.DataFrame({"a": np.zeros(8_000_000)})
    with pytest.raises(SandboxError) as caught:
        here(session, give={"frame": frame}, sandbox_memory_mb=100)
    assert str(caught.value) == (
        "'frame' has 64,000,000 bytes and does not fit into the sandbox here, of 100 MB "
        "(GeminiMagic.sandbox_memory_mb): give it fewer rows or columns, or raise the setting"
    )
    assert caught.value.run.steps


def test_a_chat_goes_on_without_a_frame_that_did_not_fit(there, session):
    there.on(GENERATE, runs("x = 3"), says("Kept."), runs("print(1)"))
    here(session, chat="c", sandbox_memory_mb=100)
    with pytest.raises(SandboxError):
        here(session, give={"large": np.zeros(8_000_000)}, chat="c", sandbox_memory_mb=100)
    there.on(GENERATE, runs("print(small)"), says("1"))
    run = here(session, give={"small": [1]}, chat="c", sandbox_memory_mb=100)
    assert run.output.endswith("\n[1]\n")


def test_what_cannot_be_given_is_one_line(there, session):
    with pytest.raises(RequestError) as caught:
        here(session, give={"value": object()})
    assert "\n" not in str(caught.value)


def test_a_run_on_data_that_stays_is_not_run_again_without_it(there, session):
    there.on(GENERATE, runs("print(len(frame))"), says("3"))
    run = here(session, give={"frame": FRAME}, verify=True)
    assert run.verification is None
    assert run.parts[-1].text == (
        "not run again here: its data (frame) is not kept with the run: run the cell again"
    )


def test_dates_are_dates(light):
    light.load("days", layout_of(pl.DataFrame({"d": [datetime.date(2024, 3, 1), None]})))
    assert printed(light, "print([r['d'] for r in days])") == (
        "[datetime.datetime(2024, 3, 1, 0, 0), None]\n"
    )


def test_requests_on_other_data_are_other_requests():
    def asked(days):
        options = Options(run_code="here")
        data = {"frame": pd.DataFrame({"days": days})}
        return build(Question("sum the days", options, data=data)).request

    assert asked([1, 2]).canonical() == asked([1, 2]).canonical()
    assert asked([1, 2]).canonical() != asked([1, 3]).canonical()


MILLION = 1_000_000


@pytest.fixture(scope="module")
def million():
    draw = np.random.default_rng(0)
    columns = {f"measure_{n}": draw.random(MILLION) for n in range(5)}
    columns |= {"count": draw.integers(0, 10**9, MILLION), "place": np.arange(MILLION)}
    columns["time"] = pd.date_range("2000", periods=MILLION, freq="s")
    columns["region"] = draw.choice(["north", "south", "east"], MILLION)
    columns["customer"] = [f"name{n}" for n in range(MILLION)]
    return pd.DataFrame(columns)


def peak(sandbox):
    """The most memory that the worker has had, in bytes."""
    status = Path(f"/proc/{sandbox._worker.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.mark.science
@pytest.mark.growth
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["light", "science"])
def test_a_million_rows_are_there_in_three_seconds_and_in_twice_their_memory(kind, million):
    frame = million
    with Sandbox(science=kind == "science") as sandbox:
        printed(sandbox, "import pandas" if kind == "science" else "1")
        before = peak(sandbox)
        sandbox.load("frame", layout_of(frame))
        began = process_time() + worker_seconds(sandbox)
        assert printed(sandbox, "print(len(frame))") == "1000000\n"
        # Of the processor's, on either side: neither waits but for the other.
        assert process_time() + worker_seconds(sandbox) - began < 3
        assert peak(sandbox) - before < 2 * frame.memory_usage(deep=True).sum()
