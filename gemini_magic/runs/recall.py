"""Is there a recording that answers a request? Then nothing need be sent."""

from __future__ import annotations

from datetime import datetime

from ..engines.recordings.library import Library
from ..engines.recordings.nearest import ago, differences, nearest
from ..engines.recordings.player import Player
from ..engines.registry import answering, identity_of
from ..errors import ChatError, NotRecorded
from ..request.fingerprint import Facts, facts_of, fingerprint
from ..request.question import Cell
from ..request.request import Request
from .chats import Chats, PendingTurn

# The modes of `--replay` in which a recording answers.
_ANSWERS = ("auto", "only")


def recall(
    request: Request, chats: Chats, library: Library, cell: Cell
) -> tuple[Player, PendingTurn] | None:
    """Return the recording that answers `request`, and the turn that it answers.

    None if there is none, or none is wanted.

    Raises NotRecorded where `--replay only` finds none; the line says what differs.
    """
    replay = request.options.replay
    engines = answering(request) if replay in _ANSWERS else ()
    if not engines:
        return None
    refused: ChatError | None = None
    tried: list[Facts] = []
    for engine in engines:
        try:
            turn = chats.next(request, engine, cell)
        except ChatError as exc:  # it was held with another engine
            refused = refused or exc
            continue
        facts = facts_of(turn.request, engine, identity_of(engine, turn.request))
        if found := library.find(fingerprint(facts)):
            return Player(found), turn
        tried.append(facts)
    if replay == "only" and tried:
        raise NotRecorded(_missing(tried[0], request.prompt, library))
    if replay == "only" and refused:
        raise refused
    return None


def foreseen(request: Request, chats: Chats, library: Library, cell: Cell) -> str:
    """Return what `recall` would find, in a line; empty where the request would be sent."""
    try:
        found = recall(request, chats, library, cell)
    except NotRecorded as exc:
        return f"Nothing would be sent: {exc}."
    if found is None:
        return ""
    when = ago(datetime.fromisoformat(found[0].recording.time))
    return f"Nothing would be sent: a run that was recorded {when} answers this."


def recorded_facts(request: Request, engine: str) -> Facts | None:
    """Return what is asked of `engine`; None if that only plays recordings itself."""
    identity = identity_of(engine, request)
    return None if identity is None else facts_of(request, engine, identity)


def _missing(facts: Facts, prompt: str, library: Library) -> str:
    found = nearest(facts, prompt, library.asked(str(facts["prompt"])))
    why = "; ".join(library.problems())
    if found is None:
        return f"no run is recorded{f' ({why})' if why else ''}: --replay auto asks, and records"
    when = ago(datetime.fromisoformat(found.time))
    return (
        f"nothing recorded answers this; nearest is a run of {when}: "
        f"{differences(facts, found)}; --replay auto asks, and records"
    )
