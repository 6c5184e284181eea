"""One loop: what a model does is the same run by every wire, but for ids, usage and its words."""

import pytest
from conformance import (
    WIRES,
    End,
    Say,
    Script,
    Think,
    Use,
    can_say,
    code,
    document_of,
    facts,
    played,
    without_id,
)
from pydantic import BaseModel

from gemini_magic.answer.document import write_part
from gemini_magic.answer.parts import (
    FAILED,
    OK,
    TIMED_OUT,
    Call,
    Code,
    Data,
    Note,
    Result,
    Text,
    Thought,
)

pytestmark = pytest.mark.process


def temperature(city: str, unit: str = "c") -> float:
    """Return how warm it is in a city."""
    return {"Oslo": 3.5, "Zürich": 9.25}[city]


def stations(where: dict[str, list[int]]) -> int:
    """Count stations."""
    return sum(map(len, where.values()))


class Answer(BaseModel):
    value: int


BOTH = {"temperature": temperature, "stations": stations}
OSLO = Use("temperature", {"city": "Oslo"})
WARM = Call("temperature", {"city": "Oslo"}, {"result": 3.5})
KEYERROR = "KeyError: 'Rome'"
DIVIDED = (
    'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
    "    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n"
)
SYNTAX = "  File \"<string>\", line 1\n    print(\n         ^\nSyntaxError: '(' was never closed\n"
LONG = "".join(f"{n}\n" for n in range(2_000))
SEEN = f"{LONG[:67]}\n[{len(LONG) - 100:,} characters are left out]\n{LONG[-33:]}"
# Of the blocks after the first, tracebacks say which.
BLOCKS = (DIVIDED, DIVIDED.replace("<string>", "<string 2>"))

SCRIPTS = {
    "an answer": Script(((Say("It is 42."),),), (Text("It is 42."),)),
    "an answer in pieces": Script(((Say("It\0 is\0 \x0042\0."),),), (Text("It is 42."),)),
    "an answer in other scripts": Script(
        ((Say("Zürich \0→ 東京 \0🙂🏽 \0مرحبا"),),), (Text("Zürich → 東京 🙂🏽 مرحبا"),)
    ),
    "an answer with markup": Script(
        ((Say("<b>x</b> & `y` \0$5 and $6"),),), (Text("<b>x</b> & `y` $5 and $6"),)
    ),
    "an answer with a fence of another language": Script(
        ((Say("So:\n```js\0on\n[1]\n```\0\ndone"),),), (Text("So:\n```json\n[1]\n```\ndone"),)
    ),
    "an answer of many lines": Script(
        ((Say("\0".join(f"line {n}\n" for n in range(200))),),),
        (Text("".join(f"line {n}\n" for n in range(200))),),
    ),
    "thoughts": Script(
        ((Think("6 by \x007"), Say("42")),),
        (Thought("6 by 7"), Text("42")),
        options={"thoughts": True},
    ),
    "thoughts before code and after": Script(
        ((Think("compute"), code("print(42)")), (Think("so it is"), Say("42"))),
        (
            Thought("compute"),
            Code("print(42)"),
            Result(OK, "42\n"),
            Thought("so it is"),
            Text("42"),
        ),
        options={"thoughts": True},
    ),
    "code": Script(
        ((code("print(6 * 7)"),), (Say("42"),)),
        (Code("print(6 * 7)"), Result(OK, "42\n"), Text("42")),
    ),
    "code between words": Script(
        ((Say("I compute it.\n"), code("print(6 * 7)")), (Say("It is \x0042."),)),
        (Text("I compute it.\n"), Code("print(6 * 7)"), Result(OK, "42\n"), Text("It is 42.")),
    ),
    "code of several lines": Script(
        ((code("total = 0\nfor n in range(4):\n    total += n\n\nprint(total)"),), (Say("6"),)),
        (
            Code("total = 0\nfor n in range(4):\n    total += n\n\nprint(total)"),
            Result(OK, "6\n"),
            Text("6"),
        ),
    ),
    "code that holds fences and quotes": Script(
        ((code('s = """`x` ``` y"""\nprint(s, \'\\\\n\', "\'")'),), (Say("done"),)),
        (
            Code('s = """`x` ``` y"""\nprint(s, \'\\\\n\', "\'")'),
            Result(OK, "`x` ``` y \\n '\n"),
            Text("done"),
        ),
    ),
    "code that prints nothing": Script(
        ((code("x = 1"),), (Say("done"),)), (Code("x = 1"), Result(OK, ""), Text("done"))
    ),
    "code that prints other scripts": Script(
        ((code("print('東京 🙂')"),), (Say("done"),)),
        (Code("print('東京 🙂')"), Result(OK, "東京 🙂\n"), Text("done")),
    ),
    "code that writes to both streams": Script(
        ((code("import sys\nprint('a')\nprint('b', file=sys.stderr)"),), (Say("done"),)),
        (
            Code("import sys\nprint('a')\nprint('b', file=sys.stderr)"),
            Result(OK, "a\nb\n"),
            Text("done"),
        ),
    ),
    "variables stay from code to code": Script(
        ((code("x = 41"),), (code("print(x + 1)"),), (Say("42"),)),
        (Code("x = 41"), Result(OK, ""), Code("print(x + 1)"), Result(OK, "42\n"), Text("42")),
    ),
    "failed code, mended": Script(
        ((code("1 / 0"),), (Say("Oops.\n"), code("print(1)")), (Say("1"),)),
        (
            Code("1 / 0"),
            Result(FAILED, DIVIDED),
            Text("Oops.\n"),
            Code("print(1)"),
            Result(OK, "1\n"),
            Text("1"),
        ),
    ),
    "failed code, given up": Script(
        ((code("1 / 0"),), (Say("I cannot."),)),
        (Code("1 / 0"), Result(FAILED, DIVIDED), Text("I cannot.")),
        lacks=("offline",),
    ),
    "code that is no Python": Script(
        ((code("print("),), (code("print(1)"),), (Say("1"),)),
        (Code("print("), Result(FAILED, SYNTAX), Code("print(1)"), Result(OK, "1\n"), Text("1")),
    ),
    "two codes in one answer": Script(
        ((code("x = 1"), code("print(x)")), (Say("1"),)),
        (Code("x = 1"), Result(OK, ""), Code("print(x)"), Result(OK, "1\n"), Text("1")),
    ),
    "code that does not end": Script(
        ((code("while True: pass"),), (Say("I give up."),)),
        (
            Code("while True: pass"),
            Result(TIMED_OUT, "[stopped after 0.3 s]\n"),
            Text("I give up."),
        ),
        options={"max_code_seconds": 0.3},
        lacks=("offline",),
    ),
    "code that prints more than the model may see": Script(
        ((code("for n in range(2000): print(n)"),), (Say("many"),)),
        (Code("for n in range(2000): print(n)"), Result(OK, LONG, seen=SEEN), Text("many")),
        options={"max_seen_chars": 100},
        lacks=("offline",),
    ),
    "a call without code": Script(
        ((Use("run_python", {}),), (Say("done"),)),
        (Note("the model called run_python() without code"), Text("done")),
        lacks=("offline",),
    ),
    "a function": Script(((OSLO,), (Say("3.5"),)), (WARM, Text("3.5")), tools=BOTH),
    "a function between words": Script(
        ((Say("I look."), OSLO), (Say("3.5"),)), (Text("I look."), WARM, Text("3.5")), tools=BOTH
    ),
    "two functions in one answer": Script(
        ((OSLO, Use("stations", {"where": {"a": [1, 2], "b": []}})), (Say("done"),)),
        (WARM, Call("stations", {"where": {"a": [1, 2], "b": []}}, {"result": 2}), Text("done")),
        tools=BOTH,
    ),
    "functions one after the other": Script(
        ((OSLO,), (Use("temperature", {"city": "Zürich", "unit": "f"}),), (Say("done"),)),
        (
            WARM,
            Call("temperature", {"city": "Zürich", "unit": "f"}, {"result": 9.25}),
            Text("done"),
        ),
        tools=BOTH,
    ),
    "a function that fails": Script(
        ((Use("temperature", {"city": "Rome"}),), (Say("I do not know."),)),
        (Call("temperature", {"city": "Rome"}, None, KEYERROR), Text("I do not know.")),
        tools=BOTH,
    ),
    "a function that is not there": Script(
        ((Use("rain", {}),), (Say("done"),)),
        (
            Call("rain", {}, None, "there is no function 'rain'; there are: temperature, stations"),
            Text("done"),
        ),
        tools=BOTH,
        lacks=("offline",),
    ),
    "a function and code in one answer": Script(
        ((OSLO, code("print(1)")), (Say("done"),)),
        (WARM, Code("print(1)"), Result(OK, "1\n"), Text("done")),
        tools=BOTH,
    ),
    "code after a function": Script(
        ((OSLO,), (code("print(3.5 * 2)"),), (Say("7"),)),
        (WARM, Code("print(3.5 * 2)"), Result(OK, "7.0\n"), Text("7")),
        tools=BOTH,
    ),
    "code that calls a function": Script(
        ((code("print(temperature('Oslo') * 2)"),), (Say("7"),)),
        (Code("print(temperature('Oslo') * 2)"), WARM, Result(OK, "7.0\n"), Text("7")),
        tools=BOTH,
    ),
    "functions without an end": Script(
        ((OSLO,),),
        (WARM,) * 10,
        "CallMalformed",
        options={"code": False},
        tools=BOTH,
    ),
    "code without an end": Script(
        ((code("1"),),),
        (Code("1"), Result(OK, "")) * 3,
        "AnswerCut",
        options={"max_code_calls": 3},
    ),
    "code that only fails": Script(
        ((code("1 / 0"),),),
        tuple(part for said in BLOCKS for part in (Code("1 / 0"), Result(FAILED, said))),
        "AnswerCut",
        options={"max_code_failures": 2},
    ),
    "an answer cut by its bound": Script(
        ((Say("It is"), End("length")),), (Text("It is"),), "AnswerCut"
    ),
    "code cut by the bound of the answer": Script(
        ((Say("So:\n"), code("print(1)")), (Say("It is"), End("length"))),
        (Text("So:\n"), Code("print(1)"), Result(OK, "1\n"), Text("It is")),
        "AnswerCut",
    ),
    "an answer stopped by a filter": Script(
        ((Say("It is"), End("filter")),), (Text("It is"),), "Blocked"
    ),
    "a line that drops": Script(((Say("It is"), End("cut")),), (Text("It is"),), "ConnectionLost"),
    "a line that drops after code": Script(
        ((code("print(1)"),), (Say("It is"), End("cut"))),
        (Code("print(1)"), Result(OK, "1\n"), Text("It is")),
        "ConnectionLost",
    ),
    "a stream that does not say its end": Script(
        ((Say("42"), End("unsaid")),),
        (Text("42"), Note("the stream ended without saying that the answer is complete")),
    ),
    "a request that is refused after code": Script(
        ((code("print(1)"),), (End("refused"),)),
        (Code("print(1)"), Result(OK, "1\n")),
        "RequestRefused",
    ),
    "an empty answer, then one": Script(
        ((), (Say("42"),)),
        (Note("the answer was empty: asking once more"), Text("42")),
        lacks=("offline",),
    ),
    "an empty answer after code, then one": Script(
        ((code("print(1)"),), (), (Say("1"),)),
        (
            Code("print(1)"),
            Result(OK, "1\n"),
            Note("the answer was empty: asking once more"),
            Text("1"),
        ),
        lacks=("offline",),
    ),
    "nothing but empty answers": Script(
        ((),), (Note("the answer was empty: asking once more"),), "AnswerUnreadable"
    ),
    "nothing but thoughts": Script(
        ((Think("hm"),),), (Thought("hm"),), "AnswerUnreadable", options={"thoughts": True}
    ),
    "JSON": Script(
        ((Say('{"value": \x0042}'),),),
        (Data('{"value": 42}'),),
        value=Answer(value=42),
        json=Answer,
        options={"code": False},
    ),
    "JSON after code": Script(
        ((Say("I compute.\n"), code("print(42)")), (Say('{"value": 42}'),)),
        (Text("I compute.\n"), Code("print(42)"), Result(OK, "42\n"), Data('{"value": 42}')),
        value=Answer(value=42),
        json=Answer,
    ),
    "JSON in a fence": Script(
        ((Say('```json\n{"value"\0: 42}\n```'),),),
        (Data('```json\n{"value": 42}\n```'),),
        value=Answer(value=42),
        json=Answer,
    ),
    "JSON that does not fit": Script(
        ((Say('{"value": "x"}'),),), (Data('{"value": "x"}'),), "AnswerUnreadable", json=Answer
    ),
}


def wires_of(script):
    return [wire for wire in WIRES if can_say(wire, script)]


def played_by():
    """Each script by each wire that can say it; in the sample, by two of them in turn."""
    for place, (name, script) in enumerate(SCRIPTS.items()):
        wires = wires_of(script)
        for at, wire in enumerate(wires):
            sample = pytest.mark.torture(sample=(place + at) % len(wires) < 2)
            yield pytest.param(name, wire, id=f"{name}, by {wire.name}", marks=sample)


@pytest.mark.parametrize(("name", "wire"), [*played_by()])
def test_a_script_is_the_same_run_by_every_wire(name, wire, server, session, monkeypatch):
    script = SCRIPTS[name]
    run = played(wire, script, server, session, monkeypatch)
    states = {"": "done", "Blocked": "blocked"}
    assert facts(run) == {
        "parts": [without_id(write_part(part)) for part in script.gives],
        "error": script.error,
        "state": states.get(script.error, "failed"),
    }
    assert run.value == script.value


SAMPLE = ("code between words", "failed code, mended", "JSON after code", "a function")


@pytest.mark.parametrize("name", SAMPLE)
def test_all_of_the_document_is_the_same_by_every_wire(name, server, session, monkeypatch):
    """Its claims and what its code needs among it."""
    script = SCRIPTS[name]
    runs = [played(wire, script, server, session, monkeypatch) for wire in wires_of(script)]
    documents = [document_of(run) for run in runs]
    for document in documents[1:]:
        assert document == documents[0]


def test_there_are_about_forty_scripts_and_each_has_two_wires_at_least():
    assert len(SCRIPTS) >= 40
    assert all(len(wires_of(script)) >= 2 for script in SCRIPTS.values())
