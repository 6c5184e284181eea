"""Code of the model that runs on this machine, over Gemini's wire."""

import json

import pytest
from heard import MODEL, here, runs, says, told
from loopback import CUT, GENERATE, event, said, stream

from gemini_magic.answer.parts import FAILED, OK, TIMED_OUT, Code, Image, Note, Result, Text
from gemini_magic.engines.here import ANEW
from gemini_magic.engines.recordings.files import save
from gemini_magic.errors import (
    AnswerCut,
    CallMalformed,
    ConnectionLost,
    NotRecorded,
    RequestError,
)
from gemini_magic.line import ask
from gemini_magic.options.table import Options
from gemini_magic.request.question import Question
from gemini_magic.runs.html import render
from gemini_magic.runs.recorded import recording_of
from gemini_magic.runs.run import Run
from gemini_magic.runs.text import summary_line, to_text
from gemini_magic.sandbox import RESTARTED
from gemini_magic.views.session import Session

pytestmark = pytest.mark.process

PNG = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"


def failed(session, kind, **more):
    with pytest.raises(kind) as caught:
        here(session, **more)
    assert "\n" not in str(caught.value)
    return caught.value


def test_code_runs_here_and_its_result_goes_back(there, session):
    there.on(GENERATE, runs("print(6 * 7)"), says("It is 42."))
    run = here(session)
    assert run.parts == [Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is 42.")]
    (tool,) = there.prompts[0].body["tools"]
    assert [each["name"] for each in tool["functionDeclarations"]] == ["run_python"]
    assert told(there) == [{"outcome": OK, "output": "42\n"}]


def test_the_header_and_the_document_say_that_code_ran_here(there, session):
    there.on(GENERATE, runs("print(1)"), says("One."))
    run = here(session)
    assert "code ran here" in summary_line(run)
    assert "code ran here" in render(run)
    again = Run.from_dict(run.to_dict())
    assert again.ran == "here"
    assert "code ran here" in render(again, stats=False)


def test_a_model_mends_its_code_and_finds_its_variables(there, session):
    there.on(GENERATE, runs("x = 20\nprint(y)"), runs("print(x + 1)"), says("21"))
    run = here(session)
    assert [step.outcome for step in run.steps] == [FAILED, OK]
    assert run.steps[0].output.endswith("NameError: name 'y' is not defined\n")
    assert run.output == "21\n"
    assert told(there, 1)[0]["outcome"] == FAILED
    assert "NameError" in told(there, 1)[0]["output"]


def test_calls_of_one_turn_are_answered_in_order_and_by_their_ids(there, session):
    calls = [
        {"functionCall": {"name": "run_python", "args": {"code": f"print({n})"}, "id": f"c{n}"}}
        for n in range(3)
    ]
    there.on(GENERATE, stream(said(*calls, finishReason="STOP")), says("done"))
    run = here(session)
    assert [step.output for step in run.steps] == ["0\n", "1\n", "2\n"]
    parts = there.prompts[1].body["contents"][-1]["parts"]
    assert [part["functionResponse"]["id"] for part in parts] == ["c0", "c1", "c2"]


@pytest.mark.parametrize("args", [{"kode": "1"}, {"code": 5}, {"code": " "}, {"code": ["print"]}])
def test_a_call_without_code_is_told_to_the_model(there, session, args):
    there.on(GENERATE, runs("", args), says("Sorry."))
    run = here(session)
    assert run.parts == [Note("the model called run_python() without code"), Text("Sorry.")]
    assert told(there) == [{"error": "the call has no code: pass Python as the text `code`"}]


def test_after_failures_in_a_row_the_model_may_answer_once_more(there, session):
    there.on(GENERATE, runs("1/0"), runs("1/0"), says("I could not."))
    run = here(session, max_code_failures=2)
    assert run.text == "I could not."
    assert "no more code is run" in told(there)[0]["note"]


def test_a_model_whose_code_fails_on_and_on_is_stopped_with_what_had_come(there, session):
    there.on(GENERATE, runs("1/0"))
    error = failed(session, AnswerCut)
    assert str(error).startswith("5 attempts in a row failed (GeminiMagic.max_code_failures is 5)")
    assert len(error.run.steps) == 5
    assert len(there.prompts) == 6


def test_a_model_that_never_stops_is_stopped(there, session):
    there.on(GENERATE, runs("print(1)"))
    error = failed(session, AnswerCut)
    assert str(error).startswith("the model ran code 20 times (GeminiMagic.max_code_calls is 20)")
    assert len(error.run.steps) == 20


def test_a_hundred_calls_in_one_turn_are_no_way_around_the_bound(there, session):
    call = {"functionCall": {"name": "run_python", "args": {"code": "print(1)"}}}
    there.on(GENERATE, stream(said(*[call] * 100, finishReason="STOP")))
    assert len(failed(session, AnswerCut, max_code_calls=4).run.steps) == 4


def test_three_endless_loops_in_a_row_are_enough(there, session):
    there.on(GENERATE, runs("print('so far')\nwhile True: pass"))
    error = failed(session, AnswerCut, max_code_seconds=0.2)
    assert str(error).startswith("3 attempts in a row did not end in time")
    assert [step.outcome for step in error.run.steps] == [TIMED_OUT] * 3
    assert "so far" in error.run.steps[0].output


def test_code_that_prints_ten_megabytes_is_bounded_for_the_model(there, session):
    there.on(GENERATE, runs("print('x' * 10_000_000)"), says("Too much."))
    run = here(session)
    assert run.outcome == FAILED
    assert "more than 8 MiB of output" in run.output
    (seen,) = told(there)
    assert len(seen["output"]) < 20_100
    assert "characters are left out" in seen["output"]
    assert "more than 8 MiB of output" in seen["output"]
    assert len(there.prompts[1].body["contents"][-1]["parts"]) == 1


def test_what_the_model_saw_of_a_long_output_stands_beside_it(there, session):
    there.on(GENERATE, runs("print('x' * 3000)"), says("Long."))
    run = here(session, max_seen_chars=100)
    (result,) = run.steps[0].results
    assert result.output == "x" * 3000 + "\n"
    assert result.seen == told(there)[0]["output"]
    line = f"the model saw {len(result.seen)} of 3,001 characters"
    assert line in to_text(run)
    assert line in render(run)
    assert line in run.to_markdown()
    assert Run.from_dict(run.to_dict()).parts == run.parts


def test_a_cut_after_code_ran_keeps_what_had_come(there, session):
    there.on(GENERATE, runs("print(1)"), stream(event(said({"text": "Let me"})), CUT))
    error = failed(session, ConnectionLost)
    assert error.run.steps[0].output == "1\n"


def test_a_call_that_the_server_finds_malformed_keeps_what_had_come(there, session):
    there.on(GENERATE, runs("print(1)"), stream(said(finishReason="MALFORMED_FUNCTION_CALL")))
    assert failed(session, CallMalformed).run.output == "1\n"


def test_a_function_of_the_notebook_goes_with_code_that_runs_here(there, session):
    def double(x: int) -> int:
        return 2 * x

    call = {"functionCall": {"name": "double", "args": {"x": 4}}}
    there.on(GENERATE, stream(said(call, finishReason="STOP")), runs("print(8)"), says("8"))
    run = here(session, offer={"double": double})
    assert [part.kind for part in run.parts] == ["call", "code", "result", "text"]
    (tool,) = there.prompts[0].body["tools"]
    assert [each["name"] for each in tool["functionDeclarations"]] == ["run_python", "double"]


def test_a_function_cannot_take_the_name_of_what_runs_code(there, session):
    def run_python(code: str) -> str:
        return code

    error = failed(session, RequestError, offer={"run_python": run_python})
    assert str(error) == "'run_python' is what runs code here: rename the function"


def test_without_code_nothing_runs_here(there, session):
    there.on(GENERATE, says("Plain."))
    run = here(session, code=False)
    assert "tools" not in there.prompts[0].body
    assert run.ran == ""


@pytest.mark.science
@pytest.mark.parametrize(("model", "reads"), [(MODEL, True), ("gemini-2.5-pro", False)])
def test_figures_go_back_to_a_model_that_reads_them(there, model, reads):
    session = Session()
    there.on(GENERATE, runs(PNG), says("A line."))
    run = here(session, model=model)
    assert len(run.images) == 1
    assert isinstance(run.parts[2], Image)
    assert told(there)[0]["figures"] == "1 figure is shown to the user"
    response = there.prompts[1].body["contents"][-1]["parts"][0]["functionResponse"]
    assert ("parts" in response) is reads


def test_the_variables_of_a_chat_are_there_in_its_next_turn(there, session):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("print(x + 1)"), says("21"))
    here(session, chat="c")
    run = here(session, chat="c")
    assert run.output == "21\n"
    assert Note(ANEW) not in run.parts


def test_a_chat_whose_sandbox_is_gone_says_that_it_starts_anew(there, session):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("print(x + 1)"), says("?"))
    here(session, chat="c")
    session.sandboxes.drop("c")
    run = here(session, chat="c")
    assert Note(ANEW) in run.parts
    assert run.output.startswith(RESTARTED)
    assert "NameError" in run.output


def test_a_chat_that_starts_anew_finds_no_variables_and_says_nothing(there, session):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("print('x' in vars())"), says("No."))
    here(session, chat="c")
    run = here(session, chat="c", fresh=True)
    assert run.output == "False\n"
    assert Note(ANEW) not in run.parts


def test_two_chats_share_nothing(there, session):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("print('x' in vars())"), says("No."))
    here(session, chat="c")
    assert here(session, chat="d").output == "False\n"


def test_without_a_chat_nothing_is_kept(there, session):
    there.on(GENERATE, runs("x = 20"), says("Kept."), runs("print('x' in vars())"), says("No."))
    here(session)
    assert here(session).output == "False\n"


def test_a_file_of_recordings_answers_what_ran_here(there, session, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    there.on(GENERATE, runs("print(sum(numbers))"), says("It is 6."))
    asked = here(session, give={"numbers": [1, 2, 3]})
    sent = len(there.asked)
    path = tmp_path / "kept.jsonl"
    save([recording_of(asked)], path)
    replay = f"replay:{path}"
    again = here(session, give={"numbers": [1, 2, 3]}, engine=replay)
    assert again.to_dict()["parts"] == asked.to_dict()["parts"]
    assert again.ran == "here"
    (tmp_path / "run.json").write_text(json.dumps(asked.to_dict()))
    assert ask(Question("go", Options(engine=f"replay:{tmp_path}/run.json")), session).ran == "here"
    with pytest.raises(NotRecorded):
        here(session, give={"numbers": [1, 2, 4]}, engine=replay)
    assert len(there.asked) == sent
