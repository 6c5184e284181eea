"""Streams that are cut, mistyped or garbled end in a run or in one line, by the real SDK."""

import json
import traceback
from copy import deepcopy

import pytest
from asking import KEY, gemini, run_of
from loopback import CUT, GENERATE, Answer
from test_document import places, replaced
from test_recordings_become_runs import FILES, arrived, documents, expected
from torture import either, random_of

from gemini_magic.errors import GeminiError
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import to_text

pytestmark = pytest.mark.process

BODIES = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
WRONG = (None, True, -1, 1e308, 10**30, "", "\ud800", "STOP", [], [[]], {}, {"text": 3})


def answered(server, status, *chunks):
    """Return the run that came of it: the state is settled, and an error is one line of ours."""
    server.on(GENERATE, Answer(chunks, status))
    engine = gemini(server, attempts=1)
    try:
        run = run_of(engine)
    except GeminiError as error:
        run = error.run
        assert "\n" not in str(error)
        assert len(str(error)) < 1_000
        assert KEY not in "".join(traceback.format_exception(error))
        assert run.state in ("failed", "blocked")
    else:
        assert run.state == "done"
    shown = run.to_dict()
    json.dumps(shown, allow_nan=False)
    assert Run.from_dict(shown).to_dict() == shown
    assert KEY not in render(run) + to_text(run)
    return run


def status_of(path):
    return documents(path)[0].get("error", {}).get("code", 200)


@pytest.mark.parametrize("every", either(173, 1))
@BODIES
def test_a_stream_that_is_cut_at_any_byte_has_what_came_before_and_no_more(
    server, count, path, every
):
    """The line drops there; or, at each second place, somebody in between ends it in good form."""
    body, whole = path.read_bytes(), expected(path)
    for place in range(0, len(body), every):
        head = (body[:place],) if place else ()
        end = () if place % 2 else (CUT,)
        found = arrived(answered(server, status_of(path), *head, *end))
        assert whole["text"].startswith(found["text"])
        assert whole["thoughts"].startswith(found["thoughts"])
        for kind in ("codes", "results", "images", "calls"):
            assert found[kind] == whole[kind][: len(found[kind])]
        count("cuts", 1)


@pytest.mark.parametrize("every", either(97, 1))
@BODIES
def test_a_stream_with_a_wrong_type_at_any_place_is_a_run_or_one_line(server, count, path, every):
    told, tried = documents(path), 0
    for index, document in enumerate(told):
        for place in places(document):
            for wrong in WRONG:
                tried += 1
                if tried % every:
                    continue
                changed = deepcopy(told)
                changed[index] = replaced(document, place, wrong)
                answered(server, status_of(path), written(path, changed))
                count("mistyped", 1)


def written(path, told):
    if path.suffix == ".json":
        return json.dumps(told[0]).encode()
    return b"".join(b"data: " + json.dumps(each).encode() + b"\r\n\r\n" for each in told)


@pytest.mark.parametrize("times", either(2, 60))
@BODIES
def test_a_garbled_stream_is_a_run_or_one_line(server, count, path, times):
    """Bytes that are replaced, dropped, doubled, or come in another order."""
    draw = random_of(path.name)
    for _ in range(times):
        body = bytearray(path.read_bytes())
        for _ in range(draw.randint(1, 6)):
            start = draw.randrange(len(body))
            piece = body[start : start + draw.randint(1, 40)]
            way = draw.choice(("noise", "drop", "double", "move", "line"))
            if way == "noise":
                body[start : start + len(piece)] = draw.randbytes(len(piece))
            elif way == "line":
                body[start:start] = draw.choice((b"\r", b"\n\n", b"\x00", b"\xef\xbb\xbf", b": "))
            else:
                if way != "double":
                    del body[start : start + len(piece)]
                if way != "drop":
                    place = draw.randrange(len(body) + 1)
                    body[place:place] = piece
        answered(server, status_of(path), bytes(body))
        count("garbled", 1)
