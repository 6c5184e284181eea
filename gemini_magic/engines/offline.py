"""The engine without a key: scripted lessons, and code found in the prompt. It is no model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import ClassVar

from ..answer.calls import returned, written
from ..answer.document import write_part
from ..answer.parts import OK, Call, Code, Data, Event, Note, Part, Result, Text
from ..errors import LessonError, LessonMissing, RequestError
from ..keys import HOW
from ..lessons import shipped
from ..lessons.folders import lessons_of
from ..lessons.lesson import MISSING, SECONDS, Lesson, fill, fill_calls, names_in, printed
from ..lessons.matching import Question, find, nearest
from ..request.fingerprint import digest
from ..request.request import Request
from ..request.staging import files_of
from ..sandbox import Sandbox, wants_science
from .base import NO_FUNCTIONS, Caller, Ran, by_code, callable_by_code
from .here import prepared

LESSON = "offline engine: a scripted lesson, its code run here"
FENCED = "offline engine: no model; the code in the prompt run here"
ENDED = "the lesson ends here: its code failed, and what follows rests on it"

_WORD = re.compile(r"\S+\s*|\s+")
_SHOWN = 72
_UNREAD = 3  # lessons that are told of


@dataclass(frozen=True)
class Offline:
    """Answers from lessons and runs their code in the sandbox, so every result is a real one.

    `lessons` are those that it knows: the shipped ones, or a teacher's own from `lesson.read`.
    """

    name: ClassVar[str] = "offline"
    model: ClassVar[str] = ""
    lessons: tuple[Lesson, ...] = field(default_factory=shipped, repr=False)

    def stream(self, request: Request, call: Caller = NO_FUNCTIONS) -> Iterator[Event]:
        """Yield the lesson that answers the prompt, or the results of the prompt's own code.

        Raises LessonMissing if there is neither, RequestError for a file that is elsewhere,
        LessonError if JSON was asked for and the code that it rests on failed.
        """
        script, files = self._script(request), _files(request)
        yield Note(LESSON if script.title else FENCED)
        yield from map(Note, self._known(request)[1])
        yield from prepared(science=_needs_science(script))
        yield from _play(script, files, request, call)

    def check(self, request: Request) -> None:
        """Raise what `stream` would raise before it starts."""
        self._script(request)
        _files(request)

    def preview(self, request: Request) -> str:
        """Return what would be run here. Raises what `stream` does before it starts."""
        script, files = self._script(request), _files(request)
        unread = self._known(request)[1]
        what = f"the lesson {script.title!r}" if script.title else "the code in the prompt"
        blocks = "1 code block" if script.blocks == 1 else f"{script.blocks} code blocks"
        return (
            f"offline engine: nothing is sent; {what} would be run in the sandbox here "
            f"({blocks}, {script.seconds:g} s each)"
            + _listed(files)
            + "".join(f"\n  {line}" for line in unread)
        )

    def identity(self, request: Request) -> dict[str, str]:
        """Return the content of the lesson that answers, by its digest; nothing for other code."""
        lesson = find(request.prompt, self._known(request)[0])
        if lesson is None:
            return {}
        content = [lesson.seconds, *map(write_part, lesson.parts)]
        return {"lesson": digest(content)}

    def warm(self, request: Request) -> None:
        """Do nothing: what it needs is there at once."""

    def _known(self, request: Request) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
        """Return the user's own lessons, then ours, and a line for each that cannot be read."""
        own, unread = lessons_of(request.options.lessons)
        more = len(unread) - _UNREAD
        rest = (f"{more} more lessons cannot be read",) if more > 0 else ()
        return (*own, *self.lessons), (*unread[:_UNREAD], *rest)

    def _script(self, request: Request) -> Lesson:
        """Return what to play: a lesson, or the prompt's own code as one without a title."""
        lessons, unread = self._known(request)
        lesson = find(request.prompt, lessons)
        if lesson:
            _refuse_missing(lesson, request)
            return lesson
        python = Question.of(request.prompt).python
        if not python:
            raise _missing(request, lessons, unread)
        if request.output:
            raise RequestError("the code in a prompt gives no JSON: leave --json out")
        return Lesson("", (request.prompt,), tuple(Code(text) for text in python), SECONDS)


def _missing(request: Request, lessons: Sequence[Lesson], unread: Sequence[str]) -> LessonMissing:
    prompt, served = request.prompt, _served(request.options.local_base_url)
    known = " or ".join(map(_offered, nearest(prompt, lessons)))
    fence = "fence Python as ```python to run it; " if Question.of(prompt).fenced else ""
    lost = "".join(f"; {line}" for line in unread)
    return LessonMissing(
        f"no lesson answers {_short(prompt)!r} without a model: {fence}try {known}; "
        f"for Gemini, {HOW}{served}{lost}"
    )


def _served(address: str) -> str:
    """Return that a server of models runs on this machine, empty if none is found."""
    from .local.nearby import server_nearby

    found = server_nearby(address)
    return f"; {found} has models, and --engine local asks it" if found else ""


def _files(request: Request) -> dict[str, bytes]:
    """Return what the code finds in its folder."""
    for attachment in request.attachments:
        if attachment.data is None:
            raise RequestError(
                f"the offline engine has no network to fetch {attachment.uri!r}: name a local file"
            )
    return files_of(request.attachments)


def _refuse_missing(lesson: Lesson, request: Request) -> None:
    missing = sorted(lesson.functions - {declared.name for declared in request.functions})
    if missing:
        raise RequestError(
            f"the lesson {lesson.title!r} calls {missing[0]}(), which is not offered: define it, "
            f"and add --tool {missing[0]}"
        )
    absent = [name for name in lesson.files if name not in request.staged_names]
    if absent:
        raise RequestError(
            f"the lesson {lesson.title!r} reads {absent[0]}: give it a file of that kind with "
            "--data NAME or --file PATH"
        )
    if request.output and not lesson.shaped:
        raise RequestError(f"the lesson {lesson.title!r} answers in prose: leave --json out")


def _listed(files: Mapping[str, bytes]) -> str:
    return "".join(f"\n  {name}: {len(data):,} bytes" for name, data in files.items())


def _needs_science(script: Lesson) -> bool:
    """Return whether a block needs it: all then run there, and find what earlier ones left."""
    return any(wants_science(part.code) for part in script.parts if isinstance(part, Code))


def _play(
    script: Lesson, files: Mapping[str, bytes], request: Request, call: Caller
) -> Iterator[Event]:
    """Say the prose, run the code, in one sandbox, and make the calls, in turn."""
    said: dict[str, str] = {}
    calls: dict[str, str] = {}
    functions = callable_by_code(request.functions)
    science = _needs_science(script)
    with Sandbox(seconds=script.seconds, science=science, files=files) as sandbox:
        for place, part in enumerate(script.parts, 1):
            if isinstance(part, Text):
                yield from map(Text, _WORD.findall(fill(part.text, said)))
                continue
            if isinstance(part, Data):
                yield Data(fill(part.text, said))
                continue
            if isinstance(part, Call):
                made = yield from call(part.name, part.args)
                if isinstance(made, Ran):  # no lesson calls that
                    continue
                calls[written(made)] = repr(returned(made))
                said |= _told(made)
                continue
            code = replace(part, code=fill_calls(part.code, calls))
            yield code
            output, outcome = "", OK
            for result in sandbox.run_with(code.code, functions, by_code(call)):
                yield result
                if isinstance(result, Result):
                    output, outcome = output + result.output, result.outcome
            said |= printed(sandbox.printed) | _said(output, outcome)
            rest = script.parts[place:]
            if outcome != OK and _rests_on_failed(rest, said):
                yield Note(ENDED)
                _refuse_shape(script, rest, request, said["error"])
                return


def _rests_on_failed(rest: Sequence[Part], said: Mapping[str, str]) -> bool:
    """Return whether what follows code that failed cannot be said.

    That is prose, as far as the next code, that would quote what was not printed; and if no
    code follows that could mend it, all but prose about the error itself.
    """
    ahead = list(takewhile(lambda part: not isinstance(part, Code), rest))
    names = {
        name for part in ahead if isinstance(part, Text | Data) for name in names_in(part.text)
    }
    known = said.keys() | {written(part) for part in ahead if isinstance(part, Call)}
    is_last = rest and len(ahead) == len(rest)
    return not names <= known or bool(is_last and "error" not in names)


def _refuse_shape(script: Lesson, rest: Sequence[Part], request: Request, error: str) -> None:
    if request.output and any(isinstance(part, Data) for part in rest):
        raise LessonError(
            f"the lesson {script.title!r} has no JSON to give, as its code failed on what it was "
            f"given ({_short(error)}): give it other data"
        )


def _told(call: Call) -> dict[str, str]:
    """Return what prose may quote of a call: what it returned, or why it did not."""
    if call.error is None:
        return {written(call): str(returned(call))}
    return {written(call): call.error, "error": call.error}


def _said(output: str, outcome: str) -> dict[str, str]:
    """Return what prose may quote of a block as a whole: its output, the error's last line."""
    text = output.strip()
    if outcome == OK:
        return {"output": text}
    return {"output": text, "error": text.splitlines()[-1].strip() if text else MISSING}


def _offered(lesson: Lesson) -> str:
    """Return the shortest prompt of a lesson, with the flags that it needs."""
    flags = [f"--tool {name}" for name in sorted(lesson.functions)]
    flags += ["--file PATH"] if lesson.files else []
    prompt = repr(_short(min(lesson.prompts, key=len)))
    return f"{prompt} with {' '.join(flags)}" if flags else prompt


def _short(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
