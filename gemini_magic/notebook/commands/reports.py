"""What a session holds, as text in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...answer.parts import Usage
from ...engines.google.models import Model
from ...options.settings import GeminiMagic
from ...options.table import MODELS
from ...runs.chats import Chat, Chats
from ...runs.prices import Price, prices
from ...runs.run import Run

_SHOWN = 60


def chats(held: Chats) -> str:
    """Return the chats, the one that was spoken in last under a star."""
    if not list(held):
        return "no chat yet: `%%gemini_exec --chat` starts one"
    rows = [
        (
            "*" if chat.name == held.last else "",
            chat.name,
            chat.engine,
            len(chat.turns),
            f"{chat.tokens:,}",
        )
        for chat in held
    ]
    return columns(("", "chat", "engine", "turns", "tokens"), rows)


def chat(held: Chat) -> str:
    """Return what was said in a chat."""
    said = [
        f"── turn {number}\n› {turn.prompt}\n\n{turn.answer}"
        for number, turn in enumerate(held.turns, start=1)
    ]
    return "\n\n".join(said) or f"chat {held.name!r} has no turns"


def turns(held: Chat) -> str:
    """Return how many turns a chat has."""
    return "1 turn" if len(held.turns) == 1 else f"{len(held.turns)} turns"


def runs(held: Sequence[Run]) -> str:
    """Return a line for each run."""
    if not held:
        return "no run yet in this session"
    rows = [
        (
            number,
            run.state,
            len(run.steps),
            f"{run.seconds:.1f}",
            f"{run.usage.total:,}" if run.usage else "–",
            short(run.request.prompt),
        )
        for number, run in enumerate(held, start=1)
    ]
    return columns(("run", "state", "attempts", "seconds", "tokens", "prompt"), rows)


def usage(held: Iterable[Run], table: Mapping[str, Any]) -> str:
    """Return the tokens of the runs, by model, and what they cost by `table`, the setting's.

    Raises OptionError for a table that cannot be read.
    """
    known = prices(table)
    counts: dict[str, list[Usage]] = {}
    for run in held:
        if run.usage:
            counts.setdefault(run.model or run.engine, []).append(run.usage)
    if not counts:
        return "no tokens yet in this session"
    rows = [_used(model, used, _paid(used, known.get(model))) for model, used in counts.items()]
    everything = [one for used in counts.values() for one in used]
    paid = [_paid(used, known[model]) for model, used in counts.items() if model in known]
    lines = columns(
        (
            *("model", "runs", "prompt", "code and results", "answer", "thoughts"),
            *("cached", "total", "dollars"),
        ),
        [*rows, _used("all", everything, sum(filter(None, paid)) if paid else None)],
    )
    unpriced = [model for model in counts if model not in known]
    if not unpriced:
        return lines
    return f"{lines}\nwithout a price: {', '.join(unpriced)} (GeminiMagic.prices takes them)"


def _used(name: str, used: Sequence[Usage], paid: float | None) -> tuple[object, ...]:
    total = sum(used, Usage())
    tokens = (
        *(total.prompt, total.tool_use_prompt, total.candidates, total.thoughts),
        *(total.cached_content, total.total),
    )
    dollars = "–" if paid is None else f"{paid:.4f}"
    return (name, len(used), *(f"{count:,}" for count in tokens), dollars)


def _paid(used: Iterable[Usage], price: Price | None) -> float | None:
    return None if price is None else sum(price.of(one) for one in used)


def models(found: Sequence[Model]) -> str:
    """Return the models with their limits, those in Google's guide to code execution first."""
    order = {name: place for place, name in enumerate(MODELS)}
    rows = [
        (
            model.name,
            _limit(model.input_tokens),
            _limit(model.output_tokens),
            "in Google's guide to code execution" if model.name in order else "",
        )
        for model in sorted(found, key=lambda m: (order.get(m.name, len(order)), m.name))
    ]
    return columns(("model", "input tokens", "output tokens", ""), rows)


def _limit(tokens: int | None) -> str:
    return "–" if tokens is None else f"{tokens:,}"


def config(settings: GeminiMagic) -> str:
    """Return the settings with what each does."""
    rows = [
        (f"GeminiMagic.{name} = {getattr(settings, name)!r}", trait.help)
        for name, trait in sorted(settings.traits(config=True).items())
    ]
    return columns(("setting", "what it does"), rows)


def columns(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return `rows` under `head`, each column as wide as its widest word, the last one free."""
    lines = [tuple(head), *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)][:-1]
    return "\n".join(
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=False))])
        + f"  {line[-1]}".rstrip()
        for line in lines
    )


def short(text: str) -> str:
    """Return `text` as one line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
