"""A lesson: a scripted run, whose code is run anew each time; and its format, read and written.

The format is Markdown with four kinds of line that mean something, all at column 0:

* a front matter of TOML between two `+++` lines, with the prompts,
* a fence ```` ```python ```` holds code and ```` ```output ```` what it printed,
* a fence ```` ```call ```` holds a call of a function of the notebook, and ```` ```json ```` an
  answer of a certain shape,
* a line that is `>` or begins with `> ` is an aside: thoughts, notes, pictures, sources.

Everything else is prose. Prose that looks like one of these is moved in by a space, which Markdown
renders the same and `read` takes back, as mail does it (RFC 3676, 4.4).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from ..answer.calls import read_call, written
from ..answer.markdown import fenced, quoted
from ..answer.parts import OK, Call, Code, Data, Part, Text
from ..answer.shown import Aside, Block, Download, Group, Line, Picture, Prose, Shown, shown_all
from ..answer.steps import Step
from ..errors import LessonError

SECONDS = 30.0
MISSING = "(not printed)"

_FRONT = "+++"
_FENCE = re.compile(r"(?P<mark>`{3,})(?P<info>python|call|json|output(?: \w+)?)\s*")
_ASIDE = re.compile(r">(?: .*)?", re.DOTALL)
_LOOKS_SO = r"(?= *(?:>|`{3,}(?:python|call|json|output)))"
_UNSPACED = re.compile(rf"^{_LOOKS_SO}", re.MULTILINE)
_SPACED = re.compile(rf"^ {_LOOKS_SO}")
# Behind a backslash it is no placeholder, which Markdown renders the same.
_PLACE = re.compile(r"(?<!\\)(\\*)\{\{\s*([^{}\n]+?)\s*\}\}")
_NAMED = re.compile(r"[^=:]*[=:]")
_FILE = re.compile(r"""["'](input_file_\d+\.\w+)["']""")


@dataclass(frozen=True)
class Lesson:
    """A scripted run: the prompts it answers, then prose, code and calls in turn.

    `seconds` is the time that the sandbox gives each code block, `theme` what it is listed under. A
    call is one of a function that the user offers; its result comes from running that.
    """

    title: str
    prompts: tuple[str, ...]
    parts: tuple[Text | Code | Call | Data, ...]
    seconds: float = SECONDS
    theme: str = ""

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
    """Read a lesson, or a run that `write` wrote.

    Results and asides are passed over, as results come from running. `name` is what an error
    calls the text. Raises LessonError if the front matter or a fence is wrong.
    """
    front, body = _split(text, name)
    unknown = sorted(front.keys() - {"title", "theme", "prompts", "seconds"})
    if unknown:
        raise LessonError(f"{name}: {unknown[0]!r} means nothing in the front matter")
    prompts, seconds = front.get("prompts"), front.get("seconds", SECONDS)
    if not isinstance(prompts, list) or not prompts or not all(isinstance(p, str) for p in prompts):
        raise LessonError(f'{name}: the front matter needs prompts = ["…"], not {prompts!r}')
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 30:
        raise LessonError(f"{name}: seconds must be over 0 and at most 30, not {seconds!r}")
    title, theme = str(front.get("title", name)), str(front.get("theme", ""))
    return Lesson(title, tuple(prompts), tuple(_parts(body, name)), float(seconds), theme)


def _split(text: str, name: str) -> tuple[dict[str, Any], list[str]]:
    lines = text.split("\n")
    if lines[0].rstrip() != _FRONT or _FRONT not in (
        later := [line.rstrip() for line in lines[1:]]
    ):
        raise LessonError(f"{name}: a lesson begins with front matter between two {_FRONT} lines")
    end = later.index(_FRONT) + 1
    try:
        return tomllib.loads("\n".join(lines[1:end])), lines[end + 1 :]
    except tomllib.TOMLDecodeError as exc:
        raise LessonError(f"{name}: the front matter is not TOML: {exc}") from exc


def _parts(lines: list[str], name: str) -> Iterator[Text | Code | Call | Data]:
    prose: list[str] = []
    rest = iter(lines)
    for line in rest:
        fence = _FENCE.fullmatch(line)
        if not fence and not _ASIDE.fullmatch(line):
            prose.append(_SPACED.sub("", line))
            continue
        yield from _text(prose)
        prose.clear()
        if fence:
            inside = "\n".join(_inside(rest, fence["mark"], name))
            if fence["info"] == "python":
                yield Code(inside)
            elif fence["info"] == "json":
                yield Data(inside)
            elif fence["info"] == "call":
                yield _call(inside, name)
    yield from _text(prose)


def _call(text: str, name: str) -> Call:
    call = read_call(text)
    if call is None:
        raise LessonError(f"{name}: {text!r} is no call: write it as weather(city='Paris')")
    return Call(*call)


def _text(lines: list[str]) -> Iterator[Text]:
    text = "\n".join(lines).strip("\n")
    if text:
        yield Text(text)


def _inside(rest: Iterator[str], mark: str, name: str) -> Iterator[str]:
    for line in rest:
        if line.rstrip() == mark:
            return
        yield line
    raise LessonError(f"{name}: a fence of {mark} is not closed")


def write(prompt: str, blocks: Sequence[Part | Step], title: str = "") -> str:
    """Return a run as Markdown. Reading it as a lesson gives its prose and code back exactly,
    but for line ends around the prose.

    Pictures are named by type and size: their bytes are in the notebook and in `Run.to_dict`.
    """
    pieces = (piece for shown in shown_all(blocks, "done") for piece in _pieces(shown))
    return "\n\n".join((_front(prompt, title), *pieces)) + "\n"


def _front(prompt: str, title: str) -> str:
    named = f"title = {_toml(title)}\n" if title else ""
    return f"{_FRONT}\n{named}prompts = [{_toml(prompt)}]\n{_FRONT}"


def _toml(text: str) -> str:
    # A JSON string is a TOML string but for DEL, which TOML wants escaped: https://toml.io/en/v1.0.0#string
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pieces(shown: Shown) -> Iterable[str]:
    match shown:
        case Prose():
            prose = shown.text.strip("\n")
            return [_UNSPACED.sub(" ", prose)] if prose else []
        case Aside():
            return [quoted(shown.text)]
        case Line():
            label = f"{shown.label.lower()}: " if shown.label else ""
            return [quoted(f"{label}{shown.text} {shown.detail}".rstrip(" "))]
        case Block():
            return [_block(shown)]
        case Picture():
            return [quoted(f"[{shown.mime_type}, {max(1, round(len(shown.data) / 1000))} kB]")]
        case Download():
            return [quoted(f"[file {shown.name}: {shown.detail}]")]
        case Group():
            return [piece for member in shown.members for piece in _pieces(member)]
        case _:
            assert_never(shown)


def _block(block: Block) -> str:
    match block.kind:
        case "code":
            return fenced(block.language, block.text)
        case "json":
            return fenced("json", block.text)
        case "call":
            call = read_call(block.text)
            is_readable = call is not None and written(Call(*call)) == block.text
            return fenced("call", block.text) if is_readable else quoted(f"called {block.text}")
        case "output":
            # The wire's word is the server's to choose, and must not end the line.
            word = re.sub(r"\W", "", block.outcome)
            info = "output" if word in ("", OK) else f"output {word}"
            return fenced(info, block.text.removesuffix("\n"))
        case "seen":
            return quoted(block.title)
        case _:
            assert_never(block.kind)


def printed(output: str) -> dict[str, str]:
    """Return what an output says by name: its lines `name=value` and `name: value`."""
    names = {}
    for line in output.split("\n"):
        head = _NAMED.match(line)
        if head:
            names[head[0][:-1].strip()] = line[head.end() :].strip()
    return {name: value for name, value in names.items() if name and value}


def names_in(prose: str) -> set[str]:
    """Return the names that prose quotes."""
    return {name for backslashes, name in _PLACE.findall(prose) if not backslashes}


def fill_calls(code: str, calls: Mapping[str, str]) -> str:
    """Put what functions returned into code: each `{{temperature(city='Oslo')}}` of `calls`."""

    def filled(match: re.Match[str]) -> str:
        return match[1] + calls[match[2]] if match[2] in calls else match[0]

    return _PLACE.sub(filled, code)


def fill(prose: str, names: Mapping[str, str]) -> str:
    """Put what was printed into prose: each `{{name}}` becomes what the run printed for the name.

    A name that nothing was printed for becomes `MISSING`: a lesson never claims a result. One
    behind a backslash stays, without that backslash.
    """

    def filled(match: re.Match[str]) -> str:
        return match[0][1:] if match[1] else names.get(match[2], MISSING)

    return _PLACE.sub(filled, prose)


def literal(prose: str) -> str:
    """Return prose that `fill` gives back as `prose`: nothing in it is a placeholder."""
    return _PLACE.sub(lambda match: f"\\{match[0]}", prose)
