"""The code of a run as a cell, where no extension of the front end inserts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..answer.insertion import joined

if TYPE_CHECKING:
    from ..runs.run import Run
    from ..views.host import Host


class CellInserter:
    """Offers the code of finished runs to the front end of one host.

    A kernel can ask a front end for one cell only. Our extension inserts cells of its own, and says
    so when it is greeted. Until it has answered the one cell is asked for, and the extension takes
    it away again, by its text.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def offer(self, run: Run) -> None:
        """Put the code of `run` into one new cell, if it asks for that and nobody else does it."""
        if not self._host.inserts_cells and (code := code_of(run)):
            self._host.offer_cell(code)


def code_of(run: Run) -> str:
    """Return the code that `run.insert` asks for as one cell, after what makes its files exist."""
    return joined(run.steps, run.insert, run.staging)
