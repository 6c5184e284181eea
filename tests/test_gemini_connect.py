"""A name and an environment become an engine."""

from pathlib import Path

import asking
import pytest
from asking import KEY, run_of
from loopback import said

from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.registry import NEEDS as NEEDS_IN_WORDS
from gemini_magic.engines.registry import ROWS, connect, connect_for
from gemini_magic.engines.replay import Replay
from gemini_magic.errors import KeyInvalid, KeyMissing, OptionError, RequestError
from gemini_magic.options.table import ROWS as OPTIONS

MODEL = "gemini-2.5-pro"


def test_without_credentials_it_is_the_offline_engine():
    assert connect(None, MODEL, env={}).name == "offline"
    assert connect("", MODEL, env={"GEMINI_API_KEY": " "}).name == "offline"


def test_a_key_makes_it_gemini():
    engine = connect(None, MODEL, env={"GEMINI_API_KEY": f" {KEY}\n"})
    assert engine == Gemini(Connection(KEY, "GEMINI_API_KEY"), MODEL)
    assert (engine.name, engine.model) == ("gemini", MODEL)


def test_googles_own_key_beats_geminis():
    env = {"GEMINI_API_KEY": "a-gemini-key", "GOOGLE_API_KEY": KEY}
    assert connect(None, MODEL, env=env).connection == Connection(KEY, "GOOGLE_API_KEY")


def test_two_keys_are_no_news_to_the_log(monkeypatch, caplog, server):
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-another-key-that-nobody-asks-with")
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    server.streams(said({"text": "done"}, finishReason="STOP"))
    run_of(connect("gemini", MODEL))
    assert server.prompts[-1].headers["x-goog-api-key"] == KEY
    assert caplog.records == []


@pytest.mark.parametrize("flag", ["GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"])
@pytest.mark.parametrize("yes", ["true", "True", "1"])
def test_a_flag_makes_it_vertex(flag, yes):
    env = {flag: yes, "GOOGLE_CLOUD_PROJECT": "p", "GEMINI_API_KEY": KEY}
    engine = connect(None, MODEL, env=env)
    assert engine.name == "vertex"
    assert engine.connection == Connection("", "", vertex=True, project="p", location="global")


def test_the_newer_flag_decides_where_both_are_set():
    env = {"GOOGLE_GENAI_USE_ENTERPRISE": "false", "GOOGLE_GENAI_USE_VERTEXAI": "true"}
    assert connect(None, MODEL, env=env).name == "offline"


def test_vertex_takes_its_project_and_place_from_the_environment():
    env = {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "europe-west4"}
    connection = connect("vertex", MODEL, env=env).connection
    assert (connection.project, connection.location, connection.key) == ("p", "europe-west4", "")


def test_vertex_without_a_project_takes_the_key():
    connection = connect("vertex", MODEL, env={"GOOGLE_API_KEY": KEY}).connection
    assert (connection.key, connection.project, connection.vertex) == (KEY, "", True)


@pytest.mark.parametrize(
    ("name", "variable"),
    [("gemini", "GOOGLE_GEMINI_BASE_URL"), ("vertex", "GOOGLE_VERTEX_BASE_URL")],
)
def test_an_address_of_ones_own_is_taken(name, variable):
    env = {"GOOGLE_API_KEY": KEY, variable: "http://proxy:8080"}
    assert connect(name, MODEL, env=env).connection.base_url == "http://proxy:8080"


def test_gemini_without_a_key_says_how_to_get_one_and_what_needs_none():
    with pytest.raises(KeyMissing) as caught:
        connect("gemini", MODEL, env={})
    for words in ("https://aistudio.google.com/apikey", "GEMINI_API_KEY=", "--engine offline"):
        assert words in str(caught.value)


@pytest.mark.parametrize("key", ["ключ", "two words", "line\nbreak", "“quoted”"])
def test_a_key_that_can_be_none_is_refused_without_showing_it(key):
    with pytest.raises(KeyInvalid, match="GEMINI_API_KEY") as caught:
        connect("gemini", MODEL, env={"GEMINI_API_KEY": key})
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("gemnii", "gemini"), ("vertx", "vertex"), ("replay", "replay:PATH"), ("x", "offline")],
)
def test_an_unknown_engine_is_refused_with_the_nearest(name, hint):
    with pytest.raises(OptionError, match=name) as caught:
        connect(name, MODEL, env={})
    assert hint in str(caught.value)


@pytest.mark.parametrize("model", ["", "two words", "a?b", "../x", "a&b", "a#b"])
def test_what_can_be_no_models_name_is_refused(model):
    with pytest.raises(OptionError, match="--model"):
        connect("gemini", model, env={"GEMINI_API_KEY": KEY})


def test_a_recording_is_named_by_its_path_and_may_be_paced():
    assert connect("replay:a/b.json", MODEL, env={}) == Replay(Path("a/b.json"))
    assert connect("replay:a b.sse@pace", "", env={}) == Replay(Path("a b.sse"), pace=True)


def test_a_recording_without_a_path_is_refused():
    with pytest.raises(OptionError, match="replay:PATH"):
        connect("replay:", MODEL, env={})


def test_the_environment_of_the_process_is_the_default(monkeypatch):
    assert connect(None, MODEL).name == "offline"
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert connect(None, MODEL).name == "gemini"


NEEDS = {
    "--no-code": (asking.request_of("add", engine="offline", code=False), "only runs code"),
    "--search": (asking.request_of("add", engine="offline", search=True), "has no web"),
    "--url": (asking.request_of("add", engine="offline", url=True), "has no web"),
    "--cache-context": (
        asking.request_of("add", engine="offline", context="manual"),
        "caches nothing",
    ),
}


@pytest.mark.parametrize("flag", NEEDS)
def test_what_an_engine_cannot_do_is_refused_in_one_place(flag):
    request, why = NEEDS[flag]
    with pytest.raises(RequestError) as caught:
        connect_for(request, env={})
    assert str(caught.value) == f"the offline engine {why}: leave {flag} out"


def test_an_engine_gets_the_requests_that_it_can_answer():
    everything = {"search": True, "url": True, "context": "manual", "code": False}
    request = asking.request_of("add", model=MODEL, **everything)
    assert connect_for(request, env={"GEMINI_API_KEY": KEY}).name == "gemini"
    fenced = asking.request_of("```python\n1\n```")
    assert connect_for(fenced, env={}).name == "offline"


def test_what_rows_can_do_is_what_a_request_may_need():
    needs = {row.needs for row in OPTIONS if row.needs}
    assert set(NEEDS_IN_WORDS) == needs
    assert {need for row in ROWS for need in row.can} == needs
