"""The same request again is answered from its recording, and nothing is sent."""

import json
import pickle
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from loopback import GENERATE, refusal, said, stream
from pydantic import BaseModel

import gemini_magic
from gemini_magic.answer.parts import Call, Image, Note
from gemini_magic.engines.recordings.nearest import ago
from gemini_magic.engines.recordings.places import user_store
from gemini_magic.errors import BudgetSpent, GeminiError, NotRecorded, OptionError, Stopped
from gemini_magic.line import preview
from gemini_magic.request.question import Question
from gemini_magic.runs.recorded import metadata_of
from gemini_magic.runs.run import Run
from gemini_magic.runs.seal import INTACT, integrity
from gemini_magic.views.session import Session, current, hold

KEY = "AIza-a-key-that-nobody-must-see-00001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
PICTURE = {"inlineData": {"mimeType": "image/png", "data": b64encode(PNG).decode()}}
USAGE = {"usageMetadata": {"promptTokenCount": 100, "totalTokenCount": 120}}


@pytest.fixture(autouse=True)
def online(server, monkeypatch, tmp_path):
    """Gemini on this machine, and a user who has recorded nothing yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    monkeypatch.chdir(tmp_path)
    hold(Session())
    answers(server, "one")
    yield
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert all(KEY.encode() not in held for held in kept)
    hold(Session())


def answers(server, *texts, **more):
    """Let the server answer so, in turn; each answer has an id, a picture and a signature."""
    code = {"executableCode": {"code": "print(1)", "language": "PYTHON", "id": "c1"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n", "id": "c1"}}
    server.on(
        GENERATE,
        *(
            stream(
                said(code, result, PICTURE),
                {
                    **said({"text": text, "thoughtSignature": "c2ln"}, finishReason="STOP"),
                    **USAGE,
                    "responseId": f"id-{text}",
                },
            )
            for text in texts
        ),
    )


def again(prompt="add", replay="only", **more):
    """Ask in a new session, as tomorrow."""
    hold(Session())
    return gemini_magic.run(prompt, replay=replay, **more)


def missing(prompt="add", **more):
    with pytest.raises(NotRecorded) as caught:
        again(prompt, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_recorded_run_is_the_run(server):
    asked = gemini_magic.run("add")
    replayed = again()
    assert len(server.prompts) == 1
    assert replayed.to_dict() == asked.to_dict()
    assert replayed.stats() == asked.stats()
    assert replayed.provenance == asked.provenance
    assert replayed.display == asked.display
    assert (replayed.recorded, asked.recorded) == (asked.moment, None)
    assert pickle.loads(pickle.dumps(replayed)).to_dict() == asked.to_dict()


def test_never_asks_each_time_and_the_newest_answers(server):
    answers(server, "one", "two")
    gemini_magic.run("add")
    gemini_magic.run("add")
    assert len(server.prompts) == 2
    assert again(replay="auto").text == "two"


def test_auto_asks_once(server):
    assert [again(replay="auto").text for _ in range(3)] == ["one"] * 3
    assert len(server.prompts) == 1


def test_refresh_asks_anew_and_takes_the_place_of_what_was(server):
    answers(server, "one", "two")
    again(replay="auto")
    assert again(replay="refresh").text == "two"
    assert again().text == "two"
    assert len(user_store()) == 1


def test_what_is_not_to_be_recorded_is_not(server, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_RECORD", "0")
    again(replay="auto")
    assert "no run is recorded" in missing()
    again(replay="refresh")
    assert again().text == "one"


def test_the_setting_holds_where_no_flag_is(server, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_REPLAY", "auto")
    again(replay=None)
    again(replay=None)
    assert len(server.prompts) == 1
    again(replay="never")
    assert len(server.prompts) == 2


def test_without_a_key_the_recording_of_any_engine_answers(server, monkeypatch):
    gemini_magic.run("add")
    monkeypatch.delenv("GEMINI_API_KEY")
    assert again().text == "one"
    assert again(engine="gemini").text == "one"
    assert "the engine was gemini" in missing(engine="vertex")


def test_an_error_is_not_recorded(server):
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "no"))
    with pytest.raises(GeminiError):
        gemini_magic.run("add")
    answers(server, "one")
    assert again(replay="auto").recorded is None


def test_a_run_that_was_stopped_is_not_recorded(server):
    def stop(part):
        raise KeyboardInterrupt

    with pytest.raises(Stopped):
        gemini_magic.run("add", on_part=stop)
    assert len(user_store()) == 0


class Sum(BaseModel):
    total: int


def test_a_value_is_read_from_the_recording(server):
    server.streams({**said({"text": '{"total": 3}'}, finishReason="STOP"), **USAGE})
    assert gemini_magic.run("add", json=Sum).value == again(json=Sum).value == Sum(total=3)
    assert "the schema of the answer" in missing(json={"type": "object"})


CALLS = []


def warm(city: str) -> int:
    """Return how warm it is."""
    CALLS.append(city)
    return 7


def test_functions_are_not_called_again_and_shown_as_they_were(server):
    call = {"functionCall": {"id": "f1", "name": "warm", "args": {"city": "Oslo"}}}
    server.on(GENERATE, stream(said(call)), stream(said({"text": "7"}, finishReason="STOP")))
    CALLS.clear()
    asked = gemini_magic.run("How warm?", tools=[warm])
    replayed = again("How warm?", tools=[warm])
    assert CALLS == ["Oslo"]
    assert Call("warm", {"city": "Oslo"}, {"result": 7}) in replayed.parts
    assert replayed.to_dict() == asked.to_dict()
    assert "the function 'warm' was offered" in missing("How warm?")


def test_what_differs_from_the_nearest_is_said(server, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("a")
    gemini_magic.run("add", data={"sales": b"a,b\n1,2\n"}, files=[notes], model="gemini-2.5-pro")
    same = {"data": {"sales": b"a,b\n1,2\n"}, "files": [notes], "model": "gemini-2.5-pro"}
    assert again(**same)
    assert "the data 'sales' has changed" in missing(**{**same, "data": {"sales": b"a,b\n1,3\n"}})
    assert "the model was gemini-2.5-pro" in missing(**{**same, "model": "gemini-2.5-flash"})
    assert "--temperature was not given" in missing(**same, temperature=1)
    assert "the file 'notes.txt' went along" in missing(**{**same, "files": []})
    assert "the prompt was 'add'" in missing("something else", **same)
    notes.write_text("b")
    said = missing(**same)
    assert "the file 'notes.txt' has changed" in said
    assert "just now" in said
    assert len(server.prompts) == 1


def test_of_other_prompts_the_most_alike_is_named(server):
    for prompt in ("Sum the first primes.", "Draw a line.", "What is the time?"):
        gemini_magic.run(prompt)
    assert "the prompt was 'Sum the first primes.'" in missing("Sum the last primes.")


def test_a_frame_that_has_changed_is_called_one(server):
    pandas = pytest.importorskip("pandas")
    gemini_magic.run("add", data={"sales": pandas.DataFrame({"a": [1]})})
    said = missing(data={"sales": pandas.DataFrame({"a": [2]})})
    assert "the frame 'sales' has changed" in said


def test_how_long_ago_is_said_in_words():
    now = datetime(2026, 11, 27, tzinfo=UTC)
    words = {3: "just now", 60: "1 minute ago", 7200: "2 hours ago", 3 * 86_400: "3 days ago"}
    assert {s: ago(now - timedelta(seconds=s), now) for s in words} == words


def test_a_chat_goes_on_from_a_recording_as_if_it_had_been_asked(server):
    answers(server, "one", "two", "three")
    for session in range(2):
        hold(Session())
        given = {"data": {"frame": {"a": [1]}}}
        gemini_magic.run("first", chat="c", replay="auto", **given)
        gemini_magic.run("second", chat="c", replay="auto")
        assert len(server.prompts) == 2, session
    gemini_magic.run("third", chat="c", replay="auto")
    sent = server.prompts[-1].body["contents"]
    # As if both had been asked now: with the file, the picture and the signatures.
    assert sent[:3] == server.prompts[1].body["contents"]
    assert "thoughtSignature" in json.dumps(sent[3])
    assert "inlineData" in json.dumps(sent[1])


def test_another_answer_before_is_another_turn(server):
    answers(server, "one", "two", "other", "four")
    gemini_magic.run("first", chat="c")
    gemini_magic.run("second", chat="c")
    again("first", chat="c", replay="refresh")
    with pytest.raises(NotRecorded, match="what the chat said before has changed"):
        gemini_magic.run("second", chat="c", replay="only")


def test_what_the_user_sent_is_in_no_recording(server, tmp_path):
    secret = b"name,salary\nAda,123456\n"
    gemini_magic.run("add", chat="c", data={"staff": secret})
    user_store().close()
    held = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"Ada" not in held
    assert b64encode(secret)[:16] not in held


def test_a_file_beside_takes_them_in_place_of_the_users(server, monkeypatch, tmp_path):
    monkeypatch.setenv("GEMINI_MAGIC_RECORDINGS", "kept.jsonl")
    asked = gemini_magic.run("add")
    assert len(user_store()) == 0
    line = json.loads((tmp_path / "kept.jsonl").read_text())
    assert line["run"]["prompt"] == "add"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    assert again().to_dict() == asked.to_dict()


def test_where_nothing_can_be_kept_the_run_goes_on_with_one_note(server, monkeypatch, tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    hold(Session())
    first, second = gemini_magic.run("add"), gemini_magic.run("add")
    assert first.parts[-1].text.startswith("not recorded")
    assert not isinstance(second.parts[-1], Note)
    assert first.state == "done"


def test_beside_a_notebook_that_nobody_knows_is_one_note(server, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_RECORDINGS", "file")
    assert "nobody tells its path" in again(replay="auto").parts[-1].text
    assert "nobody tells its path" in missing()


def test_a_place_that_cannot_be_is_said(monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_RECORDINGS", "kept.csv")
    assert "'kept.csv'" in missing()


def test_a_replay_is_neither_recorded_again_nor_paid(server, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_MAX_SESSION_TOKENS", "150")
    gemini_magic.run("add")
    for _ in range(3):
        assert gemini_magic.run("add", replay="auto").recorded
    assert len(user_store()) == 1
    with pytest.raises(BudgetSpent, match="120 tokens"):
        gemini_magic.run("x" * 400)
    assert len(server.prompts) == 1


def test_a_bound_of_money_holds_and_needs_a_price(server):
    session = hold(Session())
    from gemini_magic.options.settings import GeminiMagic

    session._settings = settings = GeminiMagic()
    settings.max_session_cost = 0.001
    with pytest.raises(OptionError, match="needs the price of gemini-3-flash-preview"):
        gemini_magic.run("add")
    settings.prices = {"gemini-3-flash-preview": {"input": 10, "output": 10}}
    gemini_magic.run("add")  # a hundred tokens: $0.001
    with pytest.raises(BudgetSpent, match="nothing was sent"):
        gemini_magic.run("add")
    settings.max_session_cost = 1.0
    gemini_magic.run("add")
    assert len(server.prompts) == 2


def test_the_offline_engine_needs_no_budget(monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_MAX_SESSION_TOKENS", "1")
    with pytest.raises(GeminiError) as caught:
        gemini_magic.run("nothing that a lesson knows", engine="offline")
    assert not isinstance(caught.value, BudgetSpent)


def test_a_picture_comes_back(server):
    gemini_magic.run("add")
    assert again().images == [Image("image/png", PNG)]


@pytest.mark.process
def test_a_replayed_run_is_whole_is_verified_and_travels_as_any_other(server, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    asked = gemini_magic.run("add", files=["a.csv"])
    replayed = again(files=["a.csv"])
    assert replayed.past is not None
    assert integrity(replayed.to_dict(), json.loads(json.dumps(metadata_of(replayed)))) == INTACT
    assert replayed.provenance == asked.provenance
    assert replayed.claims == asked.claims
    # The picture was not drawn by the code, and Verify says so of both.
    assert replayed.verify() == asked.verify()
    for suffix, read in ((".html", Run.from_html), (".ipynb", Run.from_notebook)):
        [back] = read(replayed.export(f"run{suffix}"))
        assert (back.integrity, back.to_dict()) == (INTACT, replayed.to_dict())
        assert back.verification == replayed.verification


def test_every_run_of_the_session_is_listed_as_what_it_is(server):
    gemini_magic.run("add")
    gemini_magic.run("add", replay="auto")
    assert [bool(run.recorded) for run in current().runs] == [False, True]


def test_a_dry_run_says_that_nothing_would_be_sent(server):
    gemini_magic.run("add")

    def shown(prompt, replay):
        options = current().options({"replay": replay})
        return preview(Question(prompt, options), current()).split("\n\n")[-1]

    for replay in ("auto", "only"):
        assert shown("add", replay) == (
            "Nothing would be sent: a run that was recorded just now answers this."
        )
    assert "the prompt was 'add'" in shown("other", "only")
    assert "Nothing would be sent" not in shown("other", "auto") + shown("add", "never")
    assert len(server.prompts) == 1
