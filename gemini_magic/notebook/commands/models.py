"""`%gemini models`: what the server has, or without a key what is known of Google's."""

from __future__ import annotations

from ...engines.google.capabilities import capabilities_of, gathered_on, known_models
from ...engines.models import HasModels
from ...engines.registry import connect
from ...errors import KeyMissing
from ...options.table import MODELS
from ...views.report import Table
from .columns import columns, number
from .command import Invocation
from .registry import command


@command("models")
def models(at: Invocation) -> str | Table:
    """List the models, today's first, their limits, and how much they can think."""
    options = at.session.options()
    try:
        engine = connect(options.engine, options.model, options=options)
    except KeyMissing:
        return _built_in()
    if not isinstance(engine, HasModels):
        if not options.engine:
            return _built_in()
        return f"the {engine.name} engine has no models to choose from"
    order = {name: place for place, name in enumerate(known_models())}
    rows = [
        (
            model.name,
            number(model.input_tokens),
            number(model.output_tokens),
            *_known(model.name),
        )
        for model in sorted(engine.models(), key=lambda m: (order.get(m.name, len(order)), m.name))
    ]
    if not rows:
        return f"the {engine.name} engine lists no model"
    return columns(("model", "input tokens", "output tokens", "thinking", ""), rows)


def _built_in() -> Table:
    rows = [(name, row.thinking, _remarks(name)) for name, row in known_models().items()]
    after = (
        f"As there is no key, this is gemini-magic's own table, of {gathered_on()}: %gemini key "
        "sets one, and Gemini is asked"
    )
    return columns(("model", "thinking", ""), rows, after)


def _known(name: str) -> tuple[str, str]:
    """Return how much a model can think, and what else is known of it."""
    row = capabilities_of(name)
    return row.thinking if row else "", _remarks(name)


def _remarks(name: str) -> str:
    row = capabilities_of(name)
    guide = "in Google's guide to code execution" if name in MODELS else ""
    return "; ".join(filter(None, [guide, row.remark if row else ""]))
