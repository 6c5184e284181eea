"""What a user sees of an answer, as seven things that every form of it draws.

Plain text, HTML, Markdown and lessons know these seven and no parts: a new kind of part is shown
everywhere when it has a case here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, assert_never
from urllib.parse import quote

from .calls import is_refused, literal, returned, written
from .files import described, is_safe, preview
from .insertion.blocks import PYTHON
from .overstrike import overstrike
from .parts import (
    FAILED,
    OK,
    STOPPED,
    TIMED_OUT,
    UNKNOWN,
    Call,
    Code,
    Data,
    File,
    Image,
    Note,
    Part,
    Query,
    Result,
    Source,
    Text,
    Thought,
)
from .sent import Sent, taken
from .steps import Step

_WORDS = {
    OK: "ok",
    FAILED: "failed",
    STOPPED: "stopped",
    TIMED_OUT: "timed out",
    UNKNOWN: "no result",
}


@dataclass(frozen=True)
class Prose:
    """Markdown of the answer."""

    text: str


@dataclass(frozen=True)
class Aside:
    """Markdown beside the answer, folded under its title if the form can fold."""

    title: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line about the answer, under a label, and the address that it leads to.

    `detail` is added if the form has no links.
    """

    text: str
    label: str = ""
    link: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Block:
    """Lines of a fixed width: code, a call, JSON, or what was printed and how that ended.

    `language` is that of code, in small letters. What the model saw of the output is "seen": folded
    under its `title`, or only that, as the output is there.
    """

    text: str
    kind: Literal["code", "call", "json", "output", "seen"]
    outcome: str = OK
    language: str = ""
    title: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, as the bytes of a file; `before` is the one that it was made from.

    `name` is that of a picture that was sent, empty for one that code drew.
    """

    mime_type: str
    data: bytes = field(repr=False)
    name: str = ""
    before: Picture | None = None


@dataclass(frozen=True)
class Download:
    """A file: its name, its type and size in words, and the first lines of a table.

    `data` is what can be saved, empty if it is not there or a page must not offer it.
    """

    name: str
    detail: str
    mime_type: str
    data: bytes = field(repr=False)
    preview: str = ""


@dataclass(frozen=True)
class Group:
    """Things under one title that can be folded: an attempt, a call.

    `word` says how it ended, in words, and is empty if that is said elsewhere; `outcome` says it in
    the wire's word. `line` is all of it in one line, for a form that has only text.
    """

    title: str
    members: tuple[Block | Picture, ...]
    word: str = ""
    outcome: str = ""
    detail: str = ""
    line: str = ""
    is_open: bool = True


Shown = Prose | Aside | Line | Block | Picture | Download | Group


def shown_all(
    blocks: Sequence[Part | Step], state: str, sent: Sequence[Sent] = ()
) -> Iterator[Shown]:
    """Yield what is seen of an answer, its attempts counted; `sent` are the pictures of its prompt.

    Attempts that failed are folded once a later one succeeded.
    """
    took = taken(blocks, sent)
    mended = max(
        (n for n, block in enumerate(blocks) if isinstance(block, Step) and block.outcome == OK),
        default=-1,
    )
    attempt = 0
    for place, block in enumerate(blocks):
        attempt += isinstance(block, Code | Step)
        is_mended, is_running = place < mended, state == "running"
        yield shown(block, attempt, took, is_mended=is_mended, is_running=is_running)


def shown_alone(several: Sequence[Part | Step]) -> list[Shown]:
    """Return what is seen of attempts and parts by themselves, with their numbers in the run."""
    return [shown(each, each.attempt if isinstance(each, Step) else 0) for each in several]


def picture_of(picture: Image | Sent) -> Picture:
    """Return what is seen of a picture, drawn or sent."""
    name = picture.name if isinstance(picture, Sent) else ""
    return Picture(picture.mime_type, picture.data, name)


def shown(
    block: Part | Step,
    attempt: int = 0,
    took: Mapping[int, Image | Sent] = MappingProxyType({}),
    *,
    is_mended: bool = False,
    is_running: bool = False,
) -> Shown:
    """Return what is seen of one block of an answer; `attempt` is the number of its code.

    `took` has the pictures that attempts were made from, by their place.
    """
    match block:
        case Text():
            return Prose(block.text)
        case Thought():
            return Aside("Thoughts", block.text)
        case Note():
            return Line(block.text)
        case Data():
            return Block(block.text, "json")
        case Code():
            return Group(f"Attempt {attempt}", (_code(block),))
        case Result():
            word, output = outcome_words(block.outcome), _output(block.output, block.outcome)
            return Group("Output", (output, *_seen((block,))), word, block.outcome)
        case Step():
            return _step(block, attempt, took.get(block.index), is_mended, is_running)
        case Image():
            return picture_of(block)
        case File():
            data = block.data if is_safe(block.mime_type) else b""
            return Download(block.name, described(block), block.mime_type, data, preview(block))
        case Call():
            return _call(block)
        case Query():
            address = f"https://www.google.com/search?q={quote(block.text, errors='replace')}"
            return Line(block.text, "Searched", address)
        case Source():
            licence = f" (licence: {block.licence})" if block.licence else ""
            title = (block.title or block.uri) + licence
            return Line(title, "Source", block.uri, f"<{block.uri}>" if block.uri else "")
        case _:
            assert_never(block)


def outcome_words(outcome: str | None) -> str:
    """Return how an attempt ended, in words; an outcome that is not known, as the wire has it."""
    return _WORDS.get(outcome or UNKNOWN, outcome or "")


def _code(code: Code) -> Block:
    # The wire's word, which must not end the line of a fence.
    word = re.sub(r"\W", "", code.language.lower())
    return Block(code.code, "code", language="python" if word in PYTHON else word)


def _output(text: str, outcome: str) -> Block:
    return Block(overstrike(text), "output", outcome)


def _step(
    step: Step, attempt: int, took: Image | Sent | None, is_mended: bool, is_running: bool
) -> Group:
    lines = step.code.strip("\n").count("\n") + 1
    outcome = step.outcome
    word = "running" if outcome is None and is_running else outcome_words(outcome)
    output = () if outcome is None else (_output(step.output, outcome),)
    pictures = [picture_of(image) for image in step.images]
    if pictures and took is not None:
        pictures[0] = replace(pictures[0], before=picture_of(took))
    return Group(
        f"Attempt {attempt}",
        (_code(step.part), *output, *_seen(step.results), *pictures),
        word,
        outcome or "",
        "" if lines == 1 else f"{lines} lines",
        is_open=outcome in (OK, None) or not is_mended,
    )


def _seen(results: Iterable[Result]) -> Iterator[Block]:
    for result in results:
        if result.seen is not None:
            yield Block(overstrike(result.seen), "seen", title=seen_words(result))


def seen_words(result: Result) -> str:
    """Return in a line how much of an output the model saw."""
    seen = f"the model saw {len(result.seen or ''):,} of {len(result.output):,} characters"
    if not result.masked:
        return seen
    return f"{seen}, {result.masked:,} {'value' if result.masked == 1 else 'values'} masked"


def _call(call: Call) -> Group:
    made, refused = Block(written(call), "call"), is_refused(call)
    called = "Wanted to call" if refused else "Called"
    title = f"{called} {call.name}"
    if call.is_running:
        return Group(title, (made,), outcome_words(None), line=f"Called {made.text}", is_open=False)
    if call.error is not None:
        outcome, ended = FAILED, call.error
        said = ended if refused else f"failed: {ended}"
    else:
        result = returned(call)
        outcome, said = OK, literal(result)
        ended = result if isinstance(result, str) else said
    return Group(
        title,
        (made, Block(ended, "output", outcome)),
        "refused" if refused else outcome_words(outcome),
        outcome,
        line=f"{called} {made.text}: {said}",
        is_open=outcome == FAILED,
    )
