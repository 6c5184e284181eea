"""Streams as values, played through every wire: what a model does must be the same run by each.

A script says what the model does, request by request, and each wire has it said in its own words:
Gemini's `generateContent`, chat completions with tools, the same without, and a lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import completions
from completions import CHAT
from loopback import CUT, GENERATE, Answer, refusal, said, stream

from gemini_magic.answer.document import write_part
from gemini_magic.answer.parts import Call, Code, Note, Part, Text
from gemini_magic.engines.offline import Offline
from gemini_magic.errors import GeminiError
from gemini_magic.lessons.lesson import Lesson
from gemini_magic.line import answer, ask
from gemini_magic.options.table import Options
from gemini_magic.request.build import build
from gemini_magic.request.question import Question
from gemini_magic.runs.run import Run
from gemini_magic.views.session import Session

KEY = "AIza-a-key-that-nobody-must-see-00001"
GEMINI = "gemini-3-flash-preview"
PROMPT = "What is 6 times 7?"


@dataclass(frozen=True)
class Say:
    """Prose, or JSON where that was asked for; `\0` parts what comes in pieces."""

    text: str


@dataclass(frozen=True)
class Think:
    text: str


@dataclass(frozen=True)
class Use:
    """A call of a function: `args` are what the model writes."""

    name: str
    args: Any


def code(text: str) -> Use:
    """A call to run code."""
    return Use("run_python", {"code": text})


@dataclass(frozen=True)
class End:
    """How a stream ends: "stop", "length", "filter", "unsaid", or "cut", by a line that drops."""

    how: str


Turn = tuple[Say | Think | Use | End, ...]


@dataclass(frozen=True)
class Script:
    """What the model does at each request, the last for ever, and the run that it must be.

    `gives` are its parts, and `error` is the name of the error that ends it. `lacks` are wires that
    have no words for it.
    """

    turns: tuple[Turn, ...]
    gives: tuple[Part, ...] = ()
    error: str = ""
    value: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    tools: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    json: Any = None
    lacks: tuple[str, ...] = ()


class Gemini:
    """`generateContent`, where code runs here."""

    name = "generateContent"
    options = Options(engine="gemini", model=GEMINI, run_code="here")
    _ENDS: Mapping[str, str] = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"}

    def serve(self, server: Any, script: Script, monkeypatch: Any) -> Options:
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        server.on(GENERATE, *map(self._answer, script.turns))
        return self.options

    def _answer(self, turn: Turn) -> Answer:
        chunks: list[Any] = []
        for item in turn:
            match item:
                case Say(text):
                    chunks += [said({"text": piece}) for piece in text.split("\0")]
                case Think(text):
                    chunks += [said({"text": piece, "thought": True}) for piece in text.split("\0")]
                case Use(name, args):
                    chunks.append(said({"functionCall": {"name": name, "args": args}}))
                case End("cut"):
                    return stream(*chunks, CUT)
                case End("unsaid"):
                    return stream(*chunks)
                case End("refused"):
                    return refusal(422, "INVALID_ARGUMENT", "no")
                case End(how):
                    return stream(*chunks, said(finishReason=self._ENDS[how]))
        return stream(*chunks, said(finishReason="STOP"))


class Chat:
    """Chat completions whose server has tools."""

    name = "chat completions"
    _ENDS: Mapping[str, str] = {"stop": "stop", "length": "length", "filter": "content_filter"}

    def serve(self, server: Any, script: Script, monkeypatch: Any) -> Options:
        server.on(CHAT, *map(self._answer, script.turns))
        address = f"{server.url}/v1"
        return Options(engine="local", model=completions.MODEL, local_base_url=address)

    def _answer(self, turn: Turn) -> Answer:
        chunks: list[Any] = []
        for place, item in enumerate(turn):
            match item:
                case Say(text):
                    chunks += map(completions.text, text.split("\0"))
                case Think(text):
                    pieces = text.split("\0")
                    chunks += [completions.chunk({"reasoning_content": piece}) for piece in pieces]
                case Use(name, args):
                    chunks += self._use(name, args, place)
                case End("cut"):
                    return completions.streamed(*chunks, CUT, finish=None)
                case End("unsaid"):
                    return completions.streamed(*chunks, finish=None)
                case End("refused"):
                    return completions.refuses(422, "no")
                case End(how):
                    return completions.streamed(*chunks, finish=self._ENDS[how])
        return completions.streamed(*chunks)

    def _use(self, name: str, args: Any, place: int) -> list[bytes]:
        return completions.called(name, args, f"call_{place}", place)


class Fences(Chat):
    """Chat completions whose server has none: the model fences its Python."""

    name = "fences"

    def serve(self, server: Any, script: Script, monkeypatch: Any) -> Options:
        options = super().serve(server, script, monkeypatch)
        if script.options.get("code", True):
            refused = completions.refuses(400, f"{completions.MODEL} does not support tools")
            server.on(CHAT, refused, *map(self._answer, script.turns))
        return options

    def _use(self, name: str, args: Any, place: int) -> list[bytes]:
        fenced = f"```python\n{args['code']}\n```\n"
        return [completions.text(fenced[at : at + 7]) for at in range(0, len(fenced), 7)]


class Lessons:
    """A lesson: it says and runs what the model would."""

    name = "offline"

    def lesson(self, script: Script) -> Lesson:
        parts = tuple(self._part(item) for turn in script.turns for item in turn)
        return Lesson("conformance", (PROMPT,), parts, script.options.get("max_code_seconds", 30))

    def _part(self, item: Any) -> Part:
        match item:
            case Use("run_python", args):
                return Code(args["code"])
            case Use(name, args):
                return Call(name, args)
        return Text(item.text.replace("\0", ""))


WIRES = (Gemini(), Chat(), Fences(), Lessons())


def can_say(wire: Any, script: Script) -> bool:
    """Return whether a wire has words for all of a script."""
    if wire.name in script.lacks:
        return False
    items = [item for turn in script.turns for item in turn]
    uses = [item for item in items if isinstance(item, Use)]
    if isinstance(wire, Lessons):
        plain = not script.error and all(isinstance(item, Say | Use) for item in items)
        return plain and script.json is None
    if isinstance(wire, Fences):
        only_code = all(use.name == "run_python" and "code" in use.args for use in uses)
        one_a_turn = all(sum(isinstance(i, Use) for i in turn) <= 1 for turn in script.turns)
        return only_code and one_a_turn and not script.tools
    return True


def played(wire: Any, script: Script, server: Any, session: Session, monkeypatch: Any) -> Run:
    """Return the run of a script by one wire; one that breaks is returned as it is then."""
    more = {"tools": script.tools, "json": script.json}
    try:
        if isinstance(wire, Lessons):
            built = build(Question(PROMPT, **more))
            run = Run(built.request, "offline")
            engine = Offline((wire.lesson(script),))
            return answer(run, engine, call=built.functions.answer, read=built.read)
        options = replace(wire.serve(server, script, monkeypatch), **script.options)
        return ask(Question(PROMPT, options, **more), session)
    except GeminiError as exc:
        assert exc.run is not None, exc
        return exc.run


# How notes begin that say which engine answers, and how.
OWN = ("offline engine: ", "qwen3:8b calls no functions here")


def facts(run: Run) -> dict[str, Any]:
    """Return the parts of a run and the name of its error, without what a wire has of its own.

    These are its ids, the lines that say how the engine began, and the words of its error.
    """
    return {
        "parts": [without_id(write_part(part)) for part in run.parts if not is_own(part)],
        "error": (run.error or "").partition(":")[0],
        "state": run.state,
    }


def document_of(run: Run) -> dict[str, Any]:
    """Return the document of a run that is done, as if it had no lines of its engine's own."""
    plain = Run(replace(run.request, options=Options(), attachments=()))
    with plain.tracking():
        for part in run.parts:
            if not is_own(part):
                plain.add(part)
    document = plain.to_dict()
    return {**document, "parts": [without_id(part) for part in document["parts"]]}


def is_own(part: Part) -> bool:
    return isinstance(part, Note) and part.text.startswith(OWN)


def without_id(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "id"}
