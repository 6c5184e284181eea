"""Imports what the first run needs while the user still writes it."""

from __future__ import annotations

import atexit
import os
from importlib import import_module
from threading import Event, Thread, current_thread
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from ..views.session import Session

# Seconds from the load: what a notebook does first must not wait for it.
DELAY = 0.4
# Seconds that a fork or the end waits: a fork may happen within an import that the thread waits
# for.
PATIENCE = 10


class Warming:
    """A thread that loads what the engine and the view need, soon after the extension was loaded.

    The end of the process waits for what it has begun, a second at most where nothing else runs.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._over = Event()
        self._thread = Thread(target=self._run, name="gemini-magic-warming", daemon=True)

    def start(self) -> None:
        atexit.register(self.settle)
        _begun.add(self)
        self._thread.start()

    def settle(self) -> None:
        """Wait until the thread imports nothing; one that has not begun does not begin.

        Nothing is thrown into the thread: that can leave the lock of a module taken for ever
        (https://docs.python.org/3/c-api/threads.html#c.PyThreadState_SetAsyncExc). And a daemon
        that still imports while Python ends may abort it.
        """
        self._over.set()
        if current_thread() is not self._thread:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        if self._over.wait(DELAY):
            return
        try:
            self._import()
        except Exception:
            # The first run says what is wrong, in a line.
            return
        finally:
            atexit.unregister(self.settle)

    def _import(self) -> None:
        """Do what a first run does, but for the network: nothing is sent."""
        from ..answer.parts import Text
        from ..engines.registry import connect
        from ..request.request import Request
        from ..runs.run import Run
        from ..runs.saved import mimebundle

        options = self._session.options()
        engine = connect(options.engine, options.model, options=options)
        request = Request("?", self._session.options({"model": engine.model}))
        engine.warm(request)
        import_module("gemini_magic.line")
        if self._session.host.in_kernel:
            import_module("gemini_magic.views.widget")
        self._session.library(request.options.recordings)
        run = Run(request, engine.name, engine.model)
        run.add(Text("?"))
        mimebundle(run)


_begun: WeakSet[Warming] = WeakSet()


def _settle_all() -> None:
    """Let nothing be imported here while the process is forked.

    The child would find Python's lock of that module taken for ever: https://bugs.python.org/issue6721
    """
    for warming in list(_begun):
        warming.settle()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_settle_all)
