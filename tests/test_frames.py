"""Frames and records as libraries really make them: names that repeat, what is missing, nested."""

import csv
import datetime
import io
import json
import math
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from gemini_magic.errors import RequestError
from gemini_magic.request.variables import of_value

LIMIT = 10**6


def frame(columns, index=None, names=None):
    rows = [[*range(len(columns))], [*range(10, 10 + len(columns))]]
    made = pd.DataFrame(rows, columns=columns)
    if index:
        made.index = pd.MultiIndex.from_tuples([(1, 2), (3, 4)]) if index == 2 else [7, 8]
    if names:
        made.index.names = names
    return made


NAMES = {
    "twice": (frame(["a", "a"]), ["a", "a_1"]),
    "three times": (frame(["a", "a", "a"]), ["a", "a_1", "a_2"]),
    "twice, and the next is taken": (frame(["a", "a", "a_1"]), ["a", "a_2", "a_1"]),
    "a number and its text": (frame([1, "1"]), ["1", "1_1"]),
    "none": (frame([None, None]), ["None", "None_1"]),
    "in two lines": (frame(pd.MultiIndex.from_tuples([("a", "b")] * 2)), ["a b", "a b_1"]),
    "a category": (frame(pd.CategoricalIndex(["x", "x"])), ["x", "x_1"]),
    "the index as a column": (frame(["a"], 1, ["a"]), ["a_index", "a"]),
    "the index twice": (frame(["v"], 2, ["k", "k"]), ["k", "k_1", "v"]),
    "the index unnamed": (frame(["v"], 2), ["level_0", "level_1", "v"]),
    "level_0 as a name": (frame(["v"], 2, [None, "level_0"]), ["level_0", "level_0_1", "v"]),
    "level_0 as a column": (frame(["level_0"], 2), ["level_0_index", "level_1", "level_0"]),
    "index as a column": (frame(["index"], 1), ["index_index", "index"]),
    "both index names as columns": (
        frame(["index", "level_0"], 1),
        ["index_index", "index", "level_0"],
    ),
    "arrow's twice": (pa.table([[1], [2]], names=["a", "a"]), ["a", "a_1"]),
}


@pytest.mark.parametrize(("value", "names"), NAMES.values(), ids=NAMES)
def test_each_column_has_a_name_of_its_own(value, names):
    attachment = of_value("x", value, LIMIT)
    rows = list(csv.reader(io.StringIO(attachment.data.decode())))
    assert rows[0] == names
    assert {len(row) for row in rows} == {len(names)}
    for name in names:
        assert name in attachment.schema


def test_the_frame_itself_keeps_its_names():
    value = frame(["a", "a"])
    of_value("x", value, LIMIT)
    assert list(value.columns) == ["a", "a"]


NESTED = {
    "a list": (pl.DataFrame({"s": [[1, 2], None]}), ["[1,2]", ""]),
    "a struct": (pl.DataFrame({"s": [{"a": 1, "b": [1]}, None]}), ['{"a":1,"b":[1]}', ""]),
    "an array": (pl.DataFrame({"s": [[1, 2]]}, schema={"s": pl.Array(pl.Int64, 2)}), ["[1,2]"]),
    "a duration": (pl.DataFrame({"s": [datetime.timedelta(1)]}), ["1 day, 0:00:00"]),
    "bytes": (pl.DataFrame({"s": [b"a\xff"]}), ["Yf8="]),
    "a series": (pl.Series("s", [[1], [2]]), ["[1]", "[2]"]),
    "lazy": (pl.LazyFrame({"s": [[1]]}), ["[1]"]),
    "arrow's": (pa.table({"s": [[1], [2]]}), ["[1]", "[2]"]),
}


@pytest.mark.parametrize(("value", "cells"), NESTED.values(), ids=NESTED)
def test_what_is_nested_goes_as_json(value, cells):
    rows = list(csv.reader(io.StringIO(of_value("x", value, LIMIT).data.decode())))
    assert rows == [["s"], *([cell] for cell in cells)]


def test_flat_columns_beside_nested_ones_are_as_ever():
    value = pl.DataFrame({"l": [[1], [2]], "x": [1.5, None], "t": ["a", "b"], "b": [True, None]})
    assert of_value("x", value, LIMIT).data == b"l,x,t,b\n[1],1.5,a,True\n[2],,b,\n"


MISSING = {
    "NaT": (pd.NaT, None),
    "NA": (pd.NA, None),
    "numpy's NaT": (np.datetime64("NaT"), None),
    "numpy's missing duration": (np.timedelta64("NaT"), None),
    "None": (None, None),
    "not a number": (math.nan, None),
    "the infinite": ([math.inf, -math.inf], [None, None]),
    "numpy's not a number": ([np.nan, np.float32("nan"), np.float16("inf")], [None] * 3),
    "numpy's widest": ([np.longdouble("nan"), np.longdouble(1.5)], [None, 1.5]),
    "an array with some": (np.array([1, np.nan, np.inf]), [1, None, None]),
    "a series with some": (pd.Series([1.5, np.nan]), [1.5, None]),
    "records": (pd.DataFrame({"a": [1, np.nan]}).to_dict("records"), [{"a": 1}, {"a": None}]),
    "beside a missing time": ([pd.NaT, {"a": (math.nan,)}], [None, {"a": [None]}]),
    "an array of them": (np.array([pd.NA, None], dtype=object), [None, None]),
    "an array of missing times": (np.array(["NaT"], dtype="M8[ns]"), [None]),
    "a series": (pd.Series([1, pd.NA]), [1, None]),
    "a series of times": (pd.Series([pd.NaT]), [None]),
    "nested": ([{"a": (pd.NaT, 1)}], [{"a": [None, 1]}]),
    "a time beside": ([pd.NaT, pd.Timestamp("2020")], [None, "2020-01-01T00:00:00"]),
    "a period": (pd.Period("2020-01"), "2020-01"),
    "an interval": (pd.Interval(0, 1), "(0, 1]"),
    "numpy's numbers": ([np.float32(1.5), np.int8(1), np.uint64(2**63)], [1.5, 1, 2**63]),
    "numpy's truth and text": ([np.True_, np.str_("a")], [True, "a"]),
    "numpy's nothing": (np.array(5), 5),
    "numpy's keys": ({np.int64(1): np.float64(2)}, {"1": 2}),
}


def strict(data):
    """Read JSON as everybody reads it: `NaN` and `Infinity` are Python's own."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(data, parse_constant=refuse)


@pytest.mark.parametrize(("value", "written"), MISSING.values(), ids=MISSING)
def test_records_hold_what_libraries_put_into_them(value, written):
    for whole, expected in (([value], [written]), ({"k": value}, {"k": written})):
        assert strict(of_value("x", whole, LIMIT).data) == expected


@pytest.mark.parametrize(
    "value",
    [3, 2.5, True, np.float64(2.5), np.int64(3), np.True_, np.array(5), np.datetime64("2020")],
    ids=repr,
)
def test_a_single_value_is_refused_with_what_does_it_instead(value):
    with pytest.raises(RequestError, match=r"\{x\} in the prompt") as caught:
        of_value("x", value, LIMIT)
    assert "\n" not in str(caught.value)


def test_nothing_of_it_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value, _ in (*NAMES.values(), *NESTED.values()):
            of_value("x", value, LIMIT)
