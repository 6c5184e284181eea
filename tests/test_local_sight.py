"""A server says in words of its own whether its model reads pictures."""

import pytest
from completions import MODEL, MODELS, llama, said
from local import KEY
from loopback import Answer

from gemini_magic.engines.local.connection import connection_of
from gemini_magic.engines.local.sight import reads_pictures


def gateway(*modalities):
    other = {"id": "other", "architecture": {"input_modalities": ["text"]}}
    return {"data": [other, {"id": MODEL, "architecture": {"input_modalities": [*modalities]}}]}


def studio(**more):
    return {"models": [{"key": "other"}, {"key": MODEL, "type": "llm", **more}]}


LISTED = {"object": "list", "data": [{"id": "other"}, {"id": MODEL}]}
SERVERS = {
    "llama.cpp": ({MODELS: llama("completion", "multimodal")}, True),
    "llama.cpp, whose one model has any name": (
        {MODELS: llama("completion", "multimodal", name="model.gguf")},
        True,
    ),
    "llama.cpp without a projector": ({MODELS: llama("completion")}, False),
    "a gateway": ({MODELS: gateway("text", "image")}, True),
    "a gateway's model of text": ({MODELS: gateway("text")}, False),
    "Ollama": (
        {MODELS: LISTED, "POST /api/show": {"capabilities": ["completion", "vision"]}},
        True,
    ),
    "Ollama's model of text": (
        {MODELS: LISTED, "POST /api/show": {"capabilities": ["completion", "tools"]}},
        False,
    ),
    "LM Studio": (
        {MODELS: LISTED, "GET /api/v1/models": studio(capabilities={"vision": True})},
        True,
    ),
    "LM Studio's model of text": (
        {MODELS: LISTED, "GET /api/v1/models": studio(capabilities={"vision": False})},
        False,
    ),
    "LM Studio of before": (
        {MODELS: LISTED, "GET /api/v0/models": {"data": [{"id": MODEL, "type": "vlm"}]}},
        True,
    ),
    "vLLM, which does not say": ({MODELS: LISTED}, False),
    "a server that lists nothing": ({}, False),
    "lists of nonsense": (
        {MODELS: {"models": 3, "data": [None, [], {"id": MODEL, "capabilities": [{}, 3]}]}},
        False,
    ),
    "no object": ({MODELS: [], "POST /api/show": "vision"}, False),
}


@pytest.mark.parametrize("name", SERVERS)
def test_a_model_reads_pictures_if_its_server_says_so(server, name):
    places, reads = SERVERS[name]
    for place, body in places.items():
        server.on(place, said(body))
    assert reads_pictures(connection_of(f"{server.url}/v1", {}), MODEL) is reads


def test_what_is_no_json_or_has_no_end_says_nothing(server):
    server.on(MODELS, Answer((b'{"models": [' + b"[" * 200_000,)))
    server.on("POST /api/show", Answer((b" " * 2_000_000,) * 3))
    server.on("GET /api/v1/models", Answer((b"",), 302, {"Location": "http://example.com/"}))
    assert reads_pictures(connection_of(f"{server.url}/v1", {}), MODEL) is False


def test_the_key_goes_to_that_server_and_no_further_header(server):
    connection = connection_of(f"{server.url}/v1", {"GEMINI_MAGIC_LOCAL_API_KEY": KEY})
    reads_pictures(connection, MODEL)
    assert len(server.asked) == 4
    for asked in server.asked:
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert not {"cookie", "x-stainless-os", "openai-organization"} & set(asked.headers)
    reads_pictures(connection_of(f"{server.url}/v1", {}), MODEL)
    assert "authorization" not in server.asked[-1].headers
