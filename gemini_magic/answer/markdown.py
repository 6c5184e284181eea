"""A run as Markdown: to read, to mail, and to keep as a lesson.

The format is Markdown with four kinds of line that mean something, all at column 0:

* a front matter of TOML between two `+++` lines, with the prompts,
* a fence ```` ```python ```` holds code and ```` ```output ```` what it printed,
* a fence ```` ```call ```` holds a call of a function of the notebook, and ```` ```json ```` an
  answer of a certain shape,
* a line that is `>` or begins with `> ` is an aside: thoughts, notes, pictures, sources.

Everything else is prose. Prose that looks like one of these is moved in by a space, which Markdown
renders the same and `lesson.read` takes back, as mail does it (RFC 3676, 4.4).
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from .parts import FAILED, OK, Call, Data, Image, Note, Part, Query, Result, Source, Text, Thought
from .steps import Step

FRONT = "+++"
FENCE = re.compile(r"(?P<mark>`{3,})(?P<info>python|call|json|output(?: \w+)?)\s*")
ASIDE = re.compile(r">(?: .*)?", re.DOTALL)

_STUFFED = re.compile(r"^(?= *(?:>|`{3,}(?:python|call|json|output)))", re.MULTILINE)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def write(prompt: str, blocks: Sequence[Part | Step]) -> str:
    """Return a run as Markdown. Reading it as a lesson gives its prose and code back exactly,
    but for line ends around the prose.

    Pictures are named by type and size: their bytes are in the notebook and in `Run.to_dict`.
    """
    pieces = (piece for block in blocks for piece in _pieces(block))
    return "\n\n".join((_front(prompt), *pieces)) + "\n"


def _front(prompt: str) -> str:
    # A JSON string is a TOML string but for DEL, which TOML wants escaped: https://toml.io/en/v1.0.0#string
    quoted = json.dumps(prompt, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"{FRONT}\nprompts = [{quoted}]\n{FRONT}"


def _pieces(block: Part | Step) -> Iterable[str]:
    match block:
        case Step():
            return _step(block)
        case Text():
            prose = block.text.strip("\n")
            return [_STUFFED.sub(" ", prose)] if prose else []
        case Thought() | Note():
            return [_aside(block.text)]
        case Result():
            return [_output(block.outcome, block.output)]
        case Image():
            return [_aside(_named(block))]
        case Call():
            return _call(block)
        case Data():
            return [fenced("json", block.text)]
        case Query():
            return [_aside(f"searched: {block.text}")]
        case Source():
            return [_aside(f"source: {block.title} <{block.uri}>")]
    return []


def _step(step: Step) -> Iterable[str]:
    yield fenced("python", step.code)
    if step.outcome is not None:
        yield _output(step.outcome, step.output)
    for image in step.images:
        yield _aside(_named(image))


def _call(call: Call) -> Iterable[str]:
    if read_call(written(call)) == (call.name, dict(call.args)):
        yield fenced("call", written(call))
    else:
        yield _aside(f"called {written(call)}")
    if not call.is_running:
        ended = call.error or returned(call)
        yield _output(
            FAILED if call.error else OK, ended if isinstance(ended, str) else repr(ended)
        )


def written(call: Call) -> str:
    """Return a call as Python writes it: `weather(city='Paris', days=2)`."""
    return f"{call.name}({', '.join(f'{name}={value!r}' for name, value in call.args.items())})"


def returned(call: Call) -> Any:
    """Return what the function returned, without what the wire wraps it in."""
    match call.response:
        case {"result": result, **rest} if not rest:
            return result
    return call.response


def read_call(text: str) -> tuple[str, dict[str, Any]] | None:
    """Return the name and the arguments of a call that `written` wrote; None for anything else."""
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args:
            return call.func.id, {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    return None


def _output(outcome: str, output: str) -> str:
    # The wire's word is the server's to choose, and must not end the line.
    word = re.sub(r"\W", "", outcome)
    info = "output" if word in ("", OK) else f"output {word}"
    return fenced(info, output.removesuffix("\n"))


def fenced(info: str, text: str) -> str:
    """Return `text` between fences longer than any in it, so that nothing in it ends the block."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{info}\n{text}\n{mark}"


def _aside(text: str) -> str:
    lines = _LINE_ENDS.split(text.strip("\r\n"))
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _named(image: Image) -> str:
    return f"[{image.mime_type}, {max(1, round(len(image.data) / 1000))} kB]"
