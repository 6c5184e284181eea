"""The stored documents, which vitest reads too, are what `Run` writes."""

import json
import re
from pathlib import Path

import pytest
from browser import RUNS, stored

from gemini_magic.answer import rows
from gemini_magic.answer.excerpt import EXCERPT_MIME
from gemini_magic.errors import RecordingError
from gemini_magic.runs.html import render
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import displayed
from gemini_magic.runs.verify.verdicts import WORDS

NAMES = sorted(path.stem for path in RUNS.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_run_is_read_and_written_unchanged(name: str):
    document = stored(name)
    assert Run.from_dict(document).to_dict() == document


def test_the_stored_excerpt_is_what_an_attempt_writes():
    shown, _ = displayed(Run.from_dict(stored("mended")).steps[1:])
    assert shown[EXCERPT_MIME] == json.loads((RUNS.parent / "excerpt.json").read_text())


ROWS = json.loads((RUNS.parent / "rows.json").read_text())


def test_the_stored_rows_are_read_and_written_unchanged():
    assert rows.write(rows.read(ROWS["read"])) == ROWS["read"]


@pytest.mark.parametrize("change", [None, [], "x", {}, *ROWS["refused"]["document"]], ids=repr)
def test_what_are_no_rows_is_refused_in_one_line(change):
    # The page refuses the same: labextension/tests/rows.test.ts.
    data = {**ROWS["read"], **change} if isinstance(change, dict) and change else change
    with pytest.raises(RecordingError) as refusal:
        rows.read(data)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("change", ROWS["refused"]["row"], ids=repr)
def test_a_row_that_is_none_has_all_refused(change):
    first, *others = ROWS["read"]["rows"]
    with pytest.raises(RecordingError):
        rows.read({**ROWS["read"], "rows": [{**first, **change}, *others]})


def test_more_rows_than_a_page_takes_are_refused_and_longer_texts_are_cut():
    many = [{"number": at, "state": "done"} for at in range(rows.MOST_ROWS + 1)]
    with pytest.raises(RecordingError):
        rows.read({**ROWS["read"], "rows": many})
    (row,) = rows.read({**ROWS["read"], "rows": [{**many[0], "text": "x" * 10**5}]}).rows
    assert len(row.text) == rows.LONGEST


def test_the_saved_html_of_a_hostile_run_holds_no_tag_of_its_own():
    html = render(Run.from_dict(stored("hostile")))
    for tag in ("<script", "<svg", "<iframe", "<form", "<style", "<video", "onerror=alert(1)>"):
        assert tag not in html


def test_there_is_a_stored_run_for_each_way_to_end():
    states = {json.loads(path.read_text())["state"] for path in RUNS.glob("*.json")}
    assert states == {"running", "done", "stopped", "failed", "blocked"}


def test_a_page_has_the_words_of_every_verdict():
    page = Path(__file__).parent.parent / "labextension/src/view/verdict.ts"
    said = re.findall(r"(\w+): trans\.__\('([^']+)'\)", page.read_text(encoding="utf-8"))
    assert dict(said) == WORDS
