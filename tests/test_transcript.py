"""A chat goes to a file and back, or one line says why not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemini_magic.errors import ChatError
from gemini_magic.request.attachment import Attachment
from gemini_magic.runs.chats import Chat, Finished
from gemini_magic.runs.transcript import load, save

CONTENTS = (
    {"role": "user", "parts": [{"text": "a"}]},
    {"role": "model", "parts": [{"text": "", "thoughtSignature": "-__-AHNpZ25lZA=="}]},
)
TABLE = Attachment("a.csv", "text/csv", None, path="data/a.csv")
FIRST = Finished("a", "Übung", CONTENTS, 7, "cell", attachments=(TABLE,))
CHAT = Chat("leap", "gemini", (FIRST, Finished("b", "two")))


def place_in(folder, place):
    return Path(place) if place.startswith("~") else folder / place


def indented(text):
    return "\n" + json.dumps(json.loads(text), indent=1, sort_keys=True)


def test_a_chat_comes_back_as_it_was(tmp_path):
    save(CHAT, tmp_path / "chat.json")
    assert load(tmp_path / "chat.json") == CHAT
    assert [path.name for path in tmp_path.iterdir()] == ["chat.json"]


def test_a_chat_can_come_back_under_another_name(tmp_path):
    save(CHAT, tmp_path / "chat.json")
    assert load(tmp_path / "chat.json", "other").name == "other"


def test_saving_again_replaces_the_file(tmp_path):
    save(CHAT, tmp_path / "chat.json")
    save(Chat("empty"), tmp_path / "chat.json")
    assert load(tmp_path / "chat.json") == Chat("empty")


@pytest.mark.parametrize("held", ['{"cells": []}', "print(1)\n", '["chat"]', "\0"])
def test_a_file_that_is_no_chat_is_not_replaced(tmp_path, held):
    path = tmp_path / "work.ipynb"
    path.write_text(held)
    with pytest.raises(
        ChatError, match=r"^'.*work.ipynb' is there, and is no chat: choose [^\n]+$"
    ):
        save(CHAT, path)
    assert path.read_text() == held
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("lays_out", [lambda text: "", lambda text: text[:40], indented])
def test_an_empty_file_and_a_chat_in_any_state_are_replaced(tmp_path, lays_out):
    path = tmp_path / "chat.json"
    save(CHAT, path)
    path.write_text(lays_out(path.read_text()))
    save(CHAT, path)
    assert load(path) == CHAT


@pytest.mark.parametrize(
    "place",
    ["missing/chat.json", ".", "file/chat.json", "x" * 300, "/dev/full", "~nobody-of-this-name/c"],
)
def test_a_place_that_cannot_be_written_is_one_line(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(ChatError, match=r"^the chat cannot be saved in '.*': [^\n]+$"):
        save(CHAT, place_in(tmp_path, place))


def test_a_full_disk_is_one_line_and_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "chat.json"
    path.write_text("as before")
    # A limit on the size of files stops a write half-way, as a full disk does.
    code = (
        "import resource, sys; from pathlib import Path;"
        "from gemini_magic.runs.chats import Chat, Finished;"
        "from gemini_magic.runs.transcript import save;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "save(Chat('t', 'gemini', (Finished('a', 'x' * 100_000),)), Path(sys.argv[1]))"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    last = ended.stderr.splitlines()[-1]
    assert last.endswith(f"ChatError: the chat cannot be saved in {str(path)!r}: File too large")
    assert path.read_text() == "as before"
    assert [path.name for path in tmp_path.iterdir()] == ["chat.json"]


def damaged(**changes):
    turn = {"prompt": "a", "answer": "b", "contents": list(CONTENTS), "tokens": 1, "cell": ""}
    turn |= {"attachments": []}
    turn |= {name: changes.pop(name) for name in turn.keys() & changes.keys()}
    document = {"chat": "t", "version": 1, "engine": "gemini", "turns": [turn]}
    return json.dumps(document | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "7",
        "[" * 100_000,
        '{"chat": "t"',
        damaged(version=2),
        damaged(chat="../t"),
        damaged(engine=None),
        damaged(turns={}),
        damaged(turns=[1]),
        damaged(prompt=1),
        damaged(tokens="many"),
        damaged(tokens=-1),
        damaged(attachments=[{"name": "a.csv"}]),
        damaged(contents=[{"role": "user", "parts": [{"bogus": 1}]}]),
        damaged(contents=[{"role": "user", "parts": [{"inlineData": {"data": "%"}}]}]),
        damaged(contents=[1]),
        damaged(contents=[{"role": "user"}]),
        damaged(contents=[{"role": "system", "parts": []}]),
        damaged(contents=[{"role": "user", "parts": ["a"]}]),
    ],
)
def test_a_damaged_file_is_one_line(tmp_path, text):
    path = tmp_path / "chat.json"
    path.write_text(text)
    with pytest.raises(ChatError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{str(path)!r} is no chat, or a damaged one: it takes a file of `%gemini chat save`"
    )


def test_bytes_that_are_no_text_are_one_line(tmp_path):
    (tmp_path / "chat.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ChatError, match="is no chat, or a damaged one"):
        load(tmp_path / "chat.json")


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("none", "No such file"),
        (".", "Is a directory"),
        ("/dev/zero", "it is no ordinary file"),
        ("~nobody-of-this-name/c", "Could not determine home"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, place, why):
    with pytest.raises(ChatError, match=f"cannot be read: {why}"):
        load(place_in(tmp_path, place))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("chats") / "chat.json"


@given(st.text(), st.text(), st.integers(0, 10**9))
def test_any_text_comes_back(place, prompt, answer, tokens):
    chat = Chat("t", "gemini", (Finished(prompt, answer, CONTENTS, tokens),))
    save(chat, place)
    assert load(place) == chat
