"""A process that is forked at any stage of a run asks for itself, and its parent goes on."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
pytestmark = [forks, pytest.mark.process]

# In a process of its own: a fork of the tests' would carry their threads' locks. One for all stages
# in their order, as most of the time is that of its imports.
PROGRAM = """
import json, os, sys, traceback
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Event, Thread
sys.path.insert(0, {tests!r})
from asking import KEY, gemini, request_of, run_of
from loopback import Answer, event, said, serving
from gemini_magic import map, run
from gemini_magic.errors import GeminiError

FENCED = "```python\\nprint('here')\\n```"

def answer(name):
    first, last = said({{"text": name}}), said({{"text": name}}, finishReason="STOP")
    return Answer((event(first), 0.05, event(last)))

def asked(name):
    assert run_of(gemini(server, name)).text == name * 2
    assert run(FENCED, engine="offline").output == "here\\n"
    return name

def in_a_child():
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asked("child")
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

ended = {{}}
with serving() as server:
    for name in ("child", "parent"):
        server.on(f"/{{name}}:stream", answer(name))
    for name, stage in {stages!r}.items():
        try:
            exec(stage, globals())
            asked("parent")
            ended[name] = "ok"
        except BaseException:
            ended[name] = traceback.format_exc()
print(json.dumps(ended))
"""
STAGES = {
    "before any run": "in_a_child()",
    "after a run": 'asked("parent")\nin_a_child()',
    "while an answer comes": """
        parts = gemini(server, "parent").stream(request_of("add"))
        texts = [next(parts).text]
        in_a_child()
        texts += [part.text for part in parts if hasattr(part, "text")]
        assert texts == ["parent"] * 2
    """,
    "while code runs": """
        from gemini_magic.sandbox import Sandbox
        with Sandbox() as sandbox:
            list(sandbox.run("x = 'mine'"))
            in_a_child()
            assert [part.output for part in sandbox.run("print(x)")] == ["mine\\n"]
    """,
    "while a run is seen": """
        seen = []
        def show(part):
            if not seen:
                in_a_child()
            seen.append(part)
        assert run(FENCED, engine="offline", on_part=show).output == "here\\n"
        assert seen
    """,
    "after a run that failed": """
        server.on("/failed:stream", Answer((b"data: nonsense\\n\\n",)))
        try:
            run_of(gemini(server, "failed"))
        except GeminiError:
            in_a_child()
    """,
    "in a child of a child": """
        asked("parent")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                in_a_child()
                asked("child")
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    """,
    # Not its first run: a child cannot import what another thread was about to (Python's locks of
    # modules stay taken).
    "while a thread asks": """
        asked("parent")
        threads = [Thread(target=asked, args=("parent",)) for _ in range(3)]
        for thread in threads: thread.start()
        for _ in range(3): in_a_child()
        for thread in threads: thread.join()
    """,
    "while rows are asked": """
        os.environ.update(GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL=server.url)
        server.on("/rows:stream", Answer((event(said({"text": "row"}, finishReason="STOP")),)))
        rows = [{"text": str(number)} for number in range(6)]
        def every(**more):
            return map("{text}", rows, model="rows", replay="never", **more)
        with ThreadPoolExecutor(2) as pool:
            for more in ({"workers": 2}, {"workers": 2, "executor": pool}):
                runs = every(**more)
                runs[0]
                child = os.fork()
                if child == 0:
                    code = 1
                    try:
                        assert runs[0].text == runs.ask_again(0).text == "row"
                        try:
                            len(runs)
                        except GeminiError as exc:
                            assert "forked" in str(exc)
                            assert len(every()) == 6
                            code = 0
                    finally:
                        os._exit(code)
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
                assert len(runs) == 6
    """,
    "while a thread waits for rows": """
        os.environ.update(GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL=server.url)
        waits, goes_on = Event(), Event()
        late = event(said({"text": "late"}, finishReason="STOP"))
        server.on("/late:stream", Answer((waits.set, goes_on, late)))
        for keep, take in ((True, len), (False, list)):
            runs = map("{text}", [{"text": "a"}], model="late", replay="never", keep=keep)
            thread = Thread(target=take, args=(runs,))
            thread.start()
            assert waits.wait(60)
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    take(runs)
                except GeminiError as exc:
                    code = int("forked" not in str(exc))
                finally:
                    os._exit(code)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            goes_on.set()
            thread.join()
            waits.clear()
            goes_on.clear()
    """,
    "by a pool": """
        asked("parent")
        with get_context("fork").Pool(2) as pool:
            assert pool.map(asked, ["child"] * 4) == ["child"] * 4
    """,
    "by an executor": """
        asked("parent")
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
            assert list(pool.map(asked, ["child"] * 4)) == ["child"] * 4
    """,
}


@pytest.fixture(scope="module")
def ended():
    """What became of each stage: "ok", or a traceback."""
    stages = {name: textwrap.dedent(stage) for name, stage in STAGES.items()}
    program = PROGRAM.format(tests=str(Path(__file__).parent), stages=stages)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("stage", STAGES)
def test_a_child_of_any_stage_asks_for_itself_and_its_parent_goes_on(ended, stage):
    assert ended[stage] == "ok", ended[stage]
