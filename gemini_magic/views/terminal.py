"""A run in a terminal."""

from __future__ import annotations

import sys
from threading import Lock

from ..answer.parts import Progress
from ..runs.run import Run
from ..runs.text import claims_line, recorded_line, summary_line, to_text
from ..sanitize import sanitize_line
from .console import Console
from .pulse import Pulse
from .view import View


class Terminal(View):
    """A run as text on a stream, printed as it comes."""

    def __init__(self, run: Run, console: Console) -> None:
        super().__init__(run)
        self._console = console
        self._printed = 0
        self._announced = ""
        self._drawing = Lock()
        self._pulse = Pulse(self._draw)

    def begin(self) -> None:
        self._pulse.start()

    def redraw(self) -> None:
        if self._run.is_calling:
            # The user may be asked about the call on the same terminal, now.
            self._draw()
        else:
            self._pulse.ask()

    def turn_to(self, run: Run) -> None:
        super().turn_to(run)
        # At once: what is asked next stands below.
        self._draw()

    def end(self) -> None:
        self._pulse.stop()
        self._draw()
        head = " · ".join(filter(None, (summary_line(self._run), recorded_line(self._run))))
        lines = filter(None, (head, claims_line(self._run)))
        self._console.write("\n\n{}\n".format("\n".join(lines)))

    def _draw(self) -> None:
        with self._drawing:
            self._announce(self._run.progress)
            text = to_text(self._run)
            self._console.write(text[self._printed :])
            self._printed = len(text)

    def _announce(self, progress: Progress | None) -> None:
        """Say on stderr what takes long and has no note in the run, such as an upload has."""
        if progress and not progress.total and progress.text != self._announced:
            self._announced = progress.text
            print(sanitize_line(progress.text), file=sys.stderr, flush=True)
