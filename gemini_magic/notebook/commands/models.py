"""`%gemini models`: what the server has."""

from __future__ import annotations

from ...engines.google.gemini import Gemini
from ...engines.registry import connect
from ...options.table import MODELS
from .columns import columns, number
from .command import Invocation
from .registry import command


@command("models")
def models(at: Invocation) -> str:
    """List the models, those in Google's guide first, and their limits."""
    options = at.session.options()
    engine = connect(options.engine, options.model)
    if not isinstance(engine, Gemini):
        return f"the {engine.name} engine has no models to choose from"
    order = {name: place for place, name in enumerate(MODELS)}
    rows = [
        (
            model.name,
            number(model.input_tokens),
            number(model.output_tokens),
            "in Google's guide to code execution" if model.name in order else "",
        )
        for model in sorted(engine.models(), key=lambda m: (order.get(m.name, len(order)), m.name))
    ]
    return columns(("model", "input tokens", "output tokens", ""), rows)
