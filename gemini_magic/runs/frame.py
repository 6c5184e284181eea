"""Runs as a table: a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import OptionError
from ..options import settings
from ..phrases import short
from .prices import Prices, prices
from .run import Run
from .text import claims_line

# By column what it is to pandas and to polars; what is not known is missing.
_COLUMNS = {
    "prompt": ("object", "String"),
    "model": ("object", "String"),
    "state": ("object", "String"),
    "attempts": ("Int64", "Int64"),
    "seconds": ("Float64", "Float64"),
    "tokens": ("Int64", "Int64"),
    "cost": ("Float64", "Float64"),
    "answer": ("object", "String"),
    "error": ("object", "String"),
    "output": ("object", "String"),
    "claims": ("object", "String"),
    "verdict": ("object", "String"),
}


def frame(runs: Iterable[Run]) -> Any:
    """Return runs as a pandas frame, or as one of polars where pandas is not installed.

    It has a row a run: `prompt`, `model` (the one that answered), `state`, `attempts`, `seconds`,
    `tokens`, `cost` in dollars (by the setting `GeminiMagic.prices`), the `answer`, the `error` if
    it failed, `output` of the last attempt, `claims` and `verdict` in words. Raises OptionError for
    what is no run, and where neither of the two is installed.
    """
    known = _prices()
    # One by one: those of many rows may come as they are asked for, and not be kept.
    rows = [_row(run, known) for run in _checked(runs)]
    columns = {name: [row[name] for row in rows] for name in _COLUMNS}
    try:
        import pandas as pd
    except ImportError:
        return _polars(columns)
    series = {name: pd.Series(columns[name], dtype=kind) for name, (kind, _) in _COLUMNS.items()}
    return pd.DataFrame(series)


def _polars(columns: Mapping[str, list[Any]]) -> Any:
    try:
        import polars as pl
    except ImportError:
        raise OptionError("frame needs pandas or polars: `pip install pandas`") from None
    schema = {name: getattr(pl, kind) for name, (_, kind) in _COLUMNS.items()}
    return pl.DataFrame(columns, schema=schema)


def _checked(runs: object) -> Iterator[Run]:
    for each in runs if isinstance(runs, Iterable) else (runs,):
        if not isinstance(each, Run) or not isinstance(runs, Iterable):
            raise OptionError(f"frame takes runs, as in frame([run]), not {short(repr(runs))}")
        yield each


def _prices() -> Prices:
    setting: Any = settings.current()
    return prices(setting.prices)


def _row(run: Run, known: Prices) -> dict[str, Any]:
    model = run.answered_by or run.engine
    price = known.get(model)
    return {
        "prompt": run.request.prompt,
        "model": model,
        "state": run.state,
        "attempts": len(run.steps),
        "seconds": round(run.seconds, 3) if run.is_timed else None,
        "tokens": run.usage.total if run.usage else None,
        "cost": price.of(run.usage) if price and run.usage else None,
        "answer": run.data or run.text,
        "error": run.error,
        "output": run.output,
        "claims": claims_line(run),
        "verdict": run.verification.summary if run.verification else "",
    }
