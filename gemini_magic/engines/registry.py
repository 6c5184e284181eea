"""Where a request goes: Gemini, Vertex AI, offline lessons, a recording."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from ..errors import KeyInvalid, KeyMissing, OptionError
from ..keys import NAMES as NAMES_OF_KEYS
from .base import Engine
from .google.clients import Connection
from .google.gemini import Gemini
from .replay import Replay

NAMES = ("gemini", "vertex", "offline", "replay:PATH")
VERTEX = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")

_REPLAY = "replay:"
_PACED = "@pace"
_MODEL = re.compile(r"[\w.:@/-]+")


def connect(engine: str | None, model: str = "", *, env: Mapping[str, str] | None = None) -> Engine:
    """Return the engine that `--engine` names; without a name, the first that has credentials.

    That is Vertex AI where GOOGLE_GENAI_USE_ENTERPRISE or GOOGLE_GENAI_USE_VERTEXAI says so,
    Gemini where there is a key, and the offline lessons else. `env` stands in for the environment.
    Raises OptionError for an unknown name, KeyMissing where the engine needs a key.
    """
    env = os.environ if env is None else env
    name = engine or _first(env)
    if name.startswith(_REPLAY):
        return _replay(name.removeprefix(_REPLAY))
    if name == "offline":
        from .offline import Offline

        return Offline()
    if name not in ("gemini", "vertex"):
        near = get_close_matches(name, NAMES, 1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}"
        raise OptionError(f"there is no engine {name!r}: {hint}")
    if not _MODEL.fullmatch(model) or ".." in model:
        raise OptionError(f"--model takes a model's name, not {model!r}")
    return Gemini(_vertex(env) if name == "vertex" else _developer(env), model)


def _first(env: Mapping[str, str]) -> str:
    # The newer of the two flags decides where both are set.
    flag = next((env[name] for name in VERTEX if env.get(name)), "")
    if flag.lower() in ("true", "1"):
        return "vertex"
    return "gemini" if _key(env)[1] else "offline"


def _developer(env: Mapping[str, str]) -> Connection:
    name, key = _key(env)
    if not key:
        raise KeyMissing(
            "Gemini needs a key: make one at https://aistudio.google.com/apikey and export "
            "GEMINI_API_KEY=… before starting Jupyter; --engine offline needs none"
        )
    return Connection(key, name, base_url=env.get("GOOGLE_GEMINI_BASE_URL", ""))


def _vertex(env: Mapping[str, str]) -> Connection:
    project = env.get("GOOGLE_CLOUD_PROJECT", "")
    # Express mode: a key instead of a project.
    name, key = ("", "") if project else _key(env)
    return Connection(
        key,
        name,
        vertex=True,
        project=project,
        location=env.get("GOOGLE_CLOUD_LOCATION") or "global",
        base_url=env.get("GOOGLE_VERTEX_BASE_URL", ""),
    )


def _key(env: Mapping[str, str]) -> tuple[str, str]:
    """Return the name and the value of the variable that holds the key, empty where none does."""
    for name in NAMES_OF_KEYS:
        key = env.get(name, "").strip()
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise KeyInvalid(f"{name} holds characters that no key has: copy the key again")
        if key:
            return name, key
    return NAMES_OF_KEYS[-1], ""


def _replay(path: str) -> Replay:
    if not path.removesuffix(_PACED):
        raise OptionError("--engine replay:PATH names the file to play, and here is none")
    return Replay(Path(path.removesuffix(_PACED)), pace=path.endswith(_PACED))
