"""However a block ends, what it leaves is a plain traceback and the state of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from growing import worker_seconds
from sandbox_blocks import BROKEN, CHAINS, LEFT, LONG, RECURSION, STREAMS
from torture import sampled

from gemini_magic.answer.parts import FAILED, OK, Result
from gemini_magic.sandbox import RESTARTED, Sandbox

pytestmark = pytest.mark.process

MEBIBYTE = 2**20
# What one program of the tables may leave to the next.
RESET = "import sys\nsys.setrecursionlimit(1000)\n"
GUESTS = [False, pytest.param(True, marks=pytest.mark.science)]


@pytest.fixture(scope="module", params=GUESTS, ids=["light", "science"])
def run(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One run for all programs."""
    with Sandbox(seconds=20, science=request.param) as sandbox:
        yield sandbox


def output(run: Sandbox, code: str) -> Result:
    """Return what `code` gave, once the state that came before is known to be there still."""
    list(run.run("kept = 42"))
    (result,) = run.run(code)
    assert isinstance(result, Result)
    assert list(run.run(RESET + "print(kept)")) == [Result(OK, "42\n")]
    return result


@pytest.mark.parametrize("name", sampled(RECURSION, 4))
def test_recursion_in_c_works_or_is_an_error_that_can_be_caught(name: str, run: Sandbox) -> None:
    before, action = RECURSION[name]
    code = f"{before}\ntry:\n    x = {action}\n    print('works')\n"
    code += "except RecursionError:\n    print('too deep')"
    assert output(run, code) in (Result(OK, "works\n"), Result(OK, "too deep\n"))


@pytest.mark.parametrize("name", sampled(RECURSION, 4))
def test_recursion_that_is_not_caught_is_a_plain_traceback(name: str, run: Sandbox) -> None:
    before, action = RECURSION[name]
    result = output(run, f"{before}\nx = {action}\nprint('works')")
    if result.outcome == OK:
        assert result.output == "works\n"
    else:
        assert 'File "<string' in result.output
        assert "RecursionError: " in result.output


DEEP = {
    "itself": (
        "def f(n): return f(n - 1) if n else 1 / 0",
        "[Previous line repeated {} more times]",
    ),
    "another": (
        "def f(n): return g(n)\ndef g(n): return f(n - 1) if n else 1 / 0",
        "[{} calls are left out]",
    ),
}


@pytest.mark.parametrize("name", DEEP)
def test_a_traceback_of_a_hundred_thousand_calls_is_soon_told(name: str, run: Sandbox) -> None:
    """As with a raised limit and a recursion that does not end."""
    functions, line = DEEP[name]
    code = f"import sys\nsys.setrecursionlimit(10**6)\n{functions}\nf(100_000)"
    result = output(run, code)
    assert result.outcome == FAILED
    assert line.format({"itself": "99998", "another": "199003"}[name]) in result.output
    assert result.output.endswith("ZeroDivisionError: division by zero\n")
    assert len(result.output.splitlines()) < 4000


def test_causes_and_groups_keep_their_own_long_tracebacks(run: Sandbox) -> None:
    code = (
        "import sys\nsys.setrecursionlimit(10**5)\n"
        "def f(n): return f(n - 1) if n else 1 / 0\n"
        "def failed(n):\n    try:\n        f(n)\n    except ZeroDivisionError as exc:\n"
        "        return exc\n"
        "raise ExceptionGroup('g', [failed(2000), failed(5)]) from failed(3000)"
    )
    told = output(run, code).output
    first, group = told.split("direct cause")
    assert "[Previous line repeated 2998 more times]" in first
    assert "[Previous line repeated 1998 more times]" in group
    assert "[Previous line repeated 3 more times]" in group


@pytest.mark.parametrize("name", sampled(CHAINS, 4))
def test_a_long_chain_is_freed(name: str, run: Sandbox) -> None:
    assert output(run, f"{CHAINS[name]}\ndel a\nprint('freed')") == Result(OK, "freed\n")


def test_memoised_recursion_of_three_hundred_works(run: Sandbox) -> None:
    before, _ = RECURSION["a memo"]
    expected = Result(OK, "222232244629420445529739893461909967206666939096499764990979600\n")
    assert output(run, f"{before}\nprint(f(300))") == expected


@pytest.mark.parametrize("name", LEFT)
def test_what_a_block_leaves_costs_neither_traceback_nor_state(name: str, run: Sandbox) -> None:
    check_left(output(run, LEFT[name][0]), LEFT[name][1])


@pytest.mark.parametrize("name", STREAMS)
def test_what_a_block_does_to_the_standard_streams_ends_with_it(name: str, run: Sandbox) -> None:
    output(run, STREAMS[name])
    said = (
        "import os, sys\nprint('a', flush=True)\nprint('b', file=sys.stderr)\nos.write(1, b'c\\n')"
    )
    assert output(run, f"{said}\nsys.__stdout__.write('d')") == Result(OK, "a\nb\nc\nd")


def test_a_stream_that_is_named_once_is_the_same_in_the_next_block(run: Sandbox) -> None:
    output(run, "import sys\nout = sys.stdout\nout.reconfigure(line_buffering=True)")
    assert output(run, "out.write('a')\nprint(out is sys.stdout)") == Result(OK, "aTrue\n")


@pytest.mark.parametrize("science", GUESTS, ids=["light", "science"])
@pytest.mark.parametrize("name", sampled(BROKEN, 3))
def test_a_broken_library_costs_neither_traceback_nor_state(name: str, science: bool) -> None:
    with Sandbox(science=science) as run:
        check_left(output(run, BROKEN[name][0]), BROKEN[name][1])
        check_left(output(run, "raise KeyError(2)"), "KeyError: 2")


def check_left(result: Result, line: str) -> None:
    """Check that a block failed with a plain traceback that ends in `line`."""
    assert result.outcome == FAILED
    assert result.output.rstrip("\n").endswith(line)
    for inner in ("panicked", "/lib/", "/python", "app.py", "_blocks", "RUST_BACKTRACE"):
        assert inner not in result.output


@pytest.mark.parametrize("name", sampled(LONG, 4))
def test_a_text_of_megabytes_is_cut_in_its_middle(name: str, run: Sandbox) -> None:
    # One light sandbox has not the memory for all of them.
    with nullcontext(run) if run._science else Sandbox() as guest:
        result = output(guest, LONG[name])
    assert result.outcome == FAILED
    assert len(result.output.encode()) < 8.2 * MEBIBYTE
    assert "left out]" in result.output


def test_a_limit_of_recursion_is_kept_for_the_next_block(run: Sandbox) -> None:
    list(run.run("import sys\nsys.setrecursionlimit(5000)"))
    code = "def f(n): return n and 1 + f(n - 1)\nprint(f(4000), sys.getrecursionlimit())"
    assert list(run.run(code)) == [Result(OK, "4000 5000\n")]


def test_another_meaning_of_a_built_in_name_ends_with_its_block(run: Sandbox) -> None:
    list(run.run("import builtins\nbuiltins.print = None\nbuiltins.added = 7"))
    assert list(run.run("print(added)")) == [Result(OK, "7\n")]


def test_recursion_that_breaks_the_interpreter_says_so_and_the_run_goes_on() -> None:
    """As it breaks CPython, a hundred thousand calls later."""
    code = "a = iter([1])\nfor _ in range(10**6): a = map(abs, a)\nlist(a)"
    with Sandbox(seconds=10) as sandbox:
        (result,) = sandbox.run("kept = 1\nprint('so far')\n" + code)
        assert isinstance(result, Result)
        assert result.outcome == FAILED
        assert result.output.startswith("so far\nRecursionError: ")
        assert result.output.count("\n") == 2
        again = sandbox.run("print('kept' in globals())")
        assert list(again) == [Result(OK, RESTARTED + "False\n")]


ORDER = {
    "both streams": "print(1)\nprint(2, file=sys.stderr)\nprint(3)\nsys.stderr.write('4\\n')",
    "parts of lines": "print(1, end='')\nprint('', file=sys.stderr)\nprint(2, end='\\n3')\n"
    "sys.stderr.write('\\n4\\n')",
    "the descriptor": "print(1)\nos.write(1, b'2\\n')\nprint(3)\nos.write(2, b'4\\n')",
    "bytes": "print(1)\nsys.stdout.buffer.write(b'2\\n')\nprint(3)\n"
    "sys.stderr.buffer.write(b'4\\n')",
    "a file on the descriptor": "print(1)\nf = open(1, 'w', closefd=False)\nf.write('2\\n')\n"
    "f.flush()\nprint(3)\nprint(4)",
    "a log": "import logging\nlogging.basicConfig(format='%(message)s', force=True)\n"
    "print(1)\nlogging.warning('2')\nprint(3)\nlogging.error('4')",
    "a print of a traceback": "import traceback\nprint(1)\nprint(2)\nprint(3, file=sys.stderr)\n"
    "traceback.print_list([], file=sys.stdout)\nprint(4)",
}


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("lines", [0, 2000], ids=["few lines", "many lines"])
def test_what_is_said_first_comes_first(name: str, lines: int, run: Sandbox) -> None:
    """Streams, descriptors and the traceback."""
    if run._science and name == "a file on the descriptor":
        pytest.skip("it opens the descriptor itself, past the streams")
    code = f"import os, sys\nfor i in range({lines}): print('-')\n{ORDER[name]}\nraise KeyError(5)"
    result = output(run, code)
    assert result.output.startswith("-\n" * lines + "1\n2\n3\n4\nTraceback (most recent call last)")
    assert result.output.endswith("KeyError: 5\n")


LOOPS = {
    "lines": "for i in range(100_000): print(i)",
    "lines at once": "for i in range(100_000): print(i, flush=True)",
    "lines in turn": "import sys\nfor i in range(100_000):\n"
    "    print(i, file=sys.stderr if i % 2 else sys.stdout)",
    "writes": "import sys\nfor i in range(100_000): sys.stdout.write(f'{i}\\n')",
    "descriptors": "import os\nfor i in range(100_000): x = os.write(1, b'%d\\n' % i)",
}


@pytest.mark.growth
@pytest.mark.parametrize("name", sampled(["lines", "lines at once", "lines in turn", "writes"], 2))
def test_a_hundred_thousand_lines_cost_little_more_than_a_text_in_memory(
    name: str, run: Sandbox
) -> None:
    def seconds(code: str) -> float:
        list(run.run("1"))  # so that there is a worker
        before = worker_seconds(run)
        (result,) = run.run(code)
        assert isinstance(result, Result)
        assert result.outcome == OK
        return worker_seconds(run) - before

    # Three times as many, as they take so little. What else the machine does changes with the time,
    # so that each of the two is held against the one that was measured beside it.
    bare = "import io\ns = io.StringIO()\nfor i in range(300_000): print(i, file=s)"
    assert any(seconds(LOOPS[name]) < 12 * seconds(bare) / 3 for _ in range(5))


@pytest.mark.parametrize("name", sampled(LOOPS, 3))
def test_a_hundred_thousand_lines_come_whole(name: str, run: Sandbox) -> None:
    expected = "".join(f"{i}\n" for i in range(100_000))
    assert output(run, LOOPS[name]) == Result(OK, expected)
