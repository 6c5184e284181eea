"""The functions of one request, called and answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..answer.parts import Call
from ..keys import key_in
from ..sanitize import writable
from .declarations import Declaration, Function
from .jsonable import to_json
from .schemas import described

# What a model can still make sense of; an error may hold all of the data that it is about.
_LONGEST_ERROR = 2_000
REFUSED = "refused by the user"
_KEY = "what it said holds the key of {}, and keys stay here"


def allowed(_call: Call) -> bool:
    """Allow every call. It has a name, so that functions can travel to another process."""
    return True


@dataclass(frozen=True)
class Functions:
    """The functions of one request, and whether they may be called.

    They stay here: a request holds their `declarations`, and an engine is handed `answer`.
    `permits` is asked before each call, with the call. A response may have `limit` bytes as JSON.
    """

    offered: tuple[Function, ...] = ()
    permits: Callable[[Call], bool] = field(default=allowed, repr=False)
    limit: int = 0

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        return tuple(function.declaration for function in self.offered)

    def answer(self, name: str, args: Mapping[str, Any]) -> Generator[Call, None, Call]:
        """Run the function `name`; yield the call while it runs, and when it has ended.

        Returns the latter. What goes wrong is its `error`, and the model gets to read it.
        """
        call, unreadable = Call(name, {}), ""
        try:
            call = Call(name, _readable(args))
        except (ValueError, TypeError, RecursionError) as exc:
            unreadable = f"its arguments cannot be read: {exc}"
        yield call
        response, error = None, None
        try:
            if unreadable:
                raise _Unanswered(unreadable)
            response = {"result": self._result(call)}
        # The notebook's own functions may raise anything, and end a program that they are not.
        except (Exception, SystemExit) as exc:
            error = _short(_without_key(_why(exc)))
        ended = Call(call.name, call.args, response, error)
        yield ended
        return ended

    def _result(self, call: Call) -> Any:
        found = [function for function in self.offered if function.name == call.name]
        if not found:
            names = ", ".join(function.name for function in self.offered)
            there = f"there are: {names}" if names else "none is offered"
            raise _Unanswered(f"there is no function {call.name!r}; {there}")
        if not self.permits(call):
            raise _Unanswered(REFUSED)
        return _returned(found[0].call(**call.args), self.limit)


class _Unanswered(Exception):
    """A call that did not reach its function, or whose result cannot go back."""


def response_of(call: Call) -> Mapping[str, Any]:
    """Return what the model is told of a call that has ended."""
    return call.response if call.response is not None else {"error": call.error}


def _readable(args: Mapping[str, Any]) -> Any:
    """Return arguments as JSON values; raise ValueError for what is too deep."""
    try:
        return json.loads(to_json(args))
    except ValueError:
        # Half a surrogate pair, which a server can send and no file can hold.
        return json.loads(to_json(json.loads(writable(json.dumps(args, ensure_ascii=False)))))


def _returned(value: Any, limit: int) -> Any:
    if isinstance(value, Iterator):
        # Here, where an interrupt ends one that has no end: pydantic would tell it as an error.
        value = list(value)
    try:
        response = to_json(value)
    except ValueError as exc:
        kind = type(value).__name__
        raise _Unanswered(
            f"its result, of type {kind}, is not JSON: return numbers, text, lists or dicts"
        ) from exc
    if len(response) > limit:
        raise _Unanswered(
            f"what it returned has {len(response):,} bytes and may have {limit:,} "
            "(GeminiMagic.max_attachment_bytes): return less"
        )
    if name := key_in(response):
        raise _Unanswered(_KEY.format(name))
    return json.loads(response)


def _why(exc: BaseException) -> str:
    """Return what the model and the user are told of a call that failed."""
    if isinstance(exc, _Unanswered):
        return str(exc)
    try:
        said = described(exc)
    except Exception:  # it may even fail to say what it is
        said = ""
    return f"{type(exc).__name__}: {said}"


def _without_key(error: str) -> str:
    name = key_in(error)
    return _KEY.format(name) if name else error


def _short(error: str) -> str:
    return error if len(error) <= _LONGEST_ERROR else f"{error[:_LONGEST_ERROR]}…"
