"""The reader is asked before the model calls a function."""

import subprocess
import sys

import pytest
from kernel import Published

from gemini_magic.answer.parts import Call
from gemini_magic.views.consent import Consent
from gemini_magic.views.host import Host

CALL = Call("erase", {"path": "\x1b[2J/tmp\u202e"})
QUESTION = "The model wants to call erase(path='a'). Allow? [y]es, [n]o, [a]ll of this run: "
CELL = """
from gemini_magic.views.consent import Consent
from gemini_magic.views.host import Host
from gemini_magic.answer.parts import Call
ask = Consent({wanted}, Host.here())
print([ask(Call("erase", {{"path": "a"}})) for _ in range(3)])
"""


def answers(started, wanted, *typed):
    """What a cell says where a reader types these words, and what the reader was asked."""
    code = CELL.format(wanted=wanted)
    request = started.client.execute(code, allow_stdin=True)
    questions = []
    for word in typed:
        questions.append(started.client.get_stdin_msg(timeout=30)["content"]["prompt"])
        started.client.input(word)
    return started.collect(request).text, questions


def test_each_call_is_asked_for(live):
    said, questions = answers(live, None, "y", "n", "")
    assert said == "[True, False, False]\n"
    assert questions == [QUESTION] * 3


BUTTONS = """
from gemini_magic.views.host import Host
from gemini_magic.views.consent import Approval
host = Host.here()
host._answered({"content": {"data": {"inserts": True, "asks": True}}})
host._live = 1
told = []
approval = Approval(host)
approval.hear = told.append
print([approval.ask("May I?") for _ in range(3)])
print([waiting.question for waiting in told])
"""


def test_buttons_answer_a_request_that_belongs_to_no_cell_and_each_its_own_question(live):
    # One that belongs to a cell gets a line below it, which would be saved.
    request = live.client.execute(f"{BUTTONS}\nkeys = [w.key for w in told]", allow_stdin=True)
    for said in ("an-old-key:y", "y", "n", "x"):
        message = live.client.get_stdin_msg(timeout=30)
        assert message["parent_header"] == {}
        live.client.input(said)
    published = live.collect(request)
    assert published.text.splitlines() == [
        "['allow', 'refuse', 'refuse']",
        "['May I?', '', 'May I?', '', 'May I?', '']",
    ]
    assert (
        live.run("print(len(set(keys)), all(keys[::2]), any(keys[1::2]))").text == "4 True False\n"
    )


def test_all_of_a_run_can_be_allowed_at_once(live):
    said, questions = answers(live, True, "no", "ALL")
    assert said == "[False, True, True]\n"
    assert len(questions) == 2


def test_nothing_is_asked_where_the_setting_says_so(live):
    assert answers(live, False) == ("[True, True, True]\n", [])


@pytest.mark.parametrize(("wanted", "made"), [(None, True), (True, False), (False, True)])
def test_where_nobody_can_answer_the_setting_decides(live, wanted, made):
    request = live.client.execute(CELL.format(wanted=wanted), allow_stdin=False)
    published: Published = live.collect(request)
    assert published.text == f"{[made] * 3}\n"


@pytest.mark.parametrize(("wanted", "made"), [(None, True), (True, False)])
def test_a_script_without_a_terminal_asks_nobody(wanted, made):
    done = subprocess.run(
        [sys.executable, "-c", CELL.format(wanted=wanted)],
        input="n\nn\nn\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{[made] * 3}\n"


def test_an_interrupt_at_the_question_is_the_readers(live):
    request = live.client.execute(CELL.format(wanted=None), allow_stdin=True)
    live.client.get_stdin_msg(timeout=30)
    live.interrupt()
    assert live.collect(request).reply["ename"] == "KeyboardInterrupt"


def test_a_hostile_argument_cannot_dress_up_the_question(monkeypatch, capsys):
    class Terminal:
        def isatty(self):
            return True

        def readline(self):
            return "n\n"

    monkeypatch.setattr(sys, "stdin", Terminal())
    assert not Consent(None, Host())(CALL)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "erase(path='" in shown
