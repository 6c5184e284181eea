"""A lesson calls the reader's own functions, reads files that were given, and answers in JSON."""

import pytest
from asking import built, request_of, run_of
from lesson_needs import offered, table

from gemini_magic.answer.parts import Call, Code, Data, Note
from gemini_magic.engines.offline import ENDED, Offline
from gemini_magic.errors import AnswerUnreadable, LessonError, RequestError
from gemini_magic.lessons.lesson import read
from gemini_magic.request.request import Request
from gemini_magic.request.schemas import output_of
from gemini_magic.runs.run import Run

pytestmark = pytest.mark.process

CALLS = """
```call
temperature(city='Oslo')
```

Oslo has {{temperature(city='Oslo')}}.

```call
temperature(city='Atlantis')
```

Atlantis: {{temperature(city='Atlantis')}}; {{error}}.

```python
found = [{{temperature(city='Oslo')}}, {{temperature(city='Atlantis')}}]
print("known:", [value for value in found if value is not None])
```

Known are {{known}}.
"""
FILE = "```python\nprint('size:', len(open('input_file_0.csv').read()))\n```\n{{size}}"
SHAPED = "```python\nprint('a: 7')\n```\n```json\n{\"a\": {{a}}}\n```\n"


def temperature(city: str) -> float:
    return {"Oslo": 4.5}[city]


def engine(body: str) -> Offline:
    return Offline((read(f'+++\ntitle = "T"\nprompts = ["p q"]\n+++\n{body}'),))


def ask(body: str, **more) -> Run:
    return run_of(engine(body), "p q", **more)


def test_a_function_of_the_reader_is_called_with_what_the_lesson_says():
    asked = []

    def weather(city: str, days: list[int]) -> str:
        asked.append((city, days))
        return "rain"

    run = ask("```call\nweather(city='Oslo', days=[1, 2])\n```\n", functions=offered(weather))
    assert asked == [("Oslo", [1, 2])]
    args = {"city": "Oslo", "days": [1, 2]}
    assert run.parts[1:] == [Call("weather", args, {"result": "rain"}, None)]


def test_a_call_is_shown_before_its_function_has_returned():
    seen = []

    def slow() -> int:
        seen.append(running)
        return 1

    running: list[object] = []
    asked = built("p q", functions=offered(slow))
    stream = engine("```call\nslow()\n```\n").stream(asked.request, asked.functions.answer)
    for part in stream:
        running.append(part)
        if part == Call("slow", {}):
            assert seen == []
    assert running[1:] == [Call("slow", {}), Call("slow", {}, {"result": 1}, None)]


def test_prose_and_code_say_what_a_call_returned():
    run = ask(CALLS, functions=offered(temperature))
    assert "Oslo has 4.5." in run.text
    assert (run.code or "").startswith("found = [4.5, None]")
    assert run.text.endswith("Known are [4.5].")


def test_prose_says_why_a_call_failed_and_code_gets_none():
    run = ask(CALLS, functions=offered(temperature))
    assert "Atlantis: KeyError: 'Atlantis'; KeyError: 'Atlantis'." in run.text
    assert run.output == "known: [4.5]\n"


def test_a_call_that_ends_well_leaves_the_error_before_it_to_be_quoted():
    body = "```call\nf(n=0)\n```\n```call\nf(n=2)\n```\n{{f(n=2)}}: {{error}}"

    def f(n: int) -> float:
        return 1 / n

    assert ask(body, functions=offered(f)).text == "0.5: ZeroDivisionError: division by zero"


def test_text_that_a_function_returned_is_a_value_in_code_and_never_code():
    def name() -> str:
        return "'); print('REACHED') #{{error}}"

    run = ask(
        "```call\nname()\n```\n```python\nprint(len({{name()}}))\n```\n{{name()}}",
        functions=offered(name),
    )
    assert run.output == f"{len(name())}\n"
    assert run.text == name()


def test_a_call_that_the_reader_refuses_is_told_and_not_made():
    run = ask(CALLS, functions=offered(temperature, permits=False))
    assert "Oslo has refused by the user." in run.text
    assert (run.code or "").startswith("found = [None, None]")


def test_a_function_that_is_not_offered_is_one_line_before_anything_runs():
    line = r"^the lesson 'T' calls temperature\(\), which is not offered: define it, and add --tool"

    def other() -> int:
        return 1

    for functions in (None, offered(other)):
        with pytest.raises(RequestError, match=line):
            next(engine(CALLS).stream(request_of("p q", functions=functions)))
        with pytest.raises(RequestError, match=line):
            engine(CALLS).preview(request_of("p q", functions=functions))


def test_a_file_that_is_not_given_is_one_line_before_anything_runs():
    line = "^the lesson 'T' reads input_file_0.csv: give it a file of that kind with --data NAME"
    with pytest.raises(RequestError, match=line):
        next(engine(FILE).stream(Request("p q")))
    assert ask(FILE, attachments=table("a\n1\n")).text == "4"


def test_a_run_with_calls_is_a_lesson_that_calls_again():
    first = ask(CALLS, functions=offered(temperature))
    lesson = read(first.to_markdown())
    assert [part for part in lesson.parts if isinstance(part, Call)] == [
        Call("temperature", {"city": "Oslo"}),
        Call("temperature", {"city": "Atlantis"}),
    ]
    assert [part.code for part in lesson.parts if isinstance(part, Code)] == [first.code]


def test_a_shaped_answer_says_what_was_printed_and_becomes_a_value():
    run = ask(SHAPED, output=output_of("Shape", {"properties": {"a": {"type": "integer"}}}))
    assert run.parts[-1] == Data('{"a": 7}')
    assert run.value == {"a": 7}


def test_a_shaped_answer_that_does_not_fit_fails_the_run():
    with pytest.raises(AnswerUnreadable, match="does not fit Shape"):
        ask(SHAPED, output=output_of("Shape", {"properties": {"a": {"type": "string"}}}))


BROKEN = SHAPED.replace("print(", "{}['a']; print(")


def test_a_shaped_lesson_whose_code_failed_says_so_and_why():
    line = (
        r"^the lesson 'T' has no JSON to give, as its code failed on what it was given \(KeyError: "
    )
    with pytest.raises(LessonError, match=line) as caught:
        ask(BROKEN, output=output_of("Shape", {}))
    assert "'a'" in str(caught.value)
    assert (caught.value.run.parts[-1], caught.value.run.state) == (Note(ENDED), "failed")


def test_without_a_shape_a_lesson_whose_code_failed_shows_no_json():
    run = ask(BROKEN)
    assert (run.parts[-1], run.data, run.state) == (Note(ENDED), "", "done")


def test_without_a_shape_the_json_is_shown_all_the_same():
    run = ask(SHAPED)
    assert (run.data, run.value) == ('{"a": 7}', None)


def test_a_lesson_in_prose_refuses_a_shape():
    with pytest.raises(RequestError, match="answers in prose: leave --json out"):
        ask("prose", output=output_of("Shape", {}))
