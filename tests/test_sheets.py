"""Spreadsheets, Parquet and Arrow files go along as CSV, read by what is installed."""

import subprocess
import sys

import pandas as pd
import pytest
from asking import gemini, run_of
from loopback import GENERATE, said, stream

from gemini_magic.answer.parts import Note
from gemini_magic.errors import RequestError
from gemini_magic.request.attachments import gather
from gemini_magic.request.files import of_file
from gemini_magic.request.staging import source_of, stage

LIMIT = 10**6
FRAME = pd.DataFrame({"month": ["Jan", "Feb", "Mär"], "sales": [1, 2, 3]})
CSV = "month,sales\nJan,1\nFeb,2\nMär,3\n".encode()
DONE = stream(said({"text": "done"}, finishReason="STOP"))
WRITERS = {
    "sales.parquet": lambda path: FRAME.to_parquet(path),
    "sales.arrow": lambda path: FRAME.to_feather(path),
    "sales.feather": lambda path: FRAME.to_feather(path),
    "sales.xlsx": lambda path: FRAME.to_excel(path, index=False),
    "sales.ods": lambda path: FRAME.to_excel(path, index=False),
}
NEEDS = {".xlsx": "openpyxl", ".ods": "odf"}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path, monkeypatch):
    """The name of a file in the current folder that holds FRAME."""
    name = request.param
    if need := NEEDS.get(f".{name.rpartition('.')[2]}"):
        pytest.importorskip(need)
    monkeypatch.chdir(tmp_path)
    WRITERS[name](tmp_path / name)
    return name


def test_its_table_goes_along_as_csv_with_its_schema(server, written):
    server.on(GENERATE, DONE)
    run = run_of(gemini(server), attachments=gather({}, [written], LIMIT))
    [file, schema, _] = server.prompts[-1].body["contents"][0]["parts"]
    assert "text/csv" in file["inlineData"].values()
    assert "3 rows, 2 columns" in schema["text"]
    [note] = [part.text for part in run.parts if isinstance(part, Note)]
    assert note.startswith(f"sales.csv goes along as input_file_0.csv ({len(CSV)} bytes; ")
    assert written in note


def test_it_is_staged_as_what_the_code_read(written, tmp_path):
    attachments = gather({}, [written], LIMIT)
    assert attachments[0].data == CSV
    assert source_of([attachments]).endswith(f"gemini_magic.stage(files=[{written!r}])")
    assert stage(files=[written]) == ["input_file_0.csv", "sales.csv"]
    assert (tmp_path / "input_file_0.csv").read_bytes() == CSV


def test_one_that_is_damaged_is_one_line(written, tmp_path):
    (tmp_path / written).write_bytes(b"PK\x03\x04 not what it says")
    with pytest.raises(RequestError) as caught:
        of_file(written, LIMIT)
    assert str(caught.value).startswith(f"the file {written!r} cannot be read: ")
    assert "\n" not in str(caught.value)


def test_an_empty_one_is_refused(written, tmp_path):
    (tmp_path / written).write_bytes(b"")
    with pytest.raises(RequestError, match=r"is empty: there is nothing to send"):
        of_file(written, LIMIT)


def test_of_a_book_the_first_sheet_is_sent_and_the_others_are_told(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        FRAME.to_excel(book, sheet_name="Sales", index=False)
        FRAME.to_excel(book, sheet_name="Costs", index=False)
    found = of_file(str(path), LIMIT)
    assert found.data == CSV
    assert found.remark == ("sheet 'Sales' of book.xlsx, the first of 2: the others are not sent")


READ = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[2:]:
            raise ImportError(name)

sys.meta_path.insert(0, Missing())
from gemini_magic.request.files import of_file
try:
    print(of_file(sys.argv[1], 10**6).data.decode(), end="")
except Exception as exc:
    print(f"{type(exc).__name__}: {exc}")
"""


def read_without(written, *packages):
    command = [sys.executable, "-X", "utf8", "-c", READ, written, *packages]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.replace("\r", "")


@pytest.mark.parametrize("name", ["sales.parquet", "sales.arrow", "sales.feather"])
@pytest.mark.parametrize("without", [["pandas"], ["pandas", "polars"]], ids=" ".join)
def test_without_pandas_another_package_reads_it(tmp_path, name, without):
    WRITERS[name](tmp_path / name)
    # pyarrow writes its texts between quotes.
    assert read_without(str(tmp_path / name), *without).replace('"', "") == CSV.decode()


def test_openpyxl_alone_reads_a_spreadsheet(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "sales.xlsx"
    FRAME.to_excel(path, index=False)
    assert read_without(str(path), "pandas", "polars") == CSV.decode()


def test_without_any_of_them_it_is_one_line_that_says_what_to_install(written):
    everything = ("pandas", "polars", "pyarrow", "openpyxl", "fastexcel", "odf")
    line = read_without(written, *everything)
    assert line.startswith(
        f"RequestError: {written!r} is read by none of the packages that are here: install "
    )
    assert line.endswith(", or save it as CSV\n")
