"""A lesson: a scripted run, read from Markdown, whose code is run anew each time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..answer.markdown import ASIDE, FENCE, FRONT, read_call
from ..answer.parts import Call, Code, Data, Text
from ..errors import LessonError

SECONDS = 30.0
MISSING = "(not printed)"

_SPACED = re.compile(r"^ (?= *(?:>|`{3,}(?:python|call|json|output)))")
_PLACE = re.compile(r"\{\{\s*([^{}\n]+?)\s*\}\}")
_NAMED = re.compile(r"[^=:]*[=:]")
_FILE = re.compile(r"""["'](input_file_\d+\.\w+)["']""")


@dataclass(frozen=True)
class Lesson:
    """A scripted run: the prompts it answers, then prose, code and calls in turn.

    `seconds` is the time that the sandbox gives each code block. A call is one of a function that
    the reader offers; its result comes from running that.
    """

    title: str
    prompts: tuple[str, ...]
    parts: tuple[Text | Code | Call | Data, ...]
    seconds: float = SECONDS

    @property
    def blocks(self) -> int:
        """How many code blocks it runs."""
        return sum(isinstance(part, Code) for part in self.parts)

    @property
    def functions(self) -> frozenset[str]:
        """The names of the functions that it calls."""
        return frozenset(part.name for part in self.parts if isinstance(part, Call))

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files along with the prompt that its code reads."""
        codes = (part.code for part in self.parts if isinstance(part, Code))
        return tuple(dict.fromkeys(name for code in codes for name in _FILE.findall(code)))

    @property
    def shaped(self) -> bool:
        """Whether it answers with JSON."""
        return any(isinstance(part, Data) for part in self.parts)


def read(text: str, name: str = "lesson") -> Lesson:
    """Read a lesson, or a run that `markdown.write` wrote.

    Results and asides are passed over, as results come from running. `name` is what an error
    calls the text. Raises LessonError where the front matter or a fence is wrong.
    """
    front, body = _split(text, name)
    unknown = sorted(front.keys() - {"title", "prompts", "seconds"})
    if unknown:
        raise LessonError(f"{name}: {unknown[0]!r} means nothing in the front matter")
    prompts, seconds = front.get("prompts"), front.get("seconds", SECONDS)
    if not isinstance(prompts, list) or not prompts or not all(isinstance(p, str) for p in prompts):
        raise LessonError(f'{name}: the front matter needs prompts = ["…"], not {prompts!r}')
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 30:
        raise LessonError(f"{name}: seconds must be over 0 and at most 30, not {seconds!r}")
    title = str(front.get("title", name))
    return Lesson(title, tuple(prompts), tuple(_parts(body, name)), float(seconds))


def _split(text: str, name: str) -> tuple[dict[str, Any], list[str]]:
    lines = text.split("\n")
    if lines[0].rstrip() != FRONT or FRONT not in (later := [line.rstrip() for line in lines[1:]]):
        raise LessonError(f"{name}: a lesson begins with front matter between two {FRONT} lines")
    end = later.index(FRONT) + 1
    try:
        return tomllib.loads("\n".join(lines[1:end])), lines[end + 1 :]
    except tomllib.TOMLDecodeError as exc:
        raise LessonError(f"{name}: the front matter is not TOML: {exc}") from exc


def _parts(lines: list[str], name: str) -> Iterator[Text | Code | Call | Data]:
    prose: list[str] = []
    rest = iter(lines)
    for line in rest:
        fence = FENCE.fullmatch(line)
        if not fence and not ASIDE.fullmatch(line):
            prose.append(_SPACED.sub("", line))
            continue
        yield from _prose(prose)
        prose.clear()
        if fence:
            inside = "\n".join(_fenced(rest, fence["mark"], name))
            if fence["info"] == "python":
                yield Code(inside)
            elif fence["info"] == "json":
                yield Data(inside)
            elif fence["info"] == "call":
                yield _call(inside, name)
    yield from _prose(prose)


def _call(text: str, name: str) -> Call:
    call = read_call(text)
    if call is None:
        raise LessonError(f"{name}: {text!r} is no call: write it as weather(city='Paris')")
    return Call(*call)


def _prose(lines: list[str]) -> Iterator[Text]:
    text = "\n".join(lines).strip("\n")
    if text:
        yield Text(text)


def _fenced(rest: Iterator[str], mark: str, name: str) -> Iterator[str]:
    for line in rest:
        if line.rstrip() == mark:
            return
        yield line
    raise LessonError(f"{name}: a fence of {mark} is not closed")


def printed(output: str) -> dict[str, str]:
    """Return what an output says by name: its lines `name=value` and `name: value`."""
    names = {}
    for line in output.split("\n"):
        head = _NAMED.match(line)
        if head:
            names[head[0][:-1].strip()] = line[head.end() :].strip()
    return {name: value for name, value in names.items() if name and value}


def quoted(prose: str) -> set[str]:
    """Return the names that prose quotes."""
    return set(_PLACE.findall(prose))


def fill_calls(code: str, calls: Mapping[str, str]) -> str:
    """Put what functions returned into code: each `{{temperature(city='Oslo')}}` of `calls`."""
    return _PLACE.sub(lambda match: calls.get(match[1], match[0]), code)


def fill(prose: str, names: Mapping[str, str]) -> str:
    """Put what was printed into prose: each `{{name}}` becomes what the run printed for the name.

    A name that nothing was printed for becomes `MISSING`: a lesson never claims a result.
    """
    return _PLACE.sub(lambda match: names.get(match[1], MISSING), prose)
