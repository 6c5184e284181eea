"""Consoles that lack characters, pipes that close, disks that are full."""

import io
import os
import subprocess
import sys

import pytest

from gemini_magic.views.console import Console

pytestmark = pytest.mark.process

PROMPT = "```python\nprint('42 → ∑ é')\n```"
CODE = "import sys; from gemini_magic.cli import main; sys.exit(main())"
RUN = [sys.executable, "-c", CODE, "run", PROMPT, "--engine", "offline"]


def shell(line, **environment):
    """What a line of a real shell prints on standard error, and its exit status."""
    quoted = {"GM_PYTHON": sys.executable, "GM_CODE": CODE, "GM_PROMPT": PROMPT}
    typed = line.replace("GEMINI", '"$GM_PYTHON" -c "$GM_CODE" run "$GM_PROMPT" --engine offline')
    done = subprocess.run(
        ["bash", "-c", typed],
        env={**os.environ, **quoted, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr, done.returncode, done.stdout


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [("cp437", "42 ? ? é"), ("cp1252", "42 ? ? é"), ("ascii", "42 ? ? ?"), ("utf-8", "42 → ∑ é")],
)
def test_what_a_console_lacks_is_replaced(encoding, printed):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(RUN, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert printed in done.stdout.decode(encoding)


def test_a_pipe_that_closes_ends_the_command_quietly():
    said, status, printed = shell('GEMINI | head -1; exit "${PIPESTATUS[0]}"')
    assert (said, status) == ("", 0)
    assert printed == "› ```python\n"


def test_a_full_disk_is_one_line():
    said, status, _ = shell("GEMINI >/dev/full")
    assert (said, status) == ("standard output cannot be written: No space left on device\n", 1)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-", "2>&-"])
def test_closed_streams_are_no_error(closed):
    said, status, _ = shell(f"GEMINI {closed}")
    assert (said, status) == ("", 0)


def test_a_prompt_from_a_closed_input_is_an_empty_prompt():
    said, status, _ = shell('"$GM_PYTHON" -c "$GM_CODE" run - <&-')
    assert said.startswith("RequestError: the prompt is empty: ")
    assert (said.count("\n"), status) == (1, 1)


def test_a_prompt_that_is_not_text_is_one_line():
    line = r"""printf '\xff\xfe' | "$GM_PYTHON" -c "$GM_CODE" run -"""
    said, status, _ = shell(line, PYTHONIOENCODING="utf-8:strict")
    assert said.startswith("RequestError: standard input cannot be read as a prompt: ")
    assert (said.count("\n"), status) == (1, 1)


class Full(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


def test_what_is_lost_is_known_and_nothing_is_raised():
    console = Console(Full())
    console.write("one")
    console.write("two")
    assert str(console.lost) == "[Errno 28] No space left on device"


def test_a_stream_that_was_closed_loses_what_is_written():
    out = io.StringIO()
    out.close()
    console = Console(out)
    console.write("one")
    assert isinstance(console.lost, ValueError)
