"""Ask an engine, or give a command of `%gemini`, and get the answer or the error."""

import traceback
from dataclasses import fields, replace

import pytest

from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.errors import GeminiError
from gemini_magic.line import answer
from gemini_magic.options.table import Options
from gemini_magic.request.build import Built
from gemini_magic.request.functions import Functions
from gemini_magic.request.request import Request
from gemini_magic.runs.run import Run

KEY = "AIza-a-key-that-nobody-must-see-00001"
MODEL = "gemini-2.5-pro"


def gemini(server, model=MODEL, **options):
    return Gemini(Connection(KEY, base_url=server.url), model, **options)


def built(prompt, functions=None, output=None, options=None, **more):
    """Return what a prompt becomes: `more` are options, and the other parts of a request."""
    functions = functions or Functions()
    names = {field.name for field in fields(Options)}
    own = {name: more.pop(name) for name in names & set(more)}
    options = replace(options or Options(), **own)
    request = Request(
        prompt,
        options,
        functions=functions.declarations,
        output=output.schema if output else None,
        **more,
    )
    return Built(request, functions, output)


def request_of(prompt, **more):
    return built(prompt, **more).request


def play(engine, asked):
    """Return the run of what was `built`; one that breaks raises its error."""
    run = Run(asked.request, engine.name, engine.model)
    return answer(run, engine, call=asked.functions.answer, read=asked.read)


def run_of(engine, prompt="add", **more):
    return play(engine, built(prompt, **more))


def failure_of(engine, kind, prompt="add", **more):
    """Return the error of a run that must break: one line, of just this kind, without the key."""
    with pytest.raises(GeminiError) as caught:
        run_of(engine, prompt, **more)
    assert type(caught.value) is kind, caught.value
    assert "\n" not in str(caught.value)
    assert KEY[:10] not in "".join(traceback.format_exception(caught.value))
    assert KEY[:10] not in str(caught.value.run.to_dict())
    return caught.value


def commands(shell, capsys):
    """Return what gives a command in a shell: it returns what was printed, or the error's line."""

    def give(line):
        capsys.readouterr()
        result = shell.run_cell(f"%gemini {line}")
        shown = capsys.readouterr()
        if result.success:
            return shown.out.rstrip("\n")
        assert isinstance(result.error_in_exec, GeminiError)
        assert "Traceback" not in shown.out + shown.err
        assert KEY[:10] not in shown.out + shown.err
        return f"{type(result.error_in_exec).__name__}: {result.error_in_exec}"

    return give
