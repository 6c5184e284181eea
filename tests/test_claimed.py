"""A run knows where its numbers come from once it is over, and keeps that."""

import json
from pathlib import Path

import pytest
from asking import request_of, run_of

from gemini_magic import Run, trace
from gemini_magic.answer.claims.claim import ALONG, Place
from gemini_magic.answer.claims.history import turns_of
from gemini_magic.answer.parts import OK, Call, Code, Result, Text
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import RecordingError
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.request import Request
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.claimed import along

RECORDINGS = Path(__file__).parent.parent.parent / "shared" / "recordings"
ANSWER = (Code("x"), Result(OK, "mean: 41.5\n"), Text("The mean is 41.5, not 97.25."))


def ended(*parts, **request):
    run = Run(request_of("Compute it.", **request))
    with run.tracking():
        for part in parts:
            run.add(part)
    return run


def test_claims_are_worked_out_when_a_run_ends():
    run = Run(Request("Compute it."))
    with run.tracking():
        for part in ANSWER:
            run.add(part)
            assert run.claims == ()
    assert [(claim.text, claim.kind) for claim in run.claims] == [
        ("41.5", "computed"),
        ("97.25", "absent"),
    ]
    assert list(run.claims) == trace(run)


def test_a_run_that_breaks_has_claims_too():
    run = Run(Request("Compute it."))
    with pytest.raises(KeyboardInterrupt), run.tracking():
        for part in ANSWER:
            run.add(part)
        raise KeyboardInterrupt
    assert [claim.text for claim in run.claims] == ["41.5", "97.25"]


def test_claims_are_kept_in_the_document_and_read_back():
    run = ended(*ANSWER)
    document = json.loads(json.dumps(run.to_dict()))
    assert document["claims"] == {
        "2": [[0, "41.5", "computed", "exact", [1, 1, 7]], [1, "97.25", "absent"]]
    }
    assert Run.from_dict(document).claims == run.claims
    assert Run.from_dict(document).to_dict() == document


def test_claims_are_read_and_not_worked_out_again():
    document = ended(*ANSWER).to_dict()
    del document["claims"]
    assert Run.from_dict(document).claims == ()


def test_a_document_has_no_claims_where_there_are_none():
    assert "claims" not in ended(Text("Nothing was printed, so 41.5 is no claim.")).to_dict()


def test_a_document_with_damaged_claims_is_refused():
    document = {**ended(*ANSWER).to_dict(), "claims": {"2": [[0, "41.5", "verified"]]}}
    with pytest.raises(RecordingError):
        Run.from_dict(document)


def test_what_went_along_with_the_prompt_counts_as_given():
    table = Attachment("rides.csv", "text/csv", b"a\n1\n", schema="1482 rows, 12 columns")
    output = output_of("Stats", {"properties": {"limit": {"maximum": 7350}}})
    system = "Use at most 250 samples."
    request = request_of("x", system=system, attachments=(table,), output=output)
    assert [*along(request)] == [
        "Use at most 250 samples.",
        "1482 rows, 12 columns",
        '{"properties": {"limit": {"maximum": 7350}}}',
    ]
    prose = Text("The 1,482 rows gave 41.5 of 250 samples.")
    run = ended(*ANSWER[:2], prose, system=system, attachments=(table,))
    assert [claim.kind for claim in run.claims] == ["given", "computed", "given"]
    assert run.claims[0].place == Place(ALONG, 1, 1)


HISTORY = (
    {"role": "user", "parts": [{"text": "a: 1482 rows"}, {"text": "Sum them."}]},
    {
        "role": "model",
        "parts": [
            {"text": "It is 555 or so."},
            {"executableCode": {"code": "rate = 0.0375", "language": "PYTHON", "id": "a"}},
            {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "spent: 3575\n"}},
            {"functionCall": {"name": "stock", "args": {}}},
        ],
    },
    {"role": "user", "parts": [{"functionResponse": {"name": "stock", "response": {"n": 1840}}}]},
    {"role": "model", "parts": [{"text": "So be it."}]},
    {"role": "user", "parts": [{"text": "Thanks."}]},
)


def test_the_turns_of_a_chat_are_read_from_its_history():
    first, second = turns_of(HISTORY)
    assert first.request.prompt == "a: 1482 rows\nSum them."
    assert first.parts == [
        Code("rate = 0.0375", id="a"),
        Result(OK, "spent: 3575\n"),
        Call("stock", {}, {"n": 1840}),
    ]
    assert (second.request.prompt, second.parts) == ("Thanks.", [])


def test_a_chat_s_numbers_may_stand_in_a_turn_before_but_not_in_what_the_model_said():
    prose = Text("You spent 3,575 of 1,482 rows, with 1,840 in stock; 555 is out.")
    run = ended(prose, history=HISTORY)
    assert [(c.text, c.kind, c.place and c.place.turn) for c in run.claims] == [
        ("3,575", "computed", 2),
        ("1,482", "given", 2),
        ("1,840", "computed", 2),
        ("555", "absent", None),
    ]


@pytest.mark.parametrize(
    "history",
    [
        ({"role": "user", "parts": ["x", None, {"text": 7}, {"text": "a"}]},),
        ({"role": "user"}, {}),
        ({"role": "model", "parts": [{"executableCode": None}, {"codeExecutionResult": 3}]},),
        ({"role": "user", "parts": [{"text": "a"}, {"functionResponse": {"name": "f"}}]},),
    ],
)
def test_what_is_damaged_in_a_history_counts_as_nothing(history):
    assert all(turn.parts == [] for turn in turns_of(history))


def recorded(name):
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip("the recordings are not on this machine")
    return [(claim.text, claim.kind) for claim in run_of(Replay(path)).claims]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pydantic-ai/test_code_execution.0.json", "May 23, 2024"),
        ("pydantic-ai/test_code_execution.1.json", "May 24, 2024"),
    ],
)
def test_a_recorded_date_that_no_output_has_is_absent(name, text):
    assert recorded(name) == [(text, "absent")]


def test_a_recorded_product_is_printed():
    claims = recorded("ruby_llm/gemini-3_5-flash_code_execution_replay.0.json")
    assert claims[-1] == ("121932631112635269", "computed")
    assert ("absent" in dict(claims).values()) is False
