"""The door of an engine: errors leave without the frames that hold what was sent.

A traceback holds the local variables of its frames, and the vendor's frames hold the request with
its key. `%xmode Verbose` and many collectors show them, those of causes and contexts too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isgeneratorfunction
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

from ..errors import GeminiError

_Function = TypeVar("_Function", bound=Callable[..., Any])
_PACKAGE = str(Path(__file__).parent.parent)


def sealed(function: _Function) -> _Function:
    """Return `function` so that what it raises tells nothing of the frames below it.

    Both an error of ours and an interrupt begin at this door; of an error that nobody expected, the
    frames of this package stay, by which it can be found.
    """

    @wraps(function)
    def stream(*args: Any, **kwargs: Any) -> Any:
        try:
            return (yield from function(*args, **kwargs))
        except GeneratorExit:
            raise
        except BaseException as exc:
            failure = _cut(exc)
        # Outside of the handler: there it would get the error as its context again.
        raise failure

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as exc:
            failure = _cut(exc)
        raise failure

    return cast(_Function, stream if isgeneratorfunction(function) else call)


def _cut(exc: BaseException) -> BaseException:
    exc.__cause__ = exc.__context__ = None
    if isinstance(exc, GeminiError | KeyboardInterrupt):
        return exc.with_traceback(None)
    return exc.with_traceback(_own(exc.__traceback__))


def _own(trace: TracebackType | None) -> TracebackType | None:
    """Return the frames of this package."""
    if trace is None:
        return None
    rest = _own(trace.tb_next)
    if not trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        return rest
    return TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
