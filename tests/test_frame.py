"""Runs as a table of pandas or polars, made of what each run says of itself."""

from __future__ import annotations

import sys

import pytest
from browser import stored

import gemini_magic
from gemini_magic.answer.parts import Code, Result, Text, Usage
from gemini_magic.errors import OptionError
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

NAMES = "prompt model state attempts seconds tokens cost answer error output claims verdict".split()


def run_of(*parts, prompt="Add."):
    run = Run(Request(prompt), "gemini", "gemini-3-flash-preview")
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


RUNS = [
    run_of(
        Text("It is 54.5."),
        Code("print(54.5)"),
        Result(output="54.5\n"),
        Usage(prompt=1_000_000, total=7),
    ),
    run_of(Text("nothing"), prompt="Say it."),
    Run.from_dict(stored("traced")),
]


def test_a_row_has_what_a_run_says(monkeypatch):
    monkeypatch.setenv(
        "GEMINI_MAGIC_PRICES", '{"gemini-3-flash-preview": {"input": 2, "output": 1}}'
    )
    table = gemini_magic.frame(RUNS)
    assert list(table.columns) == NAMES
    first, second, third = table.to_dict("records")
    assert first.pop("seconds") >= 0
    assert first == {
        "prompt": "Add.",
        "model": "gemini-3-flash-preview",
        "state": "done",
        "attempts": 1,
        "tokens": 7,
        "cost": 2.0,
        "answer": "It is 54.5.",
        "error": None,
        "output": "54.5\n",
        "claims": "1 number printed by the code",
        "verdict": "",
    }
    assert (second["attempts"], second["output"], second["claims"]) == (0, None, "")
    assert table["tokens"].isna().tolist() == [False, True, True]
    assert (third["model"], third["verdict"]) == (
        "gemini",
        "1 same · 1 different · 1 cannot run here",
    )
    assert table["seconds"].isna().tolist()[2]


def test_columns_have_one_type_whatever_is_missing():
    kinds = {name: str(kind) for name, kind in gemini_magic.frame([]).dtypes.items()}
    assert kinds == {name: str(kind) for name, kind in gemini_magic.frame(RUNS).dtypes.items()}
    assert (kinds["tokens"], kinds["cost"]) == ("Int64", "Float64")


def test_without_pandas_it_is_one_of_polars(monkeypatch):
    wanted = gemini_magic.frame(RUNS)
    monkeypatch.setitem(sys.modules, "pandas", None)
    table = gemini_magic.frame(iter(RUNS))
    assert type(table).__module__.startswith("polars")
    assert table.columns == NAMES
    assert table["prompt"].to_list() == wanted["prompt"].tolist()
    assert table["tokens"].to_list() == [7, None, None]


def test_without_either_one_line_says_what_to_install(monkeypatch):
    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(OptionError, match="pip install pandas"):
        gemini_magic.frame(RUNS)


@pytest.mark.parametrize("wrong", [3, None, "run", [3], RUNS[0], [RUNS[0], "x"]])
def test_what_is_no_run_is_refused_in_one_line(wrong):
    with pytest.raises(OptionError, match=r"frame takes runs, as in frame\(\[run\]\), not"):
        gemini_magic.frame(wrong)
