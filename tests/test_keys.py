"""The key that is sent is the key that is looked for."""

import copy
import pickle
import sys
from pathlib import Path

import pytest
from asking import KEY, failure_of, request_of
from loopback import GENERATE, refusal

from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.registry import connect_for
from gemini_magic.errors import KeyInvalid, LessonMissing, RequestError, RequestRefused
from gemini_magic.keys import (
    TYPED,
    Key,
    forget,
    found,
    has_unread_file,
    keep,
    key_in,
    key_of,
    look_in,
    without_key,
)
from gemini_magic.notebook.without_key import way_on
from gemini_magic.request.build import build
from gemini_magic.request.question import Question

OTHER = "AIza-another-key-that-nobody-must-see"
AROUND = ["{}\n", "{}\r\n", " {}", "\t{} ", "\n\n{}\n", "\u00a0{}", "{}\u2003", '"{}"', " '{}'\n"]


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
@pytest.mark.parametrize("form", AROUND, ids=repr)
def test_blanks_around_a_key_hide_it_from_nobody(monkeypatch, name, form):
    monkeypatch.setenv(name, form.format(KEY))
    assert connect_for(request_of("add")).connection.key == key_of(name) == KEY
    assert key_in(f"it is {KEY}.") == name
    assert key_in(f"it is {KEY}.".encode()) == name
    with pytest.raises(RequestError, match=name):
        build(Question("Use {key}.", names={"key": KEY}))


@pytest.mark.parametrize("key", ["a", "key", "1234567", ""])
def test_a_short_key_masks_nothing(server, monkeypatch, key):
    monkeypatch.setenv("GEMINI_API_KEY", key)
    assert key_in("a key of 1234567 characters") is None
    assert without_key("a key of 1234567 characters", key, "GEMINI_API_KEY") == (
        "a key of 1234567 characters"
    )
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", "a key of 1234567 characters"))
    engine = Gemini(Connection(key or "x", base_url=server.url), "m")
    assert "a key of 1234567 characters" in str(failure_of(engine, RequestRefused))


def test_a_key_of_eight_characters_is_masked_and_guarded(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "12345678")
    assert key_in("it is 12345678") == "GEMINI_API_KEY"
    assert without_key("12345678", "12345678", "NAME") == "(NAME)"


def test_the_environment_of_a_caller_is_looked_into():
    assert key_of("GEMINI_API_KEY", {"GEMINI_API_KEY": " x "}) == "x"
    assert key_of("GEMINI_API_KEY", {}) == ""


@pytest.fixture
def typed():
    """A key that was typed here, after one in the environment."""
    keep(Key(f" {OTHER}\n"))
    yield
    forget()


def test_the_key_that_was_typed_comes_before_the_environment(monkeypatch, typed):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert connect_for(request_of("add")).connection.key == OTHER
    assert found() == (TYPED, OTHER)
    assert forget().text == OTHER
    assert found() == ("GEMINI_API_KEY", KEY)


def test_a_key_that_was_typed_is_looked_for_as_any_other(monkeypatch, typed):
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert key_in(f"it is {OTHER}") == TYPED
    assert key_in(f"it is {KEY}") == "GEMINI_API_KEY"
    with pytest.raises(RequestError, match="holds the key of `%gemini key`: take it out"):
        build(Question("Use {key}.", names={"key": OTHER}))


def test_a_caller_with_an_environment_of_its_own_gets_no_typed_key(typed):
    assert found({"GEMINI_API_KEY": KEY}) == ("GEMINI_API_KEY", KEY)
    assert found({})[1] == ""


def test_a_key_that_was_typed_is_in_no_text_pickle_or_copy():
    key = Key(OTHER)
    assert OTHER not in f"{key} {key!r} {[key]}"
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stays in this process"):
            make(key)


@pytest.mark.parametrize(
    "text", ["two words-and-more", "schlüssel-mit-umlaut", "sh0rt", "a\x1bbcdefgh"]
)
def test_what_can_be_no_key_is_refused_and_not_shown(text):
    keep(Key(OTHER))
    with pytest.raises(KeyInvalid) as caught:
        keep(Key(text))
    assert text not in str(caught.value)
    assert forget().text == OTHER


@pytest.fixture
def folder(monkeypatch, tmp_path):
    # As where a notebook in that folder was loaded, whose code went elsewhere then.
    before = Path.cwd()
    look_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    look_in(before)


def test_the_file_env_is_read_and_the_environment_comes_first(monkeypatch, folder):
    Path(".env").write_text(f'export GOOGLE_API_KEY="{OTHER}"  # of the class\n')
    assert found() == ("GOOGLE_API_KEY of the file .env", OTHER)
    assert key_in(OTHER) == "GOOGLE_API_KEY of the file .env"
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    assert found() == ("GEMINI_API_KEY", KEY)
    assert key_in(OTHER) == "GOOGLE_API_KEY of the file .env"


def test_the_file_env_gives_keys_and_no_address_or_variable(monkeypatch, folder):
    monkeypatch.setenv("SECRET", "a secret of the environment")
    Path(".env").write_text(
        f"GEMINI_API_KEY={OTHER}\nGOOGLE_GEMINI_BASE_URL=http://127.0.0.1:9\n"
        "GOOGLE_GENAI_USE_VERTEXAI=true\nGOOGLE_API_KEY=$SECRET\n"
    )
    assert found()[1] == "$SECRET"
    connected = connect_for(request_of("add"))
    assert (connected.name, connected.connection.base_url) == ("gemini", "")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"=\n==\nGEMINI_API_KEY", b"", b"A=" + b"x" * 200_000]
)
def test_a_file_env_that_says_no_key_is_passed_over(folder, content):
    Path(".env").write_bytes(content)
    assert found()[1] == ""


def test_the_file_env_is_that_of_the_notebook_wherever_its_code_went(monkeypatch, folder):
    Path(".env").write_text(f"GEMINI_API_KEY={OTHER}\n")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    Path(".env").write_text(f"GEMINI_API_KEY={KEY}\n")
    assert found()[1] == OTHER


def test_where_python_dotenv_is_missing_the_file_env_is_left_alone_and_told_of(monkeypatch, folder):
    Path(".env").write_text(f"GEMINI_API_KEY={OTHER}\n")
    assert not has_unread_file()
    monkeypatch.setitem(sys.modules, "dotenv", None)
    assert (found()[1], has_unread_file()) == ("", True)
    hint = "The file `.env` here is not read: that takes `pip install 'gemini-magic[keys]'`."
    assert hint in str(way_on(LessonMissing(), "Ponder the sea."))


def test_a_folder_named_env_is_passed_over(folder):
    Path(".env").mkdir()
    assert found()[1] == ""
