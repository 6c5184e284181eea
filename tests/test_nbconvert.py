"""What nbconvert makes LaTeX of has a run's words and its pictures, in order."""

import json
import mimetypes
import re
from pathlib import Path

import pytest
from nbconvert import HTMLExporter, LatexExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_html import PNG, run_of

from gemini_magic.answer.document import MIME
from gemini_magic.answer.excerpt import EXCERPT_MIME
from gemini_magic.answer.parts import Code, Image, Result, Text
from gemini_magic.nbconvert import RunPictures
from gemini_magic.runs.recorded import metadata_of
from gemini_magic.runs.saved import displayed, mimebundle

# By Python's own table, which changed.
JPEG_SUFFIX = mimetypes.guess_extension("image/jpeg")
JPEG = b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x01\x00\x01" + bytes(20)
GIF = b"GIF89a\x01\x00\x01\x00" + bytes(20)
DRAWN = (
    Text("First."),
    Code("draw()"),
    Result(output="drawn\n"),
    Image("image/png", PNG),
    Text("Then."),
    Code("again()"),
    Image("image/jpeg", JPEG),
    Text("Last."),
)


def saved(run, *, stats=True, kind="display_data", **more):
    data = {**mimebundle(run, stats=stats), **more}
    return new_output(kind, data=data, metadata={MIME: metadata_of(run)})


def latex(*cells):
    """What the exporter makes of cells with such outputs, and its files; Markdown stays it."""
    exporter = LatexExporter(
        preprocessors=[RunPictures],
        # It would need pandoc, which is no Python.
        filters={"convert_pandoc": lambda text, *_: text},
    )
    notebook = new_notebook(cells=[new_code_cell("x", outputs=list(each)) for each in cells])
    body, resources = exporter.from_notebook_node(notebook)
    return body.split(r"\maketitle")[-1], resources["outputs"]


def in_order(body, *pieces):
    return re.findall("|".join(map(re.escape, pieces)), body)


def test_words_and_pictures_come_in_the_order_of_the_run():
    body, files = latex([], [saved(run_of(*DRAWN))])
    assert files == {"output_1_run_1.png": PNG, f"output_1_run_3{JPEG_SUFFIX}": JPEG}
    pieces = (
        "done · gemini",
        "First.",
        "draw()",
        "drawn",
        *list(files)[:1],
        "Then.",
        *list(files)[1:],
    )
    assert in_order(body, *pieces, "Last.") == [*pieces, "Last."]
    assert "data:" not in body


def test_each_picture_of_a_notebook_is_a_file_of_its_own():
    def plain():
        return new_output("display_data", data={"image/png": "AAAA"})

    def drawn():
        return saved(run_of(*DRAWN), kind="execute_result")

    body, files = latex([plain(), drawn(), plain(), drawn()], [drawn(), plain()])
    assert len(files) == 9
    assert all(body.count(f"{{{name}}}") == 1 for name in files)


def excerpt(several):
    return new_output("execute_result", data=displayed(several)[0], execution_count=1)


def test_attempts_and_pictures_by_themselves_come_with_their_pictures():
    run = run_of(*DRAWN)
    body, files = latex([excerpt(run.steps[1])], [excerpt(run.steps)], [excerpt(run.images)])
    assert list(files.values()) == [JPEG, PNG, JPEG, PNG, JPEG]
    assert all(body.count(f"{{{name}}}") == 1 for name in files)
    assert in_order(body, "Attempt 1", "Attempt 2", "draw()", "again()") == [
        *("Attempt 2", "again()"),
        *("Attempt 1", "draw()", "Attempt 2", "again()"),
    ]
    assert "data:" not in body


@pytest.mark.parametrize(
    "changed",
    [
        None,
        {"attempts": None},
        {"attempts": [0]},
        {"attempts": [1, 2]},
        {"attempts": ["1"]},
        {"parts": [{"kind": 3}]},
        {"version": 99},
    ],
    ids=repr,
)
def test_an_attempt_that_cannot_be_read_stays_as_it_is(changed, caplog):
    shown = excerpt(run_of(*DRAWN).steps[0])
    shown.data[EXCERPT_MIME] = changed and {**shown.data[EXCERPT_MIME], **changed}
    body, files = latex([shown])
    assert files == {}
    assert "draw()" in body
    assert "A run stays without its pictures: " in caplog.text


def test_a_run_that_is_only_a_picture_is_that():
    body, files = latex([saved(run_of(Image("image/png", PNG)), stats=False)])
    assert files == {"output_0_run_0.png": PNG}
    assert "done · gemini" not in body


def test_a_static_run_stays_without_seconds():
    told, _ = latex([saved(run_of(*DRAWN))])
    untold, _ = latex([saved(run_of(*DRAWN), stats=False)])
    assert "done · gemini" in told
    assert "done · gemini" not in untold


def test_what_latex_cannot_include_is_named():
    large = Image("image/png", b"\x89PNG\r\n\x1a\n" + bytes(90))
    body, files = latex([saved(run_of(Image("image/png", GIF), large, Image("image/png", PNG)))])
    assert list(files.values()) == [PNG]
    assert "33 bytes" not in body and "30 bytes" in body
    assert "cannot be read as a picture" in body


def test_a_picture_is_of_the_type_of_its_bytes():
    _, files = latex([saved(run_of(Image("image/png", JPEG)))])
    assert files == {f"output_0_run_1{JPEG_SUFFIX}": JPEG}


@pytest.mark.parametrize(
    "document",
    [None, 1, "{", "[]", [], ["{"], {}, {"version": 1}, {"version": 1, "parts": [{"kind": 3}]}],
    ids=repr,
)
def test_a_run_that_cannot_be_read_stays_as_it_is(document, caplog):
    saved_run = saved(run_of(*DRAWN))
    saved_run.data[MIME] = document
    body, files = latex([saved_run])
    assert files == {}
    assert "First." in body
    assert "A run stays without its pictures: " in caplog.text


@pytest.mark.parametrize("name", ["hostile", "images", "sent", "failed"])
def test_any_run_can_be_converted(name):
    document = json.loads((Path(__file__).parent / f"data/runs/{name}.json").read_text())
    data = {MIME: document, "text/markdown": "x", "text/plain": "x"}
    body, files = latex([new_output("display_data", data=data, metadata={MIME: "x"})])
    assert all(re.fullmatch(r"output_0_run_\d+\.(png|jpe?g)", file) for file in files)
    assert "data:image" not in body


def test_a_page_has_the_pictures_already():
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[saved(run_of(*DRAWN))])])
    with_it, _ = HTMLExporter(preprocessors=[RunPictures]).from_notebook_node(notebook)
    without, _ = HTMLExporter().from_notebook_node(notebook)
    assert with_it == without
