"""Blocks of a run in the sandbox: what they give, and what the next one finds."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from test_sandbox_process import becomes_true, ends

from gemini_magic.answer.parts import FAILED, OK, TIMED_OUT, Result
from gemini_magic.errors import SandboxError
from gemini_magic.sandbox import RESTARTED, Sandbox, compiled
from gemini_magic.sandbox.spare import SPARE, Spare

pytestmark = pytest.mark.process
ENDLESS = ["while True: pass", "import time\ntime.sleep(60)"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=1) as sandbox:
        yield sandbox


def run(sandbox: Sandbox, code: str) -> Result:
    (result,) = sandbox.run(code)
    assert isinstance(result, Result)
    return result


def test_what_is_printed_is_the_output(sandbox: Sandbox) -> None:
    assert run(sandbox, "print(6 * 7)") == Result(OK, "42\n")


def test_a_block_that_prints_nothing_has_no_output(sandbox: Sandbox) -> None:
    assert run(sandbox, "x = 1") == Result(OK, "")


def test_a_block_finds_what_earlier_ones_defined(sandbox: Sandbox) -> None:
    run(sandbox, "import math\ndef area(r):\n    return math.pi * r * r\nx = 2")
    assert run(sandbox, "print(round(area(x), 3))") == Result(OK, "12.566\n")


def test_a_block_that_fails_keeps_the_state(sandbox: Sandbox) -> None:
    run(sandbox, "x = 5\n1 / 0")
    assert run(sandbox, "print(x)") == Result(OK, "5\n")


def test_what_the_last_block_printed_is_told_apart_from_its_traceback(sandbox: Sandbox) -> None:
    result = run(sandbox, "print(1)\n1 / 0")
    assert result.output.startswith("1\nTraceback")
    assert sandbox.printed == "1\n"
    run(sandbox, "x = 5")
    assert sandbox.printed == ""


def test_one_run_finds_nothing_of_another(sandbox: Sandbox) -> None:
    run(sandbox, "x = 5\nopen('file', 'w').write('x')")
    with Sandbox() as other:
        result = run(other, "import os\nprint(os.listdir())\nx")
    assert result.output.startswith("[]\n")
    assert "NameError: name 'x' is not defined" in result.output


def test_both_streams_are_in_the_output_in_order(sandbox: Sandbox) -> None:
    code = "import sys\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)"
    assert run(sandbox, code).output == "1\n2\n3\n"


def test_a_failure_is_what_was_printed_and_the_traceback_of_the_code_alone(
    sandbox: Sandbox,
) -> None:
    code = "import json\ndef read(text):\n    return json.loads(text)\nprint('so far')\nread('{')"
    assert run(sandbox, code) == Result(
        FAILED,
        "so far\n"
        "Traceback (most recent call last):\n"
        '  File "<string>", line 5, in <module>\n'
        "    read('{')\n"
        "    ~~~~^^^^^\n"
        '  File "<string>", line 3, in read\n'
        "    return json.loads(text)\n"
        "           ~~~~~~~~~~^^^^^^\n"
        "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes:"
        " line 1 column 2 (char 1)\n",
    )


def test_the_traceback_of_a_later_block_quotes_the_block_that_it_means(sandbox: Sandbox) -> None:
    run(sandbox, "def f():\n    return 1 / 0")
    output = run(sandbox, "# another line two\nf()").output
    assert '  File "<string 2>", line 2, in <module>\n    f()\n' in output
    assert '  File "<string>", line 2, in f\n    return 1 / 0\n' in output


def test_a_cause_is_told_too(sandbox: Sandbox) -> None:
    code = "try:\n    1 / 0\nexcept Exception as exc:\n    raise ValueError('no') from exc"
    output = run(sandbox, code).output
    assert "ZeroDivisionError: division by zero\n\nThe above exception was the direct" in output
    assert output.endswith("ValueError: no\n")


def test_a_syntax_error_points_at_its_line(sandbox: Sandbox) -> None:
    assert run(sandbox, "x = (1,\nprint(2") == Result(
        FAILED,
        "  File \"<string>\", line 2\n    print(2\n         ^\nSyntaxError: '(' was never closed\n",
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sys.exit()", Result(OK, "")),
        ("sys.exit(0)", Result(OK, "")),
        ("sys.exit('no data')", Result(FAILED, "no data\n")),
        ("sys.exit(3)", Result(FAILED, "SystemExit: 3\n")),
    ],
)
def test_sys_exit_ends_the_block_and_not_the_sandbox(
    sandbox: Sandbox, code: str, expected: Result
) -> None:
    assert run(sandbox, "import sys\nx = 1\n" + code) == expected
    assert run(sandbox, "print(x)") == Result(OK, "1\n")


def test_text_of_every_kind_comes_through(sandbox: Sandbox) -> None:
    code = "print('é → 😀', 'a\\ud800b', '\ud801')\nimport os\nx = os.write(1, b'\\xff\\n')"
    assert run(sandbox, code) == Result(OK, "é → 😀 a\\ud800b \\ud801\n\ufffd\n")


def test_a_null_byte_is_a_syntax_error(sandbox: Sandbox) -> None:
    assert run(sandbox, "a\0b").output.startswith("SyntaxError: source code string cannot contain")


def test_recursion_that_ends_runs_and_one_that_does_not_fails(sandbox: Sandbox) -> None:
    code = "def fib(n):\n    return n if n < 2 else fib(n - 1) + 1\nprint(fib(300))\nfib(10**9)"
    result = run(sandbox, code)
    assert result.outcome == FAILED
    assert result.output.startswith("300\nTraceback")
    assert result.output.endswith("RecursionError: maximum recursion depth exceeded\n")


def test_memory_ends_in_a_memory_error_that_code_can_catch(sandbox: Sandbox) -> None:
    code = "try:\n    b'x' * 10**9\nexcept MemoryError:\n    print('too much')"
    assert run(sandbox, code) == Result(OK, "too much\n")


def test_blocks_go_on_with_nearly_all_memory_taken() -> None:
    with Sandbox(seconds=60) as sandbox:
        assert run(sandbox, "kept = bytearray(470 * 2**20)") == Result(OK, "")
        assert run(sandbox, "print(len(kept))") == Result(OK, f"{470 * 2**20}\n")


@pytest.mark.parametrize("wait", ENDLESS)
def test_a_block_out_of_time_keeps_what_it_printed(wait: str) -> None:
    with Sandbox(seconds=0.5) as sandbox:
        result = run(sandbox, "print('one')\nprint('two', end='')\n" + wait)
    assert result.outcome == TIMED_OUT
    assert result.output.startswith("one\n")
    assert result.output.endswith("\n[stopped after 0.5 s]\n")


@pytest.mark.clock
@pytest.mark.parametrize("wait", ENDLESS)
def test_a_block_ends_within_a_second_after_its_time(wait: str) -> None:
    with Sandbox(seconds=0.2) as sandbox:
        run(sandbox, "1")
        start = time.monotonic()
        assert run(sandbox, wait).outcome == TIMED_OUT
        assert time.monotonic() - start < 1.2


def test_the_unfinished_line_of_a_block_out_of_time_is_kept_after_a_pause() -> None:
    with Sandbox(seconds=0.5) as sandbox:
        result = run(sandbox, "import time\nprint('so', end='')\ntime.sleep(60)")
    assert result.output == "so\n[stopped after 0.5 s]\n"


def test_after_a_block_out_of_time_the_next_begins_anew_and_says_so() -> None:
    with Sandbox(seconds=0.5, files={"a.txt": b"given"}) as sandbox:
        run(sandbox, "x = 1")
        run(sandbox, "while True: pass")
        result = run(sandbox, "print(open('a.txt').read(), 'x' in globals())")
        assert result == Result(OK, RESTARTED + "given False\n")
        assert run(sandbox, "print(1)") == Result(OK, "1\n")


def test_too_much_output_is_cut_and_said(sandbox: Sandbox) -> None:
    result = run(sandbox, "while True: print('x' * 65536)")
    assert result.outcome == FAILED
    assert 8 * 2**20 <= len(result.output) < 9 * 2**20
    assert result.output.endswith("x\n[stopped: more than 8 MiB of output]\n")


def test_the_end_of_the_interpreter_is_a_failure_with_what_was_printed(sandbox: Sandbox) -> None:
    result = run(sandbox, "import os\nprint('before')\nos._exit(0)")
    assert result == Result(FAILED, "before\n[the code ended the interpreter]\n")


def test_given_files_are_in_the_folder_of_the_code() -> None:
    files = {"data/a.csv": b"x,y\n1,2\n", "big.bin": bytes(7 * 2**20), "empty": b""}
    code = (
        "import csv, os\nprint(list(csv.DictReader(open('data/a.csv'))))\n"
        "print(os.path.getsize('big.bin'), os.path.getsize('empty'), sorted(os.listdir()))"
    )
    with Sandbox(files=files) as sandbox:
        expected = "[{'x': '1', 'y': '2'}]\n7340032 0 ['big.bin', 'data', 'empty']\n"
        assert run(sandbox, code) == Result(OK, expected)


def test_a_given_module_can_be_imported() -> None:
    with Sandbox(files={"helper.py": b"def f():\n    return 42\n"}) as sandbox:
        assert run(sandbox, "import helper\nprint(helper.f())") == Result(OK, "42\n")


def test_files_that_are_too_large_are_an_error_and_no_outcome() -> None:
    sandbox = Sandbox(files={"big": bytes(65 * 2**20)})
    with (
        sandbox,
        pytest.raises(SandboxError, match=r"cannot hold 'big' of 68157440 bytes; .*64 MiB"),
    ):
        run(sandbox, "print(1)")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import torch", "ModuleNotFoundError: No module named 'torch': this sandbox holds Python's"
                         " standard library and some packages"),
        ("import ssl", "ModuleNotFoundError: No module named '_ssl': this sandbox has no threads,"
                       " processes, network, C libraries or screen"),
        ("import threading\nthreading.Thread(target=print).start()",
         "RuntimeError: can't start new thread: this sandbox has no threads"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 80))",
         "this sandbox has no network"),
        ("import urllib.request\nurllib.request.urlopen('https://x.example')",
         "unknown url type: https: this sandbox has no network>"),
        ("import subprocess\nsubprocess.run(['ls'])",
         "OSError: [Errno 58] wasi does not support processes."),
        ("input()", "EOFError: EOF when reading a line"),
    ],
)  # fmt: skip
def test_what_the_sandbox_lacks_fails_with_a_line_that_says_so(
    sandbox: Sandbox, code: str, line: str
) -> None:
    result = run(sandbox, code)
    assert result.outcome == FAILED
    assert result.output.splitlines()[-1].endswith(line)


def test_processor_time_begins_with_the_run(sandbox: Sandbox) -> None:
    """The snapshot's clock would stand at what the machine that made it had used."""
    code = "import time\nprint(0 <= time.process_time() < 60, time.process_time_ns() >= 0)"
    assert run(sandbox, code) == Result(OK, "True True\n")


def test_a_key_is_derived_from_a_password(sandbox: Sandbox) -> None:
    """A test vector of RFC 7914, section 11; OpenSSL is not there."""
    code = "import hashlib\nprint(hashlib.pbkdf2_hmac('sha256', b'passwd', b'salt', 1, 64).hex())"
    derived = (
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
    )
    assert run(sandbox, code) == Result(OK, f"{derived}\n")


def test_asking_whether_a_module_is_there_is_no_error(sandbox: Sandbox) -> None:
    code = "import importlib.util\nprint(importlib.util.find_spec('numpy'))"
    assert run(sandbox, code) == Result(OK, "None\n")


def test_time_zones_are_known(sandbox: Sandbox) -> None:
    code = (
        "from datetime import datetime\nfrom zoneinfo import ZoneInfo\n"
        "print(datetime(2024, 7, 1, 12, tzinfo=ZoneInfo('Europe/Berlin')))"
    )
    assert run(sandbox, code) == Result(OK, "2024-07-01 12:00:00+02:00\n")


def test_random_numbers_differ_from_run_to_run() -> None:
    code = "import random, uuid, tempfile\nprint(random.random(), uuid.uuid4(), tempfile.mkdtemp())"
    outputs = set()
    for _ in range(2):
        with Sandbox() as sandbox:
            outputs |= set(run(sandbox, code).output.split())
    assert len(outputs) == 6


def test_a_run_after_the_first_takes_the_spare_worker() -> None:
    with Sandbox() as sandbox:
        run(sandbox, "print(1)")
    spare = SPARE._kept[1]
    with Sandbox() as sandbox:
        run(sandbox, "print(1)")
        assert sandbox._worker is spare


@pytest.mark.clock
def test_a_run_after_the_first_begins_in_fifty_milliseconds() -> None:
    with Sandbox() as sandbox:
        run(sandbox, "print(1)")
    times = []
    for _ in range(3):
        assert becomes_true(lambda: SPARE._kept[1]._frames.qsize() > 0, 20), "it is ready"
        start = time.perf_counter()
        with Sandbox() as sandbox:
            run(sandbox, "print(1)")
            times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_an_idle_spare_is_dropped() -> None:
    spare = Spare(idle=0.05)
    spare.keep(compiled.task(print))
    assert becomes_true(lambda: spare._kept is None, 20)


def test_no_worker_outlives_the_interpreter() -> None:
    program = (
        "from gemini_magic.sandbox import Sandbox\nfrom gemini_magic.sandbox.spare import SPARE\n"
        "with Sandbox() as s: list(s.run('1'))\n"
        "other = Sandbox(); list(other.run('1')); pid = other._worker.pid\n"
        "other.close(); print(pid, SPARE._kept[1].pid)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""
    assert all(ends(int(pid), 2.0) for pid in done.stdout.split())


def test_the_seam_imports_nothing_heavy() -> None:
    program = (
        "import sys, gemini_magic.parts\nbefore = set(sys.modules)\nimport gemini_magic.sandbox\n"
        "print(sorted({m.split('.')[0] for m in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "wasmtime" not in done.stdout
    assert "subprocess" not in done.stdout
