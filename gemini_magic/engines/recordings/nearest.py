"""What differs between a request and the recording that is nearest to it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from difflib import SequenceMatcher

from ...options.table import ROWS
from ...phrases import short
from ...request.fingerprint import ENGINE, Facts
from .in_memory import RecordedRequest

_SHOWN = 3
_OF_ENGINE = f"{ENGINE}."
_FLAGS = {row.field: row.names[-1] for row in ROWS if row.names}
# Facts that are told by their digest, with what is said of them.
_DIGESTED = {
    "system": "the system instruction",
    "output": "the schema of the answer",
    "history": "what the chat said before",
    f"{ENGINE}.lesson": "the lesson",
}
_VERBS = {"function": ("was offered", "was not offered")}


def nearest(
    facts: Facts, prompt: str, recorded: Iterable[RecordedRequest]
) -> RecordedRequest | None:
    """Return the recording whose facts differ the least; None without any.

    Of several the one whose prompt is the most like this one, then the first. That another engine
    answered it is as good: without a key, Gemini's answers are what a user looks for.
    """
    matcher = SequenceMatcher(b=short(prompt))

    def distance(each: RecordedRequest) -> tuple[int, float]:
        matcher.set_seq1(short(each.prompt))
        asked = [name for name in _differing(facts, each.facts) if not name.startswith(ENGINE)]
        return len(asked), -matcher.ratio()

    return min(recorded, key=distance, default=None)


def differences(facts: Facts, then: RecordedRequest) -> str:
    """Return what was otherwise in the recording `then`: `the frame 'sales' has changed`."""
    names = _differing(facts, then.facts)
    said = [_said(name, facts, then) for name in names[:_SHOWN]]
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join([*said, *more])


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was: `3 days ago`."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    units = ((86_400, "day"), (3600, "hour"), (60, "minute"))
    for size, unit in units:
        if seconds >= size:
            number = int(seconds // size)
            return f"{number:,} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def _differing(facts: Facts, then: Facts) -> list[str]:
    names = dict.fromkeys((*facts, *then))
    found = [name for name in names if facts.get(name) != then.get(name)]
    # What an engine makes of another prompt, or of another option, says nothing more than those.
    own = [name for name in found if not name.startswith(_OF_ENGINE)]
    made = [name for name in found if name.startswith(_OF_ENGINE) and "prompt" not in own]
    return own + [name for name in made if name.removeprefix(_OF_ENGINE) not in own]


def _said(name: str, facts: Facts, then: RecordedRequest) -> str:
    if name == "prompt":
        return f"the prompt was {short(then.prompt)!r}"
    kind, _, own = name.partition(" ")
    if own:
        # A variable goes along as a file: `sales.csv`.
        called = (own.rpartition(".")[0] or own) if kind in ("frame", "data") else own
        what = f"the {kind} {called!r}"
        was, was_not = _VERBS.get(kind, ("went along", "did not go along"))
        if name in facts and name in then.facts:
            return f"{what} has changed"
        return f"{what} {was if name in then.facts else was_not}"
    if name in _DIGESTED:
        return f"{_DIGESTED[name]} {'has changed' if name in then.facts else 'was not there'}"
    if name in (ENGINE, "model"):
        return f"the {name} was {then.facts.get(name) or 'another'}"
    flag = _FLAGS.get(name, name.removeprefix(f"{ENGINE}."))
    if name not in then.facts:
        return f"{flag} was not given"
    value = then.facts[name]
    return f"{flag} was given" if isinstance(value, bool) else f"{flag} was {short(str(value))}"
