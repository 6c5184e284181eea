"""Code in a shell's language is shown and inserted as such; other languages are shown only."""

import base64

import pytest
from asking import gemini, run_of
from colours import uncoloured
from loopback import said

from gemini_magic.answer.insertion import cells_of
from gemini_magic.lessons.lesson import read
from gemini_magic.runs.html import render
from gemini_magic.runs.markdown import to_markdown
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text


def answer_of(server, *parts):
    server.streams(said(*parts), said({"text": "So."}, finishReason="STOP"))
    return run_of(gemini(server))


def code(text, language="PYTHON"):
    return {"executableCode": {"code": text, "language": language}}


def result(output):
    return {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": output}}


@pytest.mark.parametrize(
    ("language", "info", "cells"),
    [
        ("BASH", "bash", ["%%bash\n# attempt 1\nls | wc -l"]),
        ("bash", "bash", ["%%bash\n# attempt 1\nls | wc -l"]),
        ("RUST", "rust", []),
        ("PYTHON", "python", ["# attempt 1\nls | wc -l"]),
        ("LANGUAGE_UNSPECIFIED", "python", ["# attempt 1\nls | wc -l"]),
    ],
)
def test_code_is_shown_and_inserted_by_its_language(server, language, info, cells):
    run = answer_of(server, code("ls | wc -l", language), result("3\n"))
    assert cells_of(run.steps, "all") == cells
    assert f"```{info}\nls | wc -l\n```" in to_markdown(run)
    assert f"```{info}\nls | wc -l\n```" in run.to_markdown()
    for form in (to_text(run), render(run)):
        assert "ls | wc -l" in form


def test_a_lesson_made_of_a_run_runs_no_shell(server):
    run = answer_of(server, code("rm -r x", "BASH"), code("print(1)"))
    assert read(run.to_markdown()).blocks == 1


def test_a_language_of_any_name_ends_no_fence(server):
    run = answer_of(server, code("x", "a`\n# b"))
    assert "```ab\nx\n```" in to_markdown(run)


PNG = [b"\x89PNG %d" % n for n in range(3)]


def image(data):
    inline = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
    return {"inlineData": inline}


def test_pictures_looked_at_with_code_keep_their_order_in_every_form(server):
    run = answer_of(
        server,
        image(PNG[0]),
        code("crop(1)"),
        result("cropped 1\n"),
        image(PNG[1]),
        code("crop(2)"),
        result("cropped 2\n"),
        image(PNG[2]),
    )
    sizes = [f"[image/png, {len(png)} bytes" for png in PNG]
    order = [sizes[0], "crop(1)", "cropped 1", sizes[1], "crop(2)", "cropped 2", sizes[2], "So."]
    assert_in_order(to_text(run), order)
    neutral = to_markdown(run).replace("\\", "")
    assert_in_order(neutral, order)
    shown = [word.removeprefix("[") for word in order]
    assert_in_order(uncoloured(render(run)).partition("-->")[2], shown)
    assert_in_order(run.to_markdown(), ["kB]" if word in sizes else word for word in order])
    kinds = ["image", "code", "result", "image", "code", "result", "image", "text"]
    assert [part["kind"] for part in run.to_dict()["parts"]] == kinds
    again = Run.from_dict(run.to_dict())
    assert [[each.data for each in step.images] for step in again.steps] == [[PNG[1]], [PNG[2]]]


def assert_in_order(text, words):
    place = 0
    for word in words:
        found = text.find(word, place)
        assert found >= 0, (word, text)
        place = found + len(word)
