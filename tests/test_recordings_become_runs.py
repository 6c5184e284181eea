"""Every answer as the wire has it becomes a run with nothing lost: our own, and recorded ones."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from asking import failure_of, gemini, run_of
from loopback import GENERATE, Answer

from gemini_magic.answer.parts import Code, Image, Note, Result, Text, Thought, Usage
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import (
    AccessDenied,
    AnswerUnreadable,
    Blocked,
    KeyInvalid,
    ModelNotFound,
    Recited,
)

# One of each kind, written for these tests.
OWN = sorted((Path(__file__).parent / "data" / "streams").iterdir())
# Real traffic that other projects have published, read where it lies beside the checkout.
FOLDER = Path(__file__).parents[2] / "shared" / "recordings"
RECORDED = """
    firebase/streaming-failure-prompt-blocked-safety.sse
    firebase/streaming-failure-recitation-no-content.sse
    firebase/streaming-success-code-execution.sse
    firebase/streaming-success-empty-parts.sse
    firebase/streaming-success-finish-message.sse
    firebase/streaming-success-no-content-parts.sse
    firebase/streaming-success-thinking-function-call-thought-summary-signature.sse
    firebase/streaming-success-thinking-reply-thought-summary.sse
    firebase/unary-failure-api-key.json
    firebase/unary-failure-generativelanguage-api-not-enabled.json
    firebase/unary-failure-only-prompt-feedback.json
    firebase/unary-failure-unknown-model.json
    firebase/unary-failure-with-message-no-content.json
    firebase/unary-success-code-execution.json
    generative-ai-swift/streaming-success-code-execution.sse
    generative-ai-swift/unary-success-code-execution.json
    pydantic-ai/test_code_execution.0.json
    pydantic-ai/test_code_execution.1.json
    pydantic-ai/test_code_execution_stream.0.sse
    ruby_llm/gemini-3_5-flash_code_execution_replay.0.json
    ruby_llm/gemini-3_5-flash_code_execution_replay.1.json
""".split()
here = pytest.mark.skipif(not FOLDER.exists(), reason="recordings of others: not beside here")
FILES = [*OWN, *(pytest.param(FOLDER / name, marks=here) for name in RECORDED)]
TROUBLE = {
    "api-not-enabled.json": AccessDenied,
    "bad-key.json": KeyInvalid,
    "blocked-prompt.sse": Blocked,
    "message-without-content.json": AnswerUnreadable,
    "only-prompt-feedback.json": Blocked,
    "recited.sse": Recited,
    "unknown-model.json": ModelNotFound,
    "streaming-failure-prompt-blocked-safety.sse": Blocked,
    "streaming-failure-recitation-no-content.sse": Recited,
    "unary-failure-api-key.json": KeyInvalid,
    "unary-failure-generativelanguage-api-not-enabled.json": AccessDenied,
    "unary-failure-only-prompt-feedback.json": Blocked,
    "unary-failure-unknown-model.json": ModelNotFound,
    "unary-failure-with-message-no-content.json": AnswerUnreadable,
}


def documents(path):
    """The JSON of a body, read without the SDK."""
    if path.suffix == ".json":
        return [json.loads(path.read_text())]
    lines = path.read_text().splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.strip()]


def wire_parts(path):
    return [
        part
        for document in documents(path)
        for candidate in document.get("candidates", ())[:1]
        for part in candidate.get("content", {}).get("parts", ())
    ]


def expected(path):
    """What must arrive, by kind."""
    parts = wire_parts(path)
    codes = [part["executableCode"] for part in parts if "executableCode" in part]
    results = [part["codeExecutionResult"] for part in parts if "codeExecutionResult" in part]
    return {
        "text": "".join(p["text"] for p in parts if "text" in p and not p.get("thought")),
        "thoughts": "".join(p["text"] for p in parts if "text" in p and p.get("thought")),
        "codes": [Code(c["code"], c["language"], c.get("id", "")) for c in codes],
        "results": [Result(r["outcome"], r.get("output", ""), r.get("id", "")) for r in results],
        "images": [b64decode(p["inlineData"]["data"]) for p in parts if "inlineData" in p],
        "calls": [p["functionCall"]["name"] for p in parts if "functionCall" in p],
    }


def arrived(run):
    def all_of(kind):
        return [part for part in run.parts if isinstance(part, kind)]

    notes = [part.text for part in all_of(Note)]
    return {
        "text": "".join(part.text for part in all_of(Text)),
        "thoughts": "".join(part.text for part in all_of(Thought)),
        "codes": all_of(Code),
        "results": all_of(Result),
        "images": [part.data for part in all_of(Image)],
        "calls": [n.split()[3].removesuffix("(),") for n in notes if "the model called" in n],
    }


def last_usage(path):
    counted = [d["usageMetadata"] for d in documents(path) if "usageMetadata" in d]
    if not counted:
        return None
    last = counted[-1]
    return Usage(
        last.get("promptTokenCount", 0),
        last.get("candidatesTokenCount", 0),
        last.get("thoughtsTokenCount", 0),
        last.get("toolUsePromptTokenCount", 0),
        last.get("cachedContentTokenCount", 0),
        last["totalTokenCount"],
    )


def run_by(engine, path):
    kind = TROUBLE.get(path.name)
    return failure_of(engine, kind).run if kind else run_of(engine)


def check(run, path):
    assert arrived(run) == expected(path)
    assert run.usage == last_usage(path)
    versions = {d["modelVersion"] for d in documents(path) if "modelVersion" in d}
    assert {run.reply.model_version if run.reply else ""} == (versions or {""})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_recording_becomes_a_run_with_nothing_lost(path):
    check(run_by(Replay(path), path), path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_same_body_over_the_network_becomes_the_same_run(server, path):
    status = documents(path)[0].get("error", {}).get("code", 200)
    server.on(GENERATE, Answer((path.read_bytes(),), status))
    check(run_by(gemini(server), path), path)


@here
def test_there_is_no_recording_that_is_not_read():
    found = {
        path.relative_to(FOLDER).as_posix()
        for path in (*FOLDER.glob("*/*.sse"), *FOLDER.glob("*/*.json"))
        if not path.name.endswith(".request.json")
    }
    assert found == set(RECORDED)


def test_there_is_no_answer_whose_trouble_is_not_looked_for():
    names = {Path(name).name for name in RECORDED}
    assert set(TROUBLE) <= names | {path.name for path in OWN}
    assert {name for name in names if "failure" in name} <= set(TROUBLE)
