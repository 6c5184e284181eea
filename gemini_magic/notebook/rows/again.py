"""One row, asked once more by itself."""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import closing

from ...errors import Stopped
from ...runs.run import Run
from .dispatcher import Dispatcher
from .requests import RowRequest


def answered(wanted: RowRequest, executor: Executor | None) -> Run:
    """Return what answers a row, asked where the other rows were if that is still open, else here.

    Waits as long as the server asks for. Raises what every row would meet, and an interrupt as
    Stopped.
    """
    with closing(Dispatcher(executor, 1, or_here=True)) as dispatcher:
        try:
            dispatcher.send(wanted)
            while True:
                found = dispatcher.next()
                if found and isinstance(found[1], Run):
                    return found[1]
                if dispatcher.may_send and (later := dispatcher.again()):
                    dispatcher.send(later)
        except KeyboardInterrupt:
            raise Stopped("by you; the row keeps the run that it had") from None
