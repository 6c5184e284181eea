"""Whatever holds a table becomes CSV, and its schema tells what is in it."""

import csv
import io
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.request.tables import Column, of_csv, of_value

MONTHS = ["Jan", "Feb", "Mar", "Apr"]
RAIN = [1.5, None, 3.0, 4.0]


def rows_of(table):
    return list(csv.reader(io.StringIO(table.csv, newline="")))


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_a_frame_is_its_rows_with_types_and_nulls(library):
    table = of_value(library.DataFrame({"month": MONTHS, "rain": RAIN}), "frame")
    assert rows_of(table) == [
        ["month", "rain"],
        ["Jan", "1.5"],
        ["Feb", ""],
        ["Mar", "3.0"],
        ["Apr", "4.0"],
    ]
    assert table.columns == (Column("month", "String", 0), Column("rain", "Float64", 1))
    assert table.rows == 4


def test_a_schema_has_columns_types_nulls_rows_and_three_of_them():
    frame = pl.DataFrame({"month": MONTHS, "rain": RAIN})
    assert of_value(frame, "frame").schema() == (
        "4 rows, 2 columns\n"
        "columns: month (String), rain (Float64, 1 null)\n"
        "first rows:\n"
        "month,rain\nJan,1.5\nFeb,\nMar,3.0\n"
    )


def test_a_schema_stays_short_for_a_wide_table_with_long_cells():
    frame = pl.DataFrame({f"column_{n}": ["x" * 10_000] for n in range(500)})
    schema = of_value(frame, "frame").schema()
    assert len(schema) < 6000
    assert "and 440 more" in schema


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_a_series_without_a_name_gets_that_of_its_variable(library):
    assert rows_of(of_value(library.Series([1, 2]), "prices")) == [["prices"], ["1"], ["2"]]
    named = library.Series([1, 2], name="kept") if library is pd else pl.Series("kept", [1, 2])
    assert rows_of(of_value(named, "prices"))[0] == ["kept"]


def test_a_table_of_pyarrow_is_its_rows_with_types_and_nulls():
    table = of_value(
        pa.table(
            {
                "month": MONTHS,
                "rain": RAIN,
                "day": [date(2024, 1, 31), None, None, None],
                "price": pa.array([Decimal("1.10"), None, None, None], pa.decimal128(9, 2)),
                "kind": pa.array(["wet", "dry", "wet", "wet"]).dictionary_encode(),
            }
        ),
        "frame",
    )
    assert rows_of(table)[:3] == [
        ["month", "rain", "day", "price", "kind"],
        ["Jan", "1.5", "2024-01-31", "1.10", "wet"],
        ["Feb", "", "", "", "dry"],
    ]
    assert table.schema().splitlines()[:2] == [
        "4 rows, 5 columns",
        "columns: month (String), rain (Float64, 1 null), day (Date, 3 nulls), "
        "price (Decimal, 3 nulls), kind (Categorical)",
    ]


def test_a_column_of_pyarrow_gets_the_name_of_its_variable():
    assert rows_of(of_value(pa.chunked_array([[1, 2], [3]]), "prices"))[:2] == [["prices"], ["1"]]


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("cells", [["x", None, "y"], [1.5, None, 2.0]], ids=["text", "numbers"])
def test_a_missing_value_of_a_column_alone_stays_a_row(library, cells):
    table = of_value(library({"a": cells}), "frame")
    assert len(pd.read_csv(io.StringIO(table.csv))) == table.rows == 3
    assert rows_of(table)[2] == [""]


def test_a_lazy_frame_is_computed():
    assert rows_of(of_value(pl.LazyFrame({"a": [1]}), "lazy")) == [["a"], ["1"]]


def test_an_index_that_a_column_repeats_gets_a_name_of_its_own():
    frame = pd.DataFrame({"key": ["a", "b"]}).set_index("key", drop=False)
    assert rows_of(of_value(frame, "frame")) == [["key_index", "key"], ["a", "a"], ["b", "b"]]


def test_times_of_an_array_stay_times():
    array = np.array(["2024-01-02T03:04:05"], dtype="datetime64[ns]")
    assert rows_of(of_value(array, "t")) == [["t"], ["2024-01-02 03:04:05"]]


@pytest.mark.parametrize("array", [np.zeros((3, 0)), np.zeros((2, 2), dtype=[("a", int)])])
def test_an_array_that_is_no_table_is_refused(array):
    with pytest.raises(ValueError, match=r"no columns|no table"):
        of_value(array, "a")


def test_an_index_with_a_meaning_becomes_columns_and_row_numbers_do_not():
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    assert rows_of(of_value(frame, "frame")) == [["key", "x"], ["a", "1"], ["b", "2"]]
    assert rows_of(of_value(frame["x"], "series")) == [["key", "x"], ["a", "1"], ["b", "2"]]
    assert rows_of(of_value(frame.reset_index(drop=True), "frame"))[0] == ["x"]


def test_several_lines_of_column_names_become_one():
    frame = pd.DataFrame({("rain", "sum"): [1], ("rain", "mean"): [2]})
    assert rows_of(of_value(frame, "frame")) == [["rain sum", "rain mean"], ["1", "2"]]


def test_the_frame_itself_is_left_as_it_was():
    frame = pd.DataFrame({("a", "b"): [1]}, index=["x"])
    before = frame.copy(deep=True)
    of_value(frame, "frame")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("array", "rows"),
    [
        (np.array([1, 2]), [["a"], ["1"], ["2"]]),
        (np.array([[1.5, np.nan]]), [["a_0", "a_1"], ["1.5", "nan"]]),
        (np.array([(1, b"x")], dtype=[("n", int), ("s", "S1")]), [["n", "s"], ["1", "b'x'"]]),
        (np.zeros((0, 2)), [["a_0", "a_1"]]),
    ],
    ids=["line", "square", "fields", "empty"],
)
def test_an_array_is_a_table_too(array, rows):
    assert rows_of(of_value(array, "a")) == rows


def test_missing_numbers_of_an_array_are_counted():
    assert of_value(np.array([[1, np.nan], [2, np.nan]]), "a").columns == (
        Column("a_0", "float64", 0),
        Column("a_1", "float64", 2),
    )


def test_an_array_of_three_dimensions_is_no_table():
    with pytest.raises(ValueError, match="3 dimensions"):
        of_value(np.zeros((2, 2, 2)), "cube")


def test_a_frame_without_columns_is_no_table():
    with pytest.raises(ValueError, match="no columns"):
        of_value(pl.DataFrame(), "frame")


@pytest.mark.parametrize("value", [None, 1, Decimal(1), object(), "text", {1}])
def test_anything_else_is_no_table(value):
    assert of_value(value, "value") is None


def test_the_types_of_a_csv_file_are_read_from_its_cells():
    table = of_csv(b"\xef\xbb\xbfname,n,x,none,mixed\r\na,1,1.5,,1\r\nb,,2,,z\r\n")
    assert (table.rows, table.columns) == (
        2,
        (
            Column("name", "text", 0),
            Column("n", "integer", 1),
            Column("x", "number", 0),
            Column("none", "empty", 2),
            Column("mixed", "text", 0),
        ),
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_may_have_other_separators_and_the_schema_names_them(separator):
    table = of_csv(f"day{separator}rain\nMon{separator}1,5\n".encode())
    assert table.schema().splitlines()[:2] == [
        f"1 row, 2 columns, separated by {separator!r}",
        "columns: day (text), rain (text)",
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"a,b\n1\n", b"\xff\xfe", b'a\n"open'])
def test_a_file_that_is_no_plain_table_has_no_schema(data):
    assert of_csv(data) is None


def test_a_cell_longer_than_pythons_csv_module_reads_is_sent_all_the_same():
    table = of_value(pl.DataFrame({"a": ["x" * 200_000]}), "frame")
    assert len(table.csv) > 200_000
    assert len(table.schema()) < 200


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=5))
def test_any_text_of_a_frame_comes_back_from_its_csv(rows):
    table = of_value(pl.DataFrame(rows, schema=["a", "b"], orient="row"), "frame")
    assert rows_of(table)[1:] == [list(row) for row in rows]
    assert table.schema().startswith(f"{len(rows)} row")
