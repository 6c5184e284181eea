"""A note tells of an attempt that holds the table as a literal, where a file was given."""

import pytest
from asking import gemini, run_of
from loopback import GENERATE, said, stream

from gemini_magic import run as ask
from gemini_magic.answer.parts import Note
from gemini_magic.request.attachment import Attachment

CSV = b"month,sales\nJan,120\nFeb,135.50\nMar,-98\nApr,142\n"
TABLE = Attachment("sales.csv", "text/csv", CSV)
NOTE = "the model typed the table instead of reading input_file_0.csv"
TYPED = {
    "lists": "m = ['Jan', 'Feb', 'Mar', 'Apr']\ns = [120, 135.5, -98, 142]\nprint(sum(s))",
    "a dict": "d = {'Jan': 120, 'Feb': 135.5, 'Mar': -98, 'Apr': 142.0}",
    "a text": 'import io\nt = """month,sales\nJan,120\nFeb,135.50\nMar,-98\nApr,142"""',
    "bare numbers in a text": "s = 'Jan 120'\nr = ['Jan,120', 'Feb,135.50', 'Mar,-98', 'Apr,142']",
}
READ = {
    "it is read": "import pandas as pd\nprint(pd.read_csv('input_file_0.csv').sales.sum())",
    "it is read by its own name": "print(open('sales.csv').read())",
    "it is read and some is typed": f"open('input_file_0.csv')\n{TYPED['lists']}",
    "one number is typed": "print(120 > 100)",
    "half is typed": "print(['Jan', 'Feb', 120, 135.5])",
    "it cannot be parsed": "s = [120, 135.5, -98, 142",
}


def notes(server, code, attachment=TABLE, language="PYTHON"):
    coded = {"executableCode": {"code": code, "language": language}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}
    server.streams(
        said({"executableCode": {"code": "1"}}),
        said(coded, result),
        said({"text": "So."}, finishReason="STOP"),
    )
    run = run_of(gemini(server), attachments=(attachment,))
    return [part.text for part in run.parts if isinstance(part, Note)][1:]


@pytest.mark.parametrize("code", TYPED.values(), ids=TYPED)
def test_code_that_holds_the_table_is_told(server, code):
    assert notes(server, code) == [f"attempt 2: {NOTE}"]


@pytest.mark.parametrize("code", READ.values(), ids=READ)
def test_code_that_reads_the_file_or_types_little_is_not(server, code):
    assert notes(server, code) == []


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment("a.csv", "text/csv", b"x\n1\n2\n"),
        Attachment("a.txt", "text/plain", CSV),
        Attachment("a.csv", "text/csv", None, uri="gs://a/b.csv"),
        Attachment("a.csv", "text/csv", b"\0" * 99),
    ],
    ids=lambda attachment: attachment.name + attachment.uri,
)
def test_what_is_no_table_or_a_tiny_one_is_typed_by_nobody(server, attachment):
    assert notes(server, f"{TYPED['lists']}\nx = [1, 2]", attachment) == []


def test_a_table_with_another_separator_is_known(server):
    table = Attachment("sales.csv", "text/csv", CSV.replace(b",", b";"))
    assert notes(server, TYPED["lists"], table) == [f"attempt 2: {NOTE}"]


def test_code_of_another_language_is_not_looked_at(server):
    assert notes(server, TYPED["lists"], language="BASH") == []


@pytest.mark.parametrize("first", ["Jan", "Jän~>?ÿ"])
def test_in_a_chat_the_tables_of_the_turns_before_are_known_by_their_names(there, tmp_path, first):
    other, table = tmp_path / "other.csv", tmp_path / "sales.csv"
    other.write_text("day,sales\nMon,1\nTue,2\nWed,3\nThu,4\n")
    table.write_text(CSV.decode().replace("Jan", first), encoding="utf-8")
    typed = {"executableCode": {"code": TYPED["lists"].replace("Jan", first)}}
    answers = [said(part, finishReason="STOP") for part in ({"text": "Read."}, typed)]
    there.on(GENERATE, *map(stream, answers))
    ask("Read them.", chat="typed", fresh=True, files=[str(other), str(table)])
    again = ask("Plot them.", chat="typed")
    told = [part.text for part in again.parts if isinstance(part, Note)][1:]
    assert told == ["attempt 1: the model typed the table instead of reading input_file_1.csv"]
