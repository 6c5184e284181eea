"""Recordings to put into stores and files, and notebooks that hold some."""

import json
from datetime import UTC, datetime, timedelta

import nbformat

from gemini_magic.answer.document import MIME
from gemini_magic.answer.parts import Code, Image, Result, Text
from gemini_magic.engines.recordings.recording import Recording
from gemini_magic.request.fingerprint import digest
from gemini_magic.runs.recorded import metadata_of
from gemini_magic.runs.run import Run
from gemini_magic.runs.saved import mimebundle

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
STATS = {"seconds": 1.5, "times": [0.0, 1.0], "calls": {}, "usage": {"total": 30}, "reply": None}


def recording(prompt="add", text="1", picture=b"", minutes=0, **facts):
    """A recording of a prompt that was asked `minutes` after a certain noon."""
    parts = [Code("print(1)"), Result(output="1\n"), Text(text)]
    parts += [Image("image/png", picture)] if picture else []
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return Recording(
        {"prompt": digest(prompt), "model": "m", "engine": "gemini", **facts},
        moment.isoformat(timespec="microseconds"),
        "gemini",
        "m",
        prompt,
        tuple(parts),
        STATS,
    )


def notebook(path, *runs, before=False):
    """Save a notebook that shows these runs, or many rows; `before` with nothing beside them."""
    outputs = []
    for run in runs:
        if isinstance(run, Run):
            data, beside = mimebundle(run), {MIME: {**metadata_of(run), "display": run.display}}
        else:
            data, beside = run._repr_mimebundle_()
        data, beside = json.loads(json.dumps([data, {} if before else beside]))
        outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=beside))
    cells = [nbformat.v4.new_code_cell("%%gemini_exec", outputs=[each]) for each in outputs]
    made = nbformat.v4.new_notebook(cells=cells)
    nbformat.validate(made)
    nbformat.write(made, path)
    return path
