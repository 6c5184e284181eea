"""Which address `--engine local` asks, with which key, and what it finds there."""

import os
import re
import subprocess
import sys
import threading
from itertools import chain, repeat, takewhile
from pathlib import Path
from threading import Event

import pytest
from asking import commands
from completions import CHAT, MODEL, MODELS, listed, refuses, says
from local import KEY
from loopback import Answer

from gemini_magic.engines.local.connection import STARTS, connection_of, is_loopback
from gemini_magic.engines.local.nearby import server_nearby
from gemini_magic.engines.registry import connect
from gemini_magic.errors import KeyInvalid, KeyMissing, LessonMissing, OptionError, RequestError
from gemini_magic.notebook.complete import candidates
from gemini_magic.notebook.without_key import way_on
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import Options
from gemini_magic.views.session import current

OLLAMA = "http://127.0.0.1:11434/v1"
OPENAI = "https://api.openai.com/v1"
ENGINES = Path(__file__).parent.parent / "gemini_magic" / "engines"


def test_the_address_is_a_setting_and_ollamas_unless_set(monkeypatch):
    assert connect("local", MODEL, env={}).connection.base_url == OLLAMA
    monkeypatch.setenv("GEMINI_MAGIC_LOCAL_BASE_URL", "http://gpu:8000/v1")
    options = Options(local_base_url=GeminiMagic().local_base_url)
    assert (
        connect("local", MODEL, env={}, options=options).connection.base_url == "http://gpu:8000/v1"
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://gpu:8000", "http://gpu:8000/v1"),
        (" http://gpu:8000/ ", "http://gpu:8000/v1"),
        ("http://gpu/openai/v1/", "http://gpu/openai/v1"),
    ],
)
def test_an_address_may_lack_its_path(typed, address):
    assert connection_of(typed, {}).base_url == address


@pytest.mark.parametrize(
    "typed", ["gpu:8000", "ftp://gpu", "http://", "http://gpu:99999", "http://[x"]
)
def test_what_is_no_address_is_refused_with_the_setting(typed):
    with pytest.raises(OptionError) as caught:
        connection_of(typed, {})
    assert "GeminiMagic.local_base_url" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_in_an_address_is_not_shown():
    connection = connection_of("http://me:secret-word@gpu:8000/v1", {})
    assert "secret-word" not in connection.shown + repr(connection)
    with pytest.raises(OptionError) as caught:
        connection_of("http://me:secret-word@gpu:99999/v1", {})
    assert "secret-word" not in str(caught.value)


LOCAL_KEY, OPENAI_KEY = "the-key-of-a-gateway", "the-key-of-openai"
BOTH = {"GEMINI_MAGIC_LOCAL_API_KEY": LOCAL_KEY, "OPENAI_API_KEY": OPENAI_KEY}
KEYS = [
    # No key of OpenAI's leaves for anywhere else.
    (OLLAMA, {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    ("https://gateway.example/v1", {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    ("http://api.openai.com/v1", {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    ("https://api.openai.com.example/v1", {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    ("https://api.openai.com:8443/v1", {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    ("https://me@api.openai.com@example.com/v1", {"OPENAI_API_KEY": OPENAI_KEY}, ""),
    (OPENAI, {"OPENAI_API_KEY": OPENAI_KEY}, OPENAI_KEY),
    ("https://eu.api.openai.com/v1", {"OPENAI_API_KEY": OPENAI_KEY}, OPENAI_KEY),
    # The other is for the address that the environment names, or whichever is set without one.
    (OLLAMA, BOTH, LOCAL_KEY),
    ("https://gateway.example/v1", BOTH, LOCAL_KEY),
    (OLLAMA, BOTH | {"GEMINI_MAGIC_LOCAL_BASE_URL": "https://gateway.example/v1"}, ""),
    (OLLAMA, BOTH | {"GEMINI_MAGIC_LOCAL_BASE_URL": "http://127.0.0.1:x"}, ""),
    (OPENAI, BOTH | {"GEMINI_MAGIC_LOCAL_BASE_URL": "https://gateway.example/v1"}, OPENAI_KEY),
    (
        "https://gateway.example:443/other",
        BOTH | {"GEMINI_MAGIC_LOCAL_BASE_URL": "https://gateway.example/v1"},
        LOCAL_KEY,
    ),
    (OLLAMA, {"GEMINI_API_KEY": KEY, "GOOGLE_API_KEY": KEY}, ""),
]


@pytest.mark.parametrize(("address", "env", "key"), KEYS)
def test_a_key_goes_only_where_it_belongs(address, env, key):
    assert connection_of(address, env).key == key


def test_openai_needs_a_key():
    with pytest.raises(KeyMissing, match="OPENAI_API_KEY=…"):
        connection_of(OPENAI, {})


def test_what_is_no_key_is_not_sent():
    with pytest.raises(KeyInvalid, match="copy the key again"):
        connection_of(OLLAMA, {"GEMINI_MAGIC_LOCAL_API_KEY": "two words"})


@pytest.mark.parametrize("prompt", ["the key is {}"])
@pytest.mark.parametrize("name", ["GEMINI_MAGIC_LOCAL_API_KEY", "OPENAI_API_KEY"])
def test_a_prompt_with_such_a_key_is_not_sent(server, local, monkeypatch, name, prompt):
    monkeypatch.setenv(name, KEY)
    assert name in str(local.failure(RequestError, prompt.format(KEY)))
    assert server.asked == []


HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host"}


def test_a_server_gets_no_key_and_nothing_of_openais(server, local, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: of-mine")
    server.on(CHAT, says("42"))
    local()
    assert set(server.asked[0].headers) == HEADERS | {"user-agent"}


def test_a_key_is_sent_as_its_header(server, local, monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_LOCAL_API_KEY", f" {KEY}\n")
    server.on(CHAT, says("42"))
    local()
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in local.preview()


def test_what_is_for_this_machine_passes_no_proxy(server, local, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.on(CHAT, says("42"))
    assert local().text == "42"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine_has_names(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["localhost.example", "10.0.0.1", "0.0.0.0", "127.0.0.1.example", ""]
)
def test_others_are_not_this_machine(host):
    assert not is_loopback(host)


def test_a_server_that_runs_here_is_found(server):
    server.on(MODELS, listed(MODEL))
    assert server_nearby(server.url) == f"{server.url}/v1"
    assert [(asked.method, asked.path) for asked in server.asked] == [("GET", "/v1/models")]
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "answer",
    [
        Answer((b"<html>",)),
        Answer((b"no",), 404),
        Answer((Event(),)),
        Answer((b"x" * 2**16,) * 3),
        Answer((b"",), 302, {"Location": "http://127.0.0.1:1/"}),
    ],
    ids=["a page", "no page", "silence", "without an end", "a redirect"],
)
def test_what_else_runs_there_is_no_server_of_models(server, answer):
    server.on(MODELS, answer)
    assert server_nearby(server.url) != f"{server.url}/v1"


@pytest.mark.parametrize(
    "address", ["http://192.0.2.1:{}/v1", "http://me@evil.example:{}", "x", ""]
)
def test_only_this_machine_is_looked_at(server, address):
    server.on(MODELS, listed(MODEL))
    assert server_nearby(address.format(server.url.rpartition(":")[2])) != f"{server.url}/v1"
    assert server.asked == []


def test_who_has_no_key_is_told_of_a_server_here(server, local):
    server.on(MODELS, listed(MODEL))
    error = local.failure(LessonMissing, "Translate it.", engine="offline")
    assert f"{server.url}/v1 has models, and --engine local asks it" in str(error)


def test_only_usual_ports_are_asked():
    assert set(STARTS) == {11434, 1234, 8080, 8000}


@pytest.fixture
def give(shell, capsys, server, monkeypatch):
    settings = next(each for each in shell.configurables if isinstance(each, GeminiMagic))
    monkeypatch.setattr(settings, "engine", "local")
    monkeypatch.setattr(settings, "local_base_url", server.url)
    return commands(shell, capsys)


def test_the_view_without_a_key_tells_of_a_server_here(give, server):
    server.on(MODELS, listed(MODEL))
    told = f"{server.url}/v1 on this machine has models: `--engine local` asks it."
    assert told in str(way_on(LessonMissing(), "Translate it."))
    assert told in str(way_on(KeyMissing(), "Translate it."))


def test_the_models_of_the_server_are_listed(give, server):
    server.on(MODELS, listed("gemma3:1b", "qwen3:8b", max_model_len=40_960))
    lines = give("models").splitlines()
    assert [re.split(r" {2,}", line)[:2] for line in lines[-2:]] == [
        ["gemma3:1b", "40,960"],
        ["qwen3:8b", "40,960"],
    ]


def at_once(line, whole=""):
    """What Tab offers at the end of a line, after the moment for which it waits."""
    return candidates(line, whole or line, {})[1]


def tab(line, whole=""):
    """What Tab offers once the server has answered: on a busy machine that takes longer."""
    at_once(line, whole)
    for thread in asking():
        thread.join()
    return at_once(line, whole)


def asking():
    """The threads that ask a server for its models."""
    return [thread for thread in threading.enumerate() if thread.name == "models"]


def test_tab_offers_the_models_of_the_server(give, server):
    server.on(MODELS, listed("gemma3:1b", "qwen3:8b"))
    assert tab("%%gemini_exec -m ") == ["gemma3:1b", "qwen3:8b"]
    assert tab("%%gemini_exec --model=q") == ["qwen3:8b"]
    # What was listed a moment ago is not asked again.
    assert [asked.path for asked in server.asked] == ["/v1/models"]


def test_tab_offers_them_where_the_line_names_the_engine(give, server, monkeypatch):
    server.on(MODELS, listed("qwen3:8b"))
    monkeypatch.setattr(current().settings, "engine", "")
    assert tab("%%gemini -m q") == []
    assert tab("%%gemini --engine local -m q") == ["qwen3:8b"]
    assert tab("%%gemini -m q", "%%gemini -m q --engine=local\nprompt") == ["qwen3:8b"]
    assert tab("%%gemini --engine local --engine gemini -m q") == []


@pytest.mark.parametrize(
    "answer",
    [
        refuses(500, "no"),
        Answer((b"{",)),
        Answer((b'{"data": 3}',)),
        Answer((b'{"data": [3, {"id": 3}, {"id": "a b"}, {"id": "<b>"}, {}]}',)),
    ],
)
def test_a_server_that_lists_nothing_that_can_be_typed_offers_nothing(give, server, answer):
    server.on(MODELS, answer)
    assert tab("%%gemini_exec -m a") == []


def test_where_no_server_can_be_asked_tab_offers_no_model(give, monkeypatch):
    for address in ("http://127.0.0.1:9/v1", "no address", "https://api.openai.com/v1"):
        monkeypatch.setattr(current().settings, "local_base_url", address)
        assert tab("%%gemini_exec -m a") == []


def test_a_proxy_that_is_none_is_no_traceback_at_tab(give, monkeypatch):
    broken = []
    monkeypatch.setattr(threading, "excepthook", broken.append)
    monkeypatch.setattr(current().settings, "local_base_url", "https://models.invalid/v1")
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy")
    assert tab("%%gemini_exec -m a") == []
    assert broken == []


def test_a_server_that_never_ends_holds_tab_up_for_a_moment_alone(give, server):
    over = threading.Event()
    drips = takewhile(lambda _: not over.wait(0.05), repeat(b" ", 100))
    server.on(MODELS, Answer(chain(drips, listed("a").chunks)))
    assert at_once("%%gemini_exec -m a") == []
    assert asking(), "it is still asked"
    over.set()
    assert tab("%%gemini_exec -m a") == ["a"]
    assert len(server.asked) == 1


def test_commands_of_gemini_say_what_it_lacks(give):
    assert give("files").startswith("RequestError: the local engine")


@pytest.mark.process
def test_without_the_package_one_line_says_what_to_install():
    code = (
        "import sys; sys.modules['openai'] = None\n"
        "import gemini_magic\n"
        "try:\n    gemini_magic.run('6 * 7?', engine='local', model='m')\n"
        "except gemini_magic.GeminiError as exc:\n    print(type(exc).__name__, exc)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ
    )
    assert ran.stdout.startswith("RequestError --engine local needs a package that is missing")
    assert "pip install 'gemini-magic[local]'" in ran.stdout


def test_nothing_but_its_folder_knows_the_vendor():
    knows = [
        path.relative_to(ENGINES.parent)
        for path in ENGINES.parent.rglob("*.py")
        if re.search(r"^\s*(?:import|from) openai\b", path.read_text(), re.MULTILINE)
    ]
    assert knows
    assert all(path.parts[:2] == ("engines", "local") for path in knows)
