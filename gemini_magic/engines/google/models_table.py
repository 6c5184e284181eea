"""The table of models as Markdown, as the docs show it."""

from __future__ import annotations

from .capabilities import Capabilities, gathered_on, known_models, sources

_HEAD = (
    "model",
    "`--thinking`, `off` aside",
    "temperature sent by default",
    "contexts",
    "code beside functions or JSON",
    "reads",
    "remark",
    "from",
)


def table() -> str:
    """Return the rows of the table, and under them its day and its sources."""
    rows = [_HEAD, ("---",) * len(_HEAD), *map(_row, known_models().values())]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    listed = [f"- {name}: <{address}>" for name, address in sources().items()]
    return "\n".join([*lines, "", f"Gathered on {gathered_on()} from:", "", *listed]) + "\n"


def _row(row: Capabilities) -> tuple[str, ...]:
    temperature = row.default_temperature
    untold = f"; nobody says of {', '.join(row.untold)}" if row.untold else ""
    return (
        f"`{row.name}`",
        row.thinking + untold,
        "none" if temperature is None else f"{temperature:g}",
        "yes" if row.caching else "no",
        "yes" if row.mixes else "no",
        ", ".join(row.inputs) or "not known",
        row.remark,
        ", ".join(row.sources),
    )
