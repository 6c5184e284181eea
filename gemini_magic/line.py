"""The line that the product is: from a question to a run. All doors and the tests ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial

from .answer.parts import Event, Note, Waiting
from .answer.sent import MOST_PICTURES
from .engines.base import NO_FUNCTIONS, Caller, Engine
from .engines.google.gemini import Gemini
from .engines.recordings.library import Library
from .engines.registry import asks_model, connect_for, is_paid
from .engines.replay import Replay
from .errors import NOTHING_SENT, SandboxError, Stopped
from .request.build import Built, build
from .request.question import Cell, Question
from .request.request import Request
from .request.resent import pictures_named
from .request.sent import sent_pictures
from .runs.budget import refuse_beyond
from .runs.chats import PendingTurn
from .runs.estimate import measured
from .runs.recall import foreseen, recall
from .runs.recorded import recording_of
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
        options, cell = question.options, question.cell
        consent = Consent(options.confirm_tools, session.host)
        approves = Consent(options.approve, session.host)
        built = built_for(question, consent)
        library = session.library(options.recordings)
        engine, turn = recall(built.request, session.chats, library, cell) or _connected(
            built.request, session, cell
        )
        run = session.start(turn.request, engine, options.insert, cell)
        shown, keep = _heard(_heard(show, consent), approves), partial(_keep, library)
        with _caller(run, built, session, approves) as call:
            answer(run, engine, shown, call, built.read, keep, verifies=options.verify)
        turn.finish(run)
        return run
    except KeyboardInterrupt:
        kept = "by you; the run of this exception keeps what had arrived"
        raise Stopped(NOTHING_SENT if run is None else kept, run) from None


def _connected(request: Request, session: Session, cell: Cell) -> tuple[Engine, PendingTurn]:
    """Return the engine that the options name, and the turn to ask it."""
    engine = connect_for(request)
    turn = session.chats.next(request, engine.name, cell)
    engine = playing(engine, turn.request)
    if is_paid(request.options.engine):
        tokens = turn.base.tokens if turn.base else 0
        refuse_beyond(turn.request, engine.model, session.runs, tokens)
    return engine, turn


def playing(engine: Engine, request: Request) -> Engine:
    """Return what answers in the place of `engine`: the recording, if it plays one at once."""
    # What comes part by part is a live run.
    if isinstance(engine, Replay) and not engine.pace:
        return engine.answering(request)
    return engine


def built_for(question: Question, consent: Consent | None = None) -> Built:
    """Make the request of a question, for the engine that it names."""
    options = question.options
    if not asks_model(options.engine):
        # Lessons have their own way, whatever a setting says.
        own = replace(options, run_code="there", private=False, sample=0, ranges=False)
        question = replace(question, options=own)
    return build(question, consent) if consent else build(question)


def preview(question: Question, session: Session) -> str:
    """Return what would be sent, as text, how many tokens that has, and send nothing.

    But for the setting `count_tokens`, by which the server is asked how many they are.
    """
    request = built_for(question).request
    engine = connect_for(request)
    asked = session.chats.next(request, engine.name, question.cell).request
    said = [engine.preview(asked)]
    if isinstance(engine, Gemini):
        said.append(measured(asked, engine.model, engine.tokens))
    library = session.library(question.options.recordings)
    said.append(foreseen(request, session.chats, library, question.cell))
    return "\n\n".join(filter(None, said))


def answer(
    run: Run,
    engine: Engine,
    show: Show = unseen,
    call: Caller = NO_FUNCTIONS,
    read: Callable[[str], object] = lambda _: None,
    keep: Callable[[Run], Iterable[str]] = lambda _: (),
    *,
    verifies: bool = False,
) -> Run:
    """Let `engine` answer the request of `run`, which grows by each part and is returned.

    `call` runs the functions that the model calls, and `read` makes the value of an answer in JSON.
    `keep` records the run once it is done, and returns what is to be told of that.
    With `verifies`, the attempts run again here, as long as the run is shown.
    """
    run.sent, lines = sent_pictures(run.request.attachments, run.request.first)
    for line in lines:
        run.add(Note(line))
    with show(run) as seen:
        with run.tracking():
            first = len(run.parts)
            for part in engine.stream(run.request, call):
                run.add(part)
                seen(part)
            run.answered = slice(first, len(run.parts))
            named = pictures_named(run.request, (step.code for step in run.steps))
            run.sent = (*run.sent, *named)[:MOST_PICTURES]
            for line in typed_tables(run.steps, run.request):
                run.add(note := Note(line))
                seen(note)
            run.value = read(run.data or run.text)
        for problem in keep(run):
            run.add(Note(problem))
        if verifies:
            _verify(run)
    return run


def _keep(library: Library, run: Run) -> list[str]:
    """Record a run that is done, if it is to be; return what could not be read or written."""
    if run.facts is not None and not run.past:
        try:
            refreshes = run.request.options.replay == "refresh"
            library.add(recording_of(run), instead=refreshes)
        except KeyboardInterrupt:
            return ["not recorded: stopped by you"]
    return library.problems()


def _verify(run: Run) -> None:
    """Verify a run that is done; where that cannot be, the run stays what it is and says so."""
    try:
        run.verify()
    except SandboxError as exc:
        run.add(Note(f"not run again here: {exc}"))
    except KeyboardInterrupt:
        run.add(Note("not run again here: stopped by you"))


def _heard(show: Show, consent: Consent) -> Show:
    """Return what shows a run, and in it that the user is asked."""

    @contextmanager
    def shown(run: Run) -> Iterator[Callable[[Event], object]]:
        def hear(waiting: Waiting) -> None:
            run.add(waiting)
            seen(waiting)

        with show(run) as seen, consent.heard(hear):
            yield seen

    return shown


def _caller(
    run: Run, built: Built, session: Session, approves: Consent
) -> AbstractContextManager[Caller]:
    """Return what runs the calls of `run`: none are made for an answer that was recorded.

    Of such a turn of a chat, the data is there for the turns that follow.
    """
    functions = built.functions.answer
    options = run.request.options
    if run.past and options.runs_here and options.chat:
        session.sandboxes.replayed(run.request, built.held)
    if run.past or run.engine == Replay.name:
        return nullcontext(functions)
    return session.sandboxes.caller(run.request, functions, built.held, approves)
