"""Gemini on Vertex AI, with Google Cloud's own credentials over a loopback server."""

import json

import pytest
from asking import KEY, MODEL, failure_of, request_of, run_of
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from loopback import GENERATE, Answer, refusal, said, stream

from gemini_magic.answer.parts import Usage
from gemini_magic.engines.google.caches import create
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.registry import connect
from gemini_magic.errors import (
    AccessDenied,
    AnswerUnreadable,
    KeyInvalid,
    KeyMissing,
    ModelNotFound,
)
from gemini_magic.request.request import Request

DONE = stream(said({"text": "done"}, finishReason="STOP"))


@pytest.fixture(scope="module")
def pem():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def account(pem, server, tmp_path, monkeypatch):
    """The credentials of a service account, whose tokens the loopback server gives out."""
    token = {"access_token": "a-token", "expires_in": 3600, "token_type": "Bearer"}
    server.on("/token", Answer((json.dumps(token).encode(),), 200, {"Content-Type": "text/json"}))

    def write(**fields):
        document = {
            "type": "service_account",
            "project_id": "my-project",
            "private_key_id": "1",
            "private_key": pem,
            "client_email": "me@example.com",
            "token_uri": f"{server.url}/token",
        }
        path = tmp_path / "account.json"
        path.write_text(json.dumps({**document, **fields}))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))

    write()
    return write


def vertex(server, **fields):
    return Gemini(Connection(vertex=True, base_url=server.url, **fields), MODEL)


def test_a_request_goes_to_the_project_and_place_with_a_token(server, account):
    server.on(GENERATE, DONE)
    run = run_of(vertex(server, project="p", location="europe-west4"))
    assert (run.text, run.engine) == ("done", "vertex")
    asked = server.prompts[-1]
    assert asked.path == (
        "/v1beta1/projects/p/locations/europe-west4/publishers/google/models/"
        f"{MODEL}:streamGenerateContent?alt=sse"
    )
    assert asked.headers["authorization"] == "Bearer a-token"
    assert "x-goog-api-key" not in asked.headers
    assert asked.body["tools"] == [{"codeExecution": {}}]


def test_without_a_project_the_credentials_own_is_taken(server, account):
    server.on(GENERATE, DONE)
    run_of(vertex(server))
    assert server.prompts[-1].path.startswith("/v1beta1/projects/my-project/locations/global/")


def test_the_environment_alone_is_enough(server, account):
    server.on(GENERATE, DONE)
    env = {"GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_VERTEX_BASE_URL": server.url}
    assert run_of(connect(None, MODEL, env=env)).text == "done"


def test_express_mode_sends_the_key_and_no_project(server, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "not-this-one")
    server.on(GENERATE, DONE)
    run_of(vertex(server, key=KEY))
    asked = server.prompts[-1]
    assert asked.path == (
        f"/v1beta1/publishers/google/models/{MODEL}:streamGenerateContent?alt=sse"
    )
    assert asked.headers["x-goog-api-key"] == KEY
    assert "authorization" not in asked.headers


def test_the_environment_of_the_developer_api_does_not_reach_vertex(server, account, monkeypatch):
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    server.on(GENERATE, DONE)
    run_of(vertex(server, project="p"))
    assert "x-goog-api-key" not in server.prompts[-1].headers


def test_a_code_and_its_result_are_paired_by_order(server, account):
    code = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
    result = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}
    server.streams(said(code, result), said({"text": "done"}, finishReason="STOP"))
    step = run_of(vertex(server, project="p")).steps[0]
    assert (step.code, step.output, step.part.id) == ("print(1)", "1\n", "")


def test_usage_comes_only_at_the_end(server, account):
    server.streams(
        {**said({"text": "a"}), "usageMetadata": {"trafficType": "ON_DEMAND"}},
        {
            **said({"text": "b"}, finishReason="STOP"),
            "usageMetadata": {"promptTokenCount": 2, "totalTokenCount": 3},
        },
    )
    assert run_of(vertex(server, project="p")).usage == Usage(prompt=2, total=3)


def test_the_words_of_the_server_for_an_end_in_trouble_are_told(server, account):
    server.streams(said({"text": "a"}, finishReason="OTHER", finishMessage="so it is"))
    assert "(OTHER: so it is)" in str(failure_of(vertex(server, project="p"), AnswerUnreadable))


def test_a_context_is_kept_in_the_project_and_asked_on_top_of(server, account):
    place = "projects/p/locations/europe-west4"
    held = {
        "name": f"{place}/cachedContents/1",
        "displayName": "manual",
        "model": f"{place}/publishers/google/models/{MODEL}",
        "expireTime": "2999-01-01T00:00:00Z",
    }
    server.on(
        "GET /v1beta1", Answer((b"{}",)), Answer((json.dumps({"cachedContents": [held]}).encode(),))
    )
    server.on(
        "POST /v1beta1/projects/p/locations/europe-west4/cached",
        Answer((json.dumps(held).encode(),)),
    )
    server.on(GENERATE, DONE)
    engine = vertex(server, project="p", location="europe-west4")
    making = create(
        engine.connection, "manual", request_of("", model=MODEL, system="Be brief."), 60
    )
    with pytest.raises(StopIteration) as made:
        next(making)
    assert (made.value.value.model, made.value.value.tokens) == (MODEL, None)
    (asked,) = (asked for asked in server.asked if asked.path.endswith("/cachedContents"))
    assert (asked.body["model"], asked.body["ttl"]) == (held["model"], "60s")
    assert asked.body["tools"] == [{"codeExecution": {}}]
    run = run_of(engine, context="manual")
    assert server.prompts[-1].body["cachedContent"] == held["name"]
    assert "tools" not in server.prompts[-1].body
    assert run.parts[0].text == "on top of the context 'manual' (tokens not counted)"


def test_missing_credentials_name_the_command_that_makes_them(server, monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/no/such/file.json")
    error = str(failure_of(vertex(server, project="p"), KeyMissing))
    assert "gcloud auth application-default login" in error
    assert "--engine offline" in error


def test_credentials_without_a_project_name_the_variable(server, account, monkeypatch):
    account(project_id=None)
    # The SDK of Google Cloud would ask gcloud for a project.
    monkeypatch.setenv("PATH", "")
    assert "GOOGLE_CLOUD_PROJECT" in str(failure_of(vertex(server), KeyMissing))


def test_credentials_that_are_not_accepted_name_the_command_that_renews_them(server, account):
    refused = json.dumps({"error": "invalid_grant", "error_description": "expired"}).encode()
    server.on("/token", Answer((refused,), 400))
    error = str(failure_of(vertex(server, project="p2"), KeyInvalid))
    assert "gcloud auth application-default login" in error


def test_credentials_that_were_renewed_are_read_without_a_new_kernel(server, account):
    server.on(GENERATE, DONE)
    account(token_uri=f"{server.url}/no-such-page")
    failure_of(vertex(server, project="p"), KeyInvalid)
    account()
    assert run_of(vertex(server, project="p")).text == "done"


def test_a_project_without_the_right_is_named(server, account):
    server.on(GENERATE, refusal(403, "PERMISSION_DENIED", "aiplatform.endpoints.predict"))
    error = str(failure_of(vertex(server, project="p"), AccessDenied))
    assert "the project 'p'" in error
    assert "aiplatform.endpoints.predict" in error


def test_a_token_that_is_refused_names_the_command_that_renews_it(server, account):
    server.on(GENERATE, refusal(401, "UNAUTHENTICATED", "expired"))
    error = str(failure_of(vertex(server, project="p"), KeyInvalid))
    assert "gcloud auth application-default login" in error


def test_a_model_that_is_not_there_names_those_of_vertex(server, account):
    listed = {"publisherModels": [{"name": "publishers/google/models/gemini-3-pro"}]}
    server.on(GENERATE, refusal(404, "NOT_FOUND", "no"))
    server.on("publishers/google/models?", Answer((json.dumps(listed).encode(),)))
    error = str(failure_of(vertex(server, project="p"), ModelNotFound))
    assert error.endswith('there are gemini-3-pro: %config GeminiMagic.model = "gemini-3-pro"')


def test_a_preview_needs_neither_credentials_nor_network():
    shown = Gemini(Connection(vertex=True, project="p"), MODEL).preview(Request("add"))
    assert shown.startswith(
        "POST https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/publishers/"
        f"google/models/{MODEL}:streamGenerateContent?alt=sse\n"
        "Authorization: Bearer (your Google Cloud credentials)\n"
    )


def test_a_preview_in_express_mode_names_the_key():
    connection = Connection(KEY, "GOOGLE_API_KEY", vertex=True)
    shown = Gemini(connection, MODEL).preview(Request("add"))
    assert "x-goog-api-key: (GOOGLE_API_KEY)" in shown
    assert KEY not in shown
