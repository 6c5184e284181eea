"""The prompts of Google's guide by `--engine local`, its model scripted: as they run offline."""

import pytest
from completions import CHAT, called, streamed, text

from gemini_magic.answer.parts import Code, Note, Result, Text
from gemini_magic.engines.offline import Offline
from gemini_magic.lessons import shipped
from gemini_magic.lessons.lesson import SECONDS
from gemini_magic.line import answer
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.runs.run import Run
from gemini_magic.sandbox import wants_science

pytestmark = pytest.mark.process
# What needs neither functions nor files of the user's, nor numpy and pandas, nor runs into a clock.
LESSONS = {
    lesson.title: lesson
    for lesson in shipped()
    if not (lesson.functions or lesson.files or lesson.shaped or lesson.seconds < SECONDS)
    and not any(isinstance(part, Code) and wants_science(part.code) for part in lesson.parts)
}


def offline(prompt):
    request = build(Question(prompt)).request
    run = answer(Run(request, "offline"), Offline())
    return [part for part in run.parts if not isinstance(part, Note)]


def turns(parts):
    """What a model would say to give these parts, answer by answer."""
    chunks = []
    for part in parts:
        match part:
            case Text(said):
                chunks += map(
                    text, said.split(" ", 1)[:1] + [f" {s}" for s in said.split(" ", 1)[1:]]
                )
            case Code(code):
                yield streamed(*chunks, *called("run_python", {"code": code}), finish="tool_calls")
                chunks = []
    yield streamed(*(chunks or [text("Done.")]))


@pytest.mark.parametrize("title", LESSONS)
def test_a_prompt_of_the_guide_is_the_same_run(title, server, local):
    prompt = LESSONS[title].prompts[0]
    parts = offline(prompt)
    server.on(CHAT, *turns(parts))
    run = local(prompt)
    came = [part for part in run.parts if not isinstance(part, Note)]
    assert came[: len(parts)] == parts
    assert [part for part in came if isinstance(part, Result)]


def test_the_guides_prompts_are_among_them():
    prompts = [prompt for lesson in LESSONS.values() for prompt in lesson.prompts]
    assert len(LESSONS) >= 12
    assert "What is the sum of the first 50 prime numbers? Generate and run code." in prompts
    assert "Calculate the factorial of 20. Show your work with code." in prompts
    assert "Calculate pi using the Monte Carlo method with 10000 samples." in prompts
