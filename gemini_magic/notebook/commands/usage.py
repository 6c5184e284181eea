"""`%gemini usage`: the tokens of the session, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...answer.parts import Usage
from ...runs.prices import Price, prices
from ...views.report import Table
from .columns import columns
from .command import Invocation
from .registry import command

_HEAD = (
    "model",
    "runs",
    "prompt",
    "code and results",
    "answer",
    "thoughts",
    "cached",
    "total",
    "dollars",
)


@command("usage")
def usage(at: Invocation) -> str | Table:
    """Count the tokens of this session, and the money, by model."""
    known = prices(at.session.options().prices)
    counts: dict[str, list[Usage]] = {}
    for run in at.session.runs:
        if run.usage:
            counts.setdefault(run.answered_by or run.engine, []).append(run.usage)
    if not counts:
        return "no tokens yet in this session"
    rows = [_row(model, used, _dollars(used, known.get(model))) for model, used in counts.items()]
    everything = [one for used in counts.values() for one in used]
    paid = [_dollars(used, known[model]) for model, used in counts.items() if model in known]
    rows.append(_row("all", everything, sum(filter(None, paid)) if paid else None))
    unpriced = [model for model in counts if model not in known]
    after = f"without a price: {', '.join(unpriced)} (GeminiMagic.prices takes them)"
    return columns(_HEAD, rows, after if unpriced else "")


def _row(name: str, used: Sequence[Usage], paid: float | None) -> tuple[object, ...]:
    total = sum(used, Usage())
    return (
        name,
        len(used),
        f"{total.prompt:,}",
        f"{total.tool_use_prompt:,}",
        f"{total.candidates:,}",
        f"{total.thoughts:,}",
        f"{total.cached_content:,}",
        f"{total.total:,}",
        "–" if paid is None else f"{paid:.4f}",
    )


def _dollars(used: Iterable[Usage], price: Price | None) -> float | None:
    return None if price is None else sum(price.of(one) for one in used)
