"""Pictures that are sent with a prompt: kept with the run, shown beside what was made of them."""

import io
import json
import random
import re
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from asking import failure_of, gemini, run_of
from loopback import GENERATE, said, stream
from PIL import Image as Drawing

from gemini_magic import run as ask
from gemini_magic.answer.parts import OK, Code, Image, Note, Part, Result
from gemini_magic.answer.pictures import size_of
from gemini_magic.answer.sent import MOST_BYTES, MOST_PICTURES, Sent, taken
from gemini_magic.answer.steps import blocks
from gemini_magic.errors import Blocked, RecordingError
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.sent import sent_pictures
from gemini_magic.runs.html import render
from gemini_magic.runs.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.views.widget import RunWidget

STORED = json.loads(Path(__file__).parent.joinpath("data/runs/sent.json").read_text())
CHART = Sent("chart.png", "input_file_0.png", "image/png", b"chart")
PHOTO = Sent("photo.jpeg", "input_file_1.jpeg", "image/jpeg", b"photo")


def png(size: tuple[int, int], noise: bool = False) -> bytes:
    picture = Drawing.new("RGB", size, "teal")
    if noise:
        picture = Drawing.frombytes("RGB", size, random.Random(1).randbytes(3 * size[0] * size[1]))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def attempt(code: str, *drawn: bytes) -> list[Part]:
    return [Code(code), Result(OK, ""), *(Image("image/png", data) for data in drawn)]


def took(sent: list[Sent], *attempts: list[Part]) -> list[bytes | None]:
    """Return what each attempt was made from."""
    found = blocks([part for parts in attempts for part in parts])
    places = taken(found, sent)
    return [places[block.index].data if block.index in places else None for block in found]


def test_an_attempt_is_made_from_the_picture_that_came_before():
    first = attempt("chart = imread('input_file_0.png')", b"crop")
    assert took([CHART], first, attempt("zoom(crop)", b"zoom"), attempt("ring(zoom)", b"ring")) == [
        b"chart",
        b"crop",
        b"zoom",
    ]


def test_an_attempt_that_draws_nothing_was_made_from_nothing():
    assert took([CHART], attempt("print(1)"), attempt("zoom(1)", b"zoom")) == [None, b"chart"]


def test_the_picture_that_the_code_names_comes_first():
    again = attempt("crop(open('photo.jpeg'))", b"other")
    assert took([CHART, PHOTO], attempt("draw()", b"one"), again) == [None, b"photo"]


def test_without_a_sent_picture_nothing_is_before():
    assert took([], attempt("plot()", b"one"), attempt("plot(2)", b"two")) == [None, None]


def test_pictures_of_a_request_are_kept_and_other_files_are_not():
    small = png((30, 20))
    files = (
        Attachment("a.csv", "text/csv", b"x\n1\n"),
        Attachment("chart.png", "image/png", small, path="chart.png"),
        Attachment("far.png", "image/png", None, uri="https://example.org/far.png"),
        Attachment("broken.png", "image/png", b"\x89PNG\r\n\x1a\nbroken"),
    )
    kept, lines = sent_pictures(files, first=2)
    assert kept == (Sent("chart.png", "input_file_3.png", "image/png", small),)
    assert lines == ()


def test_a_large_picture_is_kept_as_a_smaller_copy():
    large = png((600, 400), noise=True)
    assert len(large) > MOST_BYTES
    (kept,), (line,) = sent_pictures([Attachment("big.png", "image/png", large)])
    assert len(kept.data) <= MOST_BYTES
    width, height = size_of(kept.data) or (0, 0)
    assert width / height == pytest.approx(1.5, abs=0.02)
    assert line == f"big.png has {len(large):,} bytes, and the notebook keeps a smaller copy"


def test_without_pillow_a_large_picture_is_named(monkeypatch):
    large = png((600, 400), noise=True)
    monkeypatch.setitem(sys.modules, "PIL", None)
    kept, (line,) = sent_pictures([Attachment("big.png", "image/png", large)])
    assert kept == ()
    assert line.endswith("and the notebook keeps no copy of it")


def test_a_run_over_the_wire_keeps_what_was_sent(server):
    server.streams(said({"text": "A line."}, finishReason="STOP"))
    file = Attachment("chart.png", "image/png", png((30, 20)), path="chart.png")
    run = run_of(gemini(server), "What is this?", attachments=(file,))
    assert [each.name for each in run.sent] == ["chart.png"]
    assert Run.from_dict(run.to_dict()).sent == run.sent


def test_a_run_that_breaks_keeps_them_too(server):
    server.streams(said({"text": "A"}, finishReason="SAFETY"))
    file = Attachment("chart.png", "image/png", png((30, 20)), path="chart.png")
    broken = failure_of(gemini(server), Blocked, "What is this?", attachments=(file,))
    assert [each.name for each in broken.run.sent] == ["chart.png"]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("x", "sent is 'x', and not a list"),
        ([1], "sent[0] is 1, and not an object"),
        ([{**STORED["sent"][0], "data": "?"}], "sent[0].data is not base64"),
        ([{**STORED["sent"][0], "staged": None}], "sent[0].staged is None, and not text"),
        ([{**STORED["sent"][0], "data": "A" * 400_000}], "more than 256,000 bytes"),
        (STORED["sent"] * (MOST_PICTURES + 1), "17 pictures were sent, and 16 are kept"),
    ],
)
def test_a_document_with_other_pictures_is_refused(sent, why):
    with pytest.raises(RecordingError, match=re.escape(why)):
        Run.from_dict({**STORED, "sent": sent})


def test_the_saved_html_shows_before_and_after_in_order():
    html = render(Run.from_dict(STORED))
    pictures = [part["data"] for part in STORED["parts"] if part["kind"] == "image"]
    chart = STORED["sent"][0]["data"]
    crop, zoom, ring = pictures
    shown = [piece.split('"')[0] for piece in html.split("base64,")[1:]]
    assert shown == [chart, crop, crop, zoom, zoom, ring]
    assert html.count(">before") == html.count(">after") == 3
    assert "before · chart.png" in html


def test_the_saved_html_shows_a_picture_of_which_nothing_was_made():
    run = Run.from_dict({**STORED, "parts": STORED["parts"][:2]})
    html = render(run)
    assert html.count("<img") == 1
    assert STORED["sent"][0]["data"] in html


def test_large_pictures_are_not_saved_twice():
    large = b64encode(png((500, 450), noise=True)).decode()
    parts = [{**part, "data": large} if "data" in part else part for part in STORED["parts"]]
    html = render(Run.from_dict({**STORED, "parts": parts}))
    # The chart before the first one, and each of the three.
    assert html.count("<img") == 4


def test_markdown_has_the_picture_then_each_code_and_its_picture():
    text = to_markdown(Run.from_dict(STORED))
    order = re.findall(r"^(?:!\[\w+|```python)", text, re.MULTILINE)
    assert order == ["![chart", *["```python", "![Figure"] * 3]


def test_a_live_page_is_sent_them_once():
    run = Run.from_dict({**STORED, "state": "running", "parts": []})
    widget = RunWidget(run)
    assert widget.run["sent"][0]["data"]
    run.add(Note("x" * 10_000))
    widget.sync(run)
    assert [each["data"] for each in widget.run["sent"]] == [""]
    widget.close()


def test_a_later_turn_of_a_chat_keeps_the_pictures_before_it_that_its_code_names(there, tmp_path):
    for name in ("chart", "photo"):
        (tmp_path / f"{name}.png").write_bytes(png((40 if name == "chart" else 30, 20)))
    crop = b64encode(png((9, 9))).decode()
    coded = [
        {"executableCode": {"code": "Image.open('input_file_1.png').crop(left)"}},
        {"codeExecutionResult": {"outcome": OK}},
        {"inlineData": {"mimeType": "image/png", "data": crop}},
    ]
    turns = [[{"text": "Seen."}], coded, [{"text": "Blue."}]]
    there.on(GENERATE, *(stream(said(*parts, finishReason="STOP")) for parts in turns))
    files = [str(tmp_path / f"{name}.png") for name in ("chart", "photo")]
    ask("Look at both.", chat="pictures", fresh=True, files=files)
    cropped, told = (ask(prompt, chat="pictures") for prompt in ("Crop one.", "What is it?"))
    photo = Sent("photo.png", "input_file_1.png", "image/png", png((30, 20)))
    assert (cropped.sent, told.sent) == ((photo,), ())
    assert list(taken(cropped.blocks, cropped.sent).values()) == [photo]
    assert ">before · photo.png<" in render(cropped)
