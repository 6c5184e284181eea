"""The prompt and the settings of one request, ready for any engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..answer.parts import Call
from ..errors import RequestError
from ..keys import key_in
from ..options.table import Options
from .attachments import Attachment, gather, staged_names, variables
from .functions import Functions, declared
from .prompt import fill
from .schemas import Shape, shape_of

_VAGUE = {
    *("a", "an", "do", "it", "some", "something", "the", "this"),
    *("answer", "calculate", "compute", "execute", "help", "run", "solve", "test", "write"),
    *("code", "math", "maths", "program", "python"),
}


@dataclass(frozen=True)
class Request:
    """What an engine is asked. Values that are None are left to the engine.

    `timeout` is in seconds and bounds each silence of the server, not the whole answer.
    `notes` says what became of the prompt on the way: replaced names, hints.
    `history` is what a chat said before, as the wire has it; None for a prompt outside of a chat.
    `earlier` has the files that went along with each of the chat's turns, without their data.
    `functions` are those that the model may call, and `shape` is what its answer must look like.
    `search` lets it search the web, `url` read the pages that the prompt names. `context` is the
    name of what was cached at the server for the request to build on.
    """

    prompt: str
    model: str = ""
    system: str | None = None
    temperature: float | None = 0.0
    thinking: str | int | None = None
    thoughts: bool = False
    code: bool = True
    max_output_tokens: int | None = None
    seed: int | None = None
    timeout: float = 180.0
    notes: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    history: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    earlier: tuple[tuple[Attachment, ...], ...] = ()
    functions: Functions | None = None
    search: bool = False
    url: bool = False
    shape: Shape | None = None
    context: str = ""

    @property
    def first(self) -> int:
        """The number of the first file where the model's code runs, after those of the chat."""
        return sum(map(len, self.earlier))

    @property
    def staged_names(self) -> tuple[str, ...]:
        """What the files are called where the model's code runs."""
        return staged_names(self.attachments, self.first)


def build(
    options: Options,
    cell: str,
    names: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    tools: Mapping[str, Any] | None = None,
    shape: Any = None,
    permits: Callable[[Call], bool] = lambda _: True,
) -> Request:
    """Make the request of a cell: its variables put in, and nothing sent that must not be.

    `data` holds values that go along and `tools` functions that are offered, both by name, besides
    those that the options name; `shape` is what the answer must fit, in place of the one that they
    name. `permits` is asked before each call of a function. Raises RequestError for an empty cell,
    for a prompt or data that hold the key, and for what cannot go along.
    """
    prompt = cell.strip("\n")
    notes: tuple[str, ...] = ()
    if not options.raw:
        prompt, notes = fill(prompt, names, options.max_variable_chars)
    if not prompt.strip():
        raise RequestError("the cell is empty: write the prompt on the lines below")
    _refuse_keys(prompt)
    _refuse_keys(options.system)
    if _is_vague(prompt):
        notes += (f"hint: {prompt.strip()!r} is vague: say what to compute, from which values",)
    attachments = _attachments(options, names, data or {})
    return Request(
        prompt=prompt,
        model=options.model,
        system=options.system or None,
        temperature=options.temperature,
        thinking=int(options.thinking) if options.thinking.isdigit() else options.thinking or None,
        thoughts=options.thoughts,
        code=options.code,
        max_output_tokens=options.max_output_tokens or None,
        seed=options.seed,
        timeout=options.timeout,
        notes=notes,
        attachments=attachments,
        functions=_functions(options, names, tools or {}, permits),
        search=options.search,
        url=options.url,
        shape=_shape(options, names, shape),
        context=options.context,
    )


def without_prompt(
    files: Iterable[str], system: str, model: str, limit: int, timeout: float
) -> Request:
    """Return what is to be kept at the server for later prompts: files and an instruction.

    Raises RequestError where there is neither, and for what `build` would not send either.
    """
    attachments = _gathered({}, files, limit)
    _refuse_keys(system, "the instruction")
    if not attachments and not system:
        raise RequestError("there is nothing to keep: add --file PATH or --system TEXT")
    return Request("", model=model, system=system or None, timeout=timeout, attachments=attachments)


def _functions(
    options: Options,
    names: Mapping[str, Any],
    tools: Mapping[str, Any],
    permits: Callable[[Call], bool],
) -> Functions | None:
    wanted = {**variables(options.tools, names, "offer"), **tools}
    if not wanted:
        return None
    offered = declared(wanted)
    for function in offered:
        _refuse_keys(json.dumps(function.declaration), f"the declaration of {function.name!r}")
    return Functions(offered, permits, options.max_attachment_bytes)


def _shape(options: Options, names: Mapping[str, Any], shape: Any) -> Shape | None:
    if shape is not None:
        found = shape_of("json", shape)
    elif options.json:
        found = shape_of(options.json, variables([options.json], names, "fit")[options.json])
    else:
        return None
    _refuse_keys(json.dumps(found.schema, default=str), f"the schema of {found.name!r}")
    return found


def _attachments(
    options: Options, names: Mapping[str, Any], data: Mapping[str, Any]
) -> tuple[Attachment, ...]:
    values = {**variables(options.data, names), **data}
    found = _gathered(values, options.files, options.max_attachment_bytes)
    return found if options.schema else tuple(replace(each, schema="") for each in found)


def _gathered(
    values: Mapping[str, Any], files: Iterable[str], limit: int
) -> tuple[Attachment, ...]:
    found = gather(values, files, limit)
    for attachment in found:
        _refuse_keys(attachment.uri + attachment.path, "the address of a file")
        _refuse_keys(attachment.data or b"", attachment.name)
    return found


def _refuse_keys(text: str | bytes, where: str = "the prompt") -> None:
    if name := key_in(text):
        raise RequestError(f"{where} holds the key of {name}: take it out, keys stay here")


def _is_vague(prompt: str) -> bool:
    words = prompt.lower().strip(" .!?").split()
    return len(words) == 1 or all(word in _VAGUE for word in words)
