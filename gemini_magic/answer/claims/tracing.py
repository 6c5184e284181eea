"""Where each number in the prose of a run comes from."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from ..parts import Code, Data, Part, Text
from .claim import Claim, Place
from .derived import Reason, derived
from .evidence import Evidence, Seen
from .flags import flag_of
from .forms import says_about
from .matching import Match, distance, matches
from .nearby import Known
from .prose import Mention, mentions_in, mentions_in_json
from .sources import Answered, sources_of

# Longer prose is left alone, as where it is shown.
MOST_CHARS = 100_000
# What it is worth to stand behind or below the place of the number before.
_BESIDE = 0.5
_KINDS = {"output": "computed", "call": "computed", "given": "given", "code": "code"}


class Traceable(Answered, Protocol):
    """A run, with how it ended."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a number so far: the place that it is linked to, or why there is none."""

    mention: Mention
    kind: str = "absent"
    match: Match | None = None
    reason: Reason = field(default_factory=lambda: Reason(""))

    @property
    def is_linked(self) -> bool:
        return self.match is not None


def trace(
    run: Traceable, given: Iterable[str] = (), earlier: Sequence[Answered] = ()
) -> list[Claim]:
    """Return the numbers of an answer in order, each with the place that it comes from.

    `given` are texts that went along with the prompt: the system instruction, schemas, samples;
    `earlier` the runs of the turns before. Empty where nothing was printed and no function
    returned anything, as there is nothing to hold the numbers against.
    """
    sources = sources_of(run, given, earlier)
    if not any(source.is_evidence for source in sources):
        return []
    evidence = Evidence(sources)
    found: list[_Found] = []
    attempt = 0
    for at, part in enumerate(run.parts):
        attempt += isinstance(part, Code)
        found += _settled(_mentions(part, at, _is_cut(run, at)), evidence, attempt)
    return [_claim(item, evidence, run.parts) for item in _repeated(found)]


def _is_cut(run: Traceable, at: int) -> bool:
    """Whether the prose of a part may go on: the last of a run that was stopped or failed."""
    return run.state != "done" and at == len(run.parts) - 1


def _mentions(part: Part, at: int, is_cut: bool) -> list[Mention]:
    if not isinstance(part, Text | Data) or len(part.text) > MOST_CHARS:
        return []
    find = mentions_in if isinstance(part, Text) else mentions_in_json
    found = find(part.text, at)
    if is_cut and found and part.text.rstrip("*_ \n").endswith(found[-1].text):
        found.pop()
    return found


def _settled(mentions: Sequence[Mention], evidence: Evidence, last: int) -> list[_Found]:
    """Return what is known of the numbers of a part, `last` being the attempt before it."""
    found, anchors = _linked(mentions, evidence, last)
    found = _linked_backwards(found, anchors, evidence)
    known = [
        Known(item.mention, float(item.mention.readings[0].value), float(item.match.value))
        for item in found
        if item.match and item.mention.readings
    ]
    known += [
        Known(item.mention, value, value, is_loose=True)
        for item in found
        if item.kind == "common" and item.mention.readings
        for value in [float(item.mention.readings[0].value)]
    ]
    known.sort(key=_nth)
    return _with_reasons(found, known)


def _linked(
    mentions: Sequence[Mention], evidence: Evidence, last: int
) -> tuple[list[_Found], list[Seen | None]]:
    """Link each number to its best place; the anchor of one is the last place in its block."""
    found: list[_Found] = []
    anchors: list[Seen | None] = []
    anchor, row = None, -1
    for mention in mentions:
        if mention.scope[0] != row:
            anchor, row = None, mention.scope[0]
        item = _best(mention, anchor, evidence, last)
        anchor = item.match.seen if item.match else anchor
        found.append(item)
        anchors.append(anchor)
    return found, anchors


def _best(mention: Mention, anchor: Seen | None, evidence: Evidence, last: int) -> _Found:
    is_small = bool(mention.readings) and mention.is_small
    best: tuple[tuple[float, bool, int, int], Match] | None = None
    agreed = False
    for match in matches(mention, evidence):
        agreed = True
        beside = anchor is not None and evidence.follows(anchor, match.seen)
        if not (match.is_sure or beside) or (is_small and _is_bent(mention, match)):
            continue
        source = evidence.source_of(match.seen)
        cost = match.cost + distance(source, mention.part, last) - (_BESIDE if beside else 0.0)
        rank = (cost, source.kind != "given", -source.part, match.seen.start)
        if best is None or rank < best[0]:
            best = rank, match
    if best:
        kind = _KINDS[evidence.source_of(best[1].seen).kind]
        return _Found(mention, kind, best[1])
    return _Found(mention, "common" if is_small or agreed else "absent")


def _is_bent(mention: Mention, match: Match) -> bool:
    """Whether a small number would only agree after rounding, which any number does."""
    return match.how in ("rounded", "percent") and not says_about(mention)


def _linked_backwards(
    found: Sequence[_Found], anchors: Sequence[Seen | None], evidence: Evidence
) -> list[_Found]:
    """Link what stands before a linked number of the same list, and was left open so far."""
    settled = list(found)
    anchors = list(anchors)
    for at in range(len(settled) - 2, -1, -1):
        item, after, anchor = settled[at], settled[at + 1], anchors[at + 1]
        if item.kind != "common" or not item.mention.readings or not after.is_linked:
            continue
        if anchor is None or item.mention.scope != after.mention.scope:
            continue
        for match in matches(item.mention, evidence):
            is_bent = item.mention.is_small and _is_bent(item.mention, match)
            if not is_bent and evidence.follows(match.seen, anchor):
                kind = _KINDS[evidence.source_of(match.seen).kind]
                settled[at] = replace(item, kind=kind, match=match)
                anchors[at] = match.seen
                break
    return settled


def _with_reasons(found: Sequence[_Found], known: list[Known]) -> list[_Found]:
    """Say which numbers follow from others, and what follows from these in turn."""
    settled = list(found)
    reasons: list[tuple[Mention, Reason]] = []
    # What follows only from what is said later is found the second time.
    for _ in range(2):
        before = len(reasons)
        for at, item in enumerate(settled):
            if item.is_linked or not item.mention.readings or item.kind == "derived":
                continue
            if reason := derived(item.mention, known, reasons):
                settled[at] = replace(item, kind="derived", reason=reason)
                reasons.append((item.mention, reason))
                value = float(item.mention.readings[0].value)
                insort(known, Known(item.mention, value, value, is_loose=True), key=_nth)
        if len(reasons) == before:
            break
    return settled


def _nth(known: Known) -> int:
    return known.mention.nth


def _repeated(found: Sequence[_Found]) -> Iterator[_Found]:
    """Yield all, with what followed from others once as following wherever it is said again."""
    reasons: dict[Decimal, Reason] = {
        item.mention.readings[0].value: item.reason for item in found if item.kind == "derived"
    }
    for item in found:
        readings = item.mention.readings
        if item.kind == "absent" and readings and readings[0].value in reasons:
            yield replace(item, kind="derived", reason=reasons[readings[0].value])
        else:
            yield item


def _claim(item: _Found, evidence: Evidence, parts: Sequence[Part]) -> Claim:
    mention, match = item.mention, item.match
    if match is None:
        how, of = item.reason.how, item.reason.of
        return Claim(mention.part, mention.nth, mention.text, item.kind, how, of=of)
    source, line = evidence.source_of(match.seen), evidence.line(match.seen)
    place = Place(source.part, line.number + 1, line.column + 1, source.turn)
    flag = flag_of(match.seen, mention.part, _attempts_before(parts, mention.part), evidence)
    return Claim(mention.part, mention.nth, mention.text, item.kind, match.how, flag, place)


def _attempts_before(parts: Sequence[Part], part: int) -> int:
    return sum(isinstance(other, Code) for other in parts[:part])
