"""After `%load_ext` the first run is made ready in the background."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

LOAD = """
import sys, threading
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "gemini_magic")
[warming] = [each for each in threading.enumerate() if each.name == "gemini-magic-warming"]
"""
KEY = "AIza-a-key-that-nobody-must-see-00001"


def script(code, **environment):
    """What a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", LOAD + code],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


IMPORTED = "warming.join(); print('google.genai' in sys.modules, 'httpx2' in sys.modules)"


def test_with_a_key_the_sdk_is_there_before_the_first_cell(server):
    said = script(IMPORTED, GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL=server.url)
    assert said == "True True\n"
    assert server.asked == []


@pytest.mark.parametrize(
    "environment",
    [{}, {"GEMINI_API_KEY": KEY, "GEMINI_MAGIC_ENGINE": "offline"}, {"GEMINI_MAGIC_ENGINE": "ofl"}],
)
def test_where_no_sdk_will_be_asked_none_is_imported(environment):
    assert script(IMPORTED, **environment) == "False False\n"


def test_loading_waits_for_nothing():
    assert script("print('google.genai' in sys.modules)", GEMINI_API_KEY=KEY) == "False\n"


@pytest.mark.parametrize("module", ["google", "pydantic", "google.genai.types"])
def test_an_exit_half_way_is_an_exit(module):
    half_way = f"{module!r} in sys.modules or not warming.is_alive()"
    wait = f"while not ({half_way}): warming.join(0.001)\nsys.exit(0)"
    assert script(wait, GEMINI_API_KEY=KEY) == ""


def test_a_first_run_meanwhile_is_a_first_run(server):
    ask = (
        "while 'google.genai' not in sys.modules and warming.is_alive(): warming.join(0.001)\n"
        "import gemini_magic\n"
        "print(gemini_magic.run('```python\\nprint(6 * 7)\\n```', engine='offline').output)"
    )
    assert script(ask, GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL=server.url) == "42\n\n"


def test_a_setting_that_cannot_be_does_not_break_the_load():
    said = script(IMPORTED, GEMINI_API_KEY=KEY, GEMINI_MAGIC_TEMPERATURE="9")
    assert said == "False False\n"


FORKED = """
import os, signal
while "google.genai" not in sys.modules and warming.is_alive(): warming.join(0.001)
child = os.fork()
if child == 0:
    signal.alarm(30)  # ends what would wait for ever
    import google.genai
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "google.genai.types" in sys.modules)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_meanwhile_gets_a_child_that_can_import(server):
    shown = script(FORKED, GEMINI_API_KEY=KEY, GOOGLE_GEMINI_BASE_URL=server.url)
    assert shown == "7 True\n"
