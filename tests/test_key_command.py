"""`%gemini key` in a real kernel: typed, used, and seen by nobody."""

import json

import pytest
from kernel import Published, kernel
from loopback import GENERATE, refusal, said, serving, stream

KEY = "AIza-a-key-that-nobody-must-see-00007"
FINE = stream(said({"text": "two"}, finishReason="STOP"))
# Of a cell that the kernel remembers.
IN_CELL = "AIza-a-key-that-stands-in-a-cell-00008"
ASK = "%%gemini_exec\nadd 1 and 1"
INVALID = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}
KEYRING = """
import keyring
from keyring.backend import KeyringBackend

class Memory(KeyringBackend):
    priority = 1
    held = {}
    def get_password(self, service, user): return self.held.get((service, user))
    def set_password(self, service, user, text): self.held[service, user] = text
    def delete_password(self, service, user): del self.held[service, user]

keyring.set_keyring(Memory())
"""
# What holds a text with the key, of whatever kind; it itself is seen by nobody, in a local name.
# The collector does not list what holds nothing but texts, so that is looked into from what does.
HELD = """
import gc
def holders():
    gc.collect()
    key, found, looked = "".join(["{first}", "{rest}"]), [], gc.get_objects()
    while looked:
        each = looked.pop()
        for one in gc.get_referents(each):
            if type(one) is str and key in one:
                found.append(type(each))
            elif type(one) in (dict, tuple) and not gc.is_tracked(one):
                looked.append(one)
    return found
print(holders())
"""
pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module")
def gemini():
    with serving() as running, kernel({"GOOGLE_GEMINI_BASE_URL": running.url}) as live:
        yield running, live


@pytest.fixture
def live(gemini):
    yield gemini[1]
    gemini[1].run("%gemini key --forget")


def give(live, line, *typed) -> Published:
    """Run a cell where a user types these words; what it sent must not hold them."""
    request = live.client.execute(line, allow_stdin=True)
    for word in typed:
        asked = live.client.get_stdin_msg(timeout=30)["content"]
        assert asked == {"prompt": "Key for Gemini, which is not shown: ", "password": True}
        live.client.input(word)
    return unseen(live.collect(request))


def unseen(published: Published) -> Published:
    assert KEY not in json.dumps([content for _, content in published.messages], default=str)
    assert KEY not in json.dumps(published.reply, default=str)
    return published


@pytest.mark.parametrize("line", ["key {}", "key --keyring {}", "key=a{}", "keys={}", "key {} {}"])
def test_a_key_on_the_line_is_not_said_again(live, line):
    published = live.run("%gemini " + line.format(IN_CELL, IN_CELL))
    assert published.reply["status"] == "error"
    shown = json.dumps([published.of("stream", "error"), published.reply])
    assert IN_CELL not in shown
    asks = "it asks for the key" if line.startswith("key ") else "did you mean `%gemini key`?"
    assert asks in shown


def failure(published: Published) -> str:
    return f"{published.reply['ename']}: {published.reply['evalue']}"


def engine_of(live) -> str:
    live.run(ASK)
    return live.run("print(_run.engine)").text


def test_a_key_that_was_typed_is_sent_and_seen_by_nobody(gemini, live):
    server, _ = gemini
    server.on(GENERATE, FINE)
    taken = give(live, "%gemini key", f" {KEY}\n")
    assert taken.text == (
        "the key is taken: it stays in the memory of this kernel, and ends with it\n"
    )
    unseen(live.run(ASK))
    assert server.prompts[-1].headers["x-goog-api-key"] == KEY
    history = "In, Out, _ih, _oh, vars(_run), repr(_run), _run.to_dict(), _run.stats()"
    unseen(live.run(f"print({history})"))
    unseen(live.run("import os, pickle; print(dict(os.environ), pickle.dumps(_run))"))
    unseen(live.run("%history -n"))
    forgotten = live.run("%gemini key --forget").text
    assert forgotten == "the key that was typed is forgotten; the offline engine answers\n"
    found = live.run(HELD.format(first=KEY[:9], rest=KEY[9:]))
    assert found.text == "[]\n"


def test_a_prompt_that_holds_the_typed_key_is_not_sent(gemini, live):
    server, _ = gemini
    give(live, "%gemini key", KEY)
    before = len(server.prompts)
    live.run(f"half, rest = {KEY[:9]!r}, {KEY[9:]!r}")
    refused = unseen(live.run("%%gemini_exec\nUse {half}{rest}."))
    assert failure(refused).startswith("RequestError: the prompt holds the key of `%gemini key`")
    assert len(server.prompts) == before


def test_a_key_that_the_server_refuses_is_called_by_its_command(gemini, live):
    server, _ = gemini
    server.on(GENERATE, refusal(400, "INVALID_ARGUMENT", f"not valid: {KEY}", INVALID))
    give(live, "%gemini key", KEY)
    refused = failure(unseen(live.run(ASK)))
    assert refused.startswith("KeyInvalid: the key in `%gemini key` is not accepted (")
    assert refused.endswith("and run `%gemini key`, or set the variable before starting Jupyter")


@pytest.mark.parametrize("typed", ["", "   ", "two words of it", "short"])
def test_what_is_no_key_leaves_the_one_before(gemini, live, typed):
    server, _ = gemini
    server.on(GENERATE, FINE)
    give(live, "%gemini key", KEY)
    refused = give(live, "%gemini key", typed)
    assert refused.reply["ename"] in ("RequestError", "KeyInvalid")
    assert len(refused.reply["traceback"]) == 1
    assert engine_of(live) == "gemini\n"


def test_an_interrupt_at_the_question_leaves_all_as_it_was(live):
    request = live.client.execute("%gemini key", allow_stdin=True)
    live.client.get_stdin_msg(timeout=30)
    live.interrupt()
    assert live.collect(request).reply["ename"] == "Stopped"
    assert live.run("%gemini key --forget").text.startswith("no key was typed here; ")


def test_where_nobody_can_type_one_line_says_so(live):
    refused = live.collect(live.client.execute("%gemini key", allow_stdin=False))
    assert failure(refused) == (
        "RequestError: nobody can type a key here: export GEMINI_API_KEY=… before the notebook is "
        "run, or keep one with `%gemini key --keyring` where somebody can"
    )
    assert len(refused.reply["traceback"]) == 1


def test_the_keyring_keeps_a_key_for_the_next_time(live):
    live.run(KEYRING)
    kept = give(live, "%gemini key --keyring", KEY)
    assert "the key is taken, and is in the keyring of this machine" in kept.text
    assert live.run("print(list(Memory.held))").text == "[('gemini-magic', 'GEMINI_API_KEY')]\n"
    assert live.run("%gemini key --forget").text.startswith("the key that was typed is forgotten")
    again = unseen(live.collect(live.client.execute("%gemini key --keyring", allow_stdin=False)))
    assert again.text.startswith("the key of the keyring is taken: it stays in the memory")
    deleted = live.run("%gemini key --keyring --forget").text
    assert deleted == (
        "the key that was typed is forgotten; the one in the keyring is deleted; "
        "the offline engine answers\n"
    )
    assert live.run("print(Memory.held)").text == "{}\n"


def test_a_keyring_that_fails_is_one_line_and_the_key_is_not_in_it(live):
    live.run(KEYRING)
    live.run(
        "def fails(self, service, user, text): raise OSError(f'no room for {text}')\n"
        "Memory.set_password = fails"
    )
    failed = give(live, "%gemini key --keyring", KEY)
    assert failure(failed) == (
        "RequestError: the keyring of this machine cannot be used (no room for …): "
        "`%gemini key` alone needs none"
    )


def test_a_key_that_will_not_be_asked_for_is_told(live):
    live.run("%config GeminiMagic.engine = 'offline'")
    said = give(live, "%gemini key", KEY).text
    live.run("%config GeminiMagic.engine = ''")
    assert said.endswith("; GeminiMagic.engine is 'offline', which asks no Gemini\n")
