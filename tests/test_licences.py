"""The wheel carries the licence of all that is in it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
STORED = (ROOT / "THIRD_PARTY_LICENSES.md").read_text("utf-8")


def test_the_licences_are_those_of_what_is_bundled():
    node = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, ROOT / "scripts" / "licences"]
    printed = subprocess.run(
        command, env={**os.environ, "PATH": node}, capture_output=True, text=True, check=True
    )
    assert printed.stdout == STORED, "run scripts/licences >THIRD_PARTY_LICENSES.md"


def test_all_that_the_guest_is_made_of_has_its_licence():
    hook = (ROOT / "hatch_build.py").read_text("utf-8")
    packages = {name.replace("_", "-") for name in re.findall(r'package_folder\("(\w+)"\)', hook)}
    assert {path.stem for path in ROOT.glob("licenses/*.txt")} == {"CPython", *packages}
    assert packages <= set(re.findall(r"^## (\S+)$", STORED, re.MULTILINE))


def test_the_wheel_carries_them():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license-files"] == ["LICENSE", "THIRD_PARTY_LICENSES.md"]
