"""Forks and threads: a child makes its own, and nothing of the process is changed."""

import json
import logging
import os
import subprocess
import sys
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

# In a process of its own: a fork of the tests' would carry their threads' locks. One for all kinds
# of children, as most of the time is that of its imports.
FORKED = """
import json, os, sys, traceback
sys.path.insert(0, {tests!r})
from asking import gemini, run_of
from loopback import GENERATE, event, said, serving, Answer

def answer(name):
    first, last = said({{"text": name}}), said({{"text": name}}, finishReason="STOP")
    return Answer((event(first), 0.05, event(last)))

def asked(name):
    assert run_of(gemini(server, "for-" + name)).text == name * 2

def in_children(doing, abrupt):
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                exec(doing, globals())
                code = 0
            finally:
                os._exit(code) if abrupt else sys.exit(code)
        children.append(child)
    for _ in range(3):
        asked("parent")
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0, 0, 0], codes
    asked("parent")

ended, parent = {{}}, os.getpid()
with serving() as server:
    for name in ("child", "parent"):
        server.on(f"/for-{{name}}:stream", answer(name))
    asked("parent")
    for name, doing, abrupt in {children!r}:
        try:
            in_children(doing, abrupt)
            ended[name] = "ok"
        except BaseException:
            if os.getpid() != parent:
                raise
            ended[name] = traceback.format_exc()
print(json.dumps(ended))
"""
ASKS = 'asked("child")'
CHILDREN = {
    "asks": ASKS,
    "asks twice": f"{ASKS}; {ASKS}",
    "only ends": "pass",
    "drops what it has": (
        "import gc; from gemini_magic.engines.google.clients import CLIENTS; "
        "CLIENTS.forget(gemini(server).connection); gc.collect()"
    ),
}


ENDS = {
    f"{name}, {how}": (doing, abrupt)
    for name, doing in CHILDREN.items()
    for how, abrupt in (("ending at once", True), ("ending as a program does", False))
}


@pytest.fixture(scope="module")
def ended():
    """What became of each kind of children: "ok", or a traceback."""
    children = [(name, *end) for name, end in ENDS.items()]
    program = FORKED.format(tests=str(Path(__file__).parent), children=children)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@forks
@pytest.mark.parametrize("children", ENDS)
def test_a_child_gets_its_own_answers_and_the_parent_goes_on(ended, children):
    assert ended[children] == "ok", ended[children]


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
