"""What goes along with a prompt, or one line that says why it does not."""

import bz2
import gzip
import json
import lzma
import os
from datetime import date
from pathlib import Path
from struct import unpack

import matplotlib.figure
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image

from gemini_magic.errors import RequestError
from gemini_magic.request.attachment import Attachment, announced, staged_names
from gemini_magic.request.attachments import gather

LIMIT = 10_000_000


def only(limit=LIMIT, files=(), **data):
    (attachment,) = gather(data, files, limit)
    return attachment


def refusal(limit=LIMIT, files=(), **data):
    with pytest.raises(RequestError) as caught:
        gather(data, files, limit)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("value", "name", "mime_type", "data"),
    [
        ("Grüße", "v.txt", "text/plain", "Grüße".encode()),
        (b"plain", "v.txt", "text/plain", b"plain"),
        (bytearray(b"%PDF-1.7 \xff"), "v.pdf", "application/pdf", b"%PDF-1.7 \xff"),
        (b"\xff\xd8\xff\xe0", "v.jpeg", "image/jpeg", b"\xff\xd8\xff\xe0"),
        (pl.DataFrame({"a": [1]}), "v.csv", "text/csv", b"a\n1\n"),
        (np.array([7]), "v.csv", "text/csv", b"v\n7\n"),
    ],
    ids=["str", "bytes", "pdf", "jpeg", "frame", "array"],
)
def test_a_variable_becomes_a_file(value, name, mime_type, data):
    made = only(v=value)
    assert (made.name, made.mime_type, made.data) == (name, mime_type, data)


@pytest.mark.parametrize("value", [{"a": [1, None, "ü"]}, [1, 2], ("x",)])
def test_a_dict_or_a_list_becomes_json_under_a_type_that_the_server_takes(value):
    made = only(v=value)
    assert (made.name, made.mime_type) == ("v.json", "text/plain")
    assert json.loads(made.data) == (list(value) if isinstance(value, tuple) else value)


def test_a_figure_and_a_picture_become_png():
    figure = matplotlib.figure.Figure(figsize=(2, 1), dpi=100)
    figure.subplots().plot([1, 2])
    picture = Image.new("RGB", (30, 20))
    for value, size in ((figure, (200, 100)), (picture, (30, 20))):
        made = only(v=value)
        assert (made.name, made.mime_type) == ("v.png", "image/png")
        assert unpack(">II", made.data[16:24]) == size


def test_only_tables_have_a_schema():
    assert only(v=pl.DataFrame({"a": [1]})).schema.startswith("1 row, 1 column\n")
    assert only(v="text").schema == ""


def test_a_file_goes_as_it_is_by_the_type_of_its_name(tmp_path):
    content = b"a,b\r\n1,2\r\n"
    for name, mime_type in {
        "t.csv": "text/csv",
        "t.PY": "text/x-python",
        "t.json": "text/plain",
        "t.png": "image/png",
        "t.pdf": "application/pdf",
        "t.odd-suffix": "text/plain",
        "README": "text/plain",
    }.items():
        (tmp_path / name).write_bytes(content)
        made = only(files=[str(tmp_path / name)])
        assert (made.name, made.mime_type, made.data) == (name, mime_type, content)
        assert made.path == str(tmp_path / name)
        assert bool(made.schema) == (name == "t.csv")


@pytest.mark.parametrize("table", [pl.DataFrame, pa.table, pd.DataFrame])
def test_a_vast_table_is_refused_before_it_is_written(table):
    line = refusal(1000, v=table({"a": range(600), "b": range(600)}))
    assert line == (
        "the variable 'v' has 1,200 cells and may have 1,000 bytes: send a part of it, or raise "
        "GeminiMagic.max_attachment_bytes"
    )


@pytest.mark.parametrize(("suffix", "packed"), [("gz", gzip), ("bz2", bz2), ("xz", lzma)])
def test_a_compressed_table_goes_as_the_table_that_it_is(tmp_path, suffix, packed):
    file = tmp_path / f"t.csv.{suffix}"
    file.write_bytes(packed.compress(b"a,b\n1,2\n"))
    made = only(files=[str(file)])
    assert (made.name, made.mime_type, made.data) == ("t.csv", "text/csv", b"a,b\n1,2\n")
    assert (made.path, made.schema.splitlines()[0]) == (str(file), "1 row, 2 columns")


def test_a_compressed_file_that_is_too_large_or_damaged_is_one_line(tmp_path):
    file = tmp_path / "t.csv.gz"
    file.write_bytes(gzip.compress(b"1\n" * 100_000))
    assert "'t.csv' has 1,001 bytes and may have 1,000" in refusal(1000, files=[str(file)])
    file.write_bytes(gzip.compress(b"1\n" * 1000)[:-9])
    assert f"the file {str(file)!r} cannot be read: " in refusal(files=[str(file)])


def test_values_of_numpy_dates_and_sets_are_json_in_a_dict():
    value = {"n": np.int64(3), "x": np.array([1.5, np.nan]), "d": date(2024, 1, 2), "s": {1}}
    read = json.loads(only(v=value).data)
    assert read == {"n": 3, "x": [1.5, None], "d": "2024-01-02", "s": [1]}


@pytest.mark.parametrize(
    ("uri", "name", "mime_type"),
    [
        ("gs://bucket/folder/chart.png", "chart.png", "image/png"),
        ("https://host/v1beta/files/abc123", "abc123", ""),
        ("https://host/table.csv?alt=media", "table.csv", "text/csv"),
    ],
)
def test_a_uri_is_fetched_by_the_server(uri, name, mime_type):
    assert only(files=[uri]) == Attachment(name, mime_type, None, uri=uri)


def test_the_names_are_those_of_googles_sandbox_in_the_order_sent(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    found = gather(
        {"a": pl.DataFrame({"x": [1]}), "b": {}},
        [str(tmp_path / "photo.jpg"), "https://host/files/x"],
        LIMIT,
    )
    assert staged_names(found) == (
        "input_file_0.csv",
        "input_file_1.txt",
        "input_file_2.jpeg",
        "input_file_3",
    )
    assert announced(found) == (
        "a.csv goes along as input_file_0.csv (4 bytes)",
        "b.json goes along as input_file_1.txt (2 bytes)",
        "photo.jpg goes along as input_file_2.jpeg (3 bytes)",
        "https://host/files/x goes along as input_file_3",
    )


def test_its_bytes_are_not_in_its_repr():
    assert "secret" not in repr(only(v="secret"))


def test_what_cannot_be_sent_is_said_in_one_line(tmp_path):
    class Odd:
        pass

    loop = []
    loop.append(loop)
    assert refusal(v=Odd()) == (
        "the variable 'v' cannot be sent, being a Odd: frames, series, arrays, dicts, lists, str, "
        "bytes, figures and pictures can"
    )
    assert refusal(v={"a": Odd()}) == (
        "the variable 'v' cannot be sent: ValueError: a Odd is none of JSON's values"
    )
    assert "Circular reference" in refusal(v=loop)
    assert "surrogates not allowed" in refusal(v="\ud800")
    assert "neither text, PNG, JPEG nor PDF" in refusal(v=b"\xff\x00")
    assert "3 dimensions" in refusal(v=np.zeros((1, 1, 1)))


def test_a_frame_over_the_limit_is_refused():
    assert refusal(limit=1000, v=pl.DataFrame({"a": range(1000)})) == (
        "'v.csv' has 3,892 bytes and may have 1,000: send a part of it, or raise "
        "GeminiMagic.max_attachment_bytes"
    )
    only(limit=3892, v=pl.DataFrame({"a": range(1000)}))


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(1 << 40)  # sparse: reading it would take all memory
    assert "has 1,099,511,627,776 bytes and may have 10,000,000" in refusal(files=[str(large)])


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    missing = str(tmp_path / "no-such.csv")
    assert refusal(files=[missing]) == f"there is no file {missing!r}: check the path"
    assert refusal(files=[str(tmp_path)]) == f"{str(tmp_path)!r} is a folder: name a file in it"
    (tmp_path / "file").write_text("x")
    below = str(tmp_path / "file" / "a.csv")
    assert refusal(files=[below]) == f"the file {below!r} cannot be read: Not a directory"
    assert "cannot be read" in refusal(files=["a\0.csv"])
    assert "cannot be read" in refusal(files=["~no-such-user/a.csv"])


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
def test_a_pipe_or_a_device_is_not_opened(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert refusal(files=[str(pipe)]) == f"{str(pipe)!r} is no ordinary file, and cannot be sent"
    assert "no ordinary file" in refusal(files=["/dev/zero"])


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that fails when read")
def test_a_file_that_fails_while_it_is_read_is_one_line():
    assert "'/proc/self/mem' cannot be read: Input/output error" in refusal(
        files=["/proc/self/mem"]
    )


def test_data_that_is_no_text_needs_a_name_that_tells_its_type(tmp_path):
    (tmp_path / "blob").write_bytes(b"\xff\x00")
    assert "no type that is known here" in refusal(files=[str(tmp_path / "blob")])
    assert "its name: rename it" in refusal(files=["gs://bucket/blob"])


def test_a_uri_of_another_kind_is_refused():
    assert refusal(files=["s3://bucket/a.csv"]) == (
        "'s3://bucket/a.csv' cannot be sent: a path, gs:// or https:// can"
    )


@pytest.mark.parametrize(
    "uri", ["https://host/x\nimport os", "gs://b/a b.csv", "gs://b/a\u2028.csv"]
)
def test_a_uri_cannot_leave_the_comment_that_names_it_in_a_cell(uri):
    assert refusal(files=[uri]) == f"{uri!r} is no URI: it holds blanks or control characters"


def test_nothing_is_no_file(tmp_path):
    (tmp_path / "empty.csv").touch()
    assert refusal(files=[str(tmp_path / "empty.csv")]) == (
        "'empty.csv' is empty: there is nothing to send"
    )
    assert "'v.txt' is empty" in refusal(v="")


def test_two_of_one_name_are_refused(tmp_path):
    (tmp_path / "v.csv").write_text("a\n1\n")
    assert refusal(v=pl.DataFrame({"a": [1]}), files=[str(tmp_path / "v.csv")]) == (
        "two attachments are called 'v.csv': rename one of them"
    )


def test_a_name_that_is_no_variables_is_refused():
    with pytest.raises(RequestError, match=r"'\.\./x' is no such name"):
        gather({"../x": "y"}, (), LIMIT)
