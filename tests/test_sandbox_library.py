"""The sandbox's Python prints what CPython prints."""

from __future__ import annotations

import math
import re
import subprocess
import sys

import pytest
from sandbox_everyday import EVERYDAY
from sandbox_programs import PROGRAMS
from torture import sampled

from gemini_magic.answer.parts import OK, Result
from gemini_magic.sandbox import Sandbox

pytestmark = pytest.mark.process

ALL = PROGRAMS | EVERYDAY
FLOAT = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


@pytest.mark.parametrize("name", sampled(ALL, 4))
def test_it_prints_what_cpython_prints(name: str) -> None:
    """Floats may differ in their last bits: the C library is another."""
    command = [sys.executable, "-I", "-W", "ignore", "-X", "utf8", "-c", ALL[name]]
    native = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    with Sandbox() as sandbox:
        (result,) = sandbox.run(ALL[name])
    assert isinstance(result, Result)
    assert (result.outcome, FLOAT.sub("#", result.output)) == (OK, FLOAT.sub("#", native.stdout))
    pairs = zip(FLOAT.findall(result.output), FLOAT.findall(native.stdout), strict=True)
    for ours, theirs in pairs:
        assert math.isclose(float(ours), float(theirs), rel_tol=1e-9)
