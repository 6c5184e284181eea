"""What is said of claims: in one line, in a list, and beside a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..parts import Call, Image, Part
from ..parts import Source as Page
from .claim import ALONG, Claim
from .sources import MOST_CHARS, Answered, Source, sources_of

UNREAD = "(pictures and pages were not read)"
NOT_FOUND = "not found"
# Of numbers that are named in the one line, and of the line that is quoted.
_MOST_NAMED, _MOST_LINE, _BEFORE = 5, 120, 60
_ORDER = ("absent", "derived", "computed", "code", "given")
_OPERATIONS = {
    "difference": "{0} − {1}",
    "change": "({0} − {1}) / {1}",
    "ratio": "{0} / {1}",
    "share": "{0} / {1}",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A number in the list below an answer.

    `words` say what it is, `where` names its place, and `line` quotes that, or says what it follows
    from. `is_doubtful` if it was not found, or is not what a later attempt printed.
    """

    claim: Claim
    words: str
    where: str = ""
    line: str = ""

    @property
    def is_doubtful(self) -> bool:
        return is_doubtful(self.claim)

    @property
    def title(self) -> str:
        """All of it in one line."""
        head = f"{self.words}, {self.where}" if self.where else self.words
        return f"{head}: {self.line}" if self.line else head


def is_doubtful(claim: Claim) -> bool:
    """Whether a reader should look: it was not found, or its attempt failed or was replaced."""
    return claim.kind == "absent" or bool(claim.flag)


def summary(claims: Iterable[Claim], parts: Sequence[Part] = ()) -> str:
    """Return where the numbers of an answer stand, in one line; empty if it has none.

    `parts` are those of the answer: what its functions returned is counted apart, and a line with
    pictures and pages among them says that those were not read.
    """
    counted = [claim for claim in claims if claim.kind != "common"]
    pieces = [*_found(counted, parts)]
    doubts = [*_doubts(counted)]
    if not pieces and not doubts:
        return ""
    line = " · ".join(filter(None, (", ".join(pieces), *doubts)))
    return f"{line} {UNREAD}" if _has_unread(parts) else line


def _has_unread(parts: Sequence[Part]) -> bool:
    """Whether numbers may stand where nobody looked."""
    printed = sum(len(getattr(part, "output", "")) for part in parts)
    return printed > MOST_CHARS or any(isinstance(part, Image | Page) for part in parts)


def _found(claims: Sequence[Claim], parts: Sequence[Part]) -> Iterator[str]:
    """Yield how many numbers stand where; the first says that they are numbers."""
    counts = Counter(_group(claim, parts) for claim in claims)
    phrases = {
        "printed": "printed by the code",
        "returned": "returned by a function",
        "given": "from the prompt",
        "code": "in the code",
        "derived": "follows from others" if counts["derived"] == 1 else "follow from others",
    }
    noun = True
    for group, phrase in phrases.items():
        if many := counts[group]:
            yield f"{_numbers(many)} {phrase}" if noun else f"{many:,} {phrase}"
            noun = False


def _group(claim: Claim, parts: Sequence[Part]) -> str:
    if claim.kind != "computed":
        return claim.kind
    place = claim.place
    is_here = place is not None and not place.turn and 0 <= place.part < len(parts)
    return "returned" if place and is_here and isinstance(parts[place.part], Call) else "printed"


def _doubts(claims: Sequence[Claim]) -> Iterator[str]:
    """Yield what a reader should look at, with the numbers."""
    groups = {
        "from an attempt that failed": [c.text for c in claims if c.flag == "failed"],
        "printed anew later": [c.text for c in claims if c.flag == "replaced"],
        NOT_FOUND: [c.text for c in claims if c.kind == "absent"],
    }
    for words, texts in groups.items():
        if texts:
            named = ", ".join(texts[:_MOST_NAMED])
            more = f" and {len(texts) - _MOST_NAMED:,} more" if len(texts) > _MOST_NAMED else ""
            yield f"{len(texts):,} {words}: {named}{more}"


def _numbers(many: int) -> str:
    return "1 number" if many == 1 else f"{many:,} numbers"


def entries(claims: Iterable[Claim], run: Answered) -> list[Entry]:
    """Return the list of an answer's numbers, those first that a reader should look at."""
    sources = {source.part: source for source in sources_of(run, (), ())}
    shown = [claim for claim in claims if claim.kind != "common"]
    shown.sort(key=lambda claim: (not is_doubtful(claim), _ORDER.index(claim.kind)))
    return [_entry(claim, sources, run.parts) for claim in shown]


def _entry(claim: Claim, sources: Mapping[int, Source], parts: Sequence[Part]) -> Entry:
    if claim.kind == "absent":
        return Entry(claim, NOT_FOUND, line="in no output, prompt or file")
    if claim.place is None:
        return Entry(claim, "follows", line=_operation(claim))
    if claim.place.turn:
        back = claim.place.turn
        before = "the turn before" if back == 1 else f"{back} turns before"
        return Entry(claim, _words(claim, parts), f"{before}, line {claim.place.line}")
    source = sources.get(claim.place.part)
    if source is None:
        return Entry(claim, _words(claim, parts))
    attempt = f"attempt {source.attempt}, " if source.kind in ("output", "code") else ""
    where = f"{attempt}line {claim.place.line}"
    return Entry(claim, _words(claim, parts), where, _quoted(claim, source))


def _words(claim: Claim, parts: Sequence[Part]) -> str:
    place = claim.place
    if claim.flag:
        return {"failed": "printed, but the attempt failed", "replaced": "printed anew later"}[
            claim.flag
        ]
    if claim.kind == "given":
        return "went along with the prompt" if place and place.part == ALONG else "prompt"
    if claim.kind == "code":
        return "in the code"
    if place and not place.turn and 0 <= place.part < len(parts):
        part = parts[place.part]
        if isinstance(part, Call):
            return f"returned by {part.name}(…)"
    return "printed"


def _operation(claim: Claim) -> str:
    """Return what a number follows from: `31,200 / 89,700`."""
    if claim.how == "sum":
        return " + ".join(claim.of)
    operation = _OPERATIONS.get(claim.how)
    return operation.format(*claim.of) if operation and len(claim.of) == 2 else "as written there"


def _quoted(claim: Claim, source: Source) -> str:
    """Return the line that a number stands in, or what is around it in a long one."""
    lines = source.text.split("\n")
    place = claim.place
    if place is None or not 1 <= place.line <= len(lines):
        return ""
    line = lines[place.line - 1]
    begin = max(0, min(place.column, len(line)) - 1 - _BEFORE)
    return line[begin : begin + _MOST_LINE].strip()
