"""A question becomes a request: variables are put in, and nothing is sent that must not be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from typing import Any

from ..answer.parts import Call
from ..errors import RequestError
from ..keys import key_in
from ..options.table import Options
from .attachment import Attachment
from .attachments import gather
from .characters import without_halves
from .declarations import RUN_PYTHON, declared
from .functions import Functions, allowed
from .kept import KeptData, Telling, hold
from .prompt import fill
from .question import Question
from .request import Request
from .schemas import Output, output_of
from .variables import variables

_VAGUE = {
    *("a", "an", "do", "it", "some", "something", "the", "this"),
    *("answer", "calculate", "compute", "execute", "help", "run", "solve", "test", "write"),
    *("code", "math", "maths", "program", "python"),
}


@dataclass(frozen=True)
class Built:
    """A request, and the live things that stay here: functions, the check of its answer, data."""

    request: Request
    functions: Functions = field(default_factory=Functions)
    output: Output | None = None
    held: tuple[KeptData, ...] = field(default=(), repr=False)

    def read(self, text: str) -> Any:
        """Return the value of an answer in JSON, None if none was asked for.

        Raises AnswerUnreadable if it does not fit.
        """
        return self.output.read(text) if self.output else None


def build(question: Question, permits: Callable[[Call], bool] = allowed) -> Built:
    """Make the request of a question: its variables put in, and nothing sent that must not be.

    `permits` is asked before each call of a function. Raises RequestError for an empty cell, for a
    prompt or data that hold the key, and for what cannot go along.
    """
    names = question.names
    options = replace(question.options, system=without_halves(question.options.system))
    held, files = _held(options, names, question.data)
    prompt, notes = _prompt(question, {each.name for each in held} if options.private else set())
    _refuse_keys(prompt)
    _refuse_keys(options.system, "the instruction")
    functions = _functions(options, names, question.tools, permits)
    wanted = _output(options, names, question.json)
    request = Request(
        prompt,
        options,
        notes,
        _attachments(options, names, question.data, files),
        functions=functions.declarations,
        output=wanted.schema if wanted else None,
        kept=tuple(each.kept for each in held),
    )
    request = replace(request, notes=(*notes, *(each.kept.note for each in held)))
    if _is_vague(request):
        hint = f"hint: {prompt.strip()!r} is vague: say what to compute, from which values"
        request = replace(request, notes=(*request.notes, hint))
    return Built(request, functions, wanted, held)


def with_prompt(built: Built, question: Question) -> Built:
    """Return `built` with the prompt of `question`: what goes along with it is not read again.

    Raises RequestError for an empty prompt, and for one that holds the key.
    """
    private = {each.name for each in built.held} if question.options.private else set()
    prompt, notes = _prompt(question, private)
    _refuse_keys(prompt)
    notes += tuple(each.kept.note for each in built.held)
    return replace(built, request=replace(built.request, prompt=prompt, notes=notes))


def _prompt(question: Question, private: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the prompt with its variables put in but `private` ones, and notes on it."""
    prompt = question.prompt.strip("\n")
    notes: tuple[str, ...] = ()
    if not question.options.raw:
        names = _Without(private, question.names)
        prompt, notes = fill(prompt, names, question.options.max_variable_chars)
    if not prompt.strip():
        raise RequestError("the cell is empty: write the prompt on the lines below")
    whole, notes = without_halves(prompt), tuple(map(without_halves, notes))
    if "\ufffd" in whole and whole != prompt:
        notes += ("halves of characters were replaced by \ufffd: they cannot be sent",)
    return whole, notes


class _Without(Mapping[str, Any]):
    """Names but for `private` ones, each read when it is wanted: a row knows which of it were."""

    def __init__(self, private: set[str], names: Mapping[str, Any]) -> None:
        self._private = private
        self._names = names

    def __getitem__(self, name: str) -> Any:
        if name in self._private:
            raise KeyError(name)
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._names if name not in self._private)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def without_prompt(
    files: Iterable[str], system: str, model: str, limit: int, timeout: float
) -> Request:
    """Return what is to be kept at the server for later prompts: files and an instruction.

    Raises RequestError if there is neither, and for what `build` would not send either.
    """
    attachments = _gathered({}, files, limit)
    _refuse_keys(system, "the instruction")
    if not attachments and not system:
        raise RequestError("there is nothing to keep: add --file PATH or --system TEXT")
    options = Options(model=model, system=system, timeout=timeout)
    return Request("", options, attachments=attachments)


def _functions(
    options: Options,
    names: Mapping[str, Any],
    tools: Mapping[str, Any],
    permits: Callable[[Call], bool],
) -> Functions:
    offered = declared({**variables(options.tools, names, "offer"), **tools})
    if options.runs_here and any(function.name == RUN_PYTHON.name for function in offered):
        raise RequestError(f"{RUN_PYTHON.name!r} is what runs code here: rename the function")
    for function in offered:
        _refuse_keys(
            json.dumps(asdict(function.declaration)), f"the declaration of {function.name!r}"
        )
    return Functions(offered, permits, options.max_attachment_bytes)


def _output(options: Options, names: Mapping[str, Any], wanted: Any) -> Output | None:
    if wanted is not None:
        found = output_of("json", wanted)
    elif options.json:
        found = output_of(options.json, variables([options.json], names, "fit")[options.json])
    else:
        return None
    schema = found.schema
    _refuse_keys(json.dumps(schema.schema, default=str), f"the schema of {schema.name!r}")
    return found


def _held(
    options: Options, names: Mapping[str, Any], data: Mapping[str, Any]
) -> tuple[tuple[KeptData, ...], tuple[str, ...]]:
    """Return what stays here, and the files that go along."""
    if not options.runs_here:
        _refuse_sending(options, data)
        return (), options.files
    values = {**variables(options.data, names, "give"), **data}
    telling = Telling(options.schema, options.sample, options.ranges, options.private)
    held, files = hold(values, options.files, options.max_attachment_bytes, telling)
    for each in held:
        _refuse_keys(each.kept.words, f"what is told of {each.name!r}")
    if options.private:
        _refuse_telling(options, files)
        _refuse_unreadable(held)
    return held, files


def _refuse_sending(options: Options, data: Mapping[str, Any]) -> None:
    """Refuse data that must stay here and that no code here could read, or be sent unawares."""
    if options.private and options.code:
        raise RequestError("--private is about code that runs here: add --run here")
    if (options.sample or options.ranges) and not options.keeps_data:
        flag = "--sample" if options.sample else "--ranges"
        raise RequestError(
            f"{flag} is about data that stays here, and here all of it is sent: add --run here"
        )
    if options.keeps_data and (options.data or data or options.files):
        raise RequestError(
            "with --no-code nothing here reads data, and with --run here none is sent: leave "
            "--data and --file out, or add --run there"
        )


def _refuse_telling(options: Options, files: Sequence[str]) -> None:
    """Refuse what would tell the model a value of the data."""
    if files:
        raise RequestError(
            f"{files[0]!r} would go to the model, which alone can read it: leave it out with "
            "--private"
        )
    if options.sample or options.ranges:
        flag = "--sample" if options.sample else "--ranges"
        raise RequestError(
            f"{flag} tells the model values of the data: leave it out with --private"
        )
    if find_spec("numpy") is None:
        raise RequestError("--private looks for values with numpy: pip install numpy")


def _refuse_unreadable(held: Iterable[KeptData]) -> None:
    """Refuse a file whose values nobody here can find in what code prints of it."""
    for each in held:
        if each.layout is None and not _is_text(each.data):
            raise RequestError(
                f"{each.name!r} is not UTF-8 text, so --private does not find its values in what "
                "code prints: read it in a cell, and give what it holds by --data NAME"
            )


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _attachments(
    options: Options, names: Mapping[str, Any], data: Mapping[str, Any], files: Iterable[str]
) -> tuple[Attachment, ...]:
    values = {} if options.runs_here else {**variables(options.data, names), **data}
    found = _gathered(values, files, options.max_attachment_bytes)
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


def _is_vague(request: Request) -> bool:
    """Return whether there is nothing to compute in the prompt, as far as English words tell.

    Other scripts do not part words by blanks, and what else the model gets may say what is meant.
    """
    if request.options.chat or request.needs() or not request.prompt.isascii():
        return False
    words = request.prompt.lower().strip(" .!?").split()
    return len(words) == 1 or all(word in _VAGUE for word in words)
