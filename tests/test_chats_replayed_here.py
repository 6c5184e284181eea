"""A chat whose code runs here goes on from turns that were replayed: what is there then."""

import json

import pytest
from completions import CHAT
from completions import runs as calls
from completions import says as answers
from heard import here, runs, says, told
from local import Asker
from loopback import GENERATE, said, stream
from recorded import notebook
from test_private import CANARY, FRAME

from gemini_magic.answer.parts import Note
from gemini_magic.engines.here import ANEW, ELSEWHERE
from gemini_magic.engines.kept_sandboxes import KeptSandboxes, codes_in
from gemini_magic.engines.recordings.files import load, save
from gemini_magic.views.session import Session

pytestmark = pytest.mark.process


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "runs.jsonl")


@pytest.fixture
def later(monkeypatch):
    """A session of another day."""
    session = Session()
    session.sandboxes = KeptSandboxes(science=False)
    yield session
    session.sandboxes.close()


def from_notebook(run, path):
    """Have the store hold a run as a notebook has it: without the contents of the wire."""
    save(load(notebook(path / "lesson.ipynb", run)), path / "runs.jsonl")
    return str(path / "runs.jsonl")


def notes(run):
    """The lines of a run, without the one that says which turn of the chat it is."""
    said = [part.text for part in run.parts if isinstance(part, Note)]
    return [text for text in said if not text.startswith("chat 'c', turn")]


def test_a_turn_after_a_replayed_one_says_once_that_its_code_did_not_run(
    there, session, later, store
):
    there.on(GENERATE, runs("x = 20"), says("Kept."))
    here(session, chat="c", recordings=store)
    assert here(later, chat="c", recordings=store, replay="only").recorded
    there.on(GENERATE, runs("print(x)"), runs("x = 21"), says("No x."), runs("print(x)"), says("x"))
    second = here(later, "now print it", chat="c", recordings=store)
    assert "NameError" in second.steps[0].output
    assert notes(second) == [ELSEWHERE]
    responses = [told(there, place)[0] for place in (-2, -1)]
    assert [response.get("note") for response in responses] == [ELSEWHERE, None]
    third = here(later, "and again", chat="c", recordings=store)
    assert third.output == "21\n"
    assert notes(third) == []


def test_a_call_without_code_does_not_take_what_is_said_of_it(there, session, later, store):
    there.on(GENERATE, runs("x = 20"), says("Kept."))
    here(session, chat="c", recordings=store)
    here(later, chat="c", recordings=store, replay="only")
    there.on(GENERATE, runs("", {"x": 1}), runs("print(1)"), says("1"))
    assert ELSEWHERE in notes(here(later, "now print it", chat="c"))
    assert told(there)[0]["note"] == ELSEWHERE


def test_what_ran_here_before_a_replayed_turn_is_still_there(there, session, later, store):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("y = x + 1"), says("Kept."))
    here(session, chat="c", recordings=store)
    here(session, "add one", chat="c", recordings=store)
    there.on(GENERATE, runs("x = 20"), says("Kept."))
    here(later, chat="c", recordings=store, replay="refresh")
    assert here(later, "add one", chat="c", recordings=store, replay="only").recorded
    there.on(GENERATE, runs("print(x, 'y' in vars())"), says("20"))
    run = here(later, "print both", chat="c", recordings=store)
    assert run.output == "20 False\n"
    assert notes(run) == [ELSEWHERE]


def test_a_turn_that_is_played_and_was_run_here_too_is_not_missed(there, session, store):
    there.on(GENERATE, runs("x = 20"), says("Kept."), says("Well."), runs("print(x)"), says("20"))
    here(session, chat="c", recordings=store)
    here(session, "say something", chat="c", recordings=store)
    run = here(session, "print it", chat="c", recordings=store)
    assert (run.output, notes(run)) == ("20\n", [])


def test_data_of_a_replayed_turn_is_there(there, session, later, store):
    there.on(GENERATE, runs("print(len(rows))"), says("2"))
    here(session, give={"rows": [4, 5]}, chat="c", recordings=store)
    here(later, give={"rows": [4, 5]}, chat="c", recordings=store, replay="only")
    there.on(GENERATE, runs("print(sum(rows))"), says("9"))
    assert here(later, "add them", chat="c").output == "9\n"


@pytest.mark.parametrize("as_notebook", [False, True])
def test_what_was_private_in_a_replayed_turn_stays_so(
    there, session, later, store, tmp_path, as_notebook
):
    there.on(GENERATE, runs("print(frame[0]['name'])"), says("Masked."))
    run = here(session, give={"frame": FRAME}, private=True, chat="c", recordings=store)
    assert CANARY in run.output
    if as_notebook:
        store = from_notebook(run, tmp_path)
    again = here(
        later, give={"frame": FRAME}, private=True, chat="c", recordings=store, replay="only"
    )
    assert CANARY in again.output
    there.on(GENERATE, runs("print(frame[0]['name'])"), says("Masked."))
    second = here(later, "once more", chat="c")
    assert second.output == f"{CANARY}\n"
    assert len(there.prompts) == 4
    assert CANARY not in json.dumps([asked.body for asked in there.prompts])


def test_what_a_function_gave_code_in_a_replayed_turn_stays_here(there, session, later, tmp_path):
    def look_up(key: str) -> str:
        return CANARY

    offer = {"look_up": look_up}
    there.on(GENERATE, runs("found = look_up('a')"), says("Kept."))
    run = here(session, offer=offer, chat="c")
    store = from_notebook(run, tmp_path)
    assert here(later, offer=offer, chat="c", recordings=store, replay="only").recorded
    there.on(GENERATE, says("Well."))
    here(later, "and now?", chat="c")
    sent = json.dumps([asked.body for asked in there.prompts])
    assert "look_up() was called" in sent
    assert CANARY not in sent


def test_a_local_model_is_told_the_code_of_a_turn_from_a_notebook(server, session, later, tmp_path):
    server.on(CHAT, calls("x = 20\nprint(x)"), answers("Kept."))
    run = Asker(server, session)(chat="c")
    store = from_notebook(run, tmp_path)
    asker = Asker(server, later)
    assert asker(chat="c", recordings=store, replay="only").recorded
    server.on(CHAT, answers("Well."))
    asker("and now?", chat="c")
    said = asker.messages[-2]["content"]
    assert said == "```python\nx = 20\nprint(x)\n```\nRunning it gave: 20\n\nKept."


def test_a_chat_that_ran_elsewhere_says_that_the_sandbox_here_starts_anew(there, session):
    code = {"executableCode": {"code": "x = 1", "language": "PYTHON"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": ""}}
    there.on(GENERATE, stream(said(code, result, {"text": "Kept."}, finishReason="STOP")))
    here(session, chat="c", run_code="there")
    there.on(GENERATE, runs("print(x)"), says("No."))
    assert notes(here(session, "print it", chat="c")) == [ANEW]


@pytest.mark.parametrize(
    "history",
    [[3], [{"parts": 3}], [{"parts": [3, None, {"functionCall": 3}, {"executableCode": []}]}]],
)
def test_a_damaged_history_has_no_code(history):
    assert codes_in(history) == []
