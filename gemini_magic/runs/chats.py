"""Named conversations: our own history, in the words of the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from operator import is_
from threading import Lock
from typing import Any

from ..answer.parts import TurnContents
from ..engines.local.connection import Connection
from ..errors import ChatError
from ..options.table import Options
from ..request.attachment import Attachment, without_data
from ..request.fingerprint import turn_digest
from ..request.question import NOWHERE, Cell
from ..request.request import Request
from .run import Run
from .text import to_text


@dataclass(frozen=True)
class Finished:
    """A turn that was answered to its end: the prompt, the answer as text, and both as sent.

    `contents` is empty for engines that remember nothing. `tokens` is by how much the turn made the
    history longer, as the server counted; `cell` the id of its cell, empty if a host has none,
    and `execution` that of the time it was run. `attachments` went along; their data is not kept.
    `digest` stands for the contents as they were sent, where they are not all there any more.
    `run` is what was shown of it, None for one of a file.
    """

    prompt: str
    answer: str
    contents: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    tokens: int = 0
    cell: str = ""
    execution: str = ""
    attachments: tuple[Attachment, ...] = ()
    digest: str = ""
    run: Run | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Chat:
    """A conversation with one engine, as the turns that are finished."""

    name: str
    engine: str = ""
    turns: tuple[Finished, ...] = ()

    @property
    def tokens(self) -> int:
        return sum(turn.tokens for turn in self.turns)

    @property
    def contents(self) -> tuple[Mapping[str, Any], ...]:
        """What the next request begins with."""
        return tuple(content for turn in self.turns for content in turn.contents)

    @property
    def attachments(self) -> tuple[tuple[Attachment, ...], ...]:
        """What went along with each turn that the next request begins with."""
        return tuple(turn.attachments for turn in self.turns if turn.contents)

    @property
    def digests(self) -> tuple[str, ...]:
        """A digest of each turn that the next request begins with."""
        return tuple(t.digest or turn_digest(t.contents) for t in self.turns if t.contents)

    def after(self, run: Run, cell: Cell) -> Chat:
        """Return the chat with `run` as its next turn."""
        sent = run.turn or TurnContents(())
        # What the server counted holds all turns before.
        tokens = max(0, sent.tokens - self.tokens)
        turn = Finished(
            run.request.prompt,
            to_text(run),
            sent.contents,
            tokens,
            cell.id,
            cell.execution,
            without_data(run.request.attachments),
            sent.digest or (turn_digest(sent.contents) if sent.contents else ""),
            run,
        )
        return replace(self, turns=(*self.turns, turn))


@dataclass(frozen=True)
class PendingTurn:
    """A turn on its way: the request to send, and `base`, the chat that it continues.

    `before` is the chat as it was when this was asked, with what the turn replaces.
    """

    request: Request
    chats: Chats
    base: Chat | None = None
    cell: Cell = NOWHERE
    before: Chat | None = None

    def finish(self, run: Run) -> None:
        """Take `run` into the chat. Without this the chat stays as it was before the turn.

        Turns that were asked meanwhile, as in another thread, stay before it.
        """
        if self.base is not None and run.state == "done":
            chat = self.base.after(run, self.cell)
            self.chats.add(chat, self.before or Chat(chat.name))


class Chats:
    """The conversations of a session, by name; `last` is the one that was spoken in last.

    `left` is called with each run whose turn is in no chat any more, though it is still shown.
    """

    def __init__(self, left: Callable[[Run], object] = lambda run: None) -> None:
        self._held: dict[str, Chat] = {}
        self._left = left
        self._adds = Lock()
        self.last = ""

    def __iter__(self) -> Iterator[Chat]:
        return iter(tuple(self._held.values()))

    def get(self, name: str = "") -> Chat:
        """Return the chat of that name, or the last; raise ChatError if there is none."""
        name = name or self.last
        if name in self._held:
            return self._held[name]
        if not self._held:
            raise ChatError("there is no chat yet: `%%gemini_exec --chat` starts one")
        near = get_close_matches(name, self._held, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(self._held)}"
        raise ChatError(f"there is no chat {name!r}: {hint}")

    def keep(self, chat: Chat) -> None:
        """Hold `chat`, instead of any that has its name."""
        before = self._held.get(chat.name)
        self._held[chat.name] = chat
        self.last = chat.name
        if before:
            self._tell(before, chat)

    def add(self, chat: Chat, before: Chat) -> None:
        """Hold `chat`, which has one turn more, after those that came since it was `before`."""
        with self._adds:
            now = self._held.get(chat.name, before)
            if now.engine == chat.engine and _begins(now, before):
                *turns, turn = chat.turns
                chat = replace(chat, turns=(*turns, *now.turns[len(before.turns) :], turn))
            self.keep(chat)

    def forget(self, chat: Chat) -> None:
        del self._held[chat.name]
        self.last = next(reversed(self._held), "") if self.last == chat.name else self.last
        self._tell(chat, Chat(chat.name))

    def _tell(self, before: Chat, chat: Chat) -> None:
        for run in _gone(before, chat):
            self._left(run)

    def undo(self, name: str = "") -> Chat:
        """Take back the last turn of a chat, and return the chat as it was before.

        Raises ChatError if there is none.
        """
        chat = self.get(name)
        if not chat.turns:
            raise ChatError(f"chat {chat.name!r} has no turn to take back")
        self.keep(replace(chat, turns=chat.turns[:-1]))
        return chat

    def next(self, request: Request, engine: str, cell: Cell = NOWHERE) -> PendingTurn:
        """Return the next turn of the chat that the options of `request` name, or of none.

        A cell that is run again replaces its own turns, and with them go the turns after, which
        answered to them; `append` adds a turn instead. Raises ChatError for a chat of another
        engine.
        """
        options = request.options
        if not options.chat:
            return PendingTurn(request, self)
        held = self._held.get(options.chat, Chat(options.chat))
        base, notes = _replaced(held, options, cell)
        if base.turns and base.engine != engine:
            raise ChatError(
                f"chat {base.name!r} was held with {base.engine}, not {engine}: --fresh starts it "
                f"anew, --engine {base.engine} continues it"
            )
        _refuse_elsewhere(base, options)
        base, dropped = _bounded(base, options.max_chat_tokens)
        notes = (f"chat {base.name!r}, turn {len(base.turns) + 1}", *notes, *dropped)
        request = replace(
            request,
            history=base.contents,
            earlier=base.attachments,
            turns=base.digests,
            notes=(*request.notes, *notes),
        )
        return PendingTurn(request, self, replace(base, engine=engine), cell, held)


def _begins(now: Chat, before: Chat) -> bool:
    """Return whether `now` has all turns of `before`, and perhaps more after them."""
    return len(now.turns) >= len(before.turns) and all(map(is_, now.turns, before.turns))


def _gone(before: Chat, chat: Chat) -> list[Run]:
    """Return the runs of the turns that `before` has and `chat` has not.

    Those of the cell that asked last are not shown any more. The oldest turns of a chat that is too
    long were in it when those after them were asked.
    """
    kept = {id(turn) for turn in chat.turns}
    begin = next((at for at, turn in enumerate(before.turns) if id(turn) in kept), 0)
    own = chat.turns[-1].cell if chat.turns else ""
    return [
        turn.run
        for turn in before.turns[begin:]
        if turn.run and id(turn) not in kept and not (own and turn.cell == own)
    ]


def _replaced(chat: Chat, options: Options, cell: Cell) -> tuple[Chat, tuple[str, ...]]:
    """Return `chat` as it was before the turn that this one replaces, and a note on that."""
    count = len(chat.turns)
    if options.fresh:
        notes = (f"the chat starts anew, without its {_turns(count)}",) if count else ()
        return Chat(chat.name), notes
    own = _own(chat, cell)
    if options.append or not own:
        return chat, ()
    after = count - own.stop
    also = f" and the {_turns(after)} after it" if after else ""
    which = "turn" if len(own) == 1 else f"{len(own)} turns"
    note = f"in place of this cell's own {which}{also}; --append adds one instead"
    return replace(chat, turns=chat.turns[: own.start]), (note,)


def _own(chat: Chat, cell: Cell) -> range:
    """Return the places of the turns that `cell` added when it was run last, before this time.

    Code in a cell may ask many times over: those of one time stay together.
    """
    places = [
        place
        for place, turn in enumerate(chat.turns)
        if cell.id and turn.cell == cell.id and not (turn.execution == cell.execution != "")
    ]
    if not places:
        return range(0)
    last = chat.turns[places[-1]].execution
    together = [at for at in places if last and chat.turns[at].execution == last]
    return range(min(together, default=places[-1]), places[-1] + 1)


def _refuse_elsewhere(base: Chat, options: Options) -> None:
    """Refuse to send what was told to a model on this machine to one that is not."""
    if base.engine != "local":
        return
    told = {turn.run.request.options.local_base_url for turn in base.turns if turn.run}
    there = Connection(options.local_base_url)
    if any(Connection(address).is_here for address in told) and not there.is_here:
        raise ChatError(
            f"chat {base.name!r} was held with a model on this machine, and all of it would go to "
            f"{there.shown}: --fresh starts it anew"
        )


def _bounded(chat: Chat, limit: int) -> tuple[Chat, tuple[str, ...]]:
    """Return `chat` without its oldest turns if it has more than `limit` tokens, and a note."""
    turns = chat.turns
    while limit and turns and sum(turn.tokens for turn in turns) > limit:
        turns = turns[1:]
    if not (dropped := len(chat.turns) - len(turns)):
        return chat, ()
    note = (
        f"without the oldest {_turns(dropped)}: the chat has {chat.tokens:,} tokens, and "
        f"{limit:,} are the bound (GeminiMagic.max_chat_tokens)"
    )
    return replace(chat, turns=turns), (note,)


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count} turns"
