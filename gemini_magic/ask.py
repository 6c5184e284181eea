"""A prompt to a run, without a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from . import line
from .answer.parts import Event
from .errors import OptionError
from .options.parse import from_keywords
from .phrases import short
from .request.declarations import by_name
from .request.question import Question
from .runs.run import Run
from .views.host import Host
from .views.session import current


def run(
    prompt: str,
    *,
    names: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    tools: Iterable[Callable[..., Any]] = (),
    json: Any = None,
    on_part: Callable[[Event], None] | None = None,
    show: bool | None = None,
    **options: Any,
) -> Run:
    """Send `prompt` and return the finished run; the keywords are the flags of `%%gemini_exec`.

    `names` holds the values for `{name}` in the prompt; without it the prompt goes as it is. `data`
    holds values that go along as files, by name, and `files` is a list of paths and URIs. `tools`
    are functions that the model may call, and `json` is a pydantic model or a JSON schema that the
    answer must fit; it is then the run's `value`.
    `on_part` is called with each part as it comes. `show=True` shows the run as that of a cell, and
    `show=False` never; if neither is said, a notebook shows it while it works. A call that fails
    raises the `GeminiError` that a cell would show, and one that is interrupted `Stopped`, which is
    a KeyboardInterrupt; what had arrived is its `.run`.

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
    _refuse("show", show, show is None or isinstance(show, bool), "True, False or None")
    session = current()
    chosen = from_keywords(session.settings, options)
    question = Question(prompt, chosen, names or {}, data or {}, by_name(tools), json)
    return line.ask(question, session, _seen(session.host, chosen.static, show, on_part))


def _seen(
    host: Host, static: bool, show: bool | None, on_part: Callable[[Event], None] | None
) -> line.Show:
    """Return what lets a run be seen: by `on_part`, and in the notebook."""
    passing = show is None and on_part is None and not static and host.shows_progress

    @contextmanager
    def seen(run: Run) -> Iterator[Callable[[Event], object]]:
        # A recording is there before anybody could see it come.
        passes = passing and not run.past
        shown = host.show(run, static=static, passing=passes) if show or passes else None
        with shown or nullcontext(lambda event: None) as draw:
            yield lambda event: [each(event) for each in (draw, on_part) if each]
        if show:
            run.shown_in = host.cell.execution

    return seen


def _refuse(name: str, value: object, fits: bool, takes: str) -> None:
    if not fits:
        raise OptionError(f"{name} takes {takes}, not {short(repr(value))}")
