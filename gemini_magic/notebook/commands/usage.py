"""`%gemini usage`: the tokens of the session, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...answer.parts import Usage
from ...phrases import count
from ...runs.prices import Price, prices
from ...runs.run import Run
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
    counts = _counts(run for run in at.session.runs if not run.past)
    saved = _saved(_counts(run for run in at.session.runs if run.past), known)
    if not counts:
        return "; ".join(filter(None, ("no tokens yet in this session", saved)))
    rows = [_row(model, used, _dollars(used, known.get(model))) for model, used in counts.items()]
    everything = [one for used in counts.values() for one in used]
    paid = [_dollars(used, known[model]) for model, used in counts.items() if model in known]
    rows.append(_row("all", everything, sum(filter(None, paid)) if paid else None))
    unpriced = [model for model in counts if model not in known]
    after = f"without a price: {', '.join(unpriced)} (GeminiMagic.prices takes them)"
    said = (after if unpriced else "", saved)
    return columns(_HEAD, rows, "\n".join(filter(None, said)))


def _counts(runs: Iterable[Run]) -> dict[str, list[Usage]]:
    counts: dict[str, list[Usage]] = {}
    for run in runs:
        if run.usage:
            counts.setdefault(run.answered_by or run.engine, []).append(run.usage)
    return counts


def _saved(counts: Mapping[str, Sequence[Usage]], known: Mapping[str, Price]) -> str:
    """Return a line on what answers from recordings would have taken; empty without any."""
    everything = [one for used in counts.values() for one in used]
    if not everything:
        return ""
    paid = [_dollars(used, known[model]) for model, used in counts.items() if model in known]
    tokens = sum(everything, Usage()).total
    cost = f", ${sum(filter(None, paid)):.4f}" if paid else ""
    return f"saved by recordings: {tokens:,} tokens{cost}, in {count(len(everything), 'run')}"


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
