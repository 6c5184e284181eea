"""Where a request goes: Gemini, Vertex AI, chat completions, offline lessons, a recording."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import KeyMissing, OptionError, RequestError
from ..keys import HOW, found
from ..options.table import LOCAL, MODELS, Options
from ..phrases import did_you_mean
from ..request.request import Request
from . import local
from .addresses import without_password
from .base import Engine
from .google.config import decided
from .google.connection import Connection
from .google.gemini import SDK, Gemini
from .replay import Replay
from .sealed import sealed

VERTEX = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")

_PACED = "@pace"
_MODEL = re.compile(r"[\w.:@/-]+")
# What a request may need of an engine, in words; the options name the needs.
NEEDS = {
    "prose": "only runs code",
    "files": "takes no files",
    "web": "has no web",
    "functions": "calls no functions",
    "schema": "gives no JSON",
    "context": "caches nothing",
}
_ALL = frozenset(NEEDS)
_LESSONS = frozenset({"files", "functions", "schema"})


@dataclass(frozen=True)
class Places:
    """Where settings and the key of a server are: the environment, what finds the key, options."""

    env: Mapping[str, str]
    key: Callable[[], tuple[str, str]]
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class Row:
    """An engine: what `--engine` calls it, what it `can` do of `NEEDS`, and how it is made.

    `make` gets the model, or what follows the colon of the name, and where to look. An engine
    that `takes` something is named with it: `replay:PATH`. `check` raises, before a run begins, for
    a request that the engine cannot answer at all. One that `asks` a model, or plays what one said,
    can have that model's code run on this machine. One that is `paid` counts for the budget of a
    session. `sdk` is the package that asks its server; what is played came by Google's. What it
    answers depends on the request and its `identity`, which gets the environment; one without that
    only plays what was recorded.
    """

    name: str
    can: frozenset[str]
    make: Callable[[str, Places], Engine]
    takes: str = ""
    asks: bool = True
    paid: bool = False
    sdk: str = SDK
    check: Callable[[Any, Request], None] = lambda engine, request: None
    identity: Callable[[Request, Mapping[str, str]], Mapping[str, Any]] | None = (
        lambda _request, _env: {}
    )

    @property
    def shown(self) -> str:
        return f"{self.name}:{self.takes}" if self.takes else self.name


@sealed
def connect(
    engine: str | None,
    model: str = "",
    *,
    env: Mapping[str, str] | None = None,
    options: Options | None = None,
) -> Engine:
    """Return the engine that `--engine` names; without a name, the first that has credentials.

    That is Vertex AI if GOOGLE_GENAI_USE_ENTERPRISE or GOOGLE_GENAI_USE_VERTEXAI says so,
    Gemini if there is a key, and the offline lessons else. `env` stands in for the environment;
    of the `options` an engine takes what it must know beforehand, an address.
    Raises OptionError for an unknown name, KeyMissing if the engine needs a key.
    """
    places = _places(env, options)
    row, word = _row(engine or _first(places))
    return row.make(word if row.takes else model, places)


@sealed
def connect_for(request: Request, *, env: Mapping[str, str] | None = None) -> Engine:
    """Return the engine that the options of `request` name.

    Raises what `connect` does, RequestError if the engine cannot do what the request needs, and
    what the engine has against it before it is asked.
    """
    options = request.options
    engine = connect(options.engine, options.model, env=env, options=options)
    row = next(row for row in ROWS if row.name == engine.name)
    for need, flag in request.needs().items():
        if need not in row.can:
            raise RequestError(f"the {row.name} engine {NEEDS[need]}: leave {flag} out")
    row.check(engine, request)
    return engine


def answering(request: Request, *, env: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the engines whose recordings answer `request`, the one that would be asked first.

    Where nothing names an engine, and there are no credentials, an answer of any of them is better
    than none. An engine that only plays recordings has none of its own.
    """
    if request.options.engine:
        row, _ = _row(request.options.engine)
        return (row.name,) if row.identity else ()
    first = _first(_places(env))
    return (first,) if first != "offline" else (first, "gemini", "vertex")


def identity_of(
    engine: str, request: Request, *, env: Mapping[str, str] | None = None
) -> Mapping[str, Any] | None:
    """Return what beside `request` decides what an engine answers, as JSON values.

    A lesson by its content, a server by its address. None for one that only plays recordings.
    """
    row = next(row for row in ROWS if row.name == engine.partition(":")[0])
    if row.identity is None:
        return None
    return row.identity(request, os.environ if env is None else env)


@sealed
def asks_model(engine: str, *, env: Mapping[str, str] | None = None) -> bool:
    """Return whether the engine that `--engine` names has a model, whose code can run here.

    Without a name it is that of `connect`. Raises OptionError for an unknown one.
    """
    return _row(engine or _first(_places(env)))[0].asks


@sealed
def is_paid(engine: str, *, env: Mapping[str, str] | None = None) -> bool:
    """Return whether the engine that `--engine` names costs money; without a name, as `connect`."""
    return _row(engine or _first(_places(env)))[0].paid


def sdk_of(engine: str) -> str:
    """Return the package that asks the server of `engine`; Google's for one that is not here."""
    return next((row.sdk for row in ROWS if row.name == engine), SDK)


def _places(env: Mapping[str, str] | None, options: Options | None = None) -> Places:
    where = os.environ if env is None else env
    return Places(where, lambda: found(env), options or Options())


def _row(name: str) -> tuple[Row, str]:
    """Return the row of an engine, and what its name says after a colon."""
    kind, colon, word = name.partition(":")
    for row in ROWS:
        if row.name == kind and bool(row.takes) == bool(colon):
            return row, word
    raise OptionError(f"there is no engine {name!r}: {_nearest(name)}")


def _nearest(name: str) -> str:
    return did_you_mean(name, NAMES, f"there are {', '.join(NAMES)}", cutoff=0.5)


def _first(places: Places) -> str:
    # If both are set, the newer of the two flags decides.
    flag = next((places.env[name] for name in VERTEX if places.env.get(name)), "")
    if flag.lower() in ("true", "1"):
        return "vertex"
    return "gemini" if places.key()[1] else "offline"


def _gemini(model: str, places: Places) -> Engine:
    _refuse_name(model)
    name, key = places.key()
    if not key:
        raise KeyMissing(
            f"Gemini needs a key: make one at https://aistudio.google.com/apikey and {HOW}; "
            "--engine offline needs none"
        )
    return Gemini(
        Connection(key, name, base_url=places.env.get("GOOGLE_GEMINI_BASE_URL", "")), model
    )


def _vertex(model: str, places: Places) -> Engine:
    _refuse_name(model)
    env = places.env
    project = env.get("GOOGLE_CLOUD_PROJECT", "")
    # Express mode: a key instead of a project.
    name, key = ("", "") if project else places.key()
    connection = Connection(
        key,
        name,
        vertex=True,
        project=project,
        location=env.get("GOOGLE_CLOUD_LOCATION") or "global",
        base_url=env.get("GOOGLE_VERTEX_BASE_URL", ""),
    )
    return Gemini(connection, model)


def _local(model: str, places: Places) -> Engine:
    from .local.connection import connection_of
    from .local.local import Local

    _refuse_name(model)
    # The setting begins with a model of Gemini's: then nobody chose one.
    chosen = "" if model == MODELS[0] else model
    return Local(connection_of(places.options.local_base_url, places.env), chosen)


def _offline(_model: str, _places: Places) -> Engine:
    from .offline import Offline

    return Offline()


def _decided(request: Request, _env: Mapping[str, str]) -> Mapping[str, Any]:
    return decided(request)


def _served(request: Request, _env: Mapping[str, str]) -> Mapping[str, Any]:
    address = request.options.local_base_url
    return {"address": without_password(address, address)}


def _lesson(request: Request, _env: Mapping[str, str]) -> Mapping[str, Any]:
    from .offline import Offline

    return Offline().identity(request)


def _check(engine: Any, request: Request) -> None:
    engine.check(request)


def _replay(path: str, _places: Places) -> Engine:
    if not path.removesuffix(_PACED):
        raise OptionError("--engine replay:PATH names the file to play, and here is none")
    return Replay(Path(path.removesuffix(_PACED)), pace=path.endswith(_PACED))


def _refuse_name(model: str) -> None:
    if not _MODEL.fullmatch(model) or ".." in model:
        raise OptionError(f"--model takes a model's name, not {model!r}")


ROWS = (
    Row("gemini", _ALL, _gemini, paid=True, identity=_decided),
    Row("vertex", _ALL, _vertex, paid=True, identity=_decided),
    Row(
        LOCAL,
        frozenset({"prose", "files", "functions", "schema"}),
        _local,
        sdk=local.SDK,
        identity=_served,
    ),
    Row("offline", _LESSONS, _offline, asks=False, check=_check, identity=_lesson),
    Row("replay", _ALL, _replay, takes="PATH", identity=None),
)
NAMES = tuple(row.shown for row in ROWS)
