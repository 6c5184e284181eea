"""A run that is kept: what was asked, what came back, and how long it took then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ...answer import document
from ...answer.document import Document, is_json
from ...answer.parts import Part, Past, Usage
from ...errors import RecordingError
from ...request.fingerprint import Facts, fingerprint, question

VERSION = 1
# More than any number of tokens or of seconds.
_MOST = 2**53


@dataclass(frozen=True)
class Turn:
    """What a chat needs to go on after it: the wire contents, their digest, and their tokens.

    `contents` have no data that went along or came back (`contents.detached`); they are None in a
    notebook, which thought signatures do not reach.
    """

    digest: str
    tokens: int = 0
    contents: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Recording:
    """A run that was done, as the `facts` that were asked and the parts that the engine gave.

    `stats` are those of the whole run, and `first` is the place of the engine's first part in it:
    notes on the prompt stood before. `time` is when it was asked, in UTC.
    """

    facts: Facts
    time: str
    engine: str
    model: str
    prompt: str
    parts: tuple[Part, ...] = field(repr=False)
    stats: Mapping[str, Any] = field(repr=False)
    first: int = 0
    turn: Turn | None = None

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.facts)

    @cached_property
    def question(self) -> str:
        return question(self.facts)

    @property
    def usage(self) -> Usage | None:
        """The tokens that it took; None where nobody counted."""
        return usage_in(self.stats)

    @property
    def past(self) -> Past:
        return Past(self.time, self.stats, self.first)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values: `read` makes an equal one of them."""
        run = Document(self.engine, self.model, self.prompt, "done", "", self.parts, None)
        return {
            "version": VERSION,
            "fingerprint": self.fingerprint,
            "time": self.time,
            "facts": dict(self.facts),
            "run": document.write(run, needed=False),
            "first": self.first,
            "stats": dict(self.stats),
            **({"turn": _written(self.turn)} if self.turn else {}),
        }

    def to_line(self) -> str:
        """Return it as one line of JSON, the same for the same recording."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _written(turn: Turn) -> dict[str, Any]:
    contents = {} if turn.contents is None else {"contents": list(turn.contents)}
    return {"digest": turn.digest, "tokens": turn.tokens, **contents}


def read(data: object) -> Recording:
    """Read a recording that `to_dict` wrote; raise RecordingError for anything else.

    It may come from anywhere: what it claims to answer is worked out anew from its facts.
    """
    held = data if isinstance(data, Mapping) else {}
    version = held.get("version")
    if version != VERSION or isinstance(version, bool):
        raise RecordingError(
            f"this recording has version {str(version)[:20]!r}, and version {VERSION} is known: "
            "update gemini-magic"
        )
    run = document.read(held.get("run"))
    facts, stats = checked_facts(held.get("facts")), _mapping(held.get("stats"), "stats")
    first = held.get("first", 0)
    if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= 1000:
        raise RecordingError("this is not a recording: first is not a small whole number")
    return Recording(
        facts,
        moment_of(held.get("time")).isoformat(timespec="microseconds"),
        run.engine,
        run.model,
        run.prompt,
        run.parts,
        checked_stats(stats),
        first,
        turn_of(held["turn"]) if "turn" in held else None,
    )


def turn_of(data: object) -> Turn:
    """Read what a chat needs to go on; raise RecordingError if it is not that."""
    held = _mapping(data, "turn")
    digest, tokens, contents = (held.get(name) for name in ("digest", "tokens", "contents"))
    if not isinstance(digest, str) or isinstance(tokens, bool) or not isinstance(tokens, int):
        raise RecordingError("this is not a recording: turn has no digest or no tokens")
    if not 0 <= tokens < _MOST:
        raise RecordingError("this is not a recording: turn.tokens is not a number of tokens")
    if contents is None:
        return Turn(digest, tokens)
    if not isinstance(contents, list):
        raise RecordingError("this is not a recording: turn.contents is not a list")
    read = tuple(_mapping(content, "turn.contents") for content in contents)
    return Turn(digest, tokens, read)


def moment_of(time: object) -> datetime:
    """Return the moment that an ISO text says, in UTC; raise RecordingError if it says none."""
    try:
        moment = datetime.fromisoformat(time) if isinstance(time, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RecordingError(f"this is not a recording: {str(time)[:40]!r} is not a time")
    return moment.astimezone(UTC)


def usage_in(stats: Mapping[str, Any]) -> Usage | None:
    """Return the tokens that `stats` tell of."""
    used = stats.get("usage")
    if not isinstance(used, Mapping):
        return None
    counts = {name: used.get(name, 0) for name in Usage.__dataclass_fields__}
    whole = (isinstance(n, int) and not isinstance(n, bool) for n in counts.values())
    return Usage(**counts) if all(whole) and all(0 <= n < _MOST for n in counts.values()) else None


def checked_facts(value: object) -> Facts:
    """Return `value` if it can be the facts of a request; raise RecordingError if not."""
    facts = _mapping(value, "facts")
    for name, fact in facts.items():
        several = fact if isinstance(fact, list) else [fact]
        if not all(each is None or isinstance(each, str | int | float) for each in several):
            raise RecordingError(f"this is not a recording: the fact {name[:40]!r} is not plain")
    return facts


def checked_stats(stats: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `stats` if a run can show them; raise RecordingError for what `Run.stats` never is."""
    seconds, times, calls = stats.get("seconds"), stats.get("times"), stats.get("calls", {})
    numbers = [seconds, *(times if isinstance(times, list) else [None])]
    numbers += calls.values() if isinstance(calls, Mapping) else [None]
    if not all(map(_is_seconds, numbers)):
        raise RecordingError("this is not a recording: its stats are not numbers of seconds")
    if not all(str(place).isdecimal() and len(str(place)) < 7 for place in calls):
        raise RecordingError("this is not a recording: stats.calls is not by place")
    for name in ("usage", "reply", "provenance"):
        if not isinstance(stats.get(name), Mapping | None):
            raise RecordingError(f"this is not a recording: stats.{name} is not an object")
    return stats


def _is_seconds(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and -_MOST < value < _MOST  # type: ignore[operator]  # which NaN is not


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not is_json(value):
        raise RecordingError(f"this is not a recording: {where} is not an object, or too deep")
    return value
