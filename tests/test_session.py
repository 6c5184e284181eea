"""What a session remembers is one for all threads, whichever comes first."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from gemini_magic.views import session as sessions
from gemini_magic.views.session import Session, current, hold

THREADS = 8


@pytest.fixture
def at_once():
    """Has threads do the same at the same moment, changing places as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(THREADS) as pool:

        def do(ask):
            together = Barrier(THREADS)

            def wait_and_ask(_):
                together.wait()
                return ask()

            return list(pool.map(wait_and_ask, range(THREADS)))

        yield do
    sys.setswitchinterval(before)


def test_threads_of_a_script_have_one_session(at_once):
    for _ in range(40):
        sessions._held.clear()
        assert len({id(session) for session in at_once(current)}) == 1
    hold(Session())


@pytest.mark.parametrize("part", ["chats", "sandboxes"])
def test_threads_have_the_same_parts_of_a_session(at_once, part):
    for _ in range(40):
        session = Session()
        assert len({id(each) for each in at_once(lambda s=session: getattr(s, part))}) == 1
