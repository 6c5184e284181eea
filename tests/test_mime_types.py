"""Files go as text where they are, and what Gemini does not read is refused before it is sent."""

import mimetypes

import pytest
from asking import failure_of, gemini, request_of, run_of
from loopback import GENERATE, said, stream

from gemini_magic.engines.google.mime_types import READ, refuse_unsendable
from gemini_magic.errors import RequestError
from gemini_magic.request.attachments import gather
from gemini_magic.request.files import of_file

LIMIT = 10**6
DONE = stream(said({"text": "done"}, finishReason="STOP"))
TEXTS = {
    "a.rs": ("text/plain", ".txt"),
    "a.sql": ("text/plain", ".txt"),
    "a.rb": ("text/plain", ".txt"),
    "a.geojson": ("text/plain", ".txt"),
    "a.json": ("text/plain", ".txt"),
    "a.rst": ("text/plain", ".txt"),
    "a.m": ("text/plain", ".txt"),
    "a.cpp": ("text/plain", ".txt"),
    "a.h": ("text/plain", ".txt"),
    "a.java": ("text/plain", ".txt"),
    "a.go": ("text/plain", ".txt"),
    "a.bat": ("text/plain", ".txt"),
    "a.sh": ("text/plain", ".txt"),
    "a.ts": ("text/plain", ".txt"),
    "a.tex": ("text/plain", ".txt"),
    "a.svg": ("text/plain", ".txt"),
    "a.ipynb": ("text/plain", ".txt"),
    "a.yaml": ("text/plain", ".txt"),
    "a.md": ("text/plain", ".txt"),
    "a.ics": ("text/plain", ".txt"),
    "a.xyz": ("text/plain", ".txt"),
    "Makefile": ("text/plain", ".txt"),
    ".env": ("text/plain", ".txt"),
    "a.js": ("text/javascript", ".js"),
    "a.JS": ("text/javascript", ".js"),
    "a.html": ("text/html", ".html"),
    "a.css": ("text/css", ".css"),
    "a.py": ("text/x-python", ".py"),
    "a.csv": ("text/csv", ".csv"),
    "a.tsv": ("text/tab-separated-values", ".tsv"),
    "a.xml": ("text/xml", ".xml"),
}
BINARY = b"\x00\xff\xfe\x01 binary"


@pytest.mark.parametrize("name", TEXTS)
def test_text_goes_as_text_and_keeps_its_name(tmp_path, server, name):
    path = tmp_path / name
    path.write_text("a,b\n1,2\n")
    mime_type, suffix = TEXTS[name]
    [attachment] = gather({}, [str(path)], LIMIT)
    assert (attachment.name, attachment.mime_type) == (name, mime_type)
    request = request_of("add", attachments=(attachment,))
    assert request.staged_names == (f"input_file_0{suffix}",)
    server.on(GENERATE, DONE)
    assert run_of(gemini(server), attachments=(attachment,)).text == "done"
    sent = server.prompts[0].body["contents"][0]["parts"][0]["inlineData"]
    assert (sent.get("mimeType") or sent.get("mime_type")) == mime_type


@pytest.mark.parametrize(
    "name", ["a.xlsx", "a.docx", "a.bmp", "a.gif", "a.zip", "a.exe", "a.pptx", "a.tiff", "a.svgz"]
)
def test_a_binary_that_gemini_does_not_read_is_refused_before_it_is_sent(tmp_path, server, name):
    path = tmp_path / name
    path.write_bytes(BINARY)
    with pytest.raises(RequestError) as caught:
        refuse_unsendable(request_of("add", attachments=gather({}, [str(path)], LIMIT)))
        pytest.fail("it would be sent")
    assert name.partition(".")[0] in str(caught.value)
    assert server.asked == []


def test_the_engine_refuses_it(tmp_path, server):
    path = tmp_path / "a.docx"
    path.write_bytes(BINARY)
    found = gather({}, [str(path)], LIMIT)
    error = failure_of(gemini(server), RequestError, attachments=found)
    assert "a.docx' is application/" in str(error)
    with pytest.raises(RequestError, match=r"a\.docx"):
        gemini(server).preview(request_of("add", attachments=found))
    assert server.asked == []


def test_the_types_do_not_come_from_the_machine(tmp_path):
    mimetypes.add_type("application/x-odd", ".rs")
    try:
        path = tmp_path / "a.rs"
        path.write_text("fn main() {}")
        assert of_file(str(path), LIMIT).mime_type == "text/plain"
    finally:
        mimetypes.init()


def test_text_that_does_not_decode_is_no_text(tmp_path):
    path = tmp_path / "a.rs"
    path.write_bytes("é".encode("latin-1"))
    with pytest.raises(RequestError, match=r"a\.rs"):
        refuse_unsendable(request_of("add", attachments=gather({}, [str(path)], LIMIT)))


def test_what_attachments_know_by_name_is_read_by_gemini():
    from gemini_magic.request.mime_types import TYPES

    assert set(TYPES.values()) <= READ
