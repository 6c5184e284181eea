"""Whether a model reads pictures, as its server says: each kind of server has words of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .clients import http_of
from .connection import Connection
from .fetching import fetched

_SECONDS = 2.0
_WORDS = frozenset({"vision", "multimodal", "image"})
# What entries of a list call their model, and where they say what it reads.
_NAMES = ("id", "name", "model", "key")


def reads_pictures(connection: Connection, model: str) -> bool:
    """Return whether the server says that `model` reads pictures; it is asked in a few seconds.

    Only the server that answers is asked, for what it has, and its own word counts: a model's name
    does not tell. One that says nothing, as vLLM, is taken for one whose model reads none.
    """
    said = (_said(entry) for entry in _entries(connection, model))
    return next((word for word in said if word is not None), False)


def _entries(connection: Connection, model: str) -> Iterator[Any]:
    """Yield what the server says of `model`, place by place."""
    import httpx2

    base = connection.base_url
    with httpx2.Client(**http_of(connection)) as http:

        def ask(method: str, url: str, body: Any = None) -> Any:
            return fetched(http, method, url, _SECONDS, body, connection.key)

        # llama.cpp, gateways
        yield from _listed(ask("GET", f"{base}/models"), model)
        if connection.is_openai:
            return
        root = base.removesuffix("/v1")
        # https://docs.ollama.com/api#show-model-information
        yield ask("POST", f"{root}/api/show", {"model": model})
        # https://lmstudio.ai/docs/developer/rest: its own list, and that of before 0.4
        for version in ("v1", "v0"):
            yield from _listed(ask("GET", f"{root}/api/{version}/models"), model)


def _listed(said: Any, model: str) -> Iterator[Any]:
    """Yield the entries for `model` of a list; a server with one model answers to any name."""
    for name in ("models", "data"):
        entries = said.get(name) if isinstance(said, Mapping) else None
        if not isinstance(entries, list):
            continue
        named = [each for each in entries if isinstance(each, Mapping)]
        yield from (each for each in named if len(named) == 1 or model in _names(each))


def _names(entry: Mapping[str, Any]) -> Iterator[Any]:
    return (entry.get(name) for name in _NAMES)


def _said(entry: Any) -> bool | None:
    """Return whether an entry says that its model reads pictures, None if it says nothing."""
    if not isinstance(entry, Mapping):
        return None
    architecture = entry.get("architecture")
    inner = architecture if isinstance(architecture, Mapping) else {}
    for words in (
        entry.get("capabilities"),
        entry.get("input_modalities"),
        inner.get("input_modalities"),
    ):
        if isinstance(words, list):
            return any(word in _WORDS for word in words if isinstance(word, str))
        if isinstance(words, Mapping) and "vision" in words:
            return words["vision"] is True
    return {"vlm": True, "llm": False}.get(str(entry.get("type")))
