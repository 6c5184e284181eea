"""What is known of each model: `models.toml`, read and held against a request."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ...errors import RequestError
from ...options.table import MODELS
from ...request.request import Request
from ..model_names import stem

# What the words mean to models that count: those of Google's own table for OpenAI's words,
# https://ai.google.dev/gemini-api/docs/openai
_BUDGETS = {"minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576}
OFF = "off"


@dataclass(frozen=True)
class Capabilities:
    """A row of the table; the head of `models.toml` says what each column means."""

    name: str
    levels: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    default: str = ""
    budget: tuple[int, int] | None = None
    off: int | None = None
    temperature: str = ""
    caching: bool = True
    mixes: bool = True
    inputs: tuple[str, ...] = ()
    remark: str = ""
    sources: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What `--thinking` may say to it, numbers aside."""
        return (OFF, *(_BUDGETS if self.budget else self.levels))

    @property
    def default_temperature(self) -> float | None:
        """What is sent where the user says nothing: 0, as Google's guide to code execution advises.

        None for models to which it is deprecated, but for those of the guide.
        """
        return 0.0 if self.name in MODELS or self.temperature != "deprecated" else None

    @property
    def thinking(self) -> str:
        """How much it can think, in words."""
        if self.budget:
            least, most = self.budget
            also = f"{self.off} or " if self.off is not None else ""
            return f"{also}{least:,} to {most:,} tokens"
        said = f" (default {self.default})" if self.default else ""
        return ", ".join(self.levels) + said


@cache
def known_models() -> Mapping[str, Capabilities]:
    """Return the rows of the table by name, today's models first."""
    return {row.name: row for row in map(_row, _table()["model"])}


def gathered_on() -> date:
    """Return the day on which the table was last gathered from its sources."""
    day = _table()["gathered"]
    assert isinstance(day, date)  # noqa: S101 (for the type checker)
    return day


def sources() -> Mapping[str, str]:
    """Return the addresses that the table rests on, by the names that its rows have for them."""
    return dict(_table()["sources"])


def capabilities_of(model: str) -> Capabilities | None:
    """Return what is known of a model, its version aside; None if nothing is."""
    return _by_stem().get(stem(model))


@cache
def _by_stem() -> Mapping[str, Capabilities]:
    return {stem(row.name): row for row in known_models().values()}


def thinking_of(wanted: str, model: str) -> tuple[int | None, str]:
    """Return the budget and the level that `--thinking` asks of a model, None and "" for neither.

    A number is sent as it is, and so is all that is asked of a model that is not known: there,
    `off` is the least level of the API.
    """
    if not wanted:
        return None, ""
    if wanted.isdecimal():
        return int(wanted), ""
    row = capabilities_of(model)
    if row is None:
        return None, "minimal" if wanted == OFF else wanted
    if row.budget and wanted == OFF:
        return _least_budget(row), ""
    if row.budget and wanted in _BUDGETS:
        return _within(_BUDGETS[wanted], row.budget), ""
    # A word that it does not know is refused before it is sent.
    return None, row.levels[0] if wanted == OFF else wanted


def refuse_flags(request: Request, model: str) -> None:
    """Raise RequestError for a flag that `model` is known to refuse, before anything is sent."""
    if row := capabilities_of(model):
        for refusal in refusals(request, row, model):
            raise RequestError(refusal)


def thinking_note(wanted: str, model: str) -> str:
    """Return what `--thinking off` becomes where thinking has no end; empty if there is no need."""
    row = capabilities_of(model)
    if wanted != OFF or row is None or row.off is not None:
        return ""
    least = f"{_least_budget(row):,} tokens" if row.budget else row.levels[0]
    return f"{model} cannot leave thinking off: it is asked for the least that it knows, {least}"


def refusals(request: Request, row: Capabilities, model: str) -> Iterator[str]:
    """Yield a line for each thing that is asked of `model` and its `row` says that it refuses."""
    wanted = request.options.thinking
    if wanted.isdecimal():
        if row.budget and not _takes(row, int(wanted)):
            yield f"{model} takes {row.thinking} for --thinking, not {int(wanted):,}"
    elif wanted and wanted not in (*row.words, *row.untold):
        yield f"{model} does not know --thinking {wanted}: it takes {', '.join(row.words)}"
    if request.options.context and not row.caching:
        yield f"{model} takes no context: leave --cache-context out, or use another model"
    for attachment in request.attachments:
        kind = _kind(attachment.mime_type)
        if row.inputs and kind and kind not in row.inputs:
            yield (
                f"{attachment.name!r} is {attachment.mime_type}, and {model} reads only "
                f"{', '.join(row.inputs)}: send what it reads, or ask another model"
            )


def _kind(mime_type: str) -> str:
    kind, _, name = mime_type.partition("/")
    return name if kind == "application" else kind


def _takes(row: Capabilities, tokens: int) -> bool:
    least, most = row.budget or (0, 0)
    return tokens == row.off or least <= tokens <= most


def _within(tokens: int, budget: tuple[int, int]) -> int:
    return min(max(tokens, budget[0]), budget[1])


def _least_budget(row: Capabilities) -> int:
    return row.off if row.off is not None else (row.budget or (0, 0))[0]


def _row(held: Mapping[str, Any]) -> Capabilities:
    # What kinds of values there are is held by a test.
    values: dict[str, Any] = {
        "sources" if name == "from" else name: tuple(value) if isinstance(value, list) else value
        for name, value in held.items()
    }
    return Capabilities(**values)


@cache
def _table() -> Mapping[str, Any]:
    text = files(__package__).joinpath("models.toml").read_text("utf-8")
    return tomllib.loads(text)
