"""What differs from one answer to a prompt to the next, as an output's metadata, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from math import isfinite
from typing import Any

from ..answer.document import storable
from ..answer.parts import Past, Reply, Usage

_MOST_SECONDS = 1e9
_MOST_TOKENS = 2**53


@dataclass(frozen=True)
class Stats:
    """The facts of a run that its document leaves out; what nobody knows is missing.

    `times` has seconds from the start, one a part; `calls` those of functions, by place.
    """

    seconds: float | None = None
    times: tuple[float, ...] = ()
    calls: Mapping[int, float] = field(default_factory=dict)
    usage: Usage | None = None
    reply: Reply | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)


def write_stats(stats: Stats) -> dict[str, Any]:
    """Return them as JSON values, seconds to the millisecond: `read_stats` reads them back."""
    return {
        "seconds": None if stats.seconds is None else round(stats.seconds, 3),
        "times": [round(time, 3) for time in stats.times],
        "calls": {str(place): round(seconds, 3) for place, seconds in stats.calls.items()},
        "usage": asdict(stats.usage) if stats.usage else None,
        "reply": storable(asdict(stats.reply)) if stats.reply else None,
        "provenance": storable(stats.provenance),
    }


def replayed(past: Past, first: int, count: int) -> dict[str, Any]:
    """Return the stats of a recording for a run of `count` parts, without where it comes from.

    `first` is the place of what was answered: other notes may stand before it now.
    """
    shift = first - past.first
    times = list(past.stats["times"])
    times = times[:1] * shift + times if shift > 0 else times[-shift:]
    times += times[-1:] * (count - len(times))
    calls = past.stats.get("calls") or {}
    return {
        **{name: past.stats.get(name) for name in ("seconds", "usage", "reply")},
        "times": times[:count],
        "calls": {str(int(place) + shift): seconds for place, seconds in calls.items()},
    }


def read_stats(data: object) -> Stats:
    """Return what `data` says, which may be anything: `contract/stats.ts` reads it the same way."""
    held = data if isinstance(data, Mapping) else {}
    times, calls = held.get("times"), held.get("calls")
    return Stats(
        seconds=float(held["seconds"]) if _is_seconds(held.get("seconds")) else None,
        times=tuple(times) if isinstance(times, list) and all(map(_is_seconds, times)) else (),
        calls=_calls(calls if isinstance(calls, Mapping) else {}),
        usage=_usage(held.get("usage")),
        reply=_reply(held.get("reply")),
        provenance=_provenance(held.get("provenance")),
    )


def _is_seconds(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and isfinite(value) and 0 <= value < _MOST_SECONDS  # type: ignore[arg-type,operator]


def _calls(data: Mapping[Any, Any]) -> dict[int, float]:
    return {
        int(place): seconds
        for place, seconds in data.items()
        if isinstance(place, str)
        and place.isascii()
        and place.isdecimal()
        and len(place) < 9
        and _is_seconds(seconds)
    }


def _usage(data: object) -> Usage | None:
    if not isinstance(data, Mapping):
        return None
    counts = {each.name: data.get(each.name, 0) for each in fields(Usage)}
    return Usage(**{name: value if _is_count(value) else 0 for name, value in counts.items()})


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_TOKENS


def _reply(data: object) -> Reply | None:
    if not isinstance(data, Mapping):
        return None
    words = {each.name: data.get(each.name, "") for each in fields(Reply)}
    return Reply(**{name: value for name, value in words.items() if isinstance(value, str)})


def _provenance(data: object) -> dict[str, Any]:
    """Return what a run says of where it comes from, without what is of no type of ours."""
    held = storable(data) if isinstance(data, Mapping) else {}
    kinds: dict[str, type] = {"response_ids": list, "files": list}
    return {
        name: value
        for name, value in held.items()
        if isinstance(value, kinds.get(name, str)) and _fits(name, value)
    }


def _fits(name: str, value: Any) -> bool:
    entries: Sequence[Any] = value if isinstance(value, list) else ()
    return all(isinstance(each, Mapping if name == "files" else str) for each in entries)
