"""Data that is no picture is a file of the run, in every form of it."""

import base64
import json
from xml.etree import ElementTree

import pytest
from asking import gemini, run_of
from loopback import said

from gemini_magic.answer.document import write_part
from gemini_magic.answer.files import MOST_BYTES, file_of
from gemini_magic.answer.parts import File, Image
from gemini_magic.runs.html import render
from gemini_magic.runs.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text

CSV = "month,sales\nJan,1\nFeb,2\nMär,3\n".encode()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def inline(data, mime_type, **more):
    return {"inlineData": {"mimeType": mime_type, "data": base64.b64encode(data).decode(), **more}}


def asked(server, *parts):
    server.streams(said(*parts), said({"text": "There."}, finishReason="STOP"))
    return run_of(gemini(server))


def test_a_table_a_sheet_and_a_pdf_are_files_of_the_run_in_order(server):
    run = asked(
        server,
        inline(CSV, "text/csv"),
        inline(b"PK..", XLSX),
        inline(b"\x89PNG", "image/png"),
        inline(b"%PDF-", "application/pdf"),
    )
    assert run.files == [
        File("output_file_0.csv", "text/csv", len(CSV), CSV),
        File("output_file_1.xlsx", XLSX, 4, b"PK.."),
        File("output_file_2.pdf", "application/pdf", 5, b"%PDF-"),
    ]
    assert [type(part) for part in run.parts[:4]] == [File, File, Image, File]


def test_a_file_alone_is_an_answer(server):
    server.streams(said(inline(CSV, "text/csv"), finishReason="STOP"))
    assert run_of(gemini(server)).state == "done"


def test_a_file_is_called_as_the_server_calls_it_without_its_folders(server):
    run = asked(server, inline(CSV, "text/csv", displayName="../../etc/sales 2026.csv"))
    assert run.files[0].name == "sales 2026.csv"


@pytest.mark.parametrize(
    ("name", "mime_type", "called"),
    [
        ("", "text/csv; charset=utf-8", "output_file_3.csv"),
        ("", "TEXT/CSV", "output_file_3.csv"),
        ("", "", "output_file_3.bin"),
        ("", "application/x-of-nobody", "output_file_3.bin"),
        ("..", "text/csv", "output_file_3.csv"),
        ("C:\\a\\b.csv", "text/csv", "b.csv"),
        ("a\n<b>.csv", "text/csv", "a__b_.csv"),
    ],
)
def test_a_name_is_one_that_a_folder_can_hold(name, mime_type, called):
    assert file_of(name, mime_type, b"x", 3).name == called


def test_a_file_is_seen_in_every_form(server):
    run = asked(server, inline(CSV, "text/csv"))
    line = f"output_file_0.csv: text/csv, {len(CSV)} bytes"
    assert f"[file {line}]" in to_text(run)
    assert f"[file {line}]" in run.to_markdown()
    assert "month,sales\nJan,1" in to_markdown(run)
    again = Run.from_dict(json.loads(json.dumps(run.to_dict())))
    assert (again.files, to_text(again)) == (run.files, to_text(run))


def links(run):
    html = render(run).partition("-->")[2].replace("&#10;", "\n")
    return {a.get("download"): a.get("href") for a in ElementTree.fromstring(html).iter("a")}


def test_the_saved_html_offers_a_file_of_a_safe_type_and_shows_a_tables_first_lines(server):
    run = asked(server, inline(CSV, "text/csv"))
    data = base64.b64encode(CSV).decode()
    assert links(run) == {"output_file_0.csv": f"data:text/csv;base64,{data}"}
    assert "Mär,3" in render(run)


@pytest.mark.parametrize(
    "mime_type", ["text/html", "image/svg", "text/javascript", "application/xhtml+xml", "a b/c"]
)
def test_a_file_that_a_browser_might_run_is_named_and_not_offered(server, mime_type):
    html = b"<script>alert(1)</script>"
    if mime_type.startswith("image/"):
        mime_type = "application/image-svg"
    run = asked(server, inline(html, mime_type))
    assert links(run) == {}
    assert (run.files[0].data, f"{len(html)} bytes" in render(run)) == (html, True)


def test_a_file_that_is_too_large_stays_in_the_run_and_not_in_the_document(server):
    data = b"a\n" * (MOST_BYTES // 2 + 1)
    run = asked(server, inline(data, "text/csv"))
    assert run.files[0].data == data
    assert write_part(run.files[0])["data"] == ""
    again = Run.from_dict(run.to_dict())
    assert again.files == [File("output_file_0.csv", "text/csv", len(data))]
    assert "too large to be kept in the notebook" in to_text(again)
    assert links(again) == {}
