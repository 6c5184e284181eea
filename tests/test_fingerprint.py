"""A fingerprint is what would be sent: each field counts, and nothing else does."""

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from pydantic import BaseModel

from gemini_magic.engines.offline import Offline
from gemini_magic.engines.registry import ROWS as ENGINES
from gemini_magic.engines.registry import answering, identity_of
from gemini_magic.lessons.lesson import read
from gemini_magic.options.parse import parse
from gemini_magic.options.settings import GeminiMagic
from gemini_magic.options.table import ROWS, Options
from gemini_magic.request.build import build
from gemini_magic.request.fingerprint import (
    facts_of,
    fingerprint,
    question,
    turn_digest,
)
from gemini_magic.request.question import Question
from gemini_magic.request.request import Request

HISTORY = ({"role": "user", "parts": [{"text": "a"}]},)


class Stats(BaseModel):
    mean: float


def warm(city: str, days: list[int] | None = None) -> float:
    """Return how warm it is."""
    return 1.0


def colder(city: str) -> float:
    """Return how cold it is."""
    return 1.0


NAMES = {"warm": warm, "Stats": Stats, "frame": {"a": [1, 2]}, "other": {"a": [1, 2]}, "n": 3}
LINE = "--tool warm --json Stats --data frame"


def request_of(cell="Sum {n}.", line=LINE, **names):
    options = parse(line, GeminiMagic())
    return build(Question(cell, options, {**NAMES, **names})).request


def printed(request, engine="gemini"):
    return fingerprint(facts_of(request, engine, identity_of(engine, request)))


# One other value for each option that a model can answer differently for.
OTHERS = {
    "model": "gemini-2.5-pro",
    "temperature": 0.0,
    "system": "Be brief.",
    "thinking": "low",
    "thoughts": True,
    "max_output_tokens": 100,
    "seed": 0,
    "code": False,
    "search": True,
    "url": True,
    "context": "kept",
    "run_code": "here",
    "private": True,
    "max_seen_chars": 10,
    "local_reads_pictures": True,
}
CHANGED = {
    **{
        f"--{name}": partial(lambda **options: in_options(**options), **{name: value})
        for name, value in OTHERS.items()
    },
    "the prompt": lambda: request_of("Sum {n}?"),
    "a variable in the prompt": lambda: request_of(n=4),
    "one value of the data": lambda: request_of(frame={"a": [1, 3]}),
    "the name of the data": lambda: request_of(line=LINE.replace("frame", "other")),
    "no data": lambda: request_of(line="--tool warm --json Stats"),
    "more data before it": lambda: request_of(
        line="--tool warm --json Stats --data other --data frame"
    ),
    "the function": lambda: request_of(warm=colder),
    "no function": lambda: request_of(line="--json Stats --data frame"),
    "the schema of the answer": lambda: request_of(Stats={"type": "object"}),
    "no schema": lambda: request_of(line="--tool warm --data frame"),
    "the start of a chat": lambda: replace(request_of(), history=()),
    "a turn of a chat": lambda: replace(request_of(), history=HISTORY),
    "a chat that said something else": lambda: replace(
        request_of(), history=({"role": "user", "parts": [{"text": "b"}]},)
    ),
}


def in_options(**options):
    request = request_of()
    return replace(request, options=replace(request.options, **options))


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_another_value_of_a_field_is_another_fingerprint(change):
    found = {name: printed(make()) for name, make in CHANGED.items()}
    found["as it was"] = printed(request_of())
    assert list(found.values()).count(printed(change())) == 1


def test_each_option_that_a_model_can_answer_differently_for_is_tried():
    assert set(OTHERS) == {row.field for row in ROWS if row.scope == "request"}


def test_each_field_of_a_request_is_tried_or_is_not_sent():
    tried = {"prompt", "options", "attachments", "history", "functions", "output", "kept"}
    # Notes are for the user; how a file is called counts those before it; digests of the history.
    assert set(Request.__dataclass_fields__) == tried | {"notes", "earlier", "turns"}


SAME = {
    "--out": "--out other",
    "--insert": "--insert all",
    "--static": "--static",
    "--verify": "--verify",
    "--timeout": "--timeout 7",
    "the flags in another order": "--data frame --json Stats --tool warm",
    "a default that is typed out": "--model gemini-3-flash-preview",
}


@pytest.mark.parametrize("line", SAME.values(), ids=SAME)
def test_what_only_says_how_an_answer_is_shown_does_not_count(line):
    flags = line if "--json" in line else f"{LINE} {line}"
    assert printed(request_of(line=flags)) == printed(request_of())


def test_data_that_stays_here_counts_by_its_content():
    line = "--run here --data frame"
    one, again, other = (
        printed(request_of(line=line, frame={"a": cells})) for cells in ([1, 2], [1, 2], [1, 3])
    )
    assert one == again != other
    assert request_of(line=line).kept


def test_the_key_and_the_host_of_google_do_not_count(monkeypatch):
    before = printed(request_of())
    monkeypatch.setenv("GEMINI_API_KEY", "AIza-another-key-of-somebody-else-0001")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://gateway.example/")
    assert printed(request_of()) == before


def test_the_path_of_a_file_does_not_count(tmp_path):
    names = [tmp_path / folder / "notes.txt" for folder in ("a", "b")]
    for name in names:
        name.parent.mkdir()
        name.write_text("one")
    first, second = (printed(request_of(line=f"--file {name}")) for name in names)
    assert first == second
    names[1].write_text("two")
    assert printed(request_of(line=f"--file {names[1]}")) != first


def test_the_order_of_keys_does_not_count():
    schema = {"type": "object", "properties": {"a": {}, "b": {}}}
    turned = {"properties": {"b": {}, "a": {}}, "type": "object"}
    assert printed(request_of(Stats=schema)) == printed(request_of(Stats=turned))


def test_the_engine_counts_and_the_question_is_the_same():
    kinds = [row.name for row in ENGINES if row.identity]
    assert len({printed(request_of(), kind) for kind in kinds}) == len(kinds)
    assert len({question(facts_of(request_of(), kind)) for kind in kinds}) == 1


def test_a_lesson_counts_by_its_content():
    text = '+++\nprompts = ["add"]\n+++\n```python\nprint(1 + {})\n```\n'
    request = Request("add")
    one, again, other = (Offline((read(text.format(n), "x"),)) for n in (1, 1, 2))
    assert one.identity(request) == again.identity(request) != other.identity(request)
    assert one.identity(Request("something else that no lesson knows")) == {}


def test_a_recording_has_no_fingerprint():
    assert identity_of("replay:a.json", Request("add")) is None


def test_without_credentials_any_engine_may_have_answered():
    assert answering(Request("add"), env={}) == ("offline", "gemini", "vertex")
    assert answering(Request("add"), env={"GEMINI_API_KEY": "k" * 20}) == ("gemini",)
    asked = Request("add", Options(engine="vertex"))
    assert answering(asked, env={}) == ("vertex",)


def test_a_chat_counts_by_its_turns_wherever_they_come_from():
    whole = replace(request_of(), history=HISTORY)
    told = replace(whole, turns=(turn_digest(HISTORY),))
    assert printed(whole) == printed(told)
    assert printed(replace(told, history=())) != printed(replace(request_of(), history=()))


CODE = """
from test_fingerprint import printed, request_of
print(printed(request_of()))
"""


@pytest.mark.process
def test_it_is_the_same_in_every_process():
    found = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {printed(request_of())}


def test_it_stays_the_same_from_version_to_version():
    """A recording of last year answers: whoever changes this makes all of them useless."""
    asked = build(
        Question("Sum {n}.", parse("-m gemini-2.5-pro --data frame -t 1", GeminiMagic()), NAMES)
    ).request
    assert printed(asked) == "63b0799426947aa247da216f4123233a8d16497de0f41d9c519763520094d71c"
