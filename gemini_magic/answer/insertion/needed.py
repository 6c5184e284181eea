"""Which attempts a piece of code needs, and how much of those that failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..steps import Step
from .blocks import Block, block_of, first_line, is_failed, language, lines_of
from .files import ANY, meet
from .known import Known
from .reader import Reader
from .scope import ALL


@dataclass(frozen=True)
class Piece:
    """A step to insert: `part` is the place of its code among the run's parts.

    `lines` is None for all of it; of a step that failed it is how many lines come before the
    statement that did. `rest` is Python to run after them: that statement again, up to its error,
    where what it did before is needed.
    """

    part: int
    lines: int | None = None
    rest: str = ""

    def to_list(self) -> list[int | str]:
        """Return it as JSON: `[part]`, `[part, lines]` or `[part, lines, rest]`."""
        if self.lines is None:
            return [self.part]
        return [self.part, self.lines, self.rest] if self.rest else [self.part, self.lines]


@dataclass(frozen=True)
class Effects:
    """What a step, or the first statements of it, wants, binds for certain, and may touch."""

    uses: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    always: bool = False


NOTHING = Effects()
# Of code that cannot be read: it may want all, and change all.
UNKNOWN = Effects(frozenset([ALL, ANY]), frozenset(), frozenset([ALL, ANY]), always=True)


@dataclass
class Analysis:
    """The steps of a run, read in order; what is known of names is gathered over all of them."""

    steps: Sequence[Step]
    known: Known = field(default_factory=Known)
    blocks: list[Block | None] = field(default_factory=list)
    _kept: dict[tuple[int, int, int], Effects] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, step in enumerate(self.steps):
            self.blocks.append(block_of(step) if language(step) == "python" else None)
            self.effects(place)

    def effects(self, place: int, done: int | None = None) -> Effects:
        """Return what a step does: all that ran of it for certain, or `done` statements of it."""
        block = self.blocks[place]
        if block is None:
            return _of_other(self.steps[place])
        if block.statements is None:
            return NOTHING if is_failed(self.steps[place]) else UNKNOWN
        return self._read(place, 0, len(block.done) if done is None else done)

    def partial(self, place: int) -> Effects:
        """Return what those statements of a step may have done that ran in part."""
        block = self.blocks[place]
        if block is None or not block.partial:
            return NOTHING
        return self._read(place, len(block.done), len(block.done) + len(block.partial))

    def single(self, place: int, nth: int) -> Effects:
        """Return what one statement of a step does."""
        return self._read(place, nth, nth + 1)

    def _read(self, place: int, start: int, stop: int) -> Effects:
        key = (place, start, stop)
        if key not in self._kept:
            block = self.blocks[place]
            assert block is not None  # noqa: S101 (for the type checker)
            self._kept[key] = self._effects(block, (block.statements or ())[start:stop])
        return self._kept[key]

    def _effects(self, block: Block, statements: Sequence[ast.stmt]) -> Effects:
        try:
            reader = Reader(self.known).read(statements)
        except RecursionError:
            return UNKNOWN
        magic = block.magic and bool(statements)
        touches = frozenset(reader.binds | self.known.sharing(reader.changes))
        uses = frozenset(reader.uses | ({ANY} if magic else set()))
        return Effects(uses, frozenset(reader.bound), touches, reader.always or magic)


def needed(steps: Sequence[Step]) -> list[list[Piece]]:
    """Return for each step what must be inserted so that it runs: the steps it needs, then itself.

    Where in doubt a step is taken in. A step in a language that is not Python or a shell's needs
    nothing and is not inserted: its list is empty.
    """
    analysis = Analysis(steps)
    return [_closure(analysis, place) for place in range(len(steps))]


def _closure(analysis: Analysis, target: int) -> list[Piece]:
    own = _piece(analysis, target, None)
    if own is None:
        return []
    pieces = [own]
    wanted = set(analysis.effects(target).uses)
    for place in reversed(range(target)):
        if piece := _piece(analysis, place, wanted):
            pieces.insert(0, piece)
            effects = analysis.effects(place, _done(analysis, place, wanted))
            again = analysis.partial(place).uses if piece.rest else frozenset()
            wanted = (wanted - effects.bound) | (again - effects.bound) | effects.uses
    return pieces


def _piece(analysis: Analysis, place: int, wanted: set[str] | None) -> Piece | None:
    """Return what to insert of a step; None where nothing of it is `wanted` (None: all of it)."""
    step, block = analysis.steps[place], analysis.blocks[place]
    if block is None and language(step) != "bash":
        return None
    done = _done(analysis, place, wanted)
    part = step.index
    if not is_failed(step):
        piece = Piece(part)
    elif block is None or not block.statements:
        return Piece(part, 0) if wanted is None else None
    else:
        piece = Piece(part, _lines(block, done))
        if wanted is not None and _hits(wanted, analysis.partial(place)):
            return replace(piece, rest=_again(step, block))
    return piece if wanted is None or _hits(wanted, analysis.effects(place, done)) else None


def _done(analysis: Analysis, place: int, wanted: set[str] | None) -> int | None:
    """Return how many statements of a step to take as run; None for those that did."""
    block = analysis.blocks[place]
    if block is None or not block.is_vague:
        return None
    # Where it failed is not known, but what nobody else binds it must have bound.
    elsewhere = {name for earlier in range(place) for name in analysis.effects(earlier).touches}
    missing = (wanted or set()) - elsewhere
    count = len(block.statements or ())
    hits = (n for n in reversed(range(count)) if missing & analysis.single(place, n).bound)
    return next(hits, -1) + 1


def _lines(block: Block, done: int | None) -> int:
    """Return how many lines the statements take that are done."""
    statements = block.done if done is None else (block.statements or ())[:done]
    return statements[-1].end_lineno or 0 if statements else 0


def _hits(wanted: set[str], effects: Effects) -> bool:
    """Return whether some of what is wanted may come from there."""
    touches = effects.touches
    if effects.always or wanted & touches or (ALL in wanted and touches):
        return True
    return meet(wanted, set(touches))


def _of_other(step: Step) -> Effects:
    """Return what a step does that is not Python: a shell may read and write any file."""
    if language(step) != "bash" or is_failed(step):
        return NOTHING
    # What it installs may be imported.
    installs = "install" in step.code
    return Effects(frozenset([ANY]), frozenset(), frozenset([ANY]), always=installs)


def _again(step: Step, block: Block) -> str:
    """Return the failing statements once more, their error suppressed."""
    lines = lines_of(step.code)
    start = first_line(block.partial[0])
    end = max(statement.end_lineno or 0 for statement in block.partial)
    inside = {line for node in block.partial for line in _inside_text(node)}
    moved = [
        text if number in inside or not text.strip() else f"    {text}"
        for number, text in enumerate(lines[start - 1 : end], start)
    ]
    head = ["import contextlib", "", "with contextlib.suppress(Exception):"]
    return "\n".join([*head, *moved])


def _inside_text(statement: ast.stmt) -> Iterator[int]:
    """Yield the lines that begin inside of a text: indenting them would change it."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant | ast.JoinedStr) and hasattr(node, "end_lineno"):
            yield from range(node.lineno + 1, (node.end_lineno or 0) + 1)
