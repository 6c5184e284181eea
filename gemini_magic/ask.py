"""A prompt to a run, without a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .answer.parts import Event
from .engines.registry import connect
from .errors import OptionError
from .options.parse import from_keywords
from .options.settings import current
from .request.build import build
from .request.functions import by_name
from .runs.run import Run
from .runs.session import session
from .views.consent import Consent

_SHOWN = 60


def run(
    prompt: str,
    *,
    names: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    tools: Iterable[Callable[..., Any]] = (),
    json: Any = None,
    on_part: Callable[[Event], None] | None = None,
    **options: Any,
) -> Run:
    """Send `prompt` and return the finished run; the keywords are the flags of `%%gemini_exec`.

    `names` holds the values for `{name}` in the prompt; without it the prompt goes as it is. `data`
    holds values that go along as files, by name, and `files` is a list of paths and URIs. `tools`
    are functions that the model may call, and `json` is a pydantic model or a JSON schema that the
    answer must fit; it is then the run's `value`.
    `on_part` is called with each part as it comes. A call that fails raises the `GeminiError`
    that a cell would show; what had arrived is its `.run`.

        run = gemini_magic.run("Sum the first 50 primes.", model="gemini-2.5-pro")
        print(run.output)
        run = gemini_magic.run("Plot it.", data={"frame": df}, files=["notes.txt"])
        run = gemini_magic.run("How warm is it in Oslo?", tools=[temperature])

    `chat="name"` continues a chat, the same one that a cell continues with `--chat name`; each call
    adds a turn.
    """
    _refuse("prompt", prompt, isinstance(prompt, str), "a text")
    for name, value in {"names": names, "data": data}.items():
        named = isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
        _refuse(name, value, value is None or named, "a dict, by name")
    _refuse("on_part", on_part, on_part is None or callable(on_part), "a function")
    _refuse("tools", tools, isinstance(tools, Iterable), "a list of functions")
    chosen = from_keywords(current(), options)
    request = build(
        chosen, prompt, names or {}, data, by_name(tools), json, Consent(chosen.confirm_tools)
    )
    engine = connect(chosen.engine, chosen.model)
    asked = session().chats.ask(request, chosen, engine.name)
    result = Run(asked.request, engine.name, engine.model)
    session().runs.append(result)
    with result.tracking():
        for part in engine.stream(asked.request):
            result.add(part)
            if on_part is not None:
                on_part(part)
    asked.finish(result)
    return result


def _refuse(name: str, value: object, fits: bool, takes: str) -> None:
    if not fits:
        shown = repr(value)
        short = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        raise OptionError(f"{name} takes {takes}, not {short}")
