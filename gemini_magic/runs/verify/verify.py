"""Runs every attempt of a run again, and says of each what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ...answer.insertion.blocks import language
from ...answer.parts import FAILED, OK, STOPPED, TIMED_OUT
from ...answer.steps import Step
from ...sandbox import RESTARTED
from ..text import without_middle
from . import chance, outputs, pictures
from .again import LATE_SECONDS, SECONDS, Played, Script, is_played, play, shows_last
from .verdicts import (
    DIFFERENT,
    DIGITS,
    EARLIER,
    LANGUAGE,
    NOT_RUN,
    NOTHING,
    ORDER,
    RANDOM,
    SAME,
    SHELL,
    SHOWN,
    TIME,
    TOLERANCE,
    Verdict,
    Verification,
)
from .wanting import wanting

HERE = 20_000  # characters kept of what differs
_STOPPED = re.compile(r"\[stopped after [\d.]+ s\]\n?\Z")


def verify_steps(
    steps: Sequence[Step],
    files: Mapping[str, bytes] | None = None,
    *,
    seconds: float = SECONDS,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Run `steps` again in the sandbox, in order, and return a verdict on each.

    `files` are there under the names that the code uses. They run once; a second time where what
    one gave differs, as chance does not give the same twice. Raises SandboxError where the sandbox
    cannot run.
    """
    script = Script.of(steps, files or {}, seconds, progress)
    if not any(map(is_played, steps)):
        return Verification(tuple(_unplayed(step) for step in steps))
    first = play(script)
    verdicts: list[Verdict] = []
    for place, given in enumerate(first):
        verdicts.append(_judge(script, place, given, verdicts))
    doubtful = frozenset(p for p, verdict in enumerate(verdicts) if verdict.kind == DIFFERENT)
    if doubtful:
        verdicts = _look_again(script, verdicts, first, doubtful)
    name = "scientific sandbox" if script.is_science else "sandbox"
    return Verification(tuple(verdicts), name)


def _unplayed(step: Step) -> Verdict:
    name = language(step)
    if name in ("python", "bash"):
        return Verdict(step.index, SHELL)
    return Verdict(step.index, LANGUAGE, name)


def _judge(script: Script, place: int, given: Played | None, before: Sequence[Verdict]) -> Verdict:
    step = script.steps[place]
    if given is None:
        return _unplayed(step)
    if step.outcome == STOPPED:
        return Verdict(step.index, NOTHING, "it was stopped before it ended")
    if step.outcome not in (OK, FAILED, TIMED_OUT):
        return Verdict(step.index, NOTHING, "the answer has no result of it")
    if step.outcome == TIMED_OUT:
        return _judge_late(step, given, min(script.seconds, LATE_SECONDS))
    verdict = _compare(script, place, given)
    if verdict.kind != DIFFERENT:
        return verdict
    return (
        _rests_on_missing(script, place, before)
        or wanting(step, given, script.files)
        or _by_nature(script, place, given)
        or verdict
    )


def _judge_late(step: Step, given: Played, seconds: float) -> Verdict:
    """Hold what was printed in time against what is printed here in some seconds."""
    limit = f"{seconds:g} s"
    if given.outcome != TIMED_OUT:
        return Verdict(
            step.index, TIME, f"it ran out of time there, and took less than {limit} here"
        )
    one, other = (outputs.normal(_STOPPED.sub("", text)) for text in (step.output, given.output))
    if one.startswith(other) or other.startswith(one):
        return Verdict(step.index, SAME, f"out of time here too, after {limit}")
    return Verdict(step.index, TIME, f"it is out of time here too, after {limit}", _kept(given))


def _compare(script: Script, place: int, given: Played) -> Verdict:
    """Hold output and pictures of a step against what was reported."""
    step = script.steps[place]
    empty = not (step.output.strip() or given.output.strip() or step.images or given.images)
    if empty and step.outcome == given.outcome == OK:
        return Verdict(step.index, NOTHING, "it prints nothing")
    if step.outcome != given.outcome:
        words = ("failed there, not here", "failed here, not there")
        return Verdict(step.index, DIFFERENT, words[given.outcome != OK], _kept(given))
    reported = step.output.removeprefix(RESTARTED)
    kind = outputs.compare(reported, given.output)
    why = f"within {TOLERANCE:g} of each number" if kind == DIGITS else ""
    if kind == DIFFERENT and step.outcome == FAILED and _same_error(reported, given.output):
        kind, why = SAME, "its error in other words"
    if kind == ORDER and not chance.is_unordered(script.codes(place)):
        kind = DIFFERENT
    agree, about = pictures.compare(step.images, given.images)
    if not agree:
        kind = DIFFERENT
    why = "; ".join(text for text in (why, about) if text)
    return Verdict(step.index, kind, why, "" if kind == SAME else _kept(given))


def _same_error(one: str, other: str) -> bool:
    """Return whether two failures printed the same and raised the same kind of error."""
    lines = [outputs.error_line(outputs.normal(text)) for text in (one, other)]
    names = [line.partition(":")[0].rpartition(".")[2] for line in lines]
    texts = [
        outputs.normal(text).removesuffix(line)
        for text, line in zip((one, other), lines, strict=True)
    ]
    # What cannot be read prints nothing before, and is shown in many ways.
    is_same = texts[0] == texts[1] or names[0] in outputs.UNREADABLE
    return bool(names[0]) and names[0] == names[1] and is_same


def _rests_on_missing(script: Script, place: int, before: Sequence[Verdict]) -> Verdict | None:
    """Return the verdict on a step that needs one which did not run here to its end."""
    parts = [piece.part for piece in script.needs[place][:-1]]
    for number, verdict in enumerate(before, start=1):
        if verdict.part not in parts or verdict.kind not in NOT_RUN:
            continue
        if verdict.kind != SHELL or script.feels_shell(number - 1, place):
            return Verdict(script.steps[place].index, EARLIER, f"attempt {number}")
    return None


def _by_nature(script: Script, place: int, given: Played) -> Verdict | None:
    """Return the verdict on a step that draws by chance or reads the clock."""
    step, codes = script.steps[place], script.codes(place)
    if step.outcome != given.outcome:
        return None
    if call := chance.chance(codes):
        return Verdict(step.index, RANDOM, call, _kept(given))
    call = chance.clock(codes)
    texts = [chance.without_times(outputs.normal(text)) for text in (step.output, given.output)]
    if call and texts[0] == texts[1]:
        return Verdict(step.index, RANDOM, call, _kept(given))
    return None


def _look_again(
    script: Script,
    verdicts: Sequence[Verdict],
    first: Sequence[Played | None],
    doubtful: frozenset[int],
) -> list[Verdict]:
    """Run all a second time, and change the verdicts that this explains."""
    shown = frozenset(place for place in doubtful if shows_last(script.steps[place].code))
    second = play(script, shown)
    changed = list(verdicts)
    for place in doubtful:
        step, one, other = script.steps[place], first[place], second[place]
        if one is None or other is None:
            continue
        if place in shown:
            if _agree(step, other):
                changed[place] = Verdict(step.index, SHOWN)
        elif one.outcome != other.outcome or _varies(step.output, one.output, other.output):
            changed[place] = replace(verdicts[place], kind=RANDOM, why="two runs here differ too")
    return _without_stderr(script, changed, first)


def _without_stderr(
    script: Script, verdicts: Sequence[Verdict], first: Sequence[Played | None]
) -> list[Verdict]:
    """Run all once more where one printed more lines than were reported: a sandbox may report
    what went to standard output alone, as Google's does of code that succeeds."""
    more = frozenset(
        place
        for place, (verdict, one) in enumerate(zip(verdicts, first, strict=True))
        if verdict.kind == DIFFERENT and one is not None and _has_more(script.steps[place], one)
    )
    changed = list(verdicts)
    played = play(script, quiet=more) if more else []
    for place in more:
        step, other = script.steps[place], played[place]
        if other is not None and _agree(step, other):
            kind = outputs.compare(step.output, other.output)
            if kind == SAME:
                changed[place] = Verdict(step.index, SAME, "without its warnings and errors")
    return changed


def _has_more(step: Step, given: Played) -> bool:
    is_good = step.outcome == given.outcome == OK
    return is_good and given.output.count("\n") > step.output.count("\n")


def _agree(step: Step, given: Played) -> bool:
    """Return whether an attempt gave what was reported, pictures included."""
    return (
        step.outcome == given.outcome
        and outputs.compare(step.output, given.output) != DIFFERENT
        and pictures.compare(step.images, given.images)[0]
    )


def _varies(reported: str, one: str, other: str) -> bool:
    """Return whether two runs here differ, and where in numbers alone, the reported one as well."""
    if outputs.compare(one, other) in (SAME, ORDER):
        return False
    texts = [chance.without_times(outputs.normal(text)) for text in (reported, one, other)]
    return texts[1] != texts[2] or texts[0] == texts[1]


def _kept(given: Played) -> str:
    return without_middle(given.output, HERE)
