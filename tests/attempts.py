"""Attempts as a sandbox runs them: one namespace, one folder, a traceback of the code alone."""

from __future__ import annotations

import contextlib
import io
import linecache
import os
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gemini_magic.answer.parts import FAILED, OK, Code, Part, Result
from gemini_magic.answer.steps import Step, blocks


@contextlib.contextmanager
def folder() -> Iterator[None]:
    """Work in an empty folder for a while."""
    before = Path.cwd()
    with TemporaryDirectory() as new:
        os.chdir(new)
        try:
            yield
        finally:
            os.chdir(before)


def execute(code: str, names: dict[str, Any]) -> tuple[str, BaseException | None]:
    """Run code among `names`; return what it printed, with the traceback, and the error."""
    linecache.cache["<string>"] = len(code), None, code.splitlines(True), "<string>"
    printed, failure = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of files that a model leaves open
            exec(compile(code, "<string>", "exec", dont_inherit=True), names)
    except Exception as exc:
        failure = exc
        report = traceback.TracebackException.from_exception(exc)
        own = [frame for frame in report.stack if frame.filename == "<string>"]
        report.stack = traceback.StackSummary.from_list(own)
        printed.write("".join(report.format()))
    return printed.getvalue(), failure


def attempted(*codes: str) -> list[Step]:
    """Run the codes one after the other and return them as the steps of an answer."""
    names: dict[str, Any] = {"__name__": "__main__"}
    parts: list[Part] = []
    with folder():
        for code in codes:
            output, failure = execute(code, names)
            parts += [Code(code), Result(FAILED if failure else OK, output)]
    return [block for block in blocks(parts) if isinstance(block, Step)]


def inserted(cells: Sequence[str]) -> tuple[list[str], BaseException | None]:
    """Run cells from the beginning; return what each printed, and the first error."""
    names: dict[str, Any] = {"__name__": "__main__"}
    outputs = []
    with folder():
        for cell in cells:
            output, failure = execute(cell, names)
            outputs.append(output)
            if failure:
                return outputs, failure
    return outputs, None
