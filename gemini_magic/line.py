"""The line that the product is: from a question to a run. All doors and the tests ask here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from .answer.parts import Event
from .engines.base import Engine
from .engines.registry import connect
from .errors import NOTHING_SENT, Stopped
from .request.build import build
from .request.question import Question
from .runs.chats import PendingTurn
from .runs.run import Run
from .views.consent import Consent
from .views.session import Session

# Shows a run while the block runs; what it yields is called with each part that came.
Show = Callable[[Run], AbstractContextManager[Callable[[Event], object]]]


def unseen(run: Run) -> AbstractContextManager[Callable[[Event], object]]:
    """Show nothing."""
    return nullcontext(lambda part: None)


def ask(question: Question, session: Session, show: Show = unseen) -> Run:
    """Ask, and return the run when it is done.

    Raises a `GeminiError` where it breaks and `Stopped` for an interrupt; what had arrived is their
    `run`, and None if nothing was sent.
    """
    run = None
    try:
        turn, engine = _next_turn(question, session)
        run = session.start(turn.request, engine, question.options.insert)
        answer(run, engine, show)
        turn.finish(run)
        return run
    except KeyboardInterrupt:
        kept = "by you; the run of this exception keeps what had arrived"
        raise Stopped(NOTHING_SENT if run is None else kept, run) from None


def preview(question: Question, session: Session) -> str:
    """Return what would be sent, as text, and send nothing."""
    turn, engine = _next_turn(question, session)
    return engine.preview(turn.request)


def answer(run: Run, engine: Engine, show: Show = unseen) -> Run:
    """Let `engine` answer the request of `run`, which grows by each part and is returned."""
    with show(run) as seen, run.tracking():
        for part in engine.stream(run.request):
            run.add(part)
            seen(part)
    return run


def _next_turn(question: Question, session: Session) -> tuple[PendingTurn, Engine]:
    options = question.options
    request = build(
        options,
        question.prompt,
        question.names,
        question.data,
        question.tools,
        question.json,
        Consent(options.confirm_tools, session.host),
    )
    engine = connect(options.engine, options.model)
    return session.chats.next(request, options, engine.name, question.cell), engine
