"""The engine that a command asks, which must be Gemini: no other keeps anything for a user."""

from __future__ import annotations

from ...engines.google.gemini import Gemini
from ...engines.registry import connect
from ...errors import RequestError
from ...keys import HOW
from .command import Invocation


def gemini(at: Invocation, lacks: str, model: str = "") -> Gemini:
    """Return the engine of the settings; raise RequestError, which says what it `lacks`."""
    options = at.session.options()
    engine = connect(options.engine, model or options.model, options=options)
    if not isinstance(engine, Gemini):
        raise RequestError(f"the {engine.name} engine {lacks}: for Gemini, {HOW}")
    return engine
