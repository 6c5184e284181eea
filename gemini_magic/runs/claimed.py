"""The numbers of a run, held against all that it had to go by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Protocol

from ..answer.claims.claim import Claim
from ..answer.claims.history import turns_of
from ..answer.claims.stored import bounded
from ..answer.claims.tracing import trace
from ..answer.parts import Part
from ..request.request import Request


class FinishedRun(Protocol):
    """A run that is over, and still has its request."""

    @property
    def request(self) -> Request: ...

    @property
    def parts(self) -> Sequence[Part]: ...

    @property
    def state(self) -> str: ...


def claims_of(run: FinishedRun) -> tuple[Claim, ...]:
    """Return where the numbers of an answer come from, at most as many as a document holds."""
    request = run.request
    return bounded(trace(run, tuple(along(request)), turns_of(request.history or ())))


def along(request: Request) -> Iterator[str]:
    """Yield the texts that went along with a prompt: instruction, schemas of tables and answer."""
    if request.options.system:
        yield request.options.system
    for attachment in (*(one for turn in request.earlier for one in turn), *request.attachments):
        if attachment.schema:
            yield attachment.schema
    if request.output:
        yield json.dumps(request.output.schema, ensure_ascii=False, default=str)
