"""Files of the sandbox have times, bounds and databases, as those of a disk have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import gemini_magic
from gemini_magic.answer.parts import FAILED, OK, Result
from gemini_magic.sandbox import Sandbox

pytestmark = pytest.mark.process

GUESTS = [False, pytest.param(True, marks=pytest.mark.science)]


@pytest.fixture(scope="module", params=GUESTS, ids=["light", "science"])
def run(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(seconds=20, science=request.param, files={"given.txt": b"given"}) as sandbox:
        yield sandbox


def output(run: Sandbox, code: str) -> Result:
    """Return what `code` gave, in a folder of its own."""
    begin = "import os, tempfile\nos.chdir(tempfile.mkdtemp())\n"
    (result,) = run.run(begin + code)
    assert isinstance(result, Result)
    return result


TIMES = {
    "of a file": "open('a', 'w').close()\npath = 'a'",
    "of a folder": "os.mkdir('d')\npath = 'd'",
    "of a folder in a folder": "os.makedirs('d/e/f')\npath = 'd/e'",
    "of a moved file": "open('a', 'w').close()\nos.rename('a', 'b')\npath = 'b'",
    "of a copy": "import shutil\nopen('a', 'w').close()\nshutil.copy2('a', 'b')\npath = 'b'",
    "of a given file": "path = GIVEN",
    "of the root": "path = '/'",
    "of the temporary folder": "path = '/tmp'",
}


@pytest.mark.parametrize("name", TIMES)
def test_everything_has_a_time_of_now(name: str, run: Sandbox) -> None:
    home = "/home" if run._science else "/home/user"
    code = f"GIVEN = '{home}/given.txt'\n{TIMES[name]}\nimport time\n"
    code += "print(abs(time.time() - os.stat(path).st_mtime) < 120)"
    assert output(run, code) == Result(OK, "True\n")


ARCHIVES = {
    "shutil.make_archive": "import shutil\nprint(zipfile.ZipFile(shutil.make_archive('x', 'zip',"
    " 'd')).namelist())",
    "ZipFile.write": "z = zipfile.ZipFile('x.zip', 'w')\nz.write('d/a.txt')\nz.close()\n"
    "print(zipfile.ZipFile('x.zip').read('d/a.txt').decode())",
    "ZipFile.write of a folder": "z = zipfile.ZipFile('x.zip', 'w')\nz.write('d')\nz.close()\n"
    "print(zipfile.ZipFile('x.zip').namelist())",
    "ZipInfo.from_file": "print(zipfile.ZipInfo.from_file('d/a.txt').date_time[0] > 2000)",
    "ZipFile.mkdir": "z = zipfile.ZipFile('x.zip', 'w')\nz.mkdir('e')\n"
    "z.close()\nprint('made')",
    "an unpacked archive": "import shutil\nshutil.make_archive('x', 'zip', 'd')\n"
    "shutil.unpack_archive('x.zip', 'e')\nprint(open('e/a.txt').read())",
}  # fmt: skip


@pytest.mark.parametrize("name", ARCHIVES)
def test_files_can_be_put_into_a_zip(name: str, run: Sandbox) -> None:
    code = "import zipfile\nos.mkdir('d')\nopen('d/a.txt', 'w').write('text')\n" + ARCHIVES[name]
    result = output(run, code)
    assert result.outcome == OK, result.output


def test_a_time_that_is_set_is_the_time() -> None:
    code = (
        "open('a', 'w').close()\nos.mkdir('d')\nos.utime('a', (10**9, 10**9 + 0.5))\n"
        "os.utime('d', ns=(1, 15 * 10**17))\nimport shutil\nshutil.copy2('a', 'b')\n"
        "print(os.path.getmtime('a'), os.path.getmtime('d'), os.path.getmtime('b'))"
    )
    with Sandbox() as sandbox:
        assert output(sandbox, code) == Result(OK, "1000000000.5 1500000000.0 1000000000.5\n")


@pytest.mark.science
def test_pandas_writes_a_workbook() -> None:
    code = (
        "import pandas as pd\npd.DataFrame({'a': [1, 2]}).to_excel('x.xlsx', index=False)\n"
        "print(pd.read_excel('x.xlsx').a.sum())"
    )
    with Sandbox(science=True) as sandbox:
        assert output(sandbox, code) == Result(OK, "3\n")


FULL = {
    "in one piece": "open('x', 'wb').write(bytes(65 * 2**20))",
    "in one piece, unbuffered": "open('x', 'wb', buffering=0).write(bytes(65 * 2**20))",
    "in pieces": "f = open('x', 'wb')\nfor _ in range(65): x = f.write(bytes(2**20))",
    "in pieces, unbuffered": "f = open('x', 'wb', buffering=0)\n"
    "for _ in range(65): x = f.write(bytes(2**20))",
    "as text": "open('x', 'w').write('x' * 65 * 2**20)",
    "by its descriptor": "f = os.open('x', os.O_CREAT | os.O_WRONLY)\n"
    "try:\n    for _ in range(65): x = os.write(f, bytes(2**20))\nfinally: os.close(f)",
    "in two files": "f, g = open('x', 'wb', buffering=0), open('y', 'wb', buffering=0)\n"
    "for _ in range(33): x = f.write(bytes(2**20)) + g.write(bytes(2**20))",
    "at its end": "open('x', 'wb').write(bytes(40 * 2**20))\n"
    "open('x', 'ab', buffering=0).write(bytes(30 * 2**20))",
    "in its middle": "f = open('x', 'w+b', buffering=0)\nf.seek(60 * 2**20)\n"
    "f.write(bytes(5 * 2**20))",
    "by a hole": "open('x', 'wb').truncate(65 * 2**20)",
}


@pytest.mark.parametrize("name", FULL)
def test_a_write_beyond_the_disk_says_so_at_the_write(name: str, run: Sandbox) -> None:
    code = "made = []\ntry:\n    " + FULL[name].replace("\n", "\n    ")
    code += "\nexcept OSError as exc:\n    print(exc.strerror)\nelse:\n    print('no error')\n"
    code += "for v in ('f', 'g'):\n    try: globals().pop(v).close()\n"
    code += "    except (KeyError, OSError, AttributeError, TypeError): pass\n"
    code += "for n in os.listdir(): os.remove(n)\n"
    assert output(run, "kept = 1\n" + code).output.startswith("No space left on device\n")
    assert output(run, "print(kept, open('x', 'wb').write(bytes(2**20)))") == Result(
        OK, "1 1048576\n"
    )


DATABASES = {
    "a file that is opened again": (
        "c = sqlite3.connect('x.db')\nc.execute('create table t (a)')\n"
        "c.execute('insert into t values (7)')\nc.commit(); c.close()\n"
        "print(sqlite3.connect('x.db').execute('select a from t').fetchall())",
        "[(7,)]\n",
    ),
    "two connections": (
        "c, d = sqlite3.connect('x.db'), sqlite3.connect('x.db')\n"
        "with c: c.execute('create table t (a)'); c.execute('insert into t values (7)')\n"
        "print(d.execute('select a from t').fetchall())",
        "[(7,)]\n",
    ),
    "a file that is there": (
        "c = sqlite3.connect('x.db'); c.execute('create table t (a)'); c.commit(); c.close()\n"
        "print(os.path.exists('x.db'), os.path.getsize('x.db') > 4000, os.listdir())\n"
        "print(open('x.db', 'rb').read(15))",
        "True True ['x.db']\nb'SQLite format 3'\n",
    ),
    "a copy": (
        "import shutil\nc = sqlite3.connect('x.db'); c.execute('create table t (a)')\n"
        "c.execute('insert into t values (7)'); c.commit(); c.close()\n"
        "shutil.copy('x.db', 'y.db')\n"
        "print(sqlite3.connect('y.db').execute('select a from t').fetchall())",
        "[(7,)]\n",
    ),
    "a removed file": (
        "c = sqlite3.connect('x.db'); c.execute('create table t (a)'); c.commit(); c.close()\n"
        "os.remove('x.db')\nc = sqlite3.connect('x.db')\n"
        "print(c.execute('select count(*) from sqlite_master').fetchall())",
        "[(0,)]\n",
    ),
    "a path": (
        "import pathlib\nos.mkdir('d')\nc = sqlite3.connect(pathlib.Path('d') / 'x.db')\n"
        "c.execute('create table t (a)'); c.commit(); c.close(); print(os.listdir('d'))",
        "['x.db']\n",
    ),
    "an address": (
        "sqlite3.connect('x.db').execute('create table t (a)')\n"
        "c = sqlite3.connect('file:x.db?mode=ro', uri=True)\n"
        "try: c.execute('insert into t values (1)')\n"
        "except sqlite3.OperationalError as exc: print(exc)",
        "attempt to write a readonly database\n",
    ),
    "in memory": ("print(sqlite3.connect(':memory:').execute('select 7').fetchall())", "[(7,)]\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", DATABASES)
def test_sqlite_has_files(name: str, run: Sandbox) -> None:
    if run._science and name == "two connections":
        pytest.skip("its files are handed over when they are closed")
    code, expected = DATABASES[name]
    assert output(run, "import sqlite3\n" + code) == Result(OK, expected)


@pytest.mark.parametrize(
    "code",
    ["sqlite3.connect('no/folder/x.db')", "sqlite3.connect('x.db').execute(\"attach 'y' as y\")"],
)
def test_a_database_that_cannot_be_opened_says_why(code: str) -> None:
    with Sandbox() as sandbox:
        result = output(sandbox, "import sqlite3\n" + code)
    assert result.outcome == FAILED
    assert result.output.endswith(
        ": in this sandbox only `sqlite3.connect` opens files, those in a folder that is there\n"
    )


def test_a_database_is_bounded_as_files_are() -> None:
    code = (
        "import sqlite3\nc = sqlite3.connect('x.db'); c.execute('create table t (a)')\n"
        "while True: c.execute('insert into t values (zeroblob(1000000))')"
    )
    with Sandbox() as sandbox:
        assert output(sandbox, code).output.endswith("database or disk is full\n")


def test_what_is_written_to_nothing_is_gone(run: Sandbox) -> None:
    code = (
        "with open(os.devnull, 'w') as f: print(f.write('x' * 9))\nprint(open(os.devnull).read())"
    )
    expected = Result(OK, "9\n\n")
    if run._science:
        pytest.skip("its disk has no devices")
    assert output(run, code) == expected


OURS = Path(gemini_magic.__file__).with_name("sandbox")
NAMES = sorted(
    {path.stem for folder in ("guest", "inside", "child") for path in (OURS / folder).glob("*.py")}
    - {"__main__"}
)


@pytest.mark.parametrize("science", GUESTS, ids=["light", "science"])
def test_a_given_file_may_have_the_name_of_a_module_of_ours(science: bool) -> None:
    """As `functions.py` may be what a user's code imports."""
    files = {f"{name}.py": f"mine = {name!r}\n".encode() for name in NAMES}
    code = f"import importlib\nprint([importlib.import_module(name).mine for name in {NAMES}])"
    with Sandbox(science=science, files=files) as sandbox:
        assert list(sandbox.run(code)) == [Result(OK, f"{NAMES}\n")]


AS_ON_A_DISK = {
    "where a file that is added to ends": (
        "open('a', 'w').write('one')\n"
        "for mode in ('a', 'a+', 'ab'):\n    with open('a', mode) as f: print(f.tell(), end=' ')\n"
        "with open('a', 'a+') as f: print(f.read() == '')",
        "3 3 3 True\n",
    ),
    "one mark of UTF-16 in a file that is added to": (
        "for _ in range(2):\n    with open('a', 'a', encoding='utf-16') as f: f.write('x')\n"
        "print(open('a', encoding='utf-16').read())",
        "xx\n",
    ),
    "the heading of a table that is added to": (
        "for n in range(2):\n    with open('a', 'a') as f:\n"
        "        if f.tell() == 0: f.write('n\\n')\n        f.write(f'{n}\\n')\n"
        "print(open('a').read())",
        "n\n0\n1\n\n",
    ),
    "a line by linecache, and tokens": (
        "import linecache, tokenize\nopen('m.py', 'w').write('a = 1\\nb = 2\\n')\n"
        "print(linecache.getline('m.py', 2), tokenize.open('m.py').read())",
        "b = 2\n a = 1\nb = 2\n\n",
    ),
    "fsync": (
        "with open('a', 'w') as f:\n    f.write('one')\n    f.flush()\n    os.fsync(f.fileno())\n"
        "    print(os.fstat(f.fileno()).st_size, os.fsync(f))",
        "3 None\n",
    ),
    "truncate": (
        "open('a', 'w').write('one')\nos.truncate('a', 2)\nprint(open('a').read())\n"
        "with open('a', 'r+') as f: os.ftruncate(f.fileno(), 1)\nprint(open('a').read())",
        "on\no\n",
    ),
    "a closed descriptor": (
        "f = open('a', 'w')\nn = f.fileno()\nf.close()\n"
        "try: os.fstat(n)\nexcept OSError as exc: print(type(exc).__name__)\n"
        "try: f.fileno()\nexcept ValueError as exc: print(str(exc).rstrip('.'))",
        "OSError\nI/O operation on closed file\n",
    ),
    "a name in an error": (
        "from pathlib import Path\nfor f in (open, os.stat, os.remove, os.listdir, os.rmdir):\n"
        "    try: f(Path('none'))\n    except FileNotFoundError as exc: print(exc.filename)\n"
        "try: Path('none').rename('other')\n"
        "except FileNotFoundError as exc: print(exc.filename, exc.filename2)",
        "none\n" * 5 + "none other\n",
    ),
    "a shelf": (
        "import shelve\nwith shelve.open('s') as s: s['a'] = [1]\n"
        "with shelve.open('s') as s: print(dict(s))",
        "{'a': [1]}\n",
    ),
}


@pytest.mark.parametrize(("code", "printed"), AS_ON_A_DISK.values(), ids=AS_ON_A_DISK)
def test_a_file_behaves_as_on_a_disk(code: str, printed: str, run: Sandbox) -> None:
    assert output(run, code) == Result(OK, printed)
