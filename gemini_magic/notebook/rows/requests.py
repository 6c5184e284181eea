"""What is asked of each row: its request, the recording that answers it, and what it costs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count as numbers
from uuid import uuid4

from ...answer.parts import Note
from ...engines.recordings.player import Player
from ...engines.registry import is_paid
from ...engines.retries import ATTEMPTS
from ...errors import GeminiError, OptionError, RequestError
from ...keys import key_in
from ...line import answer, built_for
from ...phrases import did_you_mean, short
from ...request.build import Built, with_prompt
from ...request.question import NOWHERE, Question
from ...request.request import Request
from ...request.variables import variables
from ...runs.budget import refuse_beyond
from ...runs.estimate import estimated
from ...runs.recall import recall
from ...runs.recorded import recording_of
from ...runs.run import Run
from ...views.session import Session
from .reading import Names, RowValues, read
from .work import STOPS, Task, failed

# Characters of what is shown of a row.
_TEXT = 160
_WIDEST = 10 * _TEXT


@dataclass(frozen=True)
class RowRequest:
    """A row to be asked, and its `run` if nothing need be sent for it.

    `text` is what goes into the prompt, on one line. A row that is `refused` has a prompt that
    cannot be sent.
    """

    number: int
    task: Task
    run: Run | None = None
    tokens: int = 0
    text: str = ""
    refused: bool = False

    def again(self) -> RowRequest:
        """Return it as it is sent once more, as all were to wait."""
        return replace(self, task=replace(self.task, tries=self.task.tries - 1))


class Sum(Run):
    """What many rows used all together: an entry of the session, and the answer of none."""


class RowRequests:
    """Makes a request of each row when it is wanted, and keeps what came of it.

    A row is in the memory as long as it is in flight; what goes along with all is read once. Raises
    what a single question would.
    """

    def __init__(self, question: Question, rows: object, session: Session) -> None:
        self._rows, self.total = read(rows)
        self._numbers = numbers()
        self._question = question
        self._session = session
        # Its prompt is replaced by that of each row.
        self._base = built_for(question)
        if self._base.request.options.private:
            _refuse_private(question, rows)
        self._library = session.library(question.options.recordings)
        self._name = uuid4().hex
        self._columns: frozenset[str] | None = None
        # Those that go into the prompt.
        self.columns = ""
        self._ahead = 0
        self._sums: dict[bool, Sum] = {}

    def next(self) -> RowRequest | None:
        """Return the next row, None if there is none any more."""
        row = next(self._rows, None)
        if row is None:
            return None
        number = next(self._numbers)
        names = Names(row, self._question.names)
        built, exc = self._built(names, row, number)
        task = Task(f"{self._name}-{number}", built, ATTEMPTS - 1)
        prompt = short(built.request.prompt, _TEXT)
        wanted = RowRequest(number, task, text=prompt)
        if exc is not None:
            return replace(wanted, run=failed(built.request, exc), refused=True)
        wanted = replace(wanted, text=_text(names, row) or prompt)
        if (run := self._recorded(built)) is not None:
            return replace(wanted, run=run)
        tokens = self._allowed(built.request)
        self._ahead += tokens
        return replace(wanted, tokens=tokens)

    def again(self, number: int, run: Run) -> RowRequest:
        """Return what asks once more for the answer of a run; raise what forbids that.

        It is alone on its way, so that nothing needs to be counted ahead for others.
        """
        if self._question.options.replay == "only":
            raise OptionError('with replay="only" nothing is asked: leave it out')
        request = replace(self._base.request, prompt=run.request.prompt, notes=run.request.notes)
        task = Task(uuid4().hex, replace(self._base, request=request), ATTEMPTS - 1)
        self._allowed(request)
        return RowRequest(number, task)

    def preview(self) -> Question:
        """Return the question of the first row; raise RequestError if there is none."""
        row = next(self._rows, None)
        if row is None:
            raise RequestError("there are no rows")
        return replace(self._question, names=Names(row, self._question.names))

    @property
    def is_static(self) -> bool:
        """Whether what is shown is to be the same each time, without seconds."""
        return self._question.options.static

    def close(self) -> None:
        """Let go of the rows, which may be those of an open file, and of what is in flight."""
        self._rows = iter(())
        self._ahead = 0
        for held in self._sums.values():
            if held.state == "running":
                with held.tracking():
                    pass

    def record(self, run: Run, *, instead: bool = False) -> None:
        """Keep a run that is done, if it is to be; `instead` of what is recorded."""
        if run.facts is not None and run.state == "done" and not run.past:
            refreshes = instead or self._question.options.replay == "refresh"
            self._library.add(recording_of(run), instead=refreshes)
            for problem in self._library.problems():
                run.add(Note(problem))

    def count(self, wanted: RowRequest, run: Run) -> None:
        """Add what a run used to what the session did: one entry for all rows, and one replayed."""
        self._ahead -= wanted.tokens
        if (held := self._sums.get(bool(run.past))) is None:
            held = Sum(Request(self._question.prompt), run.engine, run.model)
            held.past = run.past
            held.add(Note("the sum of many rows"))
            self._sums[bool(run.past)] = held
            self._session.runs.append(held)
        held.replies = run.replies or held.replies
        if run.usage:
            held.usage = run.usage + held.usage if held.usage else run.usage

    def tokens(self, *, recorded: bool) -> int | None:
        """Return the tokens that came so far, None if nobody told any."""
        sums = [
            held.usage for past, held in self._sums.items() if held.usage and (recorded or not past)
        ]
        return sum(usage.total for usage in sums) if sums else None

    def _built(self, names: Names, row: RowValues, number: int) -> tuple[Built, GeminiError | None]:
        question = replace(self._question, names=names)
        try:
            built = with_prompt(self._base, question)
        except RequestError as exc:
            said = f"{exc} (row {number})"
            request = replace(self._base.request, prompt=self._question.prompt)
            return replace(self._base, request=request), type(exc)(said)
        if self._columns is None:
            self._columns = _columns(row, names)
            self.columns = short(", ".join(name for name in row if name in names.used))
        if lacking := sorted(names.missing & self._columns):
            return built, RequestError(f"row {number} has no {lacking[0]!r}")
        return built, None

    def _recorded(self, built: Built) -> Run | None:
        """Return the run of the recording that answers; raise nothing that the row alone meets."""
        request = built.request
        try:
            found = recall(request, self._session.chats, self._library, NOWHERE)
            if found is None:
                return None
            player: Player = found[0]
            run = Run(request, player.name, player.model)
            run.past, run.facts = player.past, player.recording.facts
            return answer(run, player, read=built.read)
        except STOPS:
            raise
        except GeminiError as exc:
            return exc.run or failed(request, exc)

    def _allowed(self, request: Request) -> int:
        """Return the tokens that a budget is to count ahead; raise BudgetSpent beyond it."""
        options = request.options
        bounded = options.max_session_tokens or options.max_session_cost
        if not bounded or not is_paid(options.engine):
            return 0
        refuse_beyond(request, options.model, self._session.runs, self._ahead)
        return estimated(request)


def _refuse_private(question: Question, rows: object) -> None:
    """Refuse rows whose values a prompt would tell, though they are the data that stays here."""
    given = variables(question.options.data, question.names, "give") | dict(question.data)
    for name, value in given.items():
        if value is rows:
            raise RequestError(
                f"the rows are {name!r}, whose values stay here with --private, and a prompt of "
                "each row tells them: leave --private or --rows out"
            )


def _text(names: Names, row: RowValues) -> str:
    """Return the values that go into the prompt, which is the same but for them; "" for none.

    They may raise anything when they are written, and hold a key that the prompt has cut off.
    """
    with suppress(Exception):
        values = [str(row[name])[:_WIDEST] for name in row if name in names.used]
        said = " · ".join(values)
        return "" if key_in(said) else short(said, _TEXT)
    return ""


def _columns(row: RowValues, names: Names) -> frozenset[str]:
    """Return the columns of the first row; refuse to send all rows the same prompt."""
    if not names.used:
        there = ", ".join(short(name) for name in list(row)[:10])
        hint = next((did_you_mean(name, row, "", repr) for name in sorted(names.missing)), "")
        raise RequestError(
            f"no column goes into the prompt, so that all rows would ask the same: write one as "
            f"{{name}}; the columns are {there}{f' ({hint})' if hint else ''}"
        )
    return frozenset(row)
