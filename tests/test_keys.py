"""The key that is sent is the key that is looked for."""

import pytest
from asking import KEY, failure_of, request_of
from loopback import GENERATE, refusal

from gemini_magic.engines.google.clients import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.registry import connect_for
from gemini_magic.errors import RequestError, RequestRefused
from gemini_magic.keys import key_in, key_of, without_key
from gemini_magic.request.build import build
from gemini_magic.request.question import Question

AROUND = ["{}\n", "{}\r\n", " {}", "\t{} ", "\n\n{}\n", "\u00a0{}", "{}\u2003"]


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
