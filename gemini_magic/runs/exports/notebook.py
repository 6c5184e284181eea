"""A run as a notebook: https://nbformat.readthedocs.io/en/latest/format_description.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...answer.document import MIME
from ...answer.insertion import cells_of
from ...engines.registry import ROWS
from ...sanitize import writable
from ..recorded import metadata_of
from ..run import Run
from ..saved import mimebundle

_MINOR = 5
# A word of a document that can stand in a line of options: it may be anybody's.
_WORD = re.compile(r"[A-Za-z0-9][\w./@:-]*", re.ASCII)
# Where no model can be asked, "Run all" goes on to the code, which needs none:
# https://nbclient.readthedocs.io/en/latest/client.html
_GOES_ON = {"tags": ["raises-exception"]}
# Those that a name alone tells.
_ENGINES = frozenset(row.name for row in ROWS if not row.takes)


def to_notebook(*runs: Run) -> dict[str, Any]:
    """Return runs as a notebook of the format 4: the prompt with what came, then the code that the
    answer needs, each attempt in a cell, which runs where no model can be asked, too.
    `Run.from_notebook` reads the runs back."""
    cells = [_cell("%load_ext gemini_magic"), *(cell for run in runs for cell in _cells(run))]
    return {
        "nbformat": 4,
        "nbformat_minor": _MINOR,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "cells": [{"id": f"gemini-{at}", **cell} for at, cell in enumerate(cells)],
    }


def as_node(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook as nbformat's own dict, which its functions take, where nbformat is."""
    try:
        from nbformat import from_dict
    except ImportError:
        return notebook
    node: dict[str, Any] = from_dict(notebook)
    return node


def _cells(run: Run) -> Iterator[dict[str, Any]]:
    yield {**_cell(_asking(run), _output(run)), "metadata": _GOES_ON}
    yield from map(_cell, filter(None, [run.staging, *cells_of(run.steps, "needed")]))


def _cell(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": list(outputs),
        "source": writable(source),
    }


def _asking(run: Run) -> str:
    """Return the cell that asks the same again."""
    return "\n".join((" ".join(_line(run)), run.to_dict()["prompt"]))


def _line(run: Run) -> Iterator[str]:
    yield "%%gemini_exec"
    if run.engine in _ENGINES:
        yield f"--engine {run.engine}"
    if run.engine in _ENGINES and _WORD.fullmatch(run.model):
        yield f"--model {run.model}"
    # What stood in braces was replaced when it was asked.
    yield "--raw"


def _output(run: Run) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "data": mimebundle(run),
        "metadata": {MIME: metadata_of(run)},
    }
