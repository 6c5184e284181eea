"""The line that the product is: from a question to a run. All doors and the tests ask here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from .answer.parts import Event, Note
from .engines.base import NO_FUNCTIONS, Caller, Engine
from .engines.google.gemini import Gemini
from .engines.registry import asks_model, connect_for
from .errors import NOTHING_SENT, SandboxError, Stopped
from .request.build import Built, build
from .request.question import Question
from .runs.estimate import measured
from .runs.run import Run
from .runs.typed import typed_tables
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
        built = _built(question, session)
        engine = connect_for(built.request)
        turn = session.chats.next(built.request, engine.name, question.cell)
        run = session.start(turn.request, engine, question.options.insert)
        verifies = question.options.verify
        approves = Consent(question.options.approve, session.host)
        with session.sandboxes.caller(
            turn.request, built.functions.answer, built.held, approves
        ) as call:
            answer(run, engine, show, call, built.read, verifies=verifies)
        turn.finish(run)
        return run
    except KeyboardInterrupt:
        kept = "by you; the run of this exception keeps what had arrived"
        raise Stopped(NOTHING_SENT if run is None else kept, run) from None


def preview(question: Question, session: Session) -> str:
    """Return what would be sent, as text, how many tokens that has, and send nothing.

    But for the setting `count_tokens`, by which the server is asked how many they are.
    """
    request = _built(question, session).request
    engine = connect_for(request)
    asked = session.chats.next(request, engine.name, question.cell).request
    shown = engine.preview(asked)
    if not isinstance(engine, Gemini):
        return shown
    return f"{shown}\n\n{measured(asked, engine.model, engine.tokens)}"


def answer(
    run: Run,
    engine: Engine,
    show: Show = unseen,
    call: Caller = NO_FUNCTIONS,
    read: Callable[[str], object] = lambda _: None,
    *,
    verifies: bool = False,
) -> Run:
    """Let `engine` answer the request of `run`, which grows by each part and is returned.

    `call` runs the functions that the model calls, and `read` makes the value of an answer in JSON.
    With `verifies`, the attempts run again here, as long as the run is shown.
    """
    with show(run) as seen:
        with run.tracking():
            for part in engine.stream(run.request, call):
                run.add(part)
                seen(part)
            for line in typed_tables(run.steps, run.request):
                run.add(note := Note(line))
                seen(note)
            run.value = read(run.data or run.text)
        if verifies:
            _verify(run)
    return run


def _verify(run: Run) -> None:
    """Verify a run that is done; where that cannot be, the run stays what it is and says so."""
    try:
        run.verify()
    except SandboxError as exc:
        run.add(Note(f"not run again here: {exc}"))
    except KeyboardInterrupt:
        run.add(Note("not run again here: stopped by you"))


def _built(question: Question, session: Session) -> Built:
    options = question.options
    if not asks_model(options.engine):
        # Lessons and recordings have their own ways, whatever a setting says.
        question = replace(question, options=replace(options, run_code="there", private=False))
    return build(question, Consent(options.confirm_tools, session.host))
