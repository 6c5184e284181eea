"""What a session holds, as text in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .chats import Chat, Chats
from .parts import Usage
from .runs import Run
from .settings import GeminiMagic

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


def usage(held: Iterable[Run]) -> str:
    """Return the tokens of the runs, by model."""
    counts: dict[str, list[Usage]] = {}
    for run in held:
        if run.usage:
            counts.setdefault(run.model or run.engine, []).append(run.usage)
    if not counts:
        return "no tokens yet in this session"
    fields = ("prompt", "tool_use_prompt", "candidates", "thoughts", "cached_content", "total")
    rows = [
        (model, len(used), *(f"{sum(getattr(one, name) for one in used):,}" for name in fields))
        for model, used in counts.items()
    ]
    return columns(
        ("model", "runs", "prompt", "code and results", "answer", "thoughts", "cached", "total"),
        rows,
    )


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
