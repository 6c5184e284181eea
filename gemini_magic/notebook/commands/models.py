"""`%gemini models`: what the server has."""

from __future__ import annotations

from ...engines.google.capabilities import capabilities_of, known_models
from ...engines.models import HasModels
from ...engines.registry import connect
from ...options.table import MODELS
from ...views.report import Table
from .columns import columns, number
from .command import Invocation
from .registry import command


@command("models")
def models(at: Invocation) -> str | Table:
    """List the models, today's first, their limits, and how much they can think."""
    options = at.session.options()
    engine = connect(options.engine, options.model, options=options)
    if not isinstance(engine, HasModels):
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
    return columns(("model", "input tokens", "output tokens", "thinking", ""), rows)


def _known(name: str) -> tuple[str, str]:
    """Return how much a model can think, and what else is known of it."""
    row = capabilities_of(name)
    guide = "in Google's guide to code execution" if name in MODELS else ""
    remarks = [guide, row.remark if row else ""]
    return row.thinking if row else "", "; ".join(filter(None, remarks))
