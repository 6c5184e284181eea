"""Forks and threads: a child makes its own, and nothing of the process is changed."""

import logging
import os
import subprocess
import sys
import textwrap
import threading
import warnings
from pathlib import Path

import pytest
from asking import KEY, gemini, run_of
from loopback import GENERATE, said, stream

from gemini_magic.engines.google.clients import CLIENTS, Clients, client_of
from gemini_magic.engines.google.quiet import quiet

pytestmark = pytest.mark.process

DONE = stream(said({"text": "done"}, finishReason="STOP"))
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

# In a process of its own: a fork of the tests' would carry their threads' locks.
FORKED = """
import os, sys
sys.path.insert(0, {tests!r})
from asking import gemini, run_of
from loopback import GENERATE, event, said, serving, Answer

def answer(name):
    first, last = said({{"text": name}}), said({{"text": name}}, finishReason="STOP")
    return Answer((event(first), 0.2, event(last)))

with serving() as server:
    server.on("/for-child:stream", answer("child"))
    server.on("/for-parent:stream", answer("parent"))
    server.on(":stream", answer("warm"))
    assert run_of(gemini(server, "warm")).text == "warmwarm"
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                {child}
                code = 0
            finally:
                os._exit(code) if {abrupt} else sys.exit(code)
        children.append(child)
    for _ in range(3):
        assert run_of(gemini(server, "for-parent")).text == "parentparent"
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0], codes
    assert run_of(gemini(server, "for-parent")).text == "parentparent"
print("ok")
"""
ASKS = 'assert run_of(gemini(server, "for-child")).text == "childchild"'
CHILDREN = {
    "asks": ASKS,
    "asks twice": f"{ASKS}; {ASKS}",
    "only ends": "pass",
    "drops what it has": (
        "import gc; from gemini_magic.engines.google.clients import CLIENTS; "
        "CLIENTS.forget(gemini(server).connection); gc.collect()"
    ),
}


@forks
@pytest.mark.parametrize("child", CHILDREN.values(), ids=CHILDREN)
@pytest.mark.parametrize("abrupt", [True, False])
def test_a_child_gets_its_own_answers_and_the_parent_goes_on(child, abrupt):
    tests = str(Path(__file__).parent)
    program = FORKED.format(tests=tests, child=child, abrupt=abrupt)
    ended = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout.endswith("ok\n"), ended.stderr


def test_a_client_is_the_same_one_in_a_process(server):
    connection = gemini(server).connection
    assert client_of(connection) is client_of(connection)
    assert CLIENTS.uploads(connection) is CLIENTS.uploads(connection)


def test_a_client_of_another_process_is_neither_used_nor_let_go(server, monkeypatch):
    clients, connection = Clients(), gemini(server).connection
    parents = clients.client(connection)
    clients.uploads(connection)["a"] = "file"
    process = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: process + 1)
    assert clients.client(connection) is not parents
    assert clients.uploads(connection) == {}
    clients.forget(connection)
    monkeypatch.setattr(os, "getpid", lambda: process)
    assert clients.client(connection) is parents


def test_no_more_than_eight_clients_are_held(server):
    clients, engine = Clients(), gemini(server)
    kind = type(engine.connection)
    made = [clients.client(kind(KEY, project=str(number))) for number in range(9)]
    assert clients.client(kind(KEY, project="8")) is made[8]
    assert clients.client(kind(KEY, project="0")) is not made[0]


def test_runs_in_threads_change_no_filter_of_the_process(server):
    odd = {"codeExecutionResult": {"outcome": "OUTCOME_NEW", "output": "x"}}
    server.on(GENERATE, stream(said(odd), said({"text": "done"}, finishReason="STOP")))
    run_of(gemini(server))
    before, logged = list(warnings.filters), list(logging.getLogger("google_genai.types").filters)
    failed = []

    def ask():
        try:
            for _ in range(5):
                run_of(gemini(server), history=())
        except BaseException as exc:
            failed.append(exc)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list(warnings.filters) == before
    assert logging.getLogger("google_genai.types").filters == logged


def test_quiet_blocks_that_overlap_leave_what_they_found():
    before = list(warnings.filters)
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert list(warnings.filters) == before


def test_a_catch_of_the_users_that_overlaps_is_left_as_it_was():
    before = list(warnings.filters)
    block = quiet()
    block.__enter__()
    with warnings.catch_warnings():
        block.__exit__(None, None, None)
        assert list(warnings.filters) == before
    assert list(warnings.filters) == before


def test_other_warnings_are_seen_inside():
    with quiet(), pytest.warns(UserWarning, match="another"):
        warnings.warn("another", UserWarning, stacklevel=1)
